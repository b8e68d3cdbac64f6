"""When a queue is overloaded, and when it is so no longer."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.queueing.overload import Demand, Limits, overloaded, seconds_until_empty

LIMITS = Limits(wait=180, empties_within=600)
CALM = Demand(
    waiting=0, median_wait=0, rate=0.03, rate_variation=0.02, handling=240, hang_ups=0.05,
    agents=((0, 10),),
)  # fmt: skip
"""7.2 erlangs for ten agents."""


def test_the_line_empties_by_what_agents_can_do_beyond_what_comes() -> None:
    demand = replace(CALM, waiting=10, rate=0.02, hang_ups=0.0)
    assert seconds_until_empty(demand) == pytest.approx(10 / (10 / 240 - 0.02))


def test_an_agent_who_comes_later_empties_it_later() -> None:
    demand = replace(CALM, waiting=12, rate=0.0, agents=((0, 0), (600, 5)))
    assert seconds_until_empty(demand) == pytest.approx(600 + 12 / (5 / 240))


def test_a_line_that_grows_for_ever_never_empties() -> None:
    assert seconds_until_empty(replace(CALM, waiting=1, rate=1.0)) == inf
    assert seconds_until_empty(replace(CALM, waiting=1, agents=())) == inf


def test_an_empty_line_is_empty() -> None:
    assert seconds_until_empty(CALM) == 0


def test_a_long_wait_that_is_soon_over_is_no_overload() -> None:
    busy = replace(CALM, waiting=5, median_wait=200, rate=0.02)
    assert not overloaded(busy, LIMITS, before=False)


def test_a_long_wait_that_is_not_soon_over_is_an_overload() -> None:
    busy = replace(CALM, waiting=30, median_wait=200, rate=0.035)
    assert overloaded(busy, LIMITS, before=False)


def test_more_demand_than_agents_is_an_overload_before_waits_are_long() -> None:
    rush = replace(CALM, waiting=8, median_wait=100, rate=0.06)
    assert overloaded(rush, LIMITS, before=False)
    assert not overloaded(replace(rush, median_wait=80), LIMITS, before=False)


def test_overload_does_not_come_and_go_with_every_call() -> None:
    between = replace(CALM, waiting=12, median_wait=150, rate=0.02)
    assert not overloaded(between, LIMITS, before=False)
    assert overloaded(between, LIMITS, before=True)
    assert not overloaded(replace(between, waiting=2, median_wait=100), LIMITS, before=True)


@given(st.integers(0, 200), st.floats(0, 2000), st.floats(0, 0.2), st.booleans())
def test_a_longer_wait_never_ends_an_overload(
    waiting: int, wait: float, rate: float, before: bool
) -> None:
    demand = replace(CALM, waiting=waiting, median_wait=wait, rate=rate)
    if overloaded(demand, LIMITS, before):
        worse = replace(demand, waiting=waiting + 5, median_wait=wait + 60)
        assert overloaded(worse, LIMITS, before)
        assert overloaded(demand, LIMITS, before=True) or not before
