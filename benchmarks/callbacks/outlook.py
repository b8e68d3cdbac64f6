"""What the company knows of the day: its forecast, its roster, and how today has been so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from benchmarks.callbacks.town import (
    BEGIN,
    DAY_VARIATION,
    END,
    HANDLING,
    MIDNIGHTS,
    OPENING,
    OPENS,
    ZONE,
)
from ivr.callbacks.hours import open_spans
from ivr.callbacks.record import Window
from ivr.callbacks.windows import (
    Capacity,
    Handling,
    Load,
    WindowRules,
    agents_in,
    calls_in,
    capacity,
    possible_windows,
)
from ivr.queueing.forecast import today_factor
from ivr.queueing.overload import Demand

QUARTER = 900.0
VARIATION = 0.02
HANG_UPS = 0.05
"""The share of callers who hang up, as a company may know it."""
RING = 16.0
NO_ANSWER = 0.15
GIVES_UP = 30.0
"""Seconds that a telephone rings which nobody picks up."""


class Outlook:
    """`capacity` is that of the windows still to come, as of the last `plan`."""

    def __init__(
        self,
        forecast: Mapping[date, Sequence[float]],
        shifts: Sequence[tuple[int, float, float]],
    ) -> None:
        self.capacity = Capacity((), ())
        self._joined: dict[float, int] = dict.fromkeys(MIDNIGHTS, 0)
        self._days = forecast
        self._spans = [(begin, end) for _, begin, end in shifts]
        self._open = open_spans([OPENING], BEGIN, END)
        self._windows = [
            (window, agents_in(window, self._spans))
            for window in possible_windows([OPENING], BEGIN, END, WindowRules())
        ]

    def joins(self, at: float) -> None:
        """Somebody rang."""
        self._joined[_midnight(at)] += 1

    def plan(self, now: float) -> None:
        """Work out anew what each window has room for."""
        coming = [(window, agents) for window, agents in self._windows if window.ends > now]
        loads = [
            Load(
                agents,
                calls_in(window, ZONE, self._days) * self._factor(now, window.begins - now),
                VARIATION,
            )
            for window, agents in coming
        ]
        handling = Handling.with_misses(HANDLING[0], HANDLING[0], RING, NO_ANSWER, GIVES_UP)
        self.capacity = capacity([window for window, _ in coming], loads, handling)

    def demand(self, now: float, waiting: int, median: float) -> Demand:
        calls = calls_in(Window(now, now + QUARTER), ZONE, self._days) * self._factor(now, 0.0)
        near = [span for span in self._spans if span[0] < now + 7200 and now < span[1]]
        steps = [
            (ahead, agents_in(Window(now + ahead, now + ahead + 60), near))
            for ahead in range(0, 7200, 600)
        ]
        return Demand(waiting, median, calls / QUARTER, VARIATION, HANDLING[0], HANG_UPS, steps)

    def closes_in(self, now: float) -> float:
        """Seconds for which people may be rung; 0 when they may not."""
        return next((one.ends - now for one in self._open if one.begins <= now < one.ends), 0.0)

    def _factor(self, now: float, ahead: float) -> float:
        """How today is, against what was expected."""
        midnight = _midnight(now)
        so_far = Window(midnight + OPENS, max(now, midnight + OPENS + 1))
        expected = calls_in(so_far, ZONE, self._days)
        if _midnight(now + ahead) != midnight:
            return 1.0
        return today_factor(self._joined[midnight], expected, DAY_VARIATION, ahead)


def _midnight(at: float) -> float:
    return max(one for one in MIDNIGHTS if one <= at)
