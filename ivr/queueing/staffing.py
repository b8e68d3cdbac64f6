"""How many agents would meet a service level, and whether a queue is overloaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, sqrt

from ivr.queueing.erlang import erlang_a
from ivr.queueing.gamma import normal_quantile

MOST_AGENTS = 100_000
_MEDIAN_OF_EXTREMES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Quantiles at which an uncertain rate is tried: the midpoints of five equal parts."""


@dataclass(frozen=True)
class Load:
    """Calls of one queue. `rate` in calls a second, times in seconds.

    `patience` may be infinite. `rate_variation` is the squared coefficient of variation of the
    rate, where it is a forecast.
    """

    rate: float
    handling: float
    patience: float
    rate_variation: float = 0.0


@dataclass(frozen=True)
class ServiceLevel:
    """`share` of all who call are to be answered within `seconds`."""

    share: float = 0.8
    seconds: float = 20.0

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"a share must be between 0 and 1, not {self.share}")


def reached(agents: int, load: Load, seconds: float) -> float:
    """The share of all who call that so many agents answer within `seconds`."""
    rates = _likely_rates(load)
    return sum(
        erlang_a(agents, rate, load.handling, load.patience, seconds).within for rate in rates
    ) / len(rates)


def agents_needed(load: Load, level: ServiceLevel, shrinkage: float = 0.0) -> int:
    """The fewest agents who meet the level; more are rostered, where `shrinkage` is the share of
    paid time in which they are not there (breaks, training, illness)."""
    if not 0 <= shrinkage < 1:
        raise ValueError(f"a shrinkage must be from 0 to below 1, not {shrinkage}")
    if load.rate <= 0:
        return 0
    erlangs = load.rate * load.handling
    few, enough = 0, ceil(erlangs + sqrt(erlangs)) + 1  # the square-root rule, as a first guess
    while reached(enough, load, level.seconds) < level.share:
        few, enough = enough, 2 * enough
        if enough > MOST_AGENTS:
            raise ValueError(f"no number of agents up to {MOST_AGENTS} meets this service level")
    while enough - few > 1:
        middle = (few + enough) // 2
        if reached(middle, load, level.seconds) < level.share:
            few = middle
        else:
            enough = middle
    return ceil(enough / (1 - shrinkage))


def count_quantile(mean: float, rate_variation: float, level: float) -> float:
    """The quantile of a number of calls whose rate is itself uncertain (gamma-Poisson).

    `rate_variation`: squared coefficient of variation of the rate; with 0 it is Poisson's law, far
    too narrow for forecasts of calls.
    """
    if mean <= 0:
        return 0.0
    shift = min((mean + rate_variation * mean * mean) / (4 * mean), mean)
    root = sqrt(mean - shift) + normal_quantile(level) * sqrt(shift)
    return max(root, 0.0) ** 2


def _likely_rates(load: Load) -> list[float]:
    if load.rate_variation <= 0:
        return [load.rate]
    spread = replace(load, rate_variation=0.0)
    found = []
    for level in _MEDIAN_OF_EXTREMES:
        shape = 1 / load.rate_variation
        root = 1 - 1 / (9 * shape) + normal_quantile(level) / (3 * sqrt(shape))
        found.append(spread.rate * max(root, 0.0) ** 3)
    return found
