"""How many calls to expect in each slot of a day, and how many callbacks a slot has room for.

Level times weekday times profile (Weinberg, Brown, Stroud 2007); the number is gamma-Poisson, as
Poisson's law is far too narrow (Ibrahim, Ye, L'Ecuyer, Shen 2016); the rest of today follows how
today has been so far (Shen and Huang 2008). Count people who join, not calls that are answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from statistics import median

from ivr.queueing.staffing import count_quantile

LEVEL_HALF_LIFE = 12.0
PROFILE_HALF_LIFE = 25.0
"""In days of the history."""
FACTOR_DAYS = 50
OUTLIERS = (0.75, 1.33)
"""A day counts for the level with at least, and at most, so much of the median day."""
OWN_PROFILE = 0.75
"""The share of the weekday's own profile; the rest is that of all days."""
SMOOTHED_BELOW = 20.0
"""Calls a slot below which the profile is smoothed over its neighbours."""
FIRST_VARIATION = 0.02
VARIATION_DAYS = 40
ROOM_LEVEL = 0.8
USABLE = 0.93
NEAR = 7200.0
"""Seconds for which today's factor holds in full; beyond, half of it."""


@dataclass(frozen=True)
class Day:
    """A past day: 0 is Monday; calls by slot, all days with the same slots."""

    weekday: int
    calls: Sequence[float]

    @property
    def total(self) -> float:
        return sum(self.calls)


def expected_calls(history: Sequence[Day], weekday: int) -> list[float]:
    """Calls in each slot of a coming day; `history` is in order, the latest day last.

    Empty without history.
    """
    days = [day for day in history if day.total > 0]
    if not days:
        return []
    factors = _weekday_factors(days[-FACTOR_DAYS:])
    levels = [day.total / factors.get(day.weekday, 1.0) for day in days]
    low, high = (bound * median(levels) for bound in OUTLIERS)
    level = _faded_mean([min(max(one, low), high) for one in levels], LEVEL_HALF_LIFE)
    total = level * factors.get(weekday, 1.0)
    return [total * share for share in _profile(days, weekday, total)]


def rate_variation(outcomes: Sequence[tuple[float, float]]) -> float:
    """The squared coefficient of variation of the rate: how much further counts were from what was
    expected than chance explains. `outcomes`: what came, what was expected; the latest last."""
    found = [
        ((came - mean) ** 2 - mean) / mean**2
        for came, mean in outcomes[-VARIATION_DAYS:]
        if mean > 0
    ]
    return max(sum(found) / len(found), 0.0) if found else FIRST_VARIATION


def today_factor(
    so_far: float, expected_so_far: float, day_variation: float, ahead: float
) -> float:
    """What to multiply the forecast by, `ahead` seconds from now, if `so_far` people joined today.

    The mean of the gamma law of the day's rate, given what came (`day_variation`: its squared
    coefficient of variation beforehand).
    """
    if expected_so_far <= 0 or day_variation <= 0:
        return 1.0
    trust = 1 / (1 + 1 / (day_variation * expected_so_far))
    change = trust * (so_far / expected_so_far - 1)
    return 1 + (change if ahead < NEAR else change / 2)


def callback_room(
    agents: float,
    seconds: float,
    calls: float,
    variation: float,
    handling: float,
    callback_handling: float,
    booked: int,
) -> int:
    """How many more callbacks a window of `seconds` has room for, beside the calls that come in.

    Negative: so many more are booked than there is room for. `agents` are those rostered, without
    their breaks; `callback_handling`: agent-seconds of a callback, with ring and no answers.
    """
    spare = USABLE * agents * seconds - count_quantile(calls, variation, ROOM_LEVEL) * handling
    return floor(max(spare, 0.0) / callback_handling) - booked


def _weekday_factors(days: Sequence[Day]) -> dict[int, float]:
    totals: dict[int, list[float]] = defaultdict(list)
    for day in days:
        totals[day.weekday].append(day.total)
    usual = {weekday: median(found) for weekday, found in totals.items()}
    mean = sum(usual.values()) / len(usual)
    return {weekday: one / mean for weekday, one in usual.items()}


def _profile(days: Sequence[Day], weekday: int, total: float) -> list[float]:
    of_all = _faded_profile(days)
    same = [day for day in days if day.weekday == weekday]
    shares = of_all
    if same:
        own = _faded_profile(same)
        shares = [
            OWN_PROFILE * one + (1 - OWN_PROFILE) * other
            for one, other in zip(own, of_all, strict=True)
        ]
    if total / len(shares) < SMOOTHED_BELOW:
        padded = [shares[0], *shares, shares[-1]]
        shares = [sum(padded[i : i + 3]) / 3 for i in range(len(shares))]
    whole = sum(shares)
    return [share / whole for share in shares]


def _faded_profile(days: Sequence[Day]) -> list[float]:
    shares = [[calls / day.total for calls in day.calls] for day in days]
    return [_faded_mean(slot, PROFILE_HALF_LIFE) for slot in zip(*shares, strict=True)]


def _faded_mean(values: Sequence[float], half_life: float) -> float:
    """The mean of values, the latest last and weighing most."""
    weights: list[float] = [0.5 ** (age / half_life) for age in range(len(values) - 1, -1, -1)]
    return sum(w * value for w, value in zip(weights, values, strict=True)) / sum(weights)
