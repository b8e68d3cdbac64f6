"""Scripts of calls over real HTTP: a private store, the Procfile's web process, and a telephone
company on loopback whose clock is stepped, so that silences pass at once."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from msgspec import structs

from ivr import leash
from ivr.carrier.rest import connect
from ivr.cli.problem import Problem
from ivr.cli.processes import read_procfile
from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.services.company import load_company
from ivr.services.rehearsal.hearing import Sent
from ivr.services.rehearsal.script import WITHHELD, Script, Step
from ivr.services.rehearsal.stage import line_of, moment
from ivr.services.rehearsal.surroundings import (
    NOTHING,
    Surroundings,
    changed,
    encode,
    replies,
    surroundings,
)
from ivr.services.rehearsal.system import CompanySystem, Reply
from ivr.services.rehearsal.system_server import SystemServer
from ivr.services.rehearsal.telephone import CarrierTelephone
from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from ivr.store.connection import connect as connect_to_store
from ivr.store.outbox import OutboxStore
from ivr.store.server import PrivateServer

PATIENCE = 30.0
"""Seconds for the web process to answer."""
AGENT = "client:rehearsal-"
"""Whoever takes the callers who wait."""
_LOOPBACK = "127.0.0.1"


class HttpStage:
    """Gives a telephone on the network for each script, with the web's clock set to its moment.

    `store`, `web` and `carrier` are what was started, for whoever wants to disturb them.
    """

    def __init__(
        self,
        config: Config,
        store: PrivateServer,
        web: subprocess.Popen[bytes],
        carrier: EmbeddedCarrier,
        clock: Path,
        around: Path,
        system: CompanySystem,
        web_url: str,
    ) -> None:
        self.store = store
        self.web = web
        self.carrier = carrier
        self._config = config
        self._clock = clock
        self._around = around
        self._system = system
        self._calls = 0
        self._web_url = web_url
        self._at = datetime.now(UTC)
        self._given = NOTHING
        self._texts = OutboxStore(connect_to_store(store.url))
        self._languages = {pack.locale: pack.code for pack in load_languages().values()}
        settings = carrier.carrier.settings
        self._rest = connect(settings.account_sid, settings.auth_token, base_url=carrier.url)

    def telephone(self, script: Script) -> CarrierTelephone:
        caller = None if script.call.caller == WITHHELD else script.call.caller
        return self.telephone_at(
            moment(script, self._config),
            line_of(script, self._config),
            caller,
            surroundings(script),
            replies(script),
        )

    def telephone_at(
        self,
        at: datetime,
        line: str,
        caller: str | None,
        around: Surroundings = NOTHING,
        replies: Mapping[str, Sequence[Reply]] = MappingProxyType({}),
    ) -> CarrierTelephone:
        """A telephone for one call to `line`; for the web it is now `at`, with this around it."""
        set_clock(self._clock, at)
        self._calls += 1
        write(self._around, encode(around, self._calls))
        self._system.begin(replies)
        number = self._config.lines[line].number
        self._at, self._given = at, around
        return CarrierTelephone(
            self.carrier.phone(),
            self._rest,
            number,
            caller,
            self._languages,
            self._texts_of,
            self._system,
            self,
        )

    def stands(self, queue: str, step: Step) -> int:
        """The queue of this name stands as `step` says from now on."""
        queues = {**self._given.queues, queue: changed(self._given.queue(queue), step)}
        self._given = structs.replace(self._given, queues=queues)
        write(self._around, encode(self._given, self._calls))
        return self._config.queues[queue].announce_every

    def passes(self, seconds: int) -> None:
        """For the web it is so much later."""
        self._at += timedelta(seconds=seconds)
        set_clock(self._clock, self._at)

    def meeting(self, reservation: str) -> str:
        """Where a caller is sent to meet an agent."""
        return f"{self._web_url}/voice/meet/{reservation}"

    def talks(self, conference: str) -> None:
        """An agent comes into the conference, talks, and ends it."""
        address = f"{AGENT}{self._calls}"
        with self.carrier.phone() as agent:
            agent.register(address, pace="fast", patience="mine")
            line = next(iter(self._config.lines.values()))
            self._rest.add_participant(conference, address, line.number, "agent")
            agent.until("ring")
            agent.answer()
            agent.until("connected")
            self._rest.end_conference(conference)
            agent.until("ended")

    def _texts_of(self, call_id: str) -> tuple[Sent, ...]:
        return tuple(Sent(one.text.to, one.text.text) for one in self._texts.of(call_id))


@contextmanager
def http_stage(config: Config, carrier_patience: float = 15.0) -> Iterator[HttpStage]:
    """Everything started, and ended on leaving. Raises Problem.

    `carrier_patience` is how many seconds the telephone company waits for an answer.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ringback-test-")))
        clock = folder / "clock"
        set_clock(clock, datetime.now(UTC))
        around = folder / "surroundings"
        write(around, encode(NOTHING, 0))
        flows = load_company(config, datetime.now(UTC)).flows
        system = stack.enter_context(SystemServer(CompanySystem(flows)))
        store = PrivateServer(folder / "store", appendfsync="no")
        store.start()
        stack.callback(store.stop)
        port = _free_port()
        web = f"http://{_LOOPBACK}:{port}"
        settings = Settings(
            auth_token=secrets.token_hex(16), webhook_time=carrier_patience, calls_per_second=0
        )
        lines = {
            line.number: Line(
                line.number,
                f"{web}/voice",
                fallback_url=f"{web}/voice/fallback",
                status_callback=f"{web}/voice/status",
            )
            for line in config.lines.values()
        }
        carrier = stack.enter_context(
            EmbeddedCarrier(Directory(lines=lines), settings, SteppedClock())
        )
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "PORT": str(port),
            "WEB_CONCURRENCY": "1",
            "REDIS_URL": store.url,
            "RINGBACK_HOST": _LOOPBACK,
            "RINGBACK_CONFIG": str(config.file.resolve()),
            "RINGBACK_PUBLIC_URL": web,
            "RINGBACK_CLOCK_FILE": str(clock),
            "RINGBACK_SURROUNDINGS_FILE": str(around),
            "RINGBACK_LOOKUPS_AT": system.url,
            "RINGBACK_FLOWS": "folder",
            "RINGBACK_CARRIER_API": carrier.url,
            "TWILIO_ACCOUNT_SID": settings.account_sid,
            "TWILIO_AUTH_TOKEN": settings.auth_token,
        }
        process = stack.enter_context(_web(config, web, environment, folder / "web.log"))
        yield HttpStage(config, store, process, carrier, clock, around, system.system, web)


def set_clock(file: Path, at: datetime) -> None:
    """For whoever reads this file it is now `at`."""
    write(file, at.isoformat().encode())


def write(file: Path, content: bytes) -> None:
    """Write it so that no reader finds it half-written."""
    fresh = file.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(file)


@contextmanager
def _web(
    config: Config, url: str, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    programs = read_procfile(config.folder / "Procfile")
    command = next((program.command for program in programs if program.name == "web"), None)
    if command is None:
        raise Problem("The Procfile has no `web`.")
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            cwd=config.folder.resolve(),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    leash.hold(process.pid)
    try:
        _wait_for(f"{url}/readyz", process, log)
        yield process
    finally:
        process.terminate()
        process.wait()
        leash.release(process.pid)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last = said[-1] if said else "it said nothing"
    raise Problem(f"The web process does not answer: {last}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
