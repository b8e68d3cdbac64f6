"""Two days, the first with a rush that nobody expected: with callbacks and without, same people.

And the processor's time for one decision about a callback, with ten thousand open.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.callbacks import town
from benchmarks.callbacks.day import Outcome, Played
from benchmarks.figures import RINGBACK, Aim, Figure, compare, in_turns
from ivr.callbacks.hours import DAY, closes_in
from ivr.callbacks.limits import Counts, Limits, too_many
from ivr.callbacks.moves import promise
from ivr.callbacks.offering import OfferRules, Situation, decide_offer
from ivr.callbacks.reachable import NumberRules, Reachable, reachable
from ivr.callbacks.record import Actor, Callback
from ivr.callbacks.windows import (
    Capacity,
    Handling,
    Load,
    WindowRules,
    capacity,
    count_booked,
    free_windows,
    has_room,
    possible_windows,
)
from ivr.queueing.overload import Demand

ACCEPTANCE = 0.6
WITHOUT = "the same days without callbacks"
PROMISED = "all that were promised"
RUSH = "the rush without callbacks"
COUNTED = "counting all callbacks anew"
MOST_MILLISECONDS = 5.0
NOW = town.MIDNIGHT + 10.5 * town.HOUR
PERSON = Actor("person")


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
        _deciding(size, tell),
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


def _deciding(size: Size, tell: Callable[[str], None]) -> Figure:
    known = _two_weeks()
    open_callbacks = _open_callbacks(size.open_callbacks, known)
    booked = count_booked(open_callbacks)
    contestants = {
        RINGBACK: partial(_milliseconds, lambda: _book(known, booked)),
        COUNTED: partial(_milliseconds, lambda: count_booked(open_callbacks)),
    }
    in_turns(contestants, 1, lambda step: tell(f"warming up, {step}"))
    values = in_turns(contestants, max(size.rounds, 1), tell)
    what = f"deciding about a callback with {size.open_callbacks:,} open and two weeks of windows"
    aim = Aim("value", "under", MOST_MILLISECONDS)
    return compare(what, "ms", values, COUNTED, "less", aim)


def _two_weeks() -> Capacity:
    windows = possible_windows([town.OPENING], NOW, NOW + 14 * DAY, WindowRules())
    loads = [Load(town.AGENTS, 30, 0.02)] * len(windows)
    return capacity(windows, loads, Handling(300, 270))


def _open_callbacks(count: int, known: Capacity) -> list[Callback]:
    """Of which the first windows are full."""
    places: list[int] = [place for place, room in enumerate(known.room) for _ in range(room)]
    return [
        promise(
            str(number), "q", f"+4670174{number:05}", "m", NOW, PERSON, NOW,
            window=known.windows[places[number % len(places)]],
        )[0]
        for number in range(count)
    ]  # fmt: skip


def _book(known: Capacity, booked: Counter[float]) -> None:
    """All that is decided when somebody wants a callback: whom, whether, when, and the record."""
    rules = WindowRules(furthest=14 * DAY)
    found = reachable("070-174 06 05", NumberRules("SE"))
    assert isinstance(found, Reachable)
    assert too_many(Counts(), Limits()) is None
    free = free_windows(known, booked, NOW, rules)
    demand = Demand(30, 400, 0.06, 0.02, 300, 0.05, ((0, town.AGENTS), (3600, town.AGENTS - 2)))
    situation = Situation(demand, False, 3, 1200, closes_in([town.OPENING], NOW), free)
    offer = decide_offer(situation, OfferRules())
    assert offer.kinds[0] == "window"
    assert has_room(known, booked, free[0], NOW, rules)
    promise("c", "q", found.number, "m", NOW, PERSON, NOW, window=free[0])


def _milliseconds(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return (time.process_time() - began) * 1000
