"""Which callers have a number that can be rung back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.carrier.numbers import caller_number

OURS = frozenset({"+46846500400"})


@pytest.mark.parametrize(
    "number",
    ["+46701740605", "+46313900600", "+442079460123", "+447700900123", "+12025550143"],
)
def test_an_ordinary_caller_keeps_the_number(number: str) -> None:
    assert caller_number(number, "", OURS) == number


@pytest.mark.parametrize(
    ("raw", "country"),
    [
        ("+266696687", "LS"),
        ("266696687", "LS"),
        ("+7378742833", "RU"),
        ("7378742833", "US"),
        ("+2562533", "UG"),
        ("+8656696", "CN"),
        ("+86282452253", "CN"),
        ("+266696687", ""),
    ],
)
def test_a_word_keyed_in_on_a_telephone_is_a_withheld_number(raw: str, country: str) -> None:
    assert caller_number(raw, country, OURS) is None


@pytest.mark.parametrize(
    "raw",
    """
    anonymous Anonymous unknown restricted private unavailable withheld blocked + sip:a@example.com
    client:anna anonymous@invalid
    """.split(),
)
def test_a_word_or_an_address_is_no_number(raw: str) -> None:
    assert caller_number(raw, "SE", OURS) is None


@pytest.mark.parametrize(
    "raw", ["", " ", "+4670", "+99912345678", "+46000000000", "+1555", "12345"]
)
def test_a_number_outside_every_numbering_plan_is_impossible(raw: str) -> None:
    assert caller_number(raw, "SE", OURS) is None


def test_our_own_number_is_never_the_callers() -> None:
    assert caller_number("+46846500400", "SE", OURS) is None
    assert caller_number("+46846500400", "SE", frozenset()) == "+46846500400"


def test_a_number_without_country_code_is_one_of_the_callers_country() -> None:
    assert caller_number("0701740605", "SE", OURS) == "+46701740605"
    assert caller_number("0701740605", "se", OURS) == "+46701740605"
    assert caller_number("0701740605", "", OURS) is None
    assert caller_number("0701740605", "??", OURS) is None


@given(raw=st.text(st.characters()), country=st.text(st.characters(), max_size=3))
def test_whatever_arrives_a_caller_has_a_plain_number_or_none(raw: str, country: str) -> None:
    number = caller_number(raw, country, OURS)
    assert number is None or (number[0] == "+" and number[1:].isdigit())
