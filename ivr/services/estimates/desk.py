"""What is worked out of what is known: a board for each queue, and everybody's wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from zoneinfo import ZoneInfo

from ivr.config import Config
from ivr.queueing.board import Board
from ivr.queueing.needs import QueueNeeds, needs
from ivr.queueing.outlook import Figures
from ivr.queueing.overload import Demand, Limits, overloaded
from ivr.queueing.protocol import Estimate
from ivr.queueing.staffing import ServiceLevel
from ivr.services.estimates.demand import Joined, hours_ahead
from ivr.services.estimates.following import Follower
from ivr.services.estimates.rosters import next_shift

NEXT_WITHIN = 3600.0
"""Seconds within which an agent who is rostered to come is told of."""


@dataclass(frozen=True)
class Picture:
    """All queues at one moment."""

    boards: dict[str, Board]
    waits: dict[str, Estimate]
    figures: dict[str, Figures]
    joining: dict[str, Estimate]


def picture(follower: Follower, config: Config, now: float, before: Mapping[str, Board]) -> Picture:
    """The queues as they stand at `now`; `before` are their boards until now."""
    estimator = follower.estimator
    joining = estimator.newcomers(now)
    waits = {str(place): estimate for place, estimate in estimator.peek(now).items()}
    figures = estimator.figures(now, {queue: one.median for queue, one in joining.items()})
    waiting = estimator.waiting()
    boards = {}
    for queue in config.queues:
        was = before.get(queue)
        known = figures[queue]
        boards[queue] = Board(
            queue,
            now,
            waiting=waiting.get(queue, 0),
            agents=estimator.agents(queue),
            next_agent_at=next_shift(follower.plan, queue, now, NEXT_WITHIN),
            joining=joining[queue] if isfinite(joining[queue].high) else None,
            sound=estimator.evidence(queue).enough,
            overloaded=_is_overloaded(
                config, follower, queue, known, joining[queue].median, now,
                was is not None and was.overloaded,
            ),
            handling=known.handling,
            rate=known.rate,
            rate_variation=known.rate_variation,
            hang_ups=known.hang_ups,
            staff=tuple(known.agents),
        )  # fmt: skip
    return Picture(boards, waits, figures, joining)


def queue_needs(
    seen: Picture, config: Config, joined: Mapping[str, Joined], now: float
) -> list[QueueNeeds]:
    """What each queue needs; `joined` by queue."""
    zone = ZoneInfo(config.time_zone)
    found = []
    for queue, settings in config.queues.items():
        figures, board = seen.figures[queue], seen.boards[queue]
        level = settings.service_level
        found.append(
            needs(
                queue, now, figures, ServiceLevel(level.share / 100, level.seconds),
                hours_ahead(joined[queue], zone, now, figures.rate),
                waiting=board.waiting, wait=seen.joining[queue].median,
                overloaded=board.overloaded,
            )
        )  # fmt: skip
    return found


def _is_overloaded(
    config: Config,
    follower: Follower,
    queue: str,
    known: Figures,
    median: float,
    now: float,
    before: bool,
) -> bool:
    estimator = follower.estimator
    if not (isfinite(median) or estimator.agents(queue)
            or next_shift(follower.plan, queue, now, NEXT_WITHIN)):  # fmt: skip
        # Nobody works: whoever waits, waits for nothing, which is another matter. A wait that is
        # too long for anybody to believe is none.
        return False
    limits = config.queues[queue].overload
    demand = Demand(
        waiting=estimator.waiting().get(queue, 0),
        median_wait=median,
        rate=known.rate,
        rate_variation=known.rate_variation,
        handling=known.handling,
        hang_ups=known.hang_ups,
        agents=known.agents,
    )
    return overloaded(demand, Limits(limits.wait, limits.empties_within), before)
