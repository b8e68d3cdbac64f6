"""One tick over ten thousand people who wait elsewhere: who is due for a text about the wait.

First the decision alone, in seconds of the processor. The other is `json`, with what was told them
there and back.

Then all that a worker does, with a real store: what is read, decided, composed and written, of
which as many texts as are written in one tick. The other reads the same and does nothing with it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from redis import Redis

from benchmarks.figures import RINGBACK, Aim, Figure, compare, in_turns
from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import promise
from ivr.callbacks.record import SYSTEM
from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.promises.consent import Given
from ivr.promises.updates import Heard, find_updates, in_words
from ivr.queueing.board import Board, Standing
from ivr.queueing.protocol import Estimate
from ivr.services.texts.updates import WaitUpdates
from ivr.store import keys
from ivr.store.callbacks import About, Asking, CallbackStore
from ivr.store.connection import connect
from ivr.store.consent import ConsentStore
from ivr.store.estimates import EstimateStore
from ivr.store.heard import HeardStore, Known, Telling
from ivr.store.line import Person
from ivr.store.server import private_server

JSON = "json, what they were told there and back"
READ = "the same read from the store, nothing decided"
MOST_MILLISECONDS = 1000.0
NOW = 1_764_000_000.0
QUEUE, NUMBER = "billing", "+46701740605"
UNLIMITED = Limits(10**9, 10**9, 10**9, 10**9)
CONFIG = Config.model_validate(
    {
        "company": "Example Energy",
        "time_zone": "Europe/Stockholm",
        "lines": {"main": {"number": "+46846500400", "flow": "main"}},
        "fallback": {"number": "+46846500499"},
        "queues": {QUEUE: {}},
    }
)


@dataclass(frozen=True)
class Size:
    rounds: int
    waiting: int


FULL = Size(rounds=9, waiting=10_000)
QUICK = Size(rounds=1, waiting=100)


def measure(_config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """The milliseconds of a tick in which every third person has news."""
    return [_deciding(size, tell), _looking(size, tell)]


def _deciding(size: Size, tell: Callable[[str], None]) -> Figure:
    people = [_person(number, size.waiting) for number in range(size.waiting)]
    rows = [[h.place, h.words and [h.words.begins, h.words.ends], h.at] for _, h in people]
    contestants = {
        RINGBACK: lambda: _milliseconds(lambda: list(find_updates(NOW, people))),
        JSON: lambda: _milliseconds(lambda: json.loads(json.dumps(rows))),
    }
    in_turns(contestants, 1, lambda step: tell(f"warming up, {step}"))
    values = in_turns(contestants, size.rounds, tell)
    due = sum(1 for _ in find_updates(NOW, people))
    what = f"who is due for an update, {size.waiting:,} waiting ({due:,} are)"
    aim = Aim("value", "under", MOST_MILLISECONDS)
    return compare(what, "ms", values, JSON, "less", aim)


def _looking(size: Size, tell: Callable[[str], None]) -> Figure:
    with TemporaryDirectory() as folder, private_server(Path(folder)) as url, connect(url) as redis:
        line = Waiting(redis, size.waiting)
        tell(f"{size.waiting:,} people wait with consent")
        line.join()
        told: list[int] = []
        contestants = {
            RINGBACK: lambda: _passing(lambda: told.append(line.look())),
            READ: lambda: _passing(line.read),
        }
        values = in_turns(contestants, min(size.rounds, 5), tell)
    most = max(told)
    if not most:
        raise RuntimeError("Nobody was told anything.")
    what = f"a look at all who wait, {size.waiting:,}, and a text to {most:,} of them"
    return compare(what, "ms", values, READ, "less", Aim("value", "under", MOST_MILLISECONDS))


def _person(number: int, of: int) -> tuple[Standing, Heard]:
    low = 300 + 7200 * number / of
    moved = (0, 0, 2400)[number % 3]
    estimate = Estimate(low, low + 300, low + 600, low + 300)
    before = NOW - 700
    words = in_words(before, NOW + low - moved, NOW + low - moved + 600)
    if words.ends < NOW:
        words = in_words(before, NOW + low, NOW + low + 600)
    heard = Heard(f"place-{number}", words, before, number % 4)
    return Standing(NOW - 5, number, estimate=estimate, sound=True), heard


def _milliseconds(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return (time.process_time() - began) * 1000


class Waiting:
    """People who wait to be rung back, all of one number, each of an extension of its own."""

    def __init__(self, redis: Redis, waiting: int) -> None:
        self._redis, self._waiting = redis, waiting
        self._updates = WaitUpdates(CONFIG, redis, load_languages())
        self._heard, self._estimates = HeardStore(redis), EstimateStore(redis)

    def join(self) -> None:
        """They are promised a call, told when, and every third waits longer than that."""
        ConsentStore(self._redis).note(NUMBER, Given(NOW - 3600, "call", "sv", "Aino"))
        store = CallbackStore(self._redis)
        waits: dict[str, Estimate] = {}
        tellings: list[Telling] = []
        for number in range(self._waiting):
            standing, heard = _person(number, self._waiting)
            made = promise(
                heard.place, QUEUE, NUMBER, QUEUE, NOW - 3600 + number / 100, SYSTEM, NOW - 3600,
                until=NOW + 86_400, extension=str(number),
            )  # fmt: skip
            about = About(Person(line="main", language="sv", caller=NUMBER))
            store.promise(made, about, Asking(UNLIMITED), NOW - 3600, on_disk=False)
            assert standing.estimate is not None and heard.words is not None
            waits[heard.place] = standing.estimate
            words = heard.words
            known = Known(words.begins, words.ends, False, heard.at, heard.updates)
            tellings.append(Telling(heard.place, None, known))
        self._heard.tell(tellings, NOW)
        board = Board(QUEUE, NOW, sound=True, agents=20)
        read = self._estimates.knowledge()
        self._estimates.write(read, b"{}", "1-1", NOW, boards={QUEUE: board}, waits=waits)

    def look(self) -> int:
        """What a worker does; how many are told."""
        return self._updates.look(NOW)[0]

    def read(self) -> None:
        """The same is read."""
        self._heard.callbacks_in_line((QUEUE,))
        self._redis.hgetall(keys.HEARD)
        self._redis.hgetall(keys.WAITS)
        self._redis.zrange(keys.line(QUEUE), 0, -1)


def _passing(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - began)
