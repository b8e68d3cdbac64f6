"""One tick over ten thousand people who wait elsewhere: who is due for a text about the wait.

The other is `json`, with what was told them there and back. Seconds are those of the processor, so
that other work on the machine does not count.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import RINGBACK, Aim, Figure, compare, in_turns
from ivr.promises.updates import Heard, find_updates, in_words
from ivr.queueing.board import Standing
from ivr.queueing.protocol import Estimate

JSON = "json, what they were told there and back"
MOST_MILLISECONDS = 1000.0
NOW = 1_764_000_000.0


@dataclass(frozen=True)
class Size:
    rounds: int
    waiting: int


FULL = Size(rounds=9, waiting=10_000)
QUICK = Size(rounds=1, waiting=100)


def measure(_config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """The milliseconds of a tick in which every third person has news."""
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
    return [compare(what, "ms", values, JSON, "less", aim)]


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
