"""Which callbacks are started, before or after those who hold the line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.callbacks.dispatching import (
    DispatchRules,
    Due,
    Staff,
    Start,
    as_due,
    at_closing,
    callbacks_to_start,
    time_needed,
)
from ivr.callbacks.moves import move
from ivr.callbacks.record import SYSTEM, Window
from tests.callbacks.test_states import START, after, waiting

RULES = DispatchRules(handling=300.0)
NOW = 10_000.0
OPEN = 7200.0


def window(name: str, ends_in: float, begins_in: float = -60.0) -> Due:
    return Due(name, NOW - 9000, Window(NOW + begins_in, NOW + ends_in))


def place(name: str, rang: float) -> Due:
    return Due(name, NOW - rang)


def start(due: list[Due], line: list[float], idle: int, closes_in: float = OPEN,
          soon: int = 0, without: int = 0) -> list[Start]:  # fmt: skip
    staff = Staff(idle, working=10, soon_free=soon, without_agent=without)
    return list(callbacks_to_start(NOW, due, line, staff, closes_in, RULES))


def test_with_nobody_waiting_an_idle_agent_takes_the_window_that_ends_first() -> None:
    due = [window("late", 1700), window("soon", 900)]
    assert start(due, [], idle=1) == [Start("soon", "nobody_waits")]
    assert [one.id for one in start(due, [], idle=5)] == ["soon", "late"]


def test_a_window_with_time_left_waits_for_the_line() -> None:
    assert start([window("w", 1500)], [NOW - 100], idle=1) == []
    assert start([window("w", 1500)], [NOW - 100], idle=2) == [Start("w", "nobody_waits")]


def test_a_window_that_ends_soon_goes_before_the_line() -> None:
    assert start([window("w", 100)], [NOW - 600], idle=1) == [Start("w", "end_near")]


def test_many_windows_make_haste_earlier_than_one() -> None:
    needed = time_needed(10, 10, RULES)
    assert needed >= 1.3 * 10 * 300 / 10
    due = [window(f"w{number}", needed) for number in range(10)]
    assert start(due[:5], [NOW - 100], idle=1) == []
    assert start(due, [NOW - 100], idle=1) == [Start("w0", "end_near")]


def test_nothing_begins_before_its_window() -> None:
    assert start([window("w", 1860, begins_in=60)], [], idle=3) == []


def test_a_place_neither_overtakes_nor_is_overtaken() -> None:
    due = [place("p", 300)]
    assert start(due, [NOW - 400, NOW - 200], idle=1) == []
    assert start(due, [NOW - 400, NOW - 200], idle=2) == [Start("p", "in_turn")]
    assert start(due, [NOW - 200], idle=1) == [Start("p", "in_turn")]


def test_nobody_is_rung_when_people_may_not_be_rung_any_more() -> None:
    due = [window("w", 100), place("p", 300)]
    assert start(due, [], idle=3, closes_in=0) == []
    assert start(due, [], idle=3, closes_in=59) == []


def test_a_window_that_was_missed_goes_first() -> None:
    missed = window("missed", -300, begins_in=-2100)
    assert start([window("w", 50), missed], [NOW - 50], idle=1) == [Start("missed", "end_near")]


def test_agents_expected_soon_count_and_calls_under_way_are_taken_off() -> None:
    due = [window(f"w{number}", 1000 + number) for number in range(9)]
    assert len(start(due, [], idle=2, soon=3, without=1)) == 4
    assert start(due, [], idle=1, without=2) == []


def test_without_agents_every_window_is_urgent_and_none_is_started() -> None:
    staff = Staff(0, 0)
    assert callbacks_to_start(NOW, [window("w", 1000)], [], staff, OPEN, RULES) == ()


def test_what_may_be_started_now() -> None:
    kept_place = waiting()
    assert as_due(kept_place, START) == Due("c1", kept_place.rang_at)
    later = Window(START + 3600, START + 5400)
    booked = after(kept_place, "moved", window=later)
    assert as_due(booked, START + 3599) is None
    assert as_due(booked, START + 3600) == Due("c1", kept_place.rang_at, later)
    sooner = after(booked, "brought_forward", at=START + 9)
    assert as_due(sooner, START + 9) == Due("c1", kept_place.rang_at, Window(START + 9, later.ends))
    assert as_due(after(kept_place, "reserved"), START) is None


def test_a_retry_after_its_window_stands_in_the_line_and_a_missed_window_does_not() -> None:
    window = Window(START + 60, START + 1860)
    opened = after(after(waiting(), "moved", window=window), "window_opened", at=START + 60)
    assert as_due(opened, window.ends) == Due("c1", opened.rang_at, window)
    tried = after(
        opened, "reserved", "attempt_written", "dialled", "try_again", "retry_came",
        at=START + 70, not_before=START + 70,
    )  # fmt: skip
    assert as_due(tried, window.ends) == Due("c1", opened.rang_at)


def test_who_was_not_rung_before_closing_gets_the_first_window_or_a_supervisor() -> None:
    tomorrow = Window(START + 86_400, START + 88_200)
    for callback in (waiting(), after(waiting(), "turn_came")):
        found = at_closing(callback, [tomorrow])
        assert found is not None
        moved, told = move(callback, found[0], SYSTEM, START, found[1])
        assert moved.window == tomorrow and moved.untold == START
        assert told.reason == "the hours ended before its turn"
        flagged = at_closing(callback, [])
        assert flagged is not None and flagged[0] == "flagged"
    reserved = after(waiting(), "reserved")
    assert at_closing(reserved, [tomorrow]) is None


dues = st.lists(
    st.tuples(st.floats(0, 5000), st.none() | st.tuples(st.floats(-4000, 600), st.floats(1, 1800))),
    max_size=12,
)


@given(
    dues, st.lists(st.floats(0, 5000), max_size=12), st.integers(0, 6), st.integers(0, 3),
    st.integers(0, 4), st.floats(0, 8000), st.floats(0, 30),
)  # fmt: skip
def test_whatever_is_due_the_rules_hold(
    given_due: list[tuple[float, tuple[float, float] | None]], waits: list[float], idle: int,
    soon: int, without: int, closes_in: float, working: float,
) -> None:  # fmt: skip
    due = [
        Due(
            str(number), NOW - rang,
            None if span is None else Window(NOW + span[0], NOW + span[0] + span[1]),
        )
        for number, (rang, span) in enumerate(given_due)
    ]  # fmt: skip
    line = [NOW - wait for wait in waits]
    staff = Staff(idle, working, soon, without)
    starts = callbacks_to_start(NOW, due, line, staff, closes_in, RULES)
    known = {one.id: one for one in due}
    assert len(starts) <= max(0, idle + soon - without)
    assert len({one.id for one in starts}) == len(starts)
    assert closes_in >= RULES.before_closing or not starts
    started = [known[one.id] for one in starts]
    assert all(one.window is None or one.window.begins <= NOW for one in started)
    ends = [one.window.ends for one in started if one.window is not None]
    assert ends == sorted(ends)
    places = [one.rang_at for one in started if one.window is None]
    assert places == sorted(places)
    for one in places:
        served_before = sum(1 for other in line if other < one)
        assert served_before + len(places) <= max(0, idle + soon - without)
