"""Which numbers may be rung, and why not. Those of real services stand for their kinds: the
numbering plan itself says of which kind they are."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.callbacks.limits import Counts, Limits, may_ring, too_many
from ivr.callbacks.reachable import NumberRules, Reachable, Unreachable, reachable
from ivr.reading.numbers import KEYED_WORDS

RULES = NumberRules("SE", frozenset({"SE", "FI", "NO", "GB", "US"}), frozenset({"+46846500400"}))


def example_of(country: str, kind: int) -> str:
    """A number of a kind, as the numbering plan's own data gives it as an example."""
    example = phonenumbers.example_number_for_type(country, kind)
    assert example is not None
    return phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    "text",
    [
        "+266696687", "266696687", "+7378742833", "+2562533", "+8656696", "+86282452253",
        "anonymous", "Anonymous", "unknown", "restricted", "private", "unavailable", "withheld",
        "blocked", "", "  ",
    ],
)  # fmt: skip
def test_a_withheld_number_is_known_in_all_its_disguises(text: str) -> None:
    assert reachable(text, RULES) == "withheld"


def test_the_disguises_are_the_words_on_a_keypad() -> None:
    keys = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
    words = ("ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE")
    assert {word.translate(keys) for word in words} == KEYED_WORDS


@pytest.mark.parametrize(
    ("text", "number", "country", "extension", "mobile"),
    [
        ("+46701740605", "+46701740605", "SE", "", True),
        ("0701740605", "+46701740605", "SE", "", True),
        ("0046701740605", "+46701740605", "SE", "", True),
        ("08-465 004 10", "+46846500410", "SE", "", False),
        ("+46 (0)8 465 004 10", "+46846500410", "SE", "", False),
        ("+46 31 390 06 00 ext 12", "+46313900600", "SE", "12", False),
        ("+46 8 465 004 10 x12", "+46846500410", "SE", "12", False),
        ("08-465 004 10 anknytning 12", "+46846500410", "SE", "12", False),
        ("08-465 004 10, ankn. 12", "+46846500410", "SE", "12", False),
        ("08-465 004 10 alanumero 12", "+46846500410", "SE", "12", False),
        ("08-465 004 10 internnummer 12", "+46846500410", "SE", "12", False),
        ("0846500410*12", "+46846500410", "SE", "12", False),
        ("+442079460123", "+442079460123", "GB", "", False),
        ("+447700900123", "+447700900123", "GB", "", True),
        ("+12025550123", "+12025550123", "US", "", True),
    ],
)
def test_a_number_is_read_however_it_is_written(
    text: str, number: str, country: str, extension: str, mobile: bool
) -> None:
    assert reachable(text, RULES) == Reachable(number, country, extension, mobile)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("112", "emergency"),
        ("911", "emergency"),
        ("+46112", "emergency"),
        ("118118", "short_number"),
        ("1177", "short_number"),
        ("client:anna", "not_a_telephone"),
        ("sip:anna@example.com", "not_a_telephone"),
        ("ring me please", "not_a_number"),
        ("+99912345678", "not_a_number"),
        ("0" * 60, "not_a_number"),
        ("+15555550100", "does_not_exist"),
        ("+46846500400", "own_number"),
        ("08 465 004 00", "own_number"),
        ("+46846500400 ext 7", "own_number"),
        (example_of("SE", phonenumbers.PhoneNumberType.PREMIUM_RATE), "premium_rate"),
        (example_of("FI", phonenumbers.PhoneNumberType.PREMIUM_RATE), "premium_rate"),
        (example_of("US", phonenumbers.PhoneNumberType.PREMIUM_RATE), "premium_rate"),
        (example_of("SE", phonenumbers.PhoneNumberType.SHARED_COST), "shared_cost"),
        (example_of("SE", phonenumbers.PhoneNumberType.TOLL_FREE), "special_number"),
        (example_of("GB", phonenumbers.PhoneNumberType.PERSONAL_NUMBER), "special_number"),
        (example_of("FI", phonenumbers.PhoneNumberType.UAN), "special_number"),
        (example_of("DK", phonenumbers.PhoneNumberType.MOBILE), "country_not_allowed"),
        (example_of("JM", phonenumbers.PhoneNumberType.MOBILE), "country_not_allowed"),
    ],
)
def test_what_is_not_rung_is_refused_by_its_reason(text: str, why: Unreachable) -> None:
    assert reachable(text, RULES) == why


@pytest.mark.parametrize("code", [870, 881, 882, 883])
def test_satellites_are_never_rung(code: int) -> None:
    example = phonenumbers.example_number_for_non_geo_entity(code)
    assert example is not None
    text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    everywhere = NumberRules("SE", frozenset(phonenumbers.SUPPORTED_REGIONS) | {"001"})
    assert reachable(text, everywhere) == "satellite"


def test_who_asked_not_to_be_called_is_not() -> None:
    assert reachable("0701740605", RULES, {"+46701740605"}) == "opted_out"


def test_no_country_named_means_our_own_only() -> None:
    home = NumberRules("SE")
    assert isinstance(reachable("+46701740605", home), Reachable)
    assert reachable("+447700900123", home) == "country_not_allowed"


def test_numbers_for_rehearsals_can_be_allowed_but_never_our_own() -> None:
    rules = NumberRules("SE", own_numbers=frozenset({"+15555550199"}), also_allowed=("+1555555",))
    found = reachable("+15555550100", rules)
    assert isinstance(found, Reachable) and found.country == "US"
    assert reachable("+15555550199", rules) == "own_number"


@given(st.text(max_size=60) | st.from_regex(r"[+0-9 *#()xe.-]{1,25}", fullmatch=True))
def test_whatever_arrives_is_a_number_in_e164_or_a_reason(text: str) -> None:
    found = reachable(text, RULES)
    if isinstance(found, Reachable):
        assert re.fullmatch(r"\+[1-9]\d{6,14}", found.number)
        assert reachable(found.number, RULES) in (
            found, Reachable(found.number, found.country, "", found.mobile)
        )  # fmt: skip


def test_limits_stand_against_ringing_a_stranger_again_and_again() -> None:
    limits = Limits(number_a_day=3, calls_a_day=6, others_a_day=1, everybody_an_hour=100)
    assert too_many(Counts(), limits) is None
    assert too_many(Counts(open_already=True), limits) == "open_already"
    assert too_many(Counts(number_today=3), limits) == "number_today"
    assert too_many(Counts(calls_today=6), limits) == "calls_today"
    assert too_many(Counts(others_today=1), limits) is None
    assert too_many(Counts(others_today=1), limits, other_number=True) == "others_today"
    assert too_many(Counts(everybody_now=100), limits) == "everybody_now"
    assert may_ring(5, limits) and not may_ring(6, limits)
