"""Opening hours: weeks, holidays, special days, clocks that change."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from ivr.flow.schedule import Schedule
from ivr.schedules import ScheduleSettings

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def schedule(**settings: object) -> Schedule:
    return ScheduleSettings.model_validate(settings).schedule("Europe/Stockholm", range(2026, 2028))


OFFICE = schedule(
    weekly={"monday-friday": "08:00-16:00", "saturday": ["10:00-12:00", "13:00-14:00"]},
    holidays="SE",
    special={"2026-12-23": "08:00-12:00", "2026-12-24": "closed", "2026-12-26": "10:00-11:00"},
)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-11-25 08:00", "open"),
        ("2026-11-25 07:59", "closed"),
        ("2026-11-25 15:59", "open"),
        ("2026-11-25 16:00", "closed"),
        ("2026-11-28 12:30", "closed"),
        ("2026-11-28 13:30", "open"),
        ("2026-11-29 10:00", "closed"),
        ("2026-12-23 11:59", "open"),
        ("2026-12-23 12:00", "closed"),
        ("2026-12-24 10:00", "holiday"),
        ("2026-12-25 10:00", "holiday"),
        ("2026-12-26 10:30", "open"),
        ("2027-01-06 10:00", "holiday"),
    ],
)
def test_the_state_of_a_schedule(moment: str, state: str) -> None:
    assert OFFICE.state(datetime.fromisoformat(moment).replace(tzinfo=STOCKHOLM)) == state


def test_hours_are_local_whatever_the_clock_of_the_asker() -> None:
    helsinki = datetime(2026, 11, 25, 8, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
    assert OFFICE.state(helsinki) == "closed"


def test_a_change_of_clocks_moves_no_hours() -> None:
    sunday = schedule(weekly={"sunday": "02:00-04:00"})
    for day in ("2026-03-29", "2026-10-25"):
        assert sunday.state(datetime.fromisoformat(f"{day} 03:30").replace(tzinfo=STOCKHOLM)) == (
            "open"
        )
        assert sunday.state(datetime.fromisoformat(f"{day} 04:00").replace(tzinfo=STOCKHOLM)) == (
            "closed"
        )


def test_round_the_clock_has_no_gap_at_midnight() -> None:
    always = schedule(weekly={"monday-sunday": "00:00-24:00"})
    for moment in ("2026-11-25 23:59:59.999", "2026-11-26 00:00"):
        assert always.state(datetime.fromisoformat(moment).replace(tzinfo=STOCKHOLM)) == "open"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"weekly": {"mondy": "08:00-16:00"}}, "Did you mean `monday`?"),
        ({"weekly": {"friday-monday": "08:00-16:00"}}, "write days as `monday` or"),
        ({"weekly": {"monday-friday": "8-16"}}, "`8-16` are no hours"),
        ({"weekly": {"monday": "22:00-06:00"}}, "Write hours past midnight on two days"),
        ({"weekly": {"monday": "25:00-26:00"}}, "there is no time 25:00"),
        ({"weekly": {"monday-friday": "08:00-16:00", "friday": "closed"}}, "covered twice"),
        ({"weekly": {"monday": "08:00-16:00"}, "holidays": "XX"}, "not known"),
        ({"weekly": {"monday": "08:00-16:00"}, "special": {"24.12.": "closed"}}, "not a date"),
        ({"weekly": {"monday": "08:00-16:00"}, "time_zone": "Mars"}, "not a time zone"),
    ],
)
def test_senseless_hours_are_told_in_words(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told.replace("?", r"\?")):
        schedule(**settings)
