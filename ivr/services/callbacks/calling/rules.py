"""By which rules a queue's callbacks are made, as `config.yaml` has them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import phonenumbers

from ivr.callback_settings import AgainSettings, QueueCallbackSettings
from ivr.callbacks.dispatching import DispatchRules
from ivr.callbacks.hours import closes_in, next_open
from ivr.callbacks.outcomes import Again, RetryRules
from ivr.callbacks.reachable import NumberRules
from ivr.config import Config
from ivr.flow.schedule import Hours, Schedule
from ivr.staff import QueueSettings

# Where no hours are named nobody is rung at night all the same.
DECENT = Hours(time(8), time(20))
LEAST_LEFT = 60.0
"""Seconds of the hours that must be left when somebody is dialled."""
FAR_AHEAD = 14 * 86_400.0


class CallingRules:
    """Everything that the settings say of making callbacks."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._hours = lru_cache(maxsize=256)(self._hours_of)

    def queue(self, queue: str) -> QueueSettings:
        """The queue's settings; the usual ones when it is no longer in `config.yaml`."""
        return self._config.queues.get(queue) or QueueSettings()

    def of(self, queue: str) -> QueueCallbackSettings:
        return self.queue(queue).callbacks

    def hours(self, queue: str, now: float) -> tuple[Schedule, ...]:
        """The schedules that must all be open for anybody to be rung."""
        day = datetime.fromtimestamp(now, UTC).date()
        return self._hours(queue, day.year)

    def may_ring(self, queue: str, now: float) -> bool:
        """Whether somebody may be dialled at this moment."""
        return closes_in(self.hours(queue, now), now, 2 * LEAST_LEFT) >= LEAST_LEFT

    def closes_in(self, queue: str, now: float) -> float:
        """Seconds for which people may be rung; 0 when they may not."""
        return closes_in(self.hours(queue, now), now)

    def opens(self, queue: str, now: float) -> float | None:
        """When somebody may be dialled next; None if not for two weeks."""
        return next_open(self.hours(queue, now), now, LEAST_LEFT, FAR_AHEAD)

    def retries(self, queue: str) -> RetryRules:
        told = self.of(queue).attempts
        return RetryRules(
            busy=_again(told.busy),
            no_answer=_again(told.no_answer),
            machine=_again(told.machine),
            hung_up=_again(told.hung_up),
            failed=_again(told.failed),
            most_attempts=told.most,
            message=told.message,
        )

    def dispatch(self, queue: str) -> DispatchRules:
        return DispatchRules(handling=self.queue(queue).handling, before_closing=LEAST_LEFT)

    @cached_property
    def numbers(self) -> NumberRules:
        """Which numbers may be rung."""
        first = phonenumbers.parse(next(iter(self._config.lines.values())).number)
        country = phonenumbers.region_code_for_number(first) or "SE"
        told = self._config.callbacks
        return NumberRules(
            country,
            frozenset(told.countries),
            self._config.own_numbers(),
            told.also_allowed,
        )

    def _hours_of(self, queue: str, year: int) -> tuple[Schedule, ...]:
        config, years = self._config, range(year - 1, year + 3)
        names = (self.queue(queue).hours, self.of(queue).hours)
        found = tuple(config.schedule(name, years) for name in names if name in config.schedules)
        zone = ZoneInfo(config.time_zone)
        return found or (Schedule(zone, {day: (DECENT,) for day in range(7)}),)


def _again(told: AgainSettings) -> Again:
    return Again(told.times, told.after)
