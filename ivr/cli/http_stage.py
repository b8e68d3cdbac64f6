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
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr import leash
from ivr.carrier.rest import connect
from ivr.cli.problem import Problem
from ivr.cli.processes import read_procfile
from ivr.config import Config
from ivr.services.rehearsal.script import WITHHELD, Script
from ivr.services.rehearsal.stage import line_of, moment
from ivr.services.rehearsal.telephone import CarrierTelephone
from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from ivr.store.server import PrivateServer

PATIENCE = 30.0
"""Seconds for the web process to answer."""
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
    ) -> None:
        self.store = store
        self.web = web
        self.carrier = carrier
        self._config = config
        self._clock = clock
        settings = carrier.carrier.settings
        self._rest = connect(settings.account_sid, settings.auth_token, base_url=carrier.url)

    def telephone(self, script: Script) -> CarrierTelephone:
        caller = None if script.call.caller == WITHHELD else script.call.caller
        return self.telephone_at(
            moment(script, self._config), line_of(script, self._config), caller
        )

    def telephone_at(self, at: datetime, line: str, caller: str | None) -> CarrierTelephone:
        """A telephone for one call to `line`; for the web it is now `at`."""
        set_clock(self._clock, at)
        number = self._config.lines[line].number
        return CarrierTelephone(self.carrier.phone(), self._rest, number, caller)


@contextmanager
def http_stage(config: Config, carrier_patience: float = 15.0) -> Iterator[HttpStage]:
    """Everything started, and ended on leaving. Raises Problem.

    `carrier_patience` is how many seconds the telephone company waits for an answer.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ringback-test-")))
        clock = folder / "clock"
        set_clock(clock, datetime.now(UTC))
        store = PrivateServer(folder / "store", appendfsync="no")
        store.start()
        stack.callback(store.stop)
        port = _free_port()
        web = f"http://{_LOOPBACK}:{port}"
        settings = Settings(auth_token=secrets.token_hex(16), webhook_time=carrier_patience)
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
            "RINGBACK_FLOWS": "folder",
            "RINGBACK_CARRIER_API": carrier.url,
            "TWILIO_ACCOUNT_SID": settings.account_sid,
            "TWILIO_AUTH_TOKEN": settings.auth_token,
        }
        process = stack.enter_context(_web(config, web, environment, folder / "web.log"))
        yield HttpStage(config, store, process, carrier, clock)


def set_clock(file: Path, at: datetime) -> None:
    """Write the instant so that no reader finds it half-written."""
    fresh = file.with_suffix(".new")
    fresh.write_text(at.isoformat(), encoding="utf-8")
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
