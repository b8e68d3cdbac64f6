"""Who rings on two days, and who works: the same people from the same seed, whatever is tried.

Calls come as gamma-Poisson from 08:00 to 18:00; on the first day, from 10:00 on, there are for 75
minutes 70 % more than anybody expects. The roster suits the calls that are expected, with some to
spare in the afternoon.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from math import log, sqrt
from random import Random
from zoneinfo import ZoneInfo

from ivr.flow.schedule import Hours, Schedule
from ivr.queueing.forecast import Day, expected_calls

ZONE = ZoneInfo("Europe/Stockholm")
MIDNIGHT = datetime(2026, 11, 23, tzinfo=ZONE).timestamp()
HOUR = 3600.0
MIDNIGHTS = (MIDNIGHT, MIDNIGHT + 24 * HOUR)
OPENS, CLOSES = 8 * HOUR, 18 * HOUR
"""From midnight on."""
BEGIN, END = MIDNIGHTS[0] + OPENS, MIDNIGHTS[-1] + CLOSES
RUSH = (MIDNIGHT + 10 * HOUR, MIDNIGHT + 11.25 * HOUR)
RUSH_FACTOR = 1.7
SLOT = 1800.0
AN_HOUR = (150, 200, 230, 215, 165, 150, 150, 145, 130, 90)
"""Calls expected from 08:00 on."""
DAY_VARIATION = 0.0064
"""The squared coefficient of variation of a day's rate: 8 %, as on 164 days of a real company."""
HANDLING = (300.0, 0.9)
PATIENCE = (600.0, 1.2)
"""Means in seconds, and coefficients of variation, of lognormal laws."""
AGENTS = 19
LUNCH_GROUP = 2
LUNCH = 1800.0
OVERTIME = 7200.0
"""The longest that agents stay for those who still wait at closing time."""
HISTORY_WEEKS = 8

OPENING = Schedule(ZONE, {day: (Hours(time(8), time(18)),) for day in range(5)})


@dataclass(frozen=True)
class Person:
    """`answers`: whether the telephone is picked up at each attempt to call back."""

    number: int
    rings_at: float
    handling: float
    patience: float
    accepts: bool
    ringing: float
    answers: tuple[bool, ...]


def people(chance: Random, acceptance: float) -> list[Person]:
    """Everybody who rings, in order; `acceptance`: the share that takes an offer."""
    found: list[Person] = []
    for at in _arrivals(chance):
        found.append(
            Person(
                len(found), at, _lognormal(chance, *HANDLING), _lognormal(chance, *PATIENCE),
                chance.random() < acceptance, chance.uniform(8, 25),
                tuple(chance.random() > 0.15 for _ in range(8)),
            )
        )  # fmt: skip
    return found


def shifts() -> list[tuple[int, float, float]]:
    """Agent, from, to: all day but for a lunch, a few agents at a time from 11:30 on."""
    found: list[tuple[int, float, float]] = []
    for midnight in MIDNIGHTS:
        for agent in range(AGENTS):
            lunch = midnight + 11.5 * HOUR + LUNCH * (agent // LUNCH_GROUP)
            found += [
                (agent, midnight + OPENS, lunch),
                (agent, lunch + LUNCH, midnight + CLOSES + OVERTIME),
            ]
    return found


def forecast(chance: Random) -> dict[date, list[float]]:
    """Calls by half-hours of both local days, from the days of some weeks without a rush."""
    history = []
    for number in range(HISTORY_WEEKS * 5):
        busy = chance.gammavariate(1 / DAY_VARIATION, DAY_VARIATION)
        calls = [float(_poisson(chance, busy * usual(slot) * SLOT)) for slot in range(48)]
        history.append(Day(number % 5, calls))
    return {
        datetime.fromtimestamp(midnight, ZONE).date(): expected_calls(history, weekday)
        for weekday, midnight in enumerate(MIDNIGHTS)
    }


def usual(slot: int) -> float:
    """Calls a second of a half-hour of the day."""
    hour = slot // 2 - 8
    return AN_HOUR[hour] / HOUR if 0 <= hour < len(AN_HOUR) else 0.0


def _arrivals(chance: Random) -> Iterator[float]:
    for midnight in MIDNIGHTS:
        busy = chance.gammavariate(1 / DAY_VARIATION, DAY_VARIATION)
        at, most = midnight + OPENS, busy * RUSH_FACTOR * max(AN_HOUR) / HOUR
        while (at := at + chance.expovariate(most)) < midnight + CLOSES:
            rate = busy * usual(int((at - midnight) // SLOT))
            if RUSH[0] <= at < RUSH[1]:
                rate *= RUSH_FACTOR
            if chance.random() * most < rate:
                yield at


def _lognormal(chance: Random, mean: float, variation: float) -> float:
    sigma = sqrt(log(1 + variation * variation))
    return chance.lognormvariate(log(mean) - sigma * sigma / 2, sigma)


def _poisson(chance: Random, mean: float) -> int:
    count, left = 0, mean
    while mean > 0 and (left := left - chance.expovariate(1.0)) > 0:
        count += 1
    return count
