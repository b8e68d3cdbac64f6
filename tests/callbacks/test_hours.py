"""When people may be rung, on ordinary days, at Christmas and when clocks change."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivr.callbacks.hours import DAY, closes_in, is_open, next_open, open_spans
from ivr.callbacks.record import Window
from ivr.flow.schedule import Hours, Schedule

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OFFICE = Schedule(
    STOCKHOLM,
    {day: (Hours(time(8), time(16)),) for day in range(5)},
    special={date(2026, 12, 23): (Hours(time(9), time(12)),), date(2026, 12, 24): ()},
    holidays={date(2026, 12, 25): "juldagen"},
)
ALWAYS = Schedule(STOCKHOLM, {day: (Hours(time(0), None),) for day in range(7)})
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def at(day: date, clock: str, zone: ZoneInfo = STOCKHOLM) -> float:
    return datetime.combine(day, time.fromisoformat(clock), zone).timestamp()


def shown(spans: list[Window]) -> list[str]:
    return [
        f"{datetime.fromtimestamp(one.begins, STOCKHOLM):%d %H:%M}-"
        f"{datetime.fromtimestamp(one.ends, STOCKHOLM):%d %H:%M}"
        for one in spans
    ]


def test_christmas_is_left_out_and_a_short_day_is_short() -> None:
    spans = open_spans([OFFICE], at(date(2026, 12, 22), "12:00"), at(date(2026, 12, 29), "00:00"))
    assert shown(spans) == ["22 12:00-22 16:00", "23 09:00-23 12:00", "28 08:00-28 16:00"]


def test_only_hours_that_all_schedules_share_count() -> None:
    late = Schedule(STOCKHOLM, {day: (Hours(time(14), time(20)),) for day in range(7)})
    day = date(2026, 11, 23)
    assert shown(open_spans([OFFICE, late], at(day, "00:00"), at(day, "23:59"))) == [
        "23 14:00-23 16:00"
    ]


def test_hours_that_go_past_midnight_are_one_span() -> None:
    begin = at(date(2026, 11, 23), "12:00")
    assert open_spans([ALWAYS], begin, begin + 3 * DAY) == [Window(begin, begin + 3 * DAY)]


@pytest.mark.parametrize(("day", "seconds"), [(SPRING, 23 * 3600), (AUTUMN, 25 * 3600)])
def test_the_day_when_clocks_change_has_the_seconds_that_it_has(day: date, seconds: int) -> None:
    begin, end = at(day, "00:00"), at(day, "00:00") + 26 * 3600
    one_day = Schedule(STOCKHOLM, {6: (Hours(time(0), None),)})
    (span,) = open_spans([one_day], begin, end)
    assert span.ends - span.begins == seconds


def test_the_next_time_to_ring_leaves_time_to_ring() -> None:
    day = date(2026, 11, 23)
    assert next_open([OFFICE], at(day, "15:58"), 60, DAY) == at(day, "15:58")
    assert next_open([OFFICE], at(day, "15:59") + 30, 60, DAY) == at(date(2026, 11, 24), "08:00")
    assert next_open([OFFICE], at(date(2026, 12, 23), "12:00"), 60, 4 * DAY) is None
    assert closes_in([OFFICE], at(day, "15:00")) == 3600
    assert closes_in([OFFICE], at(day, "16:00")) == 0


MARCH = at(date(2026, 3, 25), "00:00")
quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
spans_of_a_day = st.lists(quarters, unique=True, max_size=4).map(
    lambda times: tuple(
        Hours(first, last)
        for first, last in zip(sorted(times)[::2], [*sorted(times)[1::2], None], strict=False)
    )
)
zones = st.sampled_from(["Europe/Stockholm", "Europe/London", "Australia/Lord_Howe", "UTC"])


@given(
    st.dictionaries(st.integers(0, 6), spans_of_a_day, min_size=1), zones,
    st.integers(0, 222 * 24 * 4).map(lambda quarter: MARCH + 900 * quarter),
    st.integers(1, 5 * 86400),
    st.lists(st.floats(0, 0.9999), min_size=1, max_size=20),
)  # fmt: skip
@example(
    {6: (Hours(time(2, 30), time(4)),)},
    "Europe/Stockholm",
    at(date(2026, 3, 28), "12:00"),
    86400,
    [x / 100 for x in range(100)],
)
@example({6: (Hours(time(2, 30), time(4)),)}, "Europe/Stockholm",
         at(date(2026, 10, 24), "12:00"), 86400, [x / 100 for x in range(100)])  # fmt: skip
def test_spans_are_exactly_when_the_schedule_is_open(
    weekly: dict[int, tuple[Hours, ...]], zone: str, first: float, seconds: int,
    moments: list[float],
) -> None:  # fmt: skip
    schedule = Schedule(ZoneInfo(zone), weekly)
    spans = open_spans([schedule], first, first + seconds)
    for one, other in pairwise(spans):
        assert one.ends < other.begins
    for moment in moments:
        instant = first + moment * seconds
        within = any(one.begins <= instant < one.ends for one in spans)
        assert within == is_open([schedule], instant)
