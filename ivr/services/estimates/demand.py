"""How many people to expect in the coming hours: by who joined today, and on days before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.queueing.forecast import FIRST_VARIATION, Day, expected_calls, today_factor

SLOT = 1800
"""Seconds: people are counted by the half-hour in which they joined."""
SLOTS = 86_400 // SLOT
HOURS = 6
LEAST_DAYS = 3
"""Past days with calls, before they say anything about today."""
MOST_DAYS = 60
HOUR = 3600.0

Joined = Mapping[int, int]
"""By the number of the half-hour since 1970, how many joined in it."""


def slot_of(at: float) -> int:
    return int(at // SLOT)


def hours_ahead(
    joined: Joined, zone: ZoneInfo, now: float, rate: float
) -> list[tuple[float, float]]:
    """When each of the coming hours begins, from now on, and the calls that are expected in it.

    `rate`, in calls a second, is what comes now: all that is known before there is a past.
    """
    begins = [now + HOUR * number for number in range(HOURS)]
    past = past_days(joined, zone, now)
    today = datetime.fromtimestamp(now, zone).date()
    if sum(1 for _, day in past if day.total > 0) < LEAST_DAYS:
        return [(at, rate * HOUR) for at in begins]
    history = [day for _, day in past]
    forecast = {
        day: expected_calls(history, day.weekday()) for day in (today, today + timedelta(days=1))
    }
    so_far, expected = so_far_and_expected(joined, zone, now, forecast[today])
    found = []
    for at in begins:
        factor = today_factor(so_far, expected, FIRST_VARIATION, at - now)
        day = datetime.fromtimestamp(at, zone).date()
        first = (at - _midnight(day, zone)) / SLOT
        calls = _between(forecast.get(day, []), first, first + HOUR / SLOT)
        if first + HOUR / SLOT > SLOTS:
            calls += _between(forecast.get(day + timedelta(days=1), []), 0.0,
                              first + HOUR / SLOT - SLOTS)  # fmt: skip
        found.append((at, calls * (factor if day == today else 1.0)))
    return found


def so_far_and_expected(
    joined: Joined, zone: ZoneInfo, now: float, today: list[float]
) -> tuple[float, float]:
    """How many have joined today, and how many were expected to; `today`: expected by slot."""
    midnight = _midnight(datetime.fromtimestamp(now, zone).date(), zone)
    passed = min(max((now - midnight) / SLOT, 0.0), SLOTS)
    so_far = sum(joined.get(slot_of(midnight) + number, 0) for number in range(int(passed) + 1))
    return so_far, _between(today, 0.0, passed)


def past_days(joined: Joined, zone: ZoneInfo, now: float) -> list[tuple[date, Day]]:
    """The days before today, the latest last, from the first on which anybody joined."""
    today = datetime.fromtimestamp(now, zone).date()
    counts: dict[date, list[float]] = {}
    for slot, count in joined.items():
        local = datetime.fromtimestamp(slot * SLOT, zone)
        if local.date() < today and (today - local.date()).days <= MOST_DAYS:
            number = (local.hour * 3600 + local.minute * 60) // SLOT
            counts.setdefault(local.date(), [0.0] * SLOTS)[number] += count
    return [(day, Day(day.weekday(), counts[day])) for day in sorted(counts)]


def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def _between(slots: list[float], first: float, last: float) -> float:
    """Calls from one time of the day to another, both in slots."""
    total = 0.0
    for number, calls in enumerate(slots):
        total += calls * max(min(last, number + 1) - max(first, number), 0.0)
    return total
