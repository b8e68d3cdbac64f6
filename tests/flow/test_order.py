"""The option that is chosen most often should be said first: advice from what callers did."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import comb

import pytest

from ivr.flow.checks import check_flows
from ivr.flow.checks.order import (
    DOUBT,
    FEWEST_CALLS,
    TIMES_AS_OFTEN,
    Chosen,
    Offered,
    at_least,
    clearly_more,
)
from ivr.flow.reader import read_flows
from ivr.reading import Finding
from tests.flow.examples import AROUND, flow_of

MENU = """\
topics:
  kind: menu
  text: What is it about?
  options:
    - {key: 1, label: an invoice, to: goodbye}
    - {key: 2, label: a power cut, to: goodbye}
    - {key: 3, label: moving house, to: goodbye}
"""
OFFERED = Offered("main/topics", (("1", "goodbye"), ("2", "goodbye"), ("3", "goodbye")))


def found(calls: tuple[int, int, int], menu: str = MENU) -> tuple[Finding, ...]:
    chosen: Chosen = {OFFERED: dict(zip("123", calls, strict=True))}
    read = read_flows({"main.yaml": flow_of(menu).encode()})
    return check_flows(read, replace(AROUND, chosen=chosen))


def test_the_option_that_most_callers_choose_is_named_at_its_menu() -> None:
    [told] = found((30, 10, 70))
    assert (told.code, told.severity, told.place) == (
        "option-order",
        "note",
        ("flows/main.yaml", 8, 5),
    )
    assert told.message == (
        "In 70 of 110 calls `moving house` was chosen here, and `an invoice`, which is said first, "
        "in 30."
    )
    assert told.advice == "Say `moving house` first."


@pytest.mark.parametrize(
    ("calls", "why"),
    [
        ((70, 30, 10), "the first is chosen most"),
        ((1, 0, FEWEST_CALLS - 2), "too few calls"),
        ((30, 28, 42), "it may be chance"),
        ((10_000, 0, 11_000), "certain, but not worth other keys"),
        ((0, 0, 0), "nothing is known"),
    ],
)
def test_otherwise_nothing_is_said(calls: tuple[int, int, int], why: str) -> None:
    assert found(calls) == (), why


def test_what_was_chosen_when_the_options_were_others_tells_nothing() -> None:
    assert found((30, 10, 70), MENU.replace("key: 3", "key: 4")) == ()
    assert found((30, 10, 70), MENU.replace("house, to: goodbye", "house, to: person")) == ()


def test_another_label_is_no_other_option() -> None:
    assert len(found((30, 10, 70), MENU.replace("moving house", "a move"))) == 1


def test_it_is_silenced_in_place_and_that_stays_right_while_nothing_is_to_be_said() -> None:
    silenced = MENU.replace(
        "options:\n", "options:  # ringback: allow option-order (as on our letters)\n"
    )
    assert found((30, 10, 70), silenced) == ()
    assert found((70, 30, 10), silenced) == ()


@pytest.mark.parametrize(
    ("least", "of", "share"), [(3, 3, 0.5), (34, 60, 0.5), (700, 1000, 0.6), (60, 100, 6 / 11)]
)
def test_the_tail_of_the_binomial_is_exact(least: int, of: int, share: float) -> None:
    exactly = Fraction(share)
    tail = sum(
        comb(of, hits) * exactly**hits * (1 - exactly) ** (of - hits)
        for hits in range(least, of + 1)
    )
    assert at_least(least, of, share) == pytest.approx(float(tail), rel=1e-9)


@pytest.mark.parametrize("both", [1, 10, 51, 200])
@pytest.mark.parametrize("rivals", [1, 3])
def test_where_nothing_is_chosen_so_often_being_wrong_is_as_improbable_as_was_said(
    both: int, rivals: int
) -> None:
    share = Fraction(str(TIMES_AS_OFTEN)) / (1 + Fraction(str(TIMES_AS_OFTEN)))
    wrong = sum(
        comb(both, calls) * share**calls * (1 - share) ** (both - calls)
        for calls in range(both + 1)
        if clearly_more(calls, both - calls, rivals)
    )
    assert wrong <= DOUBT / rivals


def test_with_enough_calls_any_such_difference_is_seen() -> None:
    assert clearly_more(1_300_000, 1_000_000, 3)
    assert not clearly_more(1_190_000, 1_000_000, 3)
    assert not clearly_more(100, 0, 0)
