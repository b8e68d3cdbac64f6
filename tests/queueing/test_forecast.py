"""What is expected of a day, and how many callbacks it has room for."""

from __future__ import annotations

from math import exp
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.queueing.forecast import (
    Day,
    callback_room,
    expected_calls,
    rate_variation,
    today_factor,
)
from ivr.queueing.staffing import count_quantile

WEEKDAYS = (1.3, 1.1, 1.0, 0.9, 0.7)
SHAPE = [exp(-(((slot - 6) / 4) ** 2)) + 0.2 for slot in range(20)]
SHARES = [one / sum(SHAPE) for one in SHAPE]


def past(days: int, seed: int, busy: float = 0.08) -> list[Day]:
    """Days of 600 calls in the mean, busier and calmer by chance."""
    chance, found = Random(seed), []
    for number in range(days):
        level = 600 * WEEKDAYS[number % 5] * (1 + busy * chance.gauss(0, 1))
        calls = [max(round(chance.gauss(level * s, (level * s) ** 0.5)), 0) for s in SHARES]
        found.append(Day(number % 5, calls))
    return found


def test_a_steady_past_is_the_future() -> None:
    history = [
        Day(number % 5, [WEEKDAYS[number % 5] * 100 * s for s in SHAPE]) for number in range(30)
    ]
    assert expected_calls(history, 0) == pytest.approx([130 * s for s in SHAPE], rel=1e-6)


def test_the_forecast_is_better_than_the_same_day_of_last_week() -> None:
    days = past(100, seed=1)
    ours = theirs = 0.0
    for number in range(50, 100):
        expected = expected_calls(days[:number], days[number].weekday)
        came = days[number].calls
        ours += sum(abs(a - b) for a, b in zip(expected, came, strict=True))
        theirs += sum(abs(a - b) for a, b in zip(days[number - 5].calls, came, strict=True))
    assert ours < 0.85 * theirs


def test_ranges_of_counts_hold_if_the_rate_is_taken_for_uncertain() -> None:
    days = past(100, seed=2)
    outcomes = []
    for number in range(40, 100):
        outcomes.append((days[number].total, sum(expected_calls(days[:number], number % 5))))
    variation = rate_variation(outcomes)
    held = [
        count_quantile(mean, variation, 0.1) <= came <= count_quantile(mean, variation, 0.9)
        for came, mean in outcomes
    ]
    too_narrow = [
        count_quantile(mean, 0, 0.1) <= came <= count_quantile(mean, 0, 0.9)
        for came, mean in outcomes
    ]
    assert 0.65 < sum(held) / len(held) < 0.95
    assert sum(too_narrow) < sum(held)


def test_one_odd_day_does_not_move_the_level_far() -> None:
    days = past(30, seed=3)
    odd = [*days, Day(0, [10 * calls for calls in days[0].calls])]
    usual = sum(expected_calls(days, 1))
    assert sum(expected_calls(odd, 1)) < 1.06 * usual


def test_nothing_is_expected_without_history() -> None:
    assert expected_calls([], 0) == []
    assert expected_calls([Day(0, [0.0, 0.0])], 0) == []


def test_a_busy_morning_makes_a_busy_day_but_by_less() -> None:
    near = today_factor(120, 100, 0.02, ahead=1800)
    far = today_factor(120, 100, 0.02, ahead=4 * 3600)
    assert 1 < far < near < 1.2
    assert today_factor(1200, 1000, 0.02, ahead=1800) > near
    assert today_factor(0, 0, 0.02, ahead=0) == 1


def test_there_is_room_for_what_agents_can_do_beyond_the_calls() -> None:
    free = callback_room(
        10, 1800, calls=0, variation=0, handling=300, callback_handling=310, booked=0
    )
    assert free == int(0.93 * 18000 / 310)
    full = callback_room(
        10, 1800, calls=54, variation=0.02, handling=300, callback_handling=310, booked=3
    )
    assert full == -3


@given(
    st.floats(0, 50), st.floats(0, 200), st.floats(0, 0.2), st.floats(30, 900), st.integers(0, 20)
)
def test_more_agents_never_have_less_room(
    agents: float, calls: float, variation: float, handling: float, booked: int
) -> None:
    room = [
        callback_room(number, 1800, calls, variation, handling, handling, booked)
        for number in (agents, agents + 1)
    ]
    assert -booked <= room[0] <= room[1]
