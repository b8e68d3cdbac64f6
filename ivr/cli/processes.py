"""The processes of a run: started together, heard line by line, ended in order.

Uses the parts of honcho that read a Procfile and print; its manager ends all at once, waits five
seconds at most, and leaves them running when it is killed itself.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

from honcho.colour import get_colours
from honcho.environ import parse_procfile
from honcho.printer import Message, Printer

from ivr import leash

# Seconds. The web process drains for 20 (Procfile); a worker finishes its job.
END_PATIENCE = 25.0
# How often `Processes.watch` looks up from waiting.
LOOK_UP = 0.2

_SHELL = "/bin/sh"


class ProcessError(Exception):
    """A process cannot be started, or has ended on its own; says which, and how."""


@dataclass(frozen=True)
class Program:
    """What to start: its name in the output, and a command line for the shell."""

    name: str
    command: str


@dataclass
class _Running:
    program: Program
    process: "subprocess.Popen[bytes]"
    colour: str
    threads: list[threading.Thread] = field(default_factory=list)


@dataclass(frozen=True)
class Ended:
    """A process has ended; `status` is negative for the signal that ended it."""

    name: str
    status: int

    def __str__(self) -> str:
        if self.status < 0:
            return f"{self.name} was ended by {signal.Signals(-self.status).name}"
        return f"{self.name} ended with exit status {self.status}"


def read_procfile(path: Path) -> list[Program]:
    """Its programs in their order. Raises ProcessError when it cannot be read or names none."""
    try:
        programs = parse_procfile(path.read_text(encoding="utf-8")).processes
    except OSError as error:
        raise ProcessError(f"{path} cannot be read: {error.strerror}.") from None
    except AssertionError as error:
        raise ProcessError(f"{path}: {error}.") from None
    if not programs:
        raise ProcessError(f"{path} names no process; a line looks like `web: gunicorn ...`.")
    return [Program(name, command) for name, command in programs.items()]


class Processes:
    """Use as a context: whatever has been started is ended on leaving, the latest first."""

    def __init__(self, printer: Printer, directory: Path, environment: Mapping[str, str]) -> None:
        self._printer = printer
        self._printing = threading.Lock()
        self._directory = directory
        # So that lines come when they are written, and in what the printer decodes.
        self._environment = dict(environment, PYTHONUNBUFFERED="1", PYTHONIOENCODING="utf-8")
        self._running: dict[str, _Running] = {}
        self._colours = get_colours()
        self._events: SimpleQueue[Ended | signal.Signals] = SimpleQueue()
        self._asked_to_end = False
        self._former: dict[signal.Signals, object] = {}

    def __enter__(self) -> "Processes":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._former[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            for name in reversed(self._running):
                self._end(self._running[name])
        finally:
            for number, handler in self._former.items():
                signal.signal(number, handler)  # type: ignore[arg-type]

    def start(self, program: Program) -> None:
        """Start a program in a session of its own, so that a Ctrl-C reaches only us."""
        process = subprocess.Popen(
            # exec: signals then reach the program itself and not a shell around it.
            [_SHELL, "-c", f"exec {program.command}"],
            cwd=self._directory,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        leash.hold(process.pid)
        running = _Running(program, process, next(self._colours))
        self._running[program.name] = running
        self._printer.width = max(self._printer.width, len(program.name))
        for work in (self._pass_on_lines, self._wait):
            thread = threading.Thread(target=work, args=(running,), daemon=True)
            thread.start()
            running.threads.append(thread)

    def say(self, text: str) -> None:
        """Print lines of our own."""
        self._print("ringback", None, text)

    def watch(self, look: Callable[[], bool]) -> Ended | None:
        """Wait until a process ends (returned) or a signal asks us to end (None).

        `look` is called now and then until it answers True.
        """
        looking = True
        while True:
            try:
                event = self._events.get(timeout=LOOK_UP if looking else None)
            except Empty:
                looking = not look()
                continue
            return event if isinstance(event, Ended) else None

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._asked_to_end:
            # Asked a second time: at once, then.
            for running in self._running.values():
                _kill(running)
        self._asked_to_end = True
        self._events.put(signal.Signals(number))

    def _pass_on_lines(self, running: _Running) -> None:
        assert running.process.stdout is not None
        with running.process.stdout as lines:
            for line in lines:
                self._print(running.program.name, running.colour, line)

    def _wait(self, running: _Running) -> None:
        status = running.process.wait()
        leash.release(running.process.pid)
        self._events.put(Ended(running.program.name, status))

    def _print(self, name: str, colour: str | None, data: bytes | str) -> None:
        message = Message("line", data, datetime.now(), name, colour)  # noqa: DTZ005
        with self._printing:
            try:
                self._printer.write(message)
            except OSError:
                # Nobody is listening any more, such as after the terminal was closed: time to end,
                # but in order.
                self._events.put(signal.SIGHUP)
                with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
                    os.dup2(nowhere.fileno(), self._printer.output.fileno())

    def _end(self, running: _Running) -> None:
        lines, waiter = running.threads
        if waiter.is_alive():
            self.say(f"ending {running.program.name}")
            running.process.terminate()
            waiter.join(END_PATIENCE)
            if waiter.is_alive():
                self.say(f"{running.program.name} has not ended after {END_PATIENCE:.0f} seconds")
        # Also what it has left behind, such as the workers of a server that was killed.
        _kill(running)
        waiter.join()
        lines.join()


def _kill(running: _Running) -> None:
    try:
        os.killpg(running.process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
