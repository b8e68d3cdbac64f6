"""Lookup v2, through the official client."""

from dataclasses import replace
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from ivr.simulator import Person
from tests.simulator.messaging.office import LANDLINE, PERSON, Office


def lookup(office: Office, number: str, **options: Any) -> Any:
    return office.twilio.lookups.v2.phone_numbers(number).fetch(**options)


def test_a_number_is_written_in_both_formats(office: Office) -> None:
    found = lookup(office, PERSON)
    assert (found.phone_number, found.country_code, found.calling_country_code) == (
        PERSON, "SE", "46",
    )  # fmt: skip
    assert (found.national_format, found.valid, found.validation_errors) == (
        "070-174 06 05", True, [],
    )  # fmt: skip
    assert found.line_type_intelligence is None
    assert found.url == f"https://lookups.twilio.com/v2/PhoneNumbers/{PERSON}"


def test_a_national_number_needs_its_country(office: Office) -> None:
    assert lookup(office, "0701740605", country_code="SE").phone_number == PERSON
    assert lookup(office, "2025550100").phone_number == "+12025550100"


@pytest.mark.parametrize(
    ("number", "kind"),
    [(PERSON, "mobile"), (LANDLINE, "landline"), ("+12025550101", "mobile"),
     ("+442079460001", "landline"), ("+18005550101", "tollFree")],
)  # fmt: skip
def test_the_line_type_is_that_of_the_numbering_plan(
    office: Office, number: str, kind: str
) -> None:
    found = lookup(office, number, fields="line_type_intelligence").line_type_intelligence
    assert (found["type"], found["error_code"]) == (kind, None)
    assert (found["mobile_country_code"] is not None) == (kind == "mobile")


def test_the_directory_knows_better(office: Office) -> None:
    people = office.carrier.carrier.directory.people
    fiction = "+447700900123"
    people[fiction] = Person(line_type="nonFixedVoip", network="Revontuli Mobil")
    found = lookup(office, fiction, fields="validation,line_type_intelligence")
    assert found.valid
    assert found.line_type_intelligence["type"] == "nonFixedVoip"
    assert found.line_type_intelligence["carrier_name"] == "Revontuli Mobil"
    people[fiction] = replace(people[fiction], line_type="unknown")
    found = lookup(office, fiction, fields="line_type_intelligence").line_type_intelligence
    assert (found["type"], found["error_code"]) == (None, 60600)


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("+4670", "TOO_SHORT"), ("+467017406051234", "TOO_LONG"), ("rubbish", "NOT_A_NUMBER"),
        ("+99912345678", "INVALID_COUNTRY_CODE"), ("+447700900123", "INVALID_BUT_POSSIBLE"),
    ],
)  # fmt: skip
def test_an_invalid_number_says_why(office: Office, number: str, wrong: str) -> None:
    found = lookup(office, number, fields="line_type_intelligence")
    assert (found.valid, found.validation_errors) == (False, [wrong])
    assert found.line_type_intelligence is None


@pytest.mark.parametrize(
    "options", [{"fields": "weather"}, {"fields": "caller_name"}, {"country_code": "XX"}]
)
def test_what_is_not_there_is_refused_by_name(office: Office, options: dict[str, str]) -> None:
    with pytest.raises(TwilioRestException) as raised:
        lookup(office, PERSON, **options)
    assert (raised.value.status, raised.value.code) == (400, 20001)


def test_a_lookup_needs_the_accounts_token(office: Office) -> None:
    from tests.simulator.application import twilio_client

    with pytest.raises(TwilioRestException) as raised:
        twilio_client(office.carrier, "wrong").lookups.v2.phone_numbers(PERSON).fetch()
    assert (raised.value.status, raised.value.code) == (401, 20003)
