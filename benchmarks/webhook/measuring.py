"""Throughput, and the slowest answers at a steady rate, of three applications in turns."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec

from benchmarks.figures import RINGBACK, Aim, Figure, compare, in_turns
from benchmarks.webhook import answers
from benchmarks.webhook.answers import Answer, Answers
from benchmarks.webhook.load import Load, Result
from benchmarks.webhook.requests import CALLER, PUBLIC_URL, call_id
from benchmarks.webhook.serving import RINGBACK_APP, Served, serve
from ivr.clock import SystemClock
from ivr.config import load
from ivr.flow.inputs import Pressed
from ivr.store.server import PrivateServer
from ivr.web.parts import Calls
from ivr.web.wiring import build

BARE = "a bare Flask view"
BY_HAND = "a Flask menu by hand"
APPS = {
    RINGBACK: RINGBACK_APP,
    BARE: "benchmarks.webhook.bare:create_app()",
    BY_HAND: "benchmarks.webhook.by_hand:create_app()",
}
KEY = "4"
"""Chooses English."""
CONNECTIONS = 32
DEADLINE = 60.0
AIMS = {BARE: Aim("ratio", "at least", 0.8), BY_HAND: Aim("ratio", "at least", 1.0)}

Kind = Literal["first menu", "key pressed"]


@dataclass(frozen=True)
class Size:
    rounds: int
    requests: int
    """In each measurement of throughput."""
    rate: float
    """Requests a second where the slowest are looked for."""
    seconds: float
    """For how long."""
    warm_up: int


FULL = Size(rounds=5, requests=1_500, rate=200, seconds=2.5, warm_up=300)
QUICK = Size(rounds=1, requests=64, rate=50, seconds=0.4, warm_up=32)


def measure(config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """Every figure of the webhook: both kinds of request, throughput and p99."""
    with ExitStack() as stack:
        stage = stack.enter_context(_Stage(config_file, tell))
        figures: list[Figure] = []
        kinds: tuple[Kind, ...] = ("first menu", "key pressed")
        for kind in kinds:
            for app in APPS:
                stage.run(app, kind, size.warm_up)
            figures += _throughput(stage, kind, size, tell)
            figures += _slowest(stage, kind, size, tell)
        return figures


def _throughput(stage: _Stage, kind: Kind, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    def measured(app: str) -> Callable[[], float]:
        return lambda: size.requests / stage.run(app, kind, size.requests).seconds

    values = in_turns(
        {app: measured(app) for app in APPS},
        size.rounds,
        lambda step: tell(f"{kind}, throughput, {step}"),
    )
    return [
        compare(f"Webhook, {kind}", "requests a second", values, other, "more", AIMS[other])
        for other in (BARE, BY_HAND)
    ]


def _slowest(stage: _Stage, kind: Kind, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    def measured(app: str) -> Callable[[], float]:
        count = int(size.rate * size.seconds)
        return lambda: _p99(stage.run(app, kind, count, size.rate))

    values = in_turns(
        {app: measured(app) for app in APPS},
        size.rounds,
        lambda step: tell(f"{kind}, p99, {step}"),
    )
    what = f"Webhook, {kind}, p99 at {size.rate:.0f} a second"
    return [compare(what, "ms", values, other, "less") for other in (BARE, BY_HAND)]


def _p99(result: Result) -> float:
    times = sorted(result.milliseconds)
    return times[min(len(times) * 99 // 100, len(times) - 1)]


class _Stage:
    """The store and the three servers, started on entering and ended on leaving."""

    def __init__(self, config_file: Path, tell: Callable[[str], None]) -> None:
        self._config_file = config_file
        self._tell = tell
        self._stack = ExitStack()
        self._served: dict[str, Served] = {}
        self._token = secrets.token_hex(16)
        self._clock = SystemClock()
        self._next_call = 1

    def __enter__(self) -> _Stage:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="ringback-bench-")))
            store = PrivateServer(folder / "store")
            store.start()
            stack.callback(store.stop)
            environment = {
                "REDIS_URL": store.url,
                "RINGBACK_CONFIG": str(self._config_file),
                "RINGBACK_FLOWS": "folder",
                "RINGBACK_PUBLIC_URL": PUBLIC_URL,
                "TWILIO_AUTH_TOKEN": self._token,
                answers.FILE: str(folder / "answers.json"),
            }
            config = load(self._config_file, environment)
            self._line = next(iter(config.lines.values())).number
            self._calls = build(config, self._clock, self._token, store.url, "folder").calls
            answers_of(self._calls, self._line, self._clock).write(folder / "answers.json")
            root = self._config_file.parent
            for number, (name, app) in enumerate(APPS.items()):
                log = folder / f"{number}.log"
                self._served[name] = stack.enter_context(serve(app, root, environment, log))
                self._tell(f"{name} is served")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, app: str, kind: Kind, count: int, rate: float | None = None) -> Result:
        """Send `count` requests about calls that the application has not met before."""
        first, self._next_call = self._next_call, self._next_call + count
        is_key = kind == "key pressed"
        if is_key and app == RINGBACK:
            for number in range(first, first + count):
                now = self._clock.now()
                self._calls.arrive(call_id(number), self._line, CALLER, now)
        order = Load(
            port=self._served[app].port,
            token=self._token,
            path="/voice/turn/2?l=sv" if is_key else "/voice",
            called=self._line,
            status="in-progress" if is_key else "ringing",
            more={"Digits": KEY, "FinishedOnKey": "", "msg": "Gather End"} if is_key else {},
            verb="<Gather",
            first_call=first,
            count=count,
            connections=min(CONNECTIONS, count),
            deadline=DEADLINE,
            rate=rate,
        )
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.webhook.load"],
            cwd=self._config_file.parent,
            input=msgspec.json.encode(order),
            stdout=subprocess.PIPE,
            timeout=2 * DEADLINE,
        )
        if done.returncode != 0:
            raise SystemExit(f"{app}, {kind}: the figures would mean nothing.")
        return msgspec.json.decode(done.stdout, type=Result)


def answers_of(calls: Calls, line: str, clock: SystemClock) -> Answers:
    """What Ringback answers to the two requests, asked of its services directly."""
    call, now = call_id(0), clock.now()
    first = calls.arrive(call, line, CALLER, now)
    second = calls.take_turn(call, 2, Pressed(KEY), line, CALLER, now)
    return Answers(Answer.of(first), Answer.of(second))
