"""Ringback as it runs in production: published flows, two web processes, Redis, and a telephone
company. The flows say in every sentence which version they are of.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ivr.cli.processes import read_procfile
from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from ivr.simulator.client import HandsetClient
from ivr.store.server import PrivateServer

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PATIENCE = 40.0
STEPS = 8
MAIN, SUPPORT = "+46846500400", "+46846500401"
CONFIG = f"""\
company: Example
time_zone: Europe/Stockholm
lines:
  main: {{number: "{MAIN}", flow: main}}
  support: {{number: "{SUPPORT}", flow: support}}
fallback: {{number: "+46846500499"}}
numbers: {{team: "+46846500410"}}
"""
STEP = """\
  step{number}:
    kind: menu
    text: {{en: {word} step {number}.}}
    options:
      - {{key: 1, label: {{en: {word} to go on}}, to: {to}}}
"""
SONG = "  song: {{kind: play, audio: {{en: song.wav}}, to: step{to}}}\n"
REST = """\
  end: {{kind: hang_up, text: {{en: {word} goodbye.}}}}
  person: {{kind: transfer, number: team, text: {{en: {word} one moment.}}, otherwise: message}}
  message: {{kind: voicemail, text: {{en: {word} leave a message.}}, to: end, nothing: end}}
"""


def flow(word: str) -> str:
    """A long way of menus, with a recording in the middle and a message at the end; each sentence
    has the word."""
    told = "languages: [en]\nstart: step0\nperson: person\nnodes:\n"
    for number in range(STEPS):
        last, middle = number == STEPS - 1, number == STEPS // 2
        to = "person" if last else "song" if middle else f"step{number + 1}"
        told += STEP.format(number=number, word=word, to=to)
        if middle:
            told += SONG.format(to=number + 1)
    return told + REST.format(word=word)


@dataclass
class Heard:
    """What one caller heard, turn by turn."""

    turns: list[str] = field(default_factory=list)
    played: list[str] = field(default_factory=list)

    @property
    def words(self) -> set[str]:
        """The versions that were heard, by their words."""
        return set(re.findall(r"\b(?:alpha|beta|gamma)\b", " ".join(self.turns)))


class Caller:
    """One person at a telephone."""

    def __init__(self, phone: HandsetClient) -> None:
        self._phone = phone
        self.heard = Heard()

    async def presses(self, times: int = 1) -> None:
        for _ in range(times):
            await self._phone.press("1")
            await self.listens()

    async def listens(self) -> None:
        events = await self._phone.until_my_move(PATIENCE)
        said = [event["text"] for event in events if event["type"] == "said"]
        self.heard.turns.append(" ".join(said))
        self.heard.played += [event["url"] for event in events if event["type"] == "played"]
        refused = [event for event in events if event["type"] == "refused"]
        assert not refused, refused


@dataclass
class Production:
    folder: Path
    url: str
    store: PrivateServer
    carrier: EmbeddedCarrier
    web: subprocess.Popen[bytes]

    def write(self, word: str, *names: str) -> None:
        """The flows of all lines, or those of these names, and the recording, of one version."""
        flows = self.folder / "flows"
        (flows / "audio").mkdir(parents=True, exist_ok=True)
        for name in names or ("main", "support"):
            (flows / f"{name}.new").write_text(flow(word), encoding="utf-8")
            (flows / f"{name}.new").replace(flows / f"{name}.yaml")
        if not names:
            (flows / "audio" / "song.wav").write_text(word, encoding="utf-8")

    def ringback(self, *words: str) -> str:
        """What a command says that does what it is asked."""
        done = subprocess.run(
            [BIN / "ringback", *words], cwd=self.folder, capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "REDIS_URL": self.store.url, "USER": "aino"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def throw_away_the_folder(self) -> None:
        shutil.rmtree(self.folder / "flows")

    def processes(self) -> set[int]:
        return {child.pid for child in psutil.Process(self.web.pid).children()}

    def replace_the_processes(self) -> None:
        """As a restart without an interruption does."""
        before = self.processes()
        self.web.send_signal(signal.SIGHUP)
        self.wait_until(lambda: len(now := self.processes()) == 2 and not now & before)

    def readiness(self) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert self.web.poll() is None and time.monotonic() < deadline, self.log
            time.sleep(0.02)

    @property
    def log(self) -> str:
        return (self.folder / "web.log").read_text(encoding="utf-8", errors="replace")

    async def call(
        self, then: Callable[[Caller], object], line: str = MAIN, number: str = "+442079460123"
    ) -> Heard:
        """Ring, listen to the beginning, and do what `then` says."""
        async with await HandsetClient.connect(self.carrier.url) as phone:
            await phone.dial(line, number, people={"*": "busy"}, pace="fast", patience="mine")
            caller = Caller(phone)
            await caller.listens()
            result = then(caller)
            if asyncio.iscoroutine(result):
                await result
            return caller.heard

    def rings(self, line: str = MAIN, number: str = "+442079460123") -> str:
        """What is heard first."""
        heard = asyncio.run(self.call(lambda caller: None, line, number))
        return heard.turns[0]


@contextmanager
def production(folder: Path, source: str = "published") -> Iterator[Production]:
    """Everything started, with nothing published; ended on leaving."""
    with ExitStack() as stack:
        (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
        store = PrivateServer(folder / "store", appendfsync="no")
        store.start()
        stack.callback(store.stop)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        url = f"http://127.0.0.1:{port}"
        settings = Settings(auth_token=secrets.token_hex(16))
        lines = {
            number: Line(number, f"{url}/voice", fallback_url=f"{url}/voice/fallback",
                         status_callback=f"{url}/voice/status")
            for number in (MAIN, SUPPORT)
        }  # fmt: skip
        carrier = stack.enter_context(
            EmbeddedCarrier(Directory(lines=lines), settings, SteppedClock())
        )
        (command,) = [one.command for one in read_procfile(ROOT / "Procfile") if one.name == "web"]
        with (folder / "web.log").open("wb") as log:
            web = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"],
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
                    "PORT": str(port),
                    "WEB_CONCURRENCY": "2",
                    "REDIS_URL": store.url,
                    "RINGBACK_FLOWS": source,
                    "RINGBACK_PUBLIC_URL": url,
                    "RINGBACK_CARRIER_API": carrier.url,
                    "TWILIO_ACCOUNT_SID": settings.account_sid,
                    "TWILIO_AUTH_TOKEN": settings.auth_token,
                },
            )
        running = Production(folder, url, store, carrier, web)
        try:
            running.wait_until(
                lambda: running.readiness()[0] != 0 and len(running.processes()) == 2
            )
            yield running
        finally:
            web.terminate()
            web.wait()
