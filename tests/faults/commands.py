"""The commands of the Procfile as processes that can be killed and started again in no time.

Each is a process of its own, with its own environment and folder, forked from a server that has
imported everything: what it runs is what the command runs.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PATIENCE = 25.0
_CONTEXT = multiprocessing.get_context("forkserver")


@dataclass
class Command:
    """One running command, by its words; what it writes is in `log`."""

    words: tuple[str, ...]
    process: multiprocessing.process.BaseProcess
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def children(self) -> list[int]:
        with suppress(psutil.NoSuchProcess):
            return [child.pid for child in psutil.Process(self.process.pid).children(True)]
        return []

    def kill(self) -> None:
        """All of it at once, as a machine that loses its power."""
        for pid in (self.process.pid, *self.children()):
            if pid is not None:
                kill(pid)
        self.process.join(PATIENCE)


@dataclass
class Commands:
    """Starts commands in a folder with an environment."""

    folder: Path
    environment: Mapping[str, str]
    running: list[Command] = field(default_factory=list)

    def start(self, *words: str, **environment: str) -> Command:
        """Start it; `environment` goes before what holds for all."""
        log = self.folder / f"{words[-1].partition(':')[0]}-{len(self.running)}.log"
        process = _CONTEXT.Process(
            target=_run, args=(words, dict(self.environment) | environment, self.folder, log)
        )
        process.start()
        command = Command(words, process, log)
        self.running.append(command)
        return command


def warm_up() -> None:
    """Return when a command can be started in no time."""
    _CONTEXT.set_forkserver_preload(["tests.faults.warm"])
    first = _CONTEXT.Process(target=time.time)
    first.start()
    first.join()


@contextmanager
def commands(folder: Path, environment: Mapping[str, str]) -> Iterator[Commands]:
    """None of them outlives this."""
    opened = Commands(folder, environment)
    try:
        yield opened
    finally:
        for command in opened.running:
            command.kill()


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _run(words: tuple[str, ...], environment: Mapping[str, str], folder: Path, log: Path) -> None:
    """In the new process."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    with log.open("ab") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", 1), os.fdopen(2, "w", 1)
    sys.argv = list(words)
    if words[0] == "gunicorn":
        from gunicorn.app import wsgiapp

        wsgiapp.run()
    else:
        from ivr.cli.main import main

        main()
