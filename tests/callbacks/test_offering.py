"""When a callback is offered, of which kind, and who keeps the place by hanging up."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.callbacks.offering import (
    Kind,
    OfferRules,
    Situation,
    WhyNot,
    decide_offer,
    is_time_to_offer,
    keeps_place,
    kept_place_id,
)
from ivr.callbacks.record import Window
from ivr.queueing.overload import Demand

RULES = OfferRules()
HOUR = 3600.0
WINDOWS = (Window(HOUR, HOUR + 1800),)
CALM = Demand(
    waiting=1, median_wait=20, rate=0.02, rate_variation=0.02, handling=300, hang_ups=0.05,
    agents=((0, 10),),
)  # fmt: skip
BUSY = replace(CALM, waiting=20, median_wait=400, rate=0.022)
"""It empties in less than half an hour."""
SWAMPED = replace(BUSY, rate=0.04)
"""It does not empty at all."""


def situation(demand: Demand = BUSY, **changes: object) -> Situation:
    usual = Situation(demand, False, 0, 900.0, 4 * HOUR, WINDOWS)
    return replace(usual, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (situation(CALM), ()),
        (situation(BUSY), ("place", "window")),
        (situation(SWAMPED), ("window", "place")),
        (situation(SWAMPED, windows=()), ("place",)),
        (situation(BUSY, places=8), ("window",)),
        (situation(BUSY, places=7), ("place", "window")),
        (situation(BUSY, latest=3 * HOUR + 2701), ("window",)),
        (situation(BUSY, latest=3 * HOUR + 2700), ("place", "window")),
        (situation(BUSY, latest=inf), ("window",)),
        (situation(CALM, closes_in=0.0), ("window",)),
        (situation(CALM, closes_in=0.0, windows=()), ()),
    ],
)
def test_what_is_offered(now: Situation, kinds: tuple[Kind, ...]) -> None:
    assert decide_offer(now, RULES).kinds == kinds


@pytest.mark.parametrize(
    ("now", "kind", "why"),
    [
        (situation(CALM), "place", "not_busy"),
        (situation(CALM, closes_in=0.0), "place", "closed"),
        (situation(BUSY, places=8), "place", "share"),
        (situation(BUSY, latest=4 * HOUR), "place", "closing"),
        (situation(BUSY, windows=()), "window", "no_room"),
    ],
)
def test_why_a_kind_is_not_offered(now: Situation, kind: Kind, why: WhyNot) -> None:
    assert decide_offer(now, RULES).why_not[kind] == why


def test_a_queue_can_do_without_a_kind() -> None:
    rules = OfferRules(kinds=frozenset({"window"}))
    offer = decide_offer(situation(), rules)
    assert offer.kinds == ("window",) and offer.why_not == {"place": "not_here"}


def test_who_asks_for_it_is_offered_it_in_a_calm_hour_too() -> None:
    assert decide_offer(situation(CALM), RULES, asked=True).kinds == ("place", "window")


def test_offers_do_not_come_and_go_with_every_call() -> None:
    between = situation(replace(BUSY, waiting=12, median_wait=150, rate=0.02))
    assert not decide_offer(between, RULES).busy
    before = replace(between, busy=decide_offer(situation(), RULES).busy)
    assert decide_offer(before, RULES).kinds


def test_an_offer_comes_on_joining_and_again_when_the_wait_is_long() -> None:
    assert is_time_to_offer(0, [], 60, RULES)
    assert not is_time_to_offer(239, [0], 600, RULES)
    assert is_time_to_offer(240, [0], 600, RULES)
    assert not is_time_to_offer(240, [0], 60, RULES)
    assert not is_time_to_offer(900, [0, 240], 600, RULES)


def test_hanging_up_keeps_the_place_of_one_who_waited() -> None:
    def kept(waited: float, rules: OfferRules = RULES, now: Situation | None = None,
             may_be_rung: bool = True, said_no: bool = False) -> bool:  # fmt: skip
        situation_now = now or situation(CALM)
        return keeps_place(waited, situation_now, rules, may_be_rung=may_be_rung, said_no=said_no)

    assert kept(20)
    assert not kept(19)
    assert not kept(60, replace(RULES, hang_up_keeps_place=False))
    assert not kept(60, may_be_rung=False)
    assert not kept(60, said_no=True)
    assert not kept(60, now=situation(closes_in=0.0))
    assert not kept(60, now=situation(latest=4 * HOUR))
    assert kept_place_id("CA1") == kept_place_id("CA1") != kept_place_id("CA2")


@given(
    st.integers(0, 200), st.integers(0, 200), st.floats(0, 3000), st.floats(0, 0.2),
    st.floats(0, 20_000), st.floats(0, 30_000), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
def test_no_place_is_offered_that_could_not_be_kept(
    waiting: int, places: int, median: float, rate: float, latest: float, closes_in: float,
    busy: bool, asked: bool, room: bool,
) -> None:  # fmt: skip
    demand = replace(CALM, waiting=waiting, median_wait=median, rate=rate)
    now = Situation(demand, busy, places, latest, closes_in, WINDOWS if room else ())
    offer = decide_offer(now, RULES, asked=asked)
    assert set(offer.kinds) | set(offer.why_not) == {"place", "window"}
    assert not set(offer.kinds) & set(offer.why_not)
    if "place" in offer.kinds:
        assert latest + RULES.before_closing <= closes_in
        assert places == 0 or places + 1 <= RULES.share * waiting
    assert room or "window" not in offer.kinds
    if closes_in <= 0:
        assert offer.busy == busy
