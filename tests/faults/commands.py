"""The commands of the Procfile as processes that can be killed and started again in no time.

Each is a process of its own, with its own environment and folder, forked from a parent in which all
is imported already. What it runs is what the command runs.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

# Its imports are what the commands need.
import tests.faults.warm  # noqa: F401

PATIENCE = 25.0


@dataclass(frozen=True)
class Command:
    """One running command; what it writes is in `log`."""

    process: psutil.Process
    log: Path

    def kill(self) -> None:
        """All of it at once, as a machine that loses its power."""
        everything = [self.process]
        with suppress(psutil.NoSuchProcess):
            everything += self.process.children(recursive=True)
        for one in everything:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        deadline = time.monotonic() + PATIENCE
        while any(_is_alive(one) for one in everything):
            assert time.monotonic() < deadline, f"still there: {self.log.name}"
            time.sleep(0.005)


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


@dataclass
class Commands:
    """Starts commands in a folder with an environment."""

    folder: Path
    environment: Mapping[str, str]
    parent: Connection
    started: list[Command] = field(default_factory=list)

    def start(self, *words: str) -> Command:
        log = self.folder / f"{words[-1][:7]}-{len(self.started)}.log"
        self.parent.send((words, dict(self.environment), self.folder, log))
        command = Command(psutil.Process(self.parent.recv()), log)
        self.started.append(command)
        return command


@contextmanager
def forking() -> Iterator[Connection]:
    """The parent of all commands: to be opened while this process has no threads of its own."""
    ours, theirs = multiprocessing.Pipe()
    parent = multiprocessing.get_context("fork").Process(target=_serve, args=(ours, theirs))
    parent.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        parent.join(PATIENCE)


@contextmanager
def commands(
    parent: Connection, folder: Path, environment: Mapping[str, str]
) -> Iterator[Commands]:
    """None of them outlives this."""
    opened = Commands(folder, environment, parent)
    try:
        yield opened
    finally:
        for command in opened.started:
            command.kill()


def _serve(ours: Connection, theirs: Connection) -> None:
    """In the parent of all commands."""
    ours.close()
    # Nobody asks what became of them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    started: list[Command] = []
    with suppress(EOFError):
        while True:
            words, environment, folder, log = theirs.recv()
            pid = os.fork()
            if pid == 0:
                _run(words, environment, folder, log)
            started.append(Command(psutil.Process(pid), log))
            theirs.send(pid)
    # Also when the tests themselves were killed.
    for command in started:
        command.kill()


def _run(words: tuple[str, ...], environment: dict[str, str], folder: Path, log: Path) -> None:
    """In the new process, which does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
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
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)
