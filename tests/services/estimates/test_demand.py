"""How many people to expect, by the company's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.services.estimates.demand import HOURS, hours_ahead, slot_of

ZONE = ZoneInfo("Europe/Stockholm")


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> float:
    return datetime(2027, month, day, hour, minute, tzinfo=ZONE).timestamp()


def office_days(first: int, last: int, calls: int, month: int = 3) -> dict[int, int]:
    """As many calls in every half-hour from 8 to 16, on these days of the month."""
    joined = {}
    for day in range(first, last + 1):
        for half in range(16):
            local = datetime(2027, month, day, 8, tzinfo=ZONE) + timedelta(minutes=30 * half)
            joined[slot_of(local.timestamp())] = calls
    return joined


def calls(joined: dict[int, int], now: float) -> list[float]:
    joined = {slot: count for slot, count in joined.items() if slot < slot_of(now)}
    return [round(one, 1) for _, one in hours_ahead(joined, ZONE, now, rate=0.01)]


def test_without_a_past_it_goes_on_as_it_is() -> None:
    assert calls({}, at(15, 9)) == [36.0] * HOURS
    assert calls(office_days(13, 14, 20), at(15, 9)) == [36.0] * HOURS


def test_hours_are_those_of_days_before() -> None:
    before = office_days(1, 14, 70)
    assert calls(before, at(15, 6, 30)) == pytest.approx([0, 70, 140, 140, 140, 140], abs=3)
    today = before | office_days(15, 15, 70)
    assert calls(today, at(15, 14)) == pytest.approx([140, 140, 0, 0, 0, 0], rel=0.05, abs=1)


def test_a_day_that_began_busier_goes_on_busier() -> None:
    before = office_days(1, 14, 20)
    usual = calls(before | office_days(15, 15, 20), at(15, 12))[0]
    busy = calls(before | office_days(15, 15, 30), at(15, 12))[0]
    assert usual < busy < 1.5 * usual


def test_after_clocks_change_the_office_still_opens_at_eight_by_its_own_clock() -> None:
    """Summer time begins on 28 March 2027."""
    before = office_days(15, 28, 70)
    assert calls(before, at(29, 7))[:3] == pytest.approx([0, 140, 140], abs=3)
