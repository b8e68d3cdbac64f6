"""Two days, the first with a rush that nobody expected: with callbacks and without, same people.

And the processor's time for booking one, with ten thousand open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.callbacks import deciding, town
from benchmarks.callbacks.day import Outcome, Played
from benchmarks.figures import RINGBACK, Aim, Figure, compare

ACCEPTANCE = 0.6
WITHOUT = "the same days without callbacks"
PROMISED = "all that were promised"
RUSH = "the rush without callbacks"


@dataclass(frozen=True)
class Size:
    rounds: int
    times: int
    """The two days are played in each round, with callbacks and without."""
    open_callbacks: int


FULL = Size(rounds=5, times=2, open_callbacks=10_000)
QUICK = Size(rounds=1, times=1, open_callbacks=100)


def measure(_config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """Shares of all who rang, lines, kept windows; and the milliseconds of a decision."""
    days = [_days(number, size.times, tell) for number in range(size.rounds)]
    ours, theirs = [with_them for with_them, _ in days], [without for _, without in days]

    def both(of: Callable[[Outcome], float], other: str = WITHOUT) -> dict[str, list[float]]:
        return {RINGBACK: [of(one) for one in ours], other: [of(one) for one in theirs]}

    held = both(lambda one: 100 * one.held_long / one.rang)
    hung_up = both(lambda one: 100 * one.hung_up / one.rang)
    afternoon = both(lambda one: one.longest[1])
    rush = [float(one.longest[0]) for one in theirs]
    against_rush = {RINGBACK: afternoon[RINGBACK], RUSH: rush}
    kept = {
        RINGBACK: [100 * one.kept / max(one.promised["window"], 1) for one in ours],
        PROMISED: [100.0] * len(ours),
    }
    half, tenth = Aim("ratio", "under", 0.5), Aim("ratio", "under", 0.1)
    return [
        compare("hung up, in two days with one rush", "%", hung_up, WITHOUT, "less", half),
        compare("held the line for over 5 minutes", "%", held, WITHOUT, "less", tenth),
        compare("windows kept", "%", kept, PROMISED, "more", Aim("value", "at least", 99.0)),
        compare("longest line after noon", "people", against_rush, RUSH, "less",
                Aim("ratio", "under", 1.0)),
        compare("longest line after noon", "people", afternoon, WITHOUT, "less"),
        deciding.measure(size.rounds, size.open_callbacks, tell),
    ]  # fmt: skip


def _days(number: int, count: int, tell: Callable[[str], None]) -> tuple[Outcome, Outcome]:
    """The same days with callbacks and without, added up."""
    ours, theirs = Outcome(), Outcome()
    for day in range(count):
        tell(f"round {number + 1}, days {day + 1} of {count}, with callbacks and without")
        chance = Random(1000 * number + day)
        people = town.people(chance, ACCEPTANCE)
        forecast = town.forecast(chance)
        for total, with_them in ((ours, True), (theirs, False)):
            _add(total, Played(people, town.shifts(), forecast, with_them).run())
    return ours, theirs


def _add(total: Outcome, day: Outcome) -> None:
    total.rang += day.rang
    total.hung_up += day.hung_up
    total.held_long += day.held_long
    total.kept += day.kept
    total.promised += day.promised
    total.longest = (
        max(total.longest[0], day.longest[0]), max(total.longest[1], day.longest[1])
    )  # fmt: skip
