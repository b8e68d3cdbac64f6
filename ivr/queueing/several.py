"""Far back in a long line: several who are worked off together, as if that were done evenly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp

from ivr.queueing.line import Place
from ivr.queueing.patience import Curve
from ivr.queueing.protocol import Name
from ivr.queueing.work import Head, Queue

ONE_BY_ONE = 100
"""So many of a queue are worked off one by one; beyond, as many together as a hundredth of those
before them: a turn is a small part of their wait, and a small part of its chance."""


def how_many(places: Sequence[Place], first: int) -> int:
    """How many from the first on are worked off together: all have the same priority. Whoever only
    might join stands alone."""
    if first < ONE_BY_ONE:
        return 1
    last = min(first + 1 + first // ONE_BY_ONE, len(places))
    if places[last - 1].newcomer:
        last -= 1
    priority = places[first].priority
    while last > first + 1 and places[last - 1].priority != priority:
        last -= 1
    return max(last - first, 1)


def load(
    head: Head,
    places: Sequence[Place],
    t: float,
    now: float,
    curve: Curve,
    lasting: bool,
) -> None:
    """They are the head from `t` on; `lasting` as for CapacityClock."""
    shares = []
    total = voice = 0.0
    rate, still_there = head.rate, curve.still_there
    for place in places:
        if place.callback:
            shares.append((1.0, 0.0))
            total += 1.0
            continue
        share, hazard = still_there(now - place.joined, t + total / rate)
        if lasting:
            share *= rate / (rate + hazard)
        shares.append((share, hazard))
        total += share
        voice += share
    head.shares, head.share, head.left = shares, total, total
    head.voice = voice / total if total > 0 else 1.0


def served(
    head: Head,
    queue: Queue,
    end: float,
    free: float,
    seconds_for: Callable[[float, Head], float],
    found: dict[Name, tuple[float, float]],
) -> None:
    """Their turns are used up at `end`; note when each would have come for certain."""
    total = head.share
    rate = total / (end - head.since) if end > head.since else head.rate
    pace = 1 / (rate * rate) if rate > 0 else 0.0
    overtaking = 2 * head.overtaking / rate if rate > 0 else 0.0
    kappa = 1 + (queue.variation - 1) * (1 - exp(-end / queue.mean))
    variance, before = head.variance, 0.0
    for offset, (share, hazard) in enumerate(head.shares):
        turns = before + 1 - total - free
        if turns > 0:
            mean = end + seconds_for(turns, head)
        else:
            mean = end + turns / rate if rate > 0 else end
        uncertain = mean * mean * queue.variation / queue.weight
        own = variance + (kappa + overtaking) * pace + uncertain
        found[queue.places[head.index + offset].caller] = mean, own
        slope = max(1 - hazard * share / rate, 0.0) if rate > 0 else 1.0
        spread = kappa * share + share * (1 - share) + overtaking * share
        variance = variance * slope * slope + spread * pace
        before += share
    head.variance = variance
    head.index += head.count
