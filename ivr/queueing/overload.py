"""Whether a queue is overloaded, so that people are offered to be called back.

The idea is Ata and Peng's (2020, Operations Research 68(2)): not how long the line is matters but
whether it will empty soon: a callback is offered if it is less bad than so long a wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from ivr.queueing.staffing import count_quantile

QUARTER = 900.0
DEMAND_LEVEL = 0.8
USABLE = 0.92
"""The share of an agent's time that can be filled with calls."""
RELIEF = 0.6
"""Overload ends when the median wait is below this share of the bound, and the line empties in
half the time: at one bound for both it would come and go with every call."""


@dataclass(frozen=True)
class Limits:
    """In seconds."""

    wait: float = 180.0
    """Median waits above it are long."""
    empties_within: float = 600.0
    """A callback is as bad as so long on the telephone."""


@dataclass(frozen=True)
class Demand:
    """What is known of a queue now. Times in seconds, rates in calls a second.

    `agents`: how many are expected to work, in steps (from when on, how many), the first from 0.
    `hang_ups`: the share of callers who hang up.
    """

    waiting: int
    median_wait: float
    rate: float
    rate_variation: float
    handling: float
    hang_ups: float
    agents: Sequence[tuple[float, float]]


def seconds_until_empty(demand: Demand) -> float:
    """When the line will have emptied, if calls come and agents work as expected."""
    left, at = float(demand.waiting), 0.0
    growing = demand.rate * (1 - demand.hang_ups)
    for number, (begin, agents) in enumerate(demand.agents):
        at = max(at, begin)
        end = demand.agents[number + 1][0] if number + 1 < len(demand.agents) else inf
        shrinking = agents / demand.handling - growing
        if left <= 0:
            return at
        if shrinking > 0 and at + left / shrinking <= end:
            return at + left / shrinking
        if end == inf:
            return inf
        left -= shrinking * (end - at)
        at = end
    return 0.0 if left <= 0 else inf


def overloaded(demand: Demand, limits: Limits, before: bool) -> bool:
    """Whether the queue is overloaded now; `before`, whether it was when last asked."""
    empties = seconds_until_empty(demand)
    if before:
        calm = demand.median_wait < RELIEF * limits.wait and empties < limits.empties_within / 2
        return not calm
    if demand.median_wait > limits.wait and empties > limits.empties_within:
        return True
    calls = count_quantile(demand.rate * QUARTER, demand.rate_variation, DEMAND_LEVEL)
    capacity = USABLE * _agent_seconds(demand.agents)
    return calls * demand.handling > capacity and demand.median_wait > limits.wait / 2


def _agent_seconds(agents: Sequence[tuple[float, float]]) -> float:
    """Of the coming quarter of an hour."""
    total = 0.0
    for number, (begin, count) in enumerate(agents):
        end = agents[number + 1][0] if number + 1 < len(agents) else QUARTER
        total += count * max(min(end, QUARTER) - max(begin, 0.0), 0.0)
    return total
