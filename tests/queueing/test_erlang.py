"""Erlang's formulas against reference figures, and what must hold of any."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.queueing.erlang import erlang_a, erlang_b, erlang_c
from ivr.queueing.staffing import Load, ServiceLevel, agents_needed, count_quantile, reached


@pytest.mark.parametrize(
    ("calls_an_hour", "handling", "agents", "waits", "mean_wait", "within"),
    [
        (100, 180, 6, 0.5875, 105.75, 0.4743),
        (100, 180, 7, 0.3241, 29.17, 0.7404),
        (120, 240, 10, 0.4092, 49.10, 0.6536),
        (300, 300, 27, 0.6030, 90.44, 0.4723),
        (600, 300, 60, 0.1173, 3.52, 0.9398),
    ],
)
def test_erlang_c_gives_the_reference_figures(
    calls_an_hour: int, handling: int, agents: int, waits: float, mean_wait: float, within: float
) -> None:
    found = erlang_c(agents, calls_an_hour / 3600, handling, 20)
    assert found.wait_probability == pytest.approx(waits, abs=5e-5)
    assert found.mean_wait == pytest.approx(mean_wait, abs=5e-3)
    assert found.within == pytest.approx(within, abs=5e-5)


@pytest.mark.parametrize(
    ("calls_an_hour", "handling", "patience", "agents", "expected"),
    [
        (120, 240, 300, 8, (0.5718, 39.59, 0.1320, 0.5127, 0.8680)),
        (120, 240, 300, 10, (0.2947, 14.53, 0.0484, 0.7774, 0.7612)),
        (300, 300, 180, 25, (0.4670, 16.12, 0.0895, 0.6702, 0.9105)),
        (300, 300, 600, 25, (0.6074, 39.57, 0.0659, 0.4997, 0.9341)),
        (600, 300, 120, 50, (0.4111, 8.27, 0.0689, 0.7839, 0.9311)),
    ],
)
def test_erlang_a_gives_the_reference_figures(
    calls_an_hour: int, handling: int, patience: int, agents: int, expected: tuple[float, ...]
) -> None:
    found = erlang_a(agents, calls_an_hour / 3600, handling, patience, 20)
    assert found.wait_probability == pytest.approx(expected[0], abs=6e-5)
    assert found.mean_wait == pytest.approx(expected[1], abs=6e-3)
    assert found.hang_up == pytest.approx(expected[2], abs=6e-5)
    assert found.within == pytest.approx(expected[3], abs=6e-5)
    assert found.occupancy == pytest.approx(expected[4], abs=6e-5)


@pytest.mark.parametrize(
    ("calls_an_hour", "handling", "without_hang_ups", "with_hang_ups"),
    [(50, 240, 6, 5), (100, 180, 8, 7), (200, 300, 21, 19), (500, 360, 57, 52),
     (1000, 240, 74, 68)],
)  # fmt: skip
def test_the_agents_who_meet_a_service_level_are_those_of_the_reference(
    calls_an_hour: int, handling: int, without_hang_ups: int, with_hang_ups: int
) -> None:
    rate = calls_an_hour / 3600
    level = ServiceLevel(0.8, 20)
    assert agents_needed(Load(rate, handling, inf), level) == without_hang_ups
    assert agents_needed(Load(rate, handling, 180), level) == with_hang_ups


def test_five_thousand_agents_are_no_trouble() -> None:
    calm = erlang_a(5000, 5000 / 300 * 0.98, 300, 300, 20)
    swamped = erlang_a(5000, 5000 / 300 * 2, 300, 300, 20)
    assert 0.99 < calm.within <= 1
    assert swamped.hang_up == pytest.approx(0.5, abs=1e-6)
    assert swamped.within == pytest.approx(0, abs=1e-9)
    assert 0 < erlang_b(5000, 5000) < 0.02


def test_a_load_that_is_too_much_has_no_end_without_hang_ups_and_an_end_with_them() -> None:
    assert erlang_c(5, 6 / 300, 300, 20).mean_wait == inf
    assert erlang_a(5, 6 / 300, 300, 600, 20).mean_wait < 600


agents = st.integers(1, 80)
loads = st.floats(0.1, 100)
times = st.floats(20, 1200)


@settings(max_examples=50, deadline=None)
@given(agents, loads, times, times, st.floats(0, 600))
def test_probabilities_are_probabilities_and_flows_balance(
    agents: int, load: float, handling: float, patience: float, target: float
) -> None:
    found = erlang_a(agents, load / handling, handling, patience, target)
    for share in (found.wait_probability, found.within, found.hang_up, found.occupancy):
        assert -1e-9 <= share <= 1 + 1e-9
    served = agents * found.occupancy / handling
    assert served == pytest.approx(load / handling * (1 - found.hang_up), rel=1e-6)
    assert found.within <= 1 - found.hang_up + 1e-6


@settings(max_examples=50, deadline=None)
@given(agents, loads, times, times)
def test_one_agent_more_never_does_harm(
    agents: int, load: float, handling: float, patience: float
) -> None:
    few = erlang_a(agents, load / handling, handling, patience, 20)
    more = erlang_a(agents + 1, load / handling, handling, patience, 20)
    assert more.mean_wait <= few.mean_wait + 1e-9
    assert more.within >= few.within - 1e-9


@settings(max_examples=50, deadline=None)
@given(agents, times, st.floats(0.05, 0.95))
def test_very_patient_callers_are_those_of_erlang_c(
    agents: int, handling: float, occupancy: float
) -> None:
    rate = occupancy * agents / handling
    endless = erlang_c(agents, rate, handling, 20)
    patient = erlang_a(agents, rate, handling, 1e9, 20)
    assert patient.wait_probability == pytest.approx(endless.wait_probability, rel=1e-3)
    assert patient.within == pytest.approx(endless.within, abs=1e-3)


def test_an_uncertain_forecast_and_breaks_ask_for_more_agents() -> None:
    sure = Load(400 / 3600, 300, 300)
    unsure = Load(400 / 3600, 300, 300, rate_variation=0.02)
    level = ServiceLevel(0.8, 20)
    assert agents_needed(unsure, level) >= agents_needed(sure, level)
    assert agents_needed(sure, level, shrinkage=0.3) > agents_needed(sure, level)
    assert reached(agents_needed(sure, level), sure, 20) >= 0.8
    assert reached(agents_needed(sure, level) - 1, sure, 20) < 0.8


def test_nobody_is_needed_where_nobody_calls() -> None:
    assert agents_needed(Load(0, 300, 300), ServiceLevel()) == 0


@pytest.mark.parametrize("agents", [-1, -20])
def test_nonsense_is_refused_in_a_sentence(agents: int) -> None:
    with pytest.raises(ValueError, match="the number of agents must not be below 0"):
        erlang_a(agents, 0.1, 300, 300, 20)


def test_counts_spread_more_when_their_rate_is_uncertain() -> None:
    assert count_quantile(100, 0, 0.8) == pytest.approx(108, abs=1)
    assert count_quantile(100, 0.02, 0.8) > count_quantile(100, 0, 0.8) + 4
