"""Processor time a webhook of the telephone company and of who answers it, in the same run."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import psutil

from benchmarks.carrier.day import a_day
from benchmarks.carrier.telephones import DEADLINE, Order, Outcome
from benchmarks.figures import RINGBACK, Aim, Figure, Spread, compare
from benchmarks.webhook import answers
from benchmarks.webhook.measuring import APPS, BARE, KEY, answers_of
from benchmarks.webhook.serving import Served, serve
from ivr.clock import SystemClock
from ivr.config import load
from ivr.store.server import PrivateServer
from ivr.web.wiring import build

A_DAY = 86_400.0


@dataclass(frozen=True)
class Size:
    rounds: int
    calls: int
    """In each measurement of processor time, two webhooks each."""
    spread: float
    """Seconds within which they all begin."""
    held: int
    """Calls that are to be held at once."""
    held_spread: float
    day: int
    """Calls in a day of the stepped clock."""
    warm_up: int


FULL = Size(rounds=5, calls=400, spread=4, held=1_000, held_spread=8, day=2_000, warm_up=100)
QUICK = Size(rounds=1, calls=8, spread=0.2, held=8, held_spread=0.2, day=10, warm_up=4)


def measure(config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """Every figure of the telephone company."""
    days = []
    for number in range(1, size.rounds + 1):
        tell(f"round {number} of {size.rounds}: a day of {size.day:,} calls")
        days.append(a_day(size.day))
    with ExitStack() as stack:
        stage = stack.enter_context(_Stage(config_file, tell))
        figures = [_cost(stage, app, size, tell) for app in (BARE, RINGBACK)]
        tell(f"{size.held:,} calls at once")
        held = stage.run(BARE, size.held, size.held_spread, presses=2, gap=size.held_spread / 2)
    return [*figures, _held(held.held, size.held), _day(days, size.day)]


def _cost(stage: _Stage, app: str, size: Size, tell: Callable[[str], None]) -> Figure:
    stage.run(app, size.warm_up, 1)
    carrier, application = [], []
    for number in range(1, size.rounds + 1):
        tell(f"round {number} of {size.rounds}: calls to {app}")
        before = stage.processor_seconds(app)
        outcome = stage.run(app, size.calls, size.spread)
        spent = stage.processor_seconds(app) - before
        carrier.append(outcome.processor_seconds * 1_000 / outcome.webhooks)
        application.append(spent * 1_000 / outcome.webhooks)
    answered = "Ringback's webhook" if app == RINGBACK else app
    return compare(
        "Telephone company, processor time a webhook", "ms",
        {"the company": carrier, "who answers": application}, "who answers", "less",
        Aim("ratio", "under", 1.0), ours="the company",
    ).against(f"{answered}, answering it")  # fmt: skip


def _held(held: int, wanted: int) -> Figure:
    return Figure(
        "Telephone company, calls held at once by one process", "calls", Spread.of([held]),
        "as many as phoned", Spread.of([wanted]), Spread.of([held / wanted]), "more",
        Aim("ratio", "at least", 1.0),
    )  # fmt: skip


def _day(days: list[float], calls: int) -> Figure:
    return Figure(
        f"Telephone company, a day of {calls:,} calls by the stepped clock", "s", Spread.of(days),
        "the day itself", Spread.of([A_DAY]), Spread.of([day / A_DAY for day in days]), "less",
    )  # fmt: skip


class _Stage:
    """The store and two applications, started on entering and ended on leaving."""

    def __init__(self, config_file: Path, tell: Callable[[str], None]) -> None:
        self._config_file = config_file
        self._tell = tell
        self._stack = ExitStack()
        self._served: dict[str, Served] = {}
        self._token = secrets.token_hex(16)

    def __enter__(self) -> _Stage:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="ringback-bench-")))
            store = PrivateServer(folder / "store")
            store.start()
            stack.callback(store.stop)
            clock = SystemClock()
            environment = {
                "REDIS_URL": store.url,
                "RINGBACK_CONFIG": str(self._config_file),
                "RINGBACK_FLOWS": "folder",
                "TWILIO_AUTH_TOKEN": self._token,
                answers.FILE: str(folder / "answers.json"),
            }
            config = load(self._config_file, environment)
            self._line = next(iter(config.lines.values())).number
            calls = build(config, clock, self._token, store.url, "folder").calls
            answers_of(calls, self._line, clock).write(folder / "answers.json")
            root = self._config_file.parent
            for number, name in enumerate((BARE, RINGBACK)):
                log = folder / f"{number}.log"
                self._served[name] = stack.enter_context(serve(APPS[name], root, environment, log))
                self._tell(f"{name} is served")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(
        self, app: str, calls: int, spread: float, presses: int = 1, gap: float = 1.0
    ) -> Outcome:
        """Let people phone an application from a process of its own."""
        url = f"http://127.0.0.1:{self._served[app].port}/voice"
        order = Order(url, self._token, self._line, calls, spread, KEY, presses, gap)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.carrier.telephones"],
            cwd=self._config_file.parent,
            input=msgspec.json.encode(order),
            stdout=subprocess.PIPE,
            timeout=2 * DEADLINE,
        )
        if done.returncode != 0:
            raise SystemExit(f"{app}: the figures would mean nothing.")
        return msgspec.json.decode(done.stdout, type=Outcome)

    def processor_seconds(self, app: str) -> float:
        """What the server and its workers have used so far."""
        server = psutil.Process(self._served[app].process)
        times = [one.cpu_times() for one in (server, *server.children(recursive=True))]
        return float(sum(time.user + time.system for time in times))
