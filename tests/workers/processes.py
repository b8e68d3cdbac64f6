"""`ringback worker` and `ringback clock` as real processes, whose words are kept."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CONFIG = """\
company: Example Energy
time_zone: Europe/Stockholm
lines:
  main: {number: "+46846500400", flow: main}
fallback: {number: "+46846500499"}
"""
# Seconds until something that must happen counts as not happening, on a machine that is busy.
PATIENCE = 25.0


def eventually(happens: Callable[[], object], what: str) -> None:
    """Wait until it happens; fails when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


@dataclass
class Process:
    """One running command; what it wrote is in `log`."""

    popen: "subprocess.Popen[bytes]"
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def says(self, words: str, times: int = 1) -> None:
        """Wait until it has said this so many times."""

        def has_said() -> bool:
            ended = self.popen.poll() is not None
            if self.said.count(words) >= times:
                return True
            assert not ended, f"ended without {words!r}:\n{self.said}"
            return False

        eventually(has_said, f"{words!r} from {self.log.name}")

    def send(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def children(self) -> list[int]:
        """The processes that it has started and that still run."""
        known = Path(f"/proc/{self.popen.pid}/task/{self.popen.pid}/children")
        if known.exists():
            return [int(pid) for pid in known.read_text().split()]
        told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=True)
        pairs = [line.split() for line in told.stdout.decode().splitlines()]
        return [int(pid) for pid, parent in pairs if int(parent) == self.popen.pid]

    def ends(self) -> int:
        """Wait until it has ended; its exit status."""
        return self.popen.wait(PATIENCE)


@dataclass
class Background:
    """Starts commands in a folder with a small company's settings."""

    folder: Path
    environment: dict[str, str]
    started: list[Process] = field(default_factory=list)

    def start(self, command: str, redis_url: str | None, **environment: str) -> Process:
        """`environment` goes before what the settings of all commands say."""
        log = self.folder / f"{command}-{len(self.started)}.log"
        with log.open("wb") as out:
            popen = subprocess.Popen(
                [sys.executable, "-c", "from ivr.cli import main; main()", command],
                cwd=self.folder,
                env=self.environment
                | ({} if redis_url is None else {"REDIS_URL": redis_url})
                | environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        process = Process(popen, log)
        self.started.append(process)
        return process


@pytest.fixture
def background(tmp_path: Path) -> Iterator[Background]:
    (tmp_path / "config.yaml").write_text(CONFIG)
    names = ("REDIS_URL", "RINGBACK_", "TWILIO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    background = Background(
        tmp_path,
        clean
        | {
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "a secret token",
            "RINGBACK_CONFIG": str(tmp_path / "config.yaml"),
        },
    )
    yield background
    for process in background.started:
        process.popen.kill()
        process.popen.wait()
