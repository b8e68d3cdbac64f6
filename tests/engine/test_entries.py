"""What callers give is checked, read back, remembered, and written nowhere when it is private."""

from __future__ import annotations

import pytest

from ivr.engine.events import PersonSought
from ivr.flow.actions import Say
from ivr.flow.entries import checks
from tests.support import TEAM, company_of, ring

ASKING = """
    languages: [en]
    start: number
    person: person
    nodes:
      number:
        kind: ask
        variable: customer_number
        text: Your customer number?
        again: The eight digits on your invoice?
        length: 8
        check_digit: luhn
        confirm: true
        private: true
        without: person
        to: known
      known:
        kind: branch
        ways:
          - when: starts_with(customer_number, "4")
            to: company
        otherwise: private
      company: {kind: hang_up, text: "A company, number {customer_number|digits}."}
      private: {kind: hang_up, text: A household.}
      person: {kind: transfer, number: team, otherwise: bye}
      bye: {kind: hang_up, text: Goodbye.}
"""
COMPANY = company_of(main=ASKING)
EN = COMPANY.languages["en"].phrases
RIGHT, OF_A_COMPANY = "12345674", "49927395"


def test_an_entry_is_read_back_and_remembered_once_it_is_confirmed() -> None:
    call = ring(COMPANY)
    call.press(RIGHT)
    assert "press 1" in call.heard
    call.press("1")
    assert (call.heard, call.state) == ("A household.", "listening")


def test_what_was_given_decides_the_way() -> None:
    call = ring(COMPANY)
    call.press(OF_A_COMPANY + "1")
    assert call.heard.startswith("A company, number ")


@pytest.mark.parametrize("wrong", ["12345675", "1234#", "123#"])
def test_what_does_not_fit_is_a_miss_in_other_words(wrong: str) -> None:
    call = ring(COMPANY)
    call.press(wrong)
    assert EN.not_understood in call.heard
    assert "The eight digits on your invoice?" in call.heard


def test_a_caller_who_says_twice_that_it_is_wrong_comes_to_a_person() -> None:
    call = ring(COMPANY)
    call.press(RIGHT + "2" + RIGHT + "2")
    assert call.ringing == TEAM


def test_zero_alone_asks_for_a_person_and_within_an_entry_it_is_a_digit() -> None:
    call = ring(COMPANY)
    call.press("0#")
    assert call.ringing == TEAM
    call = ring(COMPANY)
    call.press("01234560")
    assert EN.not_understood in call.heard


@pytest.mark.parametrize("without", ["*#", "I can't find it"])
def test_somebody_without_it_goes_another_way(without: str) -> None:
    call = ring(COMPANY)
    if without.startswith("*"):
        call.press(without)
    else:
        call.say(without)
    assert call.ringing == TEAM
    assert not [e for e in call.events if isinstance(e, PersonSought)]


def test_a_complaint_instead_of_a_number_leads_to_a_person() -> None:
    call = ring(COMPANY)
    call.say("this is a complaint")
    assert call.ringing == TEAM


def test_nothing_private_is_in_what_is_kept_of_a_call() -> None:
    call = ring(COMPANY)
    call.press(OF_A_COMPANY + "1")
    kept = " ".join(map(repr, call.events))
    assert OF_A_COMPANY not in kept.replace(" ", "")
    (told,) = call.spoken
    assert isinstance(told, Say)
    assert "4" in told.text
    assert "4" not in str(told.shown)


def test_words_that_were_not_understood_where_something_private_is_asked_are_not_kept() -> None:
    call = ring(COMPANY)
    call.say("four nine nine banana")
    call.stay_silent()
    call.stay_silent()
    assert (call.ringing, call.call.said) == (TEAM, ())


def test_a_value_that_cannot_be_worked_out_is_nothing() -> None:
    company = company_of(
        main="""
        languages: [en]
        start: note
        person: person
        nodes:
          note: {kind: set, variable: half, value: 'number(line) / 2', to: look}
          look:
            kind: branch
            ways: [{when: half = nothing, to: bye}]
            otherwise: person
          person: {kind: transfer, number: team, otherwise: bye}
          bye: {kind: hang_up, text: Goodbye.}
        """
    )
    assert ring(company).heard == "Goodbye."


@pytest.mark.parametrize(
    ("digits", "rule", "fits"),
    [
        ("12345674", "luhn", True),
        ("12345675", "luhn", False),
        # Norges Bank's example of an account number, and Finance Finland's of a reference.
        ("12345678903", "mod11", True),
        ("12345678904", "mod11", False),
        ("1234561", "731", True),
        ("1234562", "731", False),
        ("1", "luhn", False),
    ],
)
def test_check_digits(digits: str, rule: str, fits: bool) -> None:
    assert checks(digits, rule) is fits  # type: ignore[arg-type]
