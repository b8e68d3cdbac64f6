"""For how many callbacks each window has room: by rosters, by how many joined on days before and
today, and by how long a call takes.

Worked out every quarter of an hour for the days in which callbacks are promised. Where a company
has no past, so much of its agents' time is left to calls as is usual.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from redis import Redis

from ivr.callbacks.record import Window
from ivr.callbacks.windows import (
    Capacity,
    Handling,
    Load,
    Overbooked,
    agents_in,
    calls_in,
    capacity,
    overbooked,
    possible_windows,
)
from ivr.config import Config
from ivr.queueing.forecast import FIRST_VARIATION, Day, expected_calls, today_factor
from ivr.services.callbacks.booking.offers import window_rules
from ivr.services.callbacks.calling.rules import CallingRules
from ivr.services.due import Done, PutOff
from ivr.services.estimates.demand import LEAST_DAYS, Joined, past_days, so_far_and_expected
from ivr.services.estimates.rosters import Rosters, Shift
from ivr.staff import QueueSettings
from ivr.store.booking import BookingStore, Look
from ivr.store.due import DueRecord
from ivr.store.estimates import EstimateStore

logger = logging.getLogger(__name__)

EVERY = 900.0
USUAL_LOAD = 0.5
"""The share of rostered time that calls take, where nobody has counted them."""
PICKS_UP_AFTER, NO_ANSWER = 16.0, 0.15
"""Seconds until somebody who is rung picks up; the share of attempts that nobody answers."""
WELL_KNOWN = 21
"""With fewer past days the forecast is twice as uncertain."""


class Rooms:
    """One for each process. Every method raises StoreDown."""

    def __init__(self, config: Config, redis: Redis) -> None:
        self._config = config
        self._zone = ZoneInfo(config.time_zone)
        self._rules = CallingRules(config)
        self._rosters = Rosters(config)
        self._store = BookingStore(redis)
        self._estimates = EstimateStore(redis)
        self._over: dict[str, tuple[Overbooked, ...]] = {}

    def handle(self, record: DueRecord, now: float) -> Done | PutOff:
        """Work out the windows of a queue, again and again."""
        if record.subject not in self._config.queues:
            return Done()
        self.work_out(record.subject, now)
        return PutOff(now + EVERY)

    def work_out(self, queue: str, now: float) -> Capacity:
        """For how many callbacks the windows of a queue have room; written, and told where a window
        has more than that. Takes three round trips."""
        settings = self._config.queues[queue]
        look = self._store.look(queue, now)
        found = self._capacity(queue, settings, look, self._estimates.joined(queue), now)
        over = overbooked(found, look.booked, now)
        self._store.write_rooms(queue, found, over, now)
        self._tell(queue, over, now)
        return found

    def _capacity(
        self, queue: str, settings: QueueSettings, look: Look, joined: Joined, now: float
    ) -> Capacity:
        rules, told = window_rules(settings), settings.callbacks
        windows = possible_windows(self._rules.hours(queue, now), now, now + rules.furthest, rules)
        if told.room is not None:
            return Capacity(tuple(windows), (told.room,) * len(windows))
        call = look.board.handling if look.board.staff else settings.handling
        forecasts = {
            name: Forecast(self._estimates.joined(name), self._zone, now)
            for name in self._shared_with(queue) - {queue}
        }
        forecasts[queue] = own = Forecast(joined, self._zone, now)
        plan = [
            shift
            for shift in self._rosters.plan(now, told.furthest + 1)
            if queue in shift[3] and shift[2] > now
        ]
        loads = []
        for window in windows:
            agents = self._agents(queue, window, plan, forecasts)
            calls = own.calls(window)
            if calls is None:
                calls = USUAL_LOAD * agents * (window.ends - window.begins) / call
            loads.append(Load(agents, calls, own.variation))
        handling = Handling.with_misses(call, call, PICKS_UP_AFTER, NO_ANSWER, told.attempts.ring)
        return capacity(windows, loads, handling, told.fill / 100)

    def _shared_with(self, queue: str) -> set[str]:
        """The queues whose agents serve this one too."""
        return {
            other
            for agent in self._config.agents.values()
            if queue in agent.queues
            for other in agent.queues
            if other in self._config.queues
        }

    def _agents(
        self, queue: str, window: Window, plan: Sequence[Shift],
        forecasts: Mapping[str, Forecast],
    ) -> float:  # fmt: skip
        """Who serves several queues counts for each by its share of their work."""
        spans: dict[tuple[str, ...], list[tuple[float, float]]] = defaultdict(list)
        for _, begin, end, queues in plan:
            if begin < window.ends and end > window.begins:
                spans[queues].append((begin, end))
        total = 0.0
        for queues, shifts in spans.items():
            work = {
                name: (forecasts[name].calls(window) or 0.0) * self._config.queues[name].handling
                for name in queues
                if name in self._config.queues
            }
            whole = sum(work.values())
            share = work[queue] / whole if whole > 0 else 1 / len(work)
            total += share * agents_in(window, shifts)
        return total

    def _tell(self, queue: str, over: tuple[Overbooked, ...], now: float) -> None:
        """Once, as long as it stays the same."""
        if over and over != self._over.get(queue):
            for one in over:
                begins = datetime.fromtimestamp(one.window.begins, self._zone)
                logger.warning(
                    "The window of %s at %s has %d more callbacks than room.",
                    queue, begins.strftime("%d %b %H:%M"), one.by,
                )  # fmt: skip
        self._over[queue] = over


class Forecast:
    """How many are expected to join a queue, as far as its past days tell."""

    def __init__(self, joined: Joined, zone: ZoneInfo, now: float) -> None:
        self._zone, self._now = zone, now
        past = [day for _, day in past_days(joined, zone, now)]
        known = sum(1 for day in past if day.total > 0)
        self._days: dict[date, list[float]] = {}
        self._history: list[Day] = past if known >= LEAST_DAYS else []
        self.variation = FIRST_VARIATION * (1 if known >= WELL_KNOWN else 2)
        self._today = datetime.fromtimestamp(now, zone).date()
        self._so_far, self._expected = (
            so_far_and_expected(joined, zone, now, self._slots(self._today))
            if self._history
            else (0.0, 0.0)
        )

    def calls(self, window: Window) -> float | None:
        """How many join in a window; None where nothing is known."""
        if not self._history:
            return None
        day = datetime.fromtimestamp(window.begins, self._zone).date()
        days = {one: self._slots(one) for one in (day, day + timedelta(days=1))}
        factor = 1.0
        if day == self._today:
            ahead = max(window.begins - self._now, 0.0)
            factor = today_factor(self._so_far, self._expected, self.variation, ahead)
        return factor * calls_in(window, self._zone, days)

    def _slots(self, day: date) -> list[float]:
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = expected_calls(self._history, day.weekday())
        return known
