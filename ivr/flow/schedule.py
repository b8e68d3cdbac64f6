"""When a company is open: weekly hours, holidays, and days that differ.

The hours are local to the schedule's time zone; a change of clocks moves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

State = Literal["open", "closed", "holiday"]
LONGEST_OPEN = 8
"""Openings in a row after which it never closes."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From `opens` until just before `closes`, on one local day; `closes` None means midnight."""

    opens: time
    closes: time | None

    def contain(self, moment: time) -> bool:
        return self.opens <= moment and (self.closes is None or moment < self.closes)


@dataclass(frozen=True)
class Schedule:
    """`weekly` by weekday (0 is Monday); `special` days, by date, replace the week's hours.

    `holidays` answers which dates are public holidays: closed, unless `special` says otherwise.
    """

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Hours, ...]]
    special: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)

    def state(self, now: datetime) -> State:
        """`open`, `closed`, or `holiday` (closed on a public holiday or a special day).

        `now` is an aware time in any zone.
        """
        local = now.astimezone(self.zone)
        today = local.date()
        if today in self.special:
            hours = self.special[today]
            return self._within(hours, local) if hours else "holiday"
        if today in self.holidays:
            return "holiday"
        return self._within(self.weekly.get(today.weekday(), ()), local)

    def closes(self, now: datetime) -> datetime | None:
        """When what is open now closes; None when it is closed, or not to close for days."""
        local = now.astimezone(self.zone)
        end = local
        for _ in range(LONGEST_OPEN):
            span = next((s for s in self._on(end.date()) if s.contain(_clock(end))), None)
            if span is None:
                return end if end != local else None
            midnight = datetime.combine(end.date() + timedelta(days=1), time(), self.zone)
            end = midnight if span.closes is None else end.replace(
                hour=span.closes.hour, minute=span.closes.minute, second=0, microsecond=0, fold=0
            )  # fmt: skip
        return None

    def _on(self, day: date) -> tuple[Hours, ...]:
        if day in self.special:
            return self.special[day]
        return () if day in self.holidays else self.weekly.get(day.weekday(), ())

    @staticmethod
    def _within(hours: tuple[Hours, ...], local: datetime) -> State:
        moment = _clock(local)
        return "open" if any(span.contain(moment) for span in hours) else "closed"


def _clock(local: datetime) -> time:
    return local.time().replace(tzinfo=None)
