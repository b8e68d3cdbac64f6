"""Windows: where they lie, how many callbacks they have room for, which are offered."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from ivr.callbacks.hours import DAY, open_spans
from ivr.callbacks.moves import promise
from ivr.callbacks.record import Callback, Window
from ivr.callbacks.windows import (
    Capacity,
    Handling,
    Load,
    Overbooked,
    WindowRules,
    agents_in,
    calls_in,
    capacity,
    count_booked,
    free_windows,
    has_room,
    overbooked,
    possible_windows,
)
from ivr.flow.schedule import Hours, Schedule
from tests.callbacks.test_hours import (
    ALWAYS,
    AUTUMN,
    MARCH,
    OFFICE,
    SPRING,
    STOCKHOLM,
    at,
    spans_of_a_day,
    zones,
)
from tests.callbacks.test_states import PERSON

MONDAY = date(2026, 11, 23)
RULES = WindowRules()
HANDLING = Handling(call=300.0, callback=300.0)


def shown(windows: list[Window] | tuple[Window, ...]) -> list[str]:
    return [f"{datetime.fromtimestamp(one.begins, STOCKHOLM):%d %H:%M}" for one in windows]


def of_monday(room: int = 2) -> Capacity:
    windows = possible_windows([OFFICE], at(MONDAY, "00:00"), at(MONDAY, "23:00"), RULES)
    return Capacity(tuple(windows), (room,) * len(windows))


def test_windows_begin_on_the_half_hour_and_end_before_closing() -> None:
    odd = Schedule(STOCKHOLM, {0: (Hours(time(8, 15), time(10, 10)),)})
    windows = possible_windows([odd], at(MONDAY, "00:00"), at(MONDAY, "23:00"), RULES)
    assert shown(windows) == ["23 08:30", "23 09:00", "23 09:30"]


def test_the_first_windows_are_offered_that_begin_late_enough() -> None:
    found = free_windows(of_monday(), {}, at(MONDAY, "09:15"), RULES)
    assert shown(found) == ["23 09:30", "23 10:00", "23 10:30"]
    assert shown(free_windows(of_monday(), {}, at(MONDAY, "09:16"), RULES))[0] == "23 10:00"


def test_a_full_window_is_passed_over_and_never_overbooked() -> None:
    now, full = at(MONDAY, "09:00"), at(MONDAY, "10:00")
    booked = {at(MONDAY, "09:30"): 1, full: 2}
    assert shown(free_windows(of_monday(), booked, now, RULES)) == [
        "23 09:30", "23 10:30", "23 11:00"
    ]  # fmt: skip
    window = Window(full, full + 1800)
    assert not has_room(of_monday(), booked, window, now, RULES)
    assert has_room(of_monday(), {full: 1}, window, now, RULES)
    assert not has_room(of_monday(), {}, window, full, RULES)
    assert not has_room(of_monday(), {}, Window(full + 1, full + 1801), now, RULES)


def test_nothing_is_promised_beyond_the_limit() -> None:
    rules = WindowRules(furthest=3600)
    assert shown(free_windows(of_monday(), {}, at(MONDAY, "09:00"), rules)) == ["23 09:30"]
    late = Window(at(MONDAY, "10:00"), at(MONDAY, "10:30"))
    assert not has_room(of_monday(), {}, late, at(MONDAY, "09:00"), rules)


def test_the_night_when_clocks_change_has_the_windows_that_can_be_told() -> None:
    for day, count in ((SPRING, 46), (AUTUMN, 46)):
        begin = at(day, "00:00")
        windows = possible_windows([ALWAYS], begin, at(day, "23:59") + 60, RULES)
        assert len(windows) == count
        assert all(one.ends - one.begins == 1800 for one in windows)
        clocks = [datetime.fromtimestamp(one.begins, STOCKHOLM).time() for one in windows]
        assert len(set(clocks)) == count and {clock.minute for clock in clocks} == {0, 30}


def test_windows_go_on_past_midnight() -> None:
    found = possible_windows([ALWAYS], at(MONDAY, "23:10"), at(date(2026, 11, 24), "01:00"), RULES)
    assert shown(found) == ["23 23:30", "24 00:00", "24 00:30"]


def test_room_is_what_agents_have_beside_the_calls_that_come() -> None:
    windows = of_monday().windows[:3]
    loads = [Load(10, 30, 0.02), Load(10, 80, 0.02), Load(0, 0, 0.02)]
    known = capacity(windows, loads, HANDLING)
    # 0.93 * 10 * 1800 / 300 is 55.8; 80 % of days have at most 35.7 calls where 30 are expected.
    assert known.room == (20, 0, 0)
    assert capacity(windows, loads, HANDLING, usable=0.5).room == (10, 0, 0)


def test_a_callback_costs_its_ring_and_the_attempts_that_nobody_answers() -> None:
    found = Handling.with_misses(300, talk=280, ring=20, no_answer=0.15, give_up=30)
    assert found.callback == pytest.approx(20 + 0.85 * 280 + 0.15 * 30)


def test_a_forecast_that_worsens_is_told_and_holds_back_offers() -> None:
    now, ten = at(MONDAY, "09:00"), at(MONDAY, "10:00")
    worse = of_monday(room=1)
    assert overbooked(worse, {ten: 3}, now) == (Overbooked(Window(ten, ten + 1800), 2),)
    assert overbooked(worse, {ten: 3}, ten + 1800) == ()
    assert Window(ten, ten + 1800) not in free_windows(worse, {ten: 3}, now, RULES)


def test_agents_and_calls_of_a_window() -> None:
    window = Window(at(MONDAY, "10:00"), at(MONDAY, "10:30"))
    shifts = [(0.0, 1e12), (window.begins - 9, window.begins + 900), (window.ends, 1e12)]
    assert agents_in(window, shifts) == 1.5
    by_half_hours = {MONDAY: [0.0] * 20 + [12.0] + [0.0] * 27}
    assert calls_in(window, STOCKHOLM, by_half_hours) == 12
    by_hours = {MONDAY: [0.0] * 10 + [12.0] + [0.0] * 13}
    assert calls_in(window, STOCKHOLM, by_hours) == 6
    assert calls_in(window, STOCKHOLM, {}) == 0


def test_booked_are_those_who_wait_for_their_window() -> None:
    window = Window(at(MONDAY, "10:00"), at(MONDAY, "10:30"))
    booked, _ = promise("c", "q", "+46701740605", "m", 0, PERSON, 0, window=window)
    place, _ = promise("p", "q", "+46701740606", "m", 0, PERSON, 0, until=9)
    done = structs.replace(booked, state="done")
    assert count_booked([booked, booked, place, done]) == Counter({window.begins: 2})


@settings(max_examples=40)
@given(
    st.dictionaries(st.integers(0, 6), spans_of_a_day, min_size=1), zones,
    st.integers(0, 222 * 24).map(lambda hour: MARCH + 3600 * hour), st.floats(0, 3600),
    st.sampled_from([900.0, 1800.0, 3600.0]),
)  # fmt: skip
def test_every_window_is_whole_apart_and_in_open_hours(
    weekly: dict[int, tuple[Hours, ...]], zone: str, begin: float, odd: float, length: float
) -> None:
    schedule = Schedule(ZoneInfo(zone), weekly)
    first, last = begin + odd, begin + odd + 3 * DAY
    windows = possible_windows([schedule, ALWAYS], first, last, WindowRules(length=length))
    spans = open_spans([schedule, ALWAYS], first, last)
    assert windows == sorted(windows)
    for window in windows:
        assert window.ends - window.begins == length
        assert any(one.begins <= window.begins and window.ends <= one.ends for one in spans)
        local = datetime.fromtimestamp(window.begins, ZoneInfo(zone))
        assert (local.hour * 3600 + local.minute * 60 + local.second) % length == 0
    for one, other in pairwise(windows):
        assert one.ends <= other.begins


THREE_DAYS = tuple(
    possible_windows([OFFICE], at(MONDAY, "00:00"), at(MONDAY, "00:00") + 3 * DAY, RULES)
)


@given(st.lists(st.integers(0, 3), min_size=30, max_size=30), st.lists(st.floats(8, 16)))
def test_booking_what_is_offered_never_overbooks(room: list[int], clock: list[float]) -> None:
    known = Capacity(THREE_DAYS[:30], tuple(room))
    booked: Counter[float] = Counter()
    for hour in sorted(clock):
        now = at(MONDAY, "00:00") + 3600 * hour
        for window in free_windows(known, booked, now, RULES):
            assert now + RULES.ahead <= window.begins
            assert has_room(known, booked, window, now, RULES)
            booked[window.begins] += 1
        assert overbooked(known, booked, now) == ()
    assert booked.total() <= sum(room)


def booked_callbacks(count: int, windows: tuple[Window, ...]) -> list[Callback]:
    return [
        promise(
            f"c{number}", "q", f"+4670174{number:04}", "m", 0.0, PERSON, 0.0,
            window=windows[number % len(windows)],
        )[0]
        for number in range(count)
    ]  # fmt: skip


def test_counts_kept_by_window_decide_as_all_callbacks_would() -> None:
    windows = of_monday().windows
    callbacks = booked_callbacks(40, windows)
    kept: Counter[float] = Counter()
    for one in callbacks:
        assert one.window is not None
        kept[one.window.begins] += 1
    assert kept == count_booked(callbacks)
    now = datetime(2026, 11, 23, 7, tzinfo=UTC).timestamp()
    assert free_windows(of_monday(3), kept, now, RULES) == free_windows(
        of_monday(3), count_booked(callbacks), now, RULES
    )
