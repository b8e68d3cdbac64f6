"""How many agents a queue needs, now and in the coming hours, and how many there will be."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from msgspec import Struct

from ivr.queueing.outlook import Figures
from ivr.queueing.staffing import Load, ServiceLevel, agents_needed, reached

HOUR = 3600.0


class HourAhead(Struct, frozen=True):
    """An hour from `begins` on (seconds since 1970): calls that are expected in it, agents who
    work on the queue in the mean, and as many as would meet the service level."""

    begins: float
    calls: float
    agents: float
    needed: int


class QueueNeeds(Struct, frozen=True):
    """A queue. `rate` in calls an hour, times in seconds.

    Who serves several queues counts for each by its share of their load. `answered_in_time`: the
    share of callers whom that many agents answer within the service level's seconds, in the long
    run. `wait`: the median of whoever joins, None when it is not known.
    """

    queue: str
    at: float
    waiting: int
    agents: float
    needed: int
    rate: float
    handling: float
    patience: float
    answered_in_time: float
    wait: float | None
    overloaded: bool
    share: float
    """The service level: this share is to be answered within `seconds`."""
    seconds: float
    hours: tuple[HourAhead, ...] = ()


def needs(
    queue: str,
    at: float,
    figures: Figures,
    level: ServiceLevel,
    expected: Sequence[tuple[float, float]],
    *,
    waiting: int,
    wait: float,
    overloaded: bool,
) -> QueueNeeds:
    """What the queue needs at `at`; `expected`: when the coming hours begin, and their calls."""
    agents = _mean(figures.agents, 0.0, 0.0)
    load = Load(figures.rate, figures.handling, figures.patience)
    hours = []
    for begins, calls in expected:
        ahead = max(begins - at, 0.0)
        hourly = Load(calls / HOUR, figures.handling, figures.patience)
        working = _mean(figures.agents, ahead, begins + HOUR - at)
        hours.append(HourAhead(begins, calls, working, agents_needed(hourly, level)))
    return QueueNeeds(
        queue=queue,
        at=at,
        waiting=waiting,
        agents=agents,
        needed=agents_needed(load, level),
        rate=HOUR * figures.rate,
        handling=figures.handling,
        patience=figures.patience,
        answered_in_time=reached(round(agents), load, level.seconds),
        wait=wait if isfinite(wait) else None,
        overloaded=overloaded,
        share=level.share,
        seconds=level.seconds,
        hours=tuple(hours),
    )


def _mean(steps: Sequence[tuple[float, float]], begin: float, end: float) -> float:
    """The mean of what is so from each step on; without any time, what is so at `begin`."""
    total = now = 0.0
    for number, (at, count) in enumerate(steps):
        until = steps[number + 1][0] if number + 1 < len(steps) else max(end, at)
        total += count * max(min(until, end) - max(at, begin), 0.0)
        if at <= begin:
            now = count
    return total / (end - begin) if end > begin else now
