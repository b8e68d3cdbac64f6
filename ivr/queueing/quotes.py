"""Ranges that were given, what became of them, and the ranges that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any, NamedTuple

from ivr.queueing.calibration import Levels
from ivr.queueing.evidence import Record
from ivr.queueing.gamma import gamma_quantiles
from ivr.queueing.line import Place, Quote
from ivr.queueing.picture import Waits
from ivr.queueing.protocol import Estimate, Name

UNKNOWN = Estimate(inf, inf, inf, inf)
MOST_OUTCOMES = 10_000
"""Outcomes that are kept for one who takes them."""
BELIEVED = 12 * 3600.0
"""Longer mean waits (seconds) are not told: the roster is looked at no further, and nothing says
that anybody will work then."""
Moments = tuple[float, float]
LATER = 10.0
"""Seconds after the first answer from which another counts as one while waiting: those are right
and wrong in other ways, and learn for themselves."""


class Outcome(NamedTuple):
    """The first range that was given of somebody, and what became of it. Times in seconds; `wait`
    is counted from `told_at`, and of one who hung up it is the wait that he would have had."""

    caller: Name
    skill: str
    told_at: float
    low: float
    median: float
    high: float
    mean: float
    wait: float
    hung_up: bool


AT_FIRST = Levels()
NOTHING = (inf, inf)


class Quotes:
    def __init__(self) -> None:
        self._levels: dict[tuple[str, int, bool], Levels] = {}
        self._records: dict[str, Record] = {}
        self.outcomes: list[Outcome] = []

    def answers(
        self,
        places: Iterable[Place],
        found: Waits,
        now: float,
        beyond: Moments = (0.0, 0.0),
        *,
        kept: bool = True,
    ) -> dict[Name, Estimate]:
        """The range for each in the line. The first, and the first while waiting, are `kept`.

        `beyond`: mean and variance of what comes after an agent was found.
        """
        more_mean, more_variance = beyond
        get, level_of = found.get, self._levels.get
        answers: dict[Name, Estimate] = {}
        for place in places:
            told = place.told
            later = told is not None and now >= told.at + LATER
            mean, variance = get(place.caller, NOTHING)
            mean, variance = mean + more_mean, variance + more_variance
            # Written so that what is no number is not believed either.
            if not (mean <= BELIEVED and variance < inf):
                answers[place.caller] = UNKNOWN
                continue
            levels = level_of((place.skill, place.priority, later), AT_FIRST)
            low, median, high = gamma_quantiles(mean, variance, levels.low_z, levels.high_z)
            estimate = answers[place.caller] = Estimate(low, median, high, mean)
            if kept and place.told_later is None:
                if told is None:
                    place.told = Quote(now, *estimate)
                elif later:
                    place.told_later = Quote(now, *estimate)
        return answers

    def learn(self, place: Place, now: float, *, hung_up: bool) -> None:
        """The turn of this place came, or would have come, now."""
        if place.told is None:
            return
        told = place.told
        wait = now - told.at
        self._levels_of(place, later=False).learn(wait < told.low, wait > told.high)
        self._records.setdefault(place.skill, Record()).add(told.low <= wait <= told.high)
        self.outcomes.append(Outcome(place.caller, place.skill, *told, wait, hung_up))
        del self.outcomes[:-MOST_OUTCOMES]
        if place.told_later is not None:
            told = place.told_later
            wait = now - told.at
            self._levels_of(place, later=True).learn(wait < told.low, wait > told.high)

    def record(self, skill: str) -> Record:
        return self._records.get(skill, Record())

    def snapshot(self) -> dict[str, Any]:
        return {
            "levels": [[*key, known.low, known.high] for key, known in self._levels.items()],
            "records": {skill: [r.outcomes, r.held] for skill, r in self._records.items()},
            "outcomes": [list(outcome) for outcome in self.outcomes],
        }

    @classmethod
    def restore(cls, saved: Mapping[str, Any]) -> Quotes:
        quotes = cls()
        quotes._levels = {
            (skill, priority, later): Levels(low, high)
            for skill, priority, later, low, high in saved["levels"]
        }
        quotes._records = {skill: Record(*kept) for skill, kept in saved["records"].items()}
        quotes.outcomes = [Outcome(*kept) for kept in saved["outcomes"]]
        return quotes

    def _levels_of(self, place: Place, later: bool) -> Levels:
        key = place.skill, place.priority, later
        if key not in self._levels:
            self._levels[key] = Levels()
        return self._levels[key]
