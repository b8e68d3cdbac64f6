"""Who is rostered when, in seconds: a day and the next, as the estimator takes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.callbacks.hours import open_spans
from ivr.config import Config
from ivr.flow.schedule import Schedule

Shift = tuple[str, float, float, tuple[str, ...]]
"""Agent, from, to (seconds since 1970), queues."""

DAYS = 2


class Rosters:
    """The agents' rosters. A break is a gap; who has no roster comes and goes as they like."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._zone = ZoneInfo(config.time_zone)
        self._schedules: dict[str, tuple[int, Schedule]] = {}

    def day(self, at: float) -> str:
        """The company's date at `at`; a plan holds for as long as it is the same."""
        return datetime.fromtimestamp(at, self._zone).date().isoformat()

    def plan(self, at: float, days: int = DAYS) -> list[Shift]:
        """All shifts of the company's day at `at` and of those after, `days` in all."""
        today = datetime.fromtimestamp(at, self._zone).replace(hour=0, minute=0, second=0)
        begin = today.replace(microsecond=0)
        end = begin + timedelta(days=days)
        spans = {
            name: open_spans([self._schedule(name, begin.year)], begin.timestamp(), end.timestamp())
            for name in {agent.roster for agent in self._config.agents.values()}
            if name is not None
        }
        return [
            (name, span.begins, span.ends, tuple(agent.queues))
            for name, agent in self._config.agents.items()
            if agent.roster is not None
            for span in spans[agent.roster]
        ]

    def _schedule(self, name: str, year: int) -> Schedule:
        known = self._schedules.get(name)
        if known is None or known[0] != year:
            schedule = self._config.roster(name, range(year, year + 2))
            known = self._schedules[name] = (year, schedule)
        return known[1]


def rostered(plan: list[Shift], queue: str, at: float) -> int:
    """How many are rostered for the queue at an instant."""
    return sum(1 for _, begin, end, queues in plan if queue in queues and begin <= at < end)


def next_shift(plan: list[Shift], queue: str, at: float, within: float) -> float | None:
    """When the next agent of the queue is rostered to come, within so many seconds."""
    begins = [
        begin for _, begin, _, queues in plan if queue in queues and at < begin <= at + within
    ]
    return min(begins, default=None)
