"""Until when a notice is on, as people say it, in the company's time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.services.notices import NoticeRefused, moment

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
"""Twelve o'clock on a Wednesday in Stockholm."""


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("18:00", "2026-11-25 18:00"),
        ("18.00", "2026-11-25 18:00"),
        (" 6:30 ", "2026-11-26 06:30"),
        ("12:00", "2026-11-26 12:00"),
        ("12:01", "2026-11-25 12:01"),
        ("2026-11-25T18:00", "2026-11-25 18:00"),
        ("2026-11-25 18:00", "2026-11-25 18:00"),
        ("2026-11-25T18:00+02:00", "2026-11-25 17:00"),
        ("2026-11-25T18:00Z", "2026-11-25 19:00"),
        ("2026-11-25", "2026-11-26 00:00"),
        ("3 hours", "2026-11-25 15:00"),
        ("1 hour", "2026-11-25 13:00"),
        ("90 minutes", "2026-11-25 13:30"),
        ("2 days", "2026-11-27 12:00"),
        ("45min", "2026-11-25 12:45"),
    ],
)
def test_people_say_it_in_several_ways(words: str, local: str) -> None:
    at = moment(words, NOON, STOCKHOLM)
    assert at.tzinfo is UTC
    assert at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M") == local


def test_hours_go_on_over_a_change_of_clocks_and_clock_times_are_the_walls() -> None:
    # The clocks go back at three: that night has 25 hours.
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert moment("12 hours", evening, STOCKHOLM) == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)
    assert moment("10:00", evening, STOCKHOLM) == datetime(2026, 10, 25, 9, 0, tzinfo=UTC)
    # And forward at two: half past two is not on that clock, and means half past three.
    spring = datetime(2027, 3, 27, 20, 0, tzinfo=UTC)
    assert moment("2:30", spring, STOCKHOLM) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    ["", "soon", "25:00", "18:60", "2026-13-01", "2026-02-30T10:00", "three hours", "3", "-1 h",
     "9999-12-31"],
)  # fmt: skip
def test_what_is_no_time_is_refused_in_a_sentence(words: str) -> None:
    with pytest.raises(NoticeRefused, match=r"is not a time: write 18:00, .*\.$"):
        moment(words, NOON, STOCKHOLM)
