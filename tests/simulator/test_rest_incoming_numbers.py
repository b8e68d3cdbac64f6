"""The account's numbers over REST, through the official client."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from ivr.simulator import Directory, EmbeddedCarrier, Line, Person, SteppedClock, said
from tests.simulator.application import CALLER, LINE, TEAM, Network, twilio_client, twiml

OTHER = "+46846500401"


def the_number(network: Network) -> Any:
    (number,) = network.twilio().incoming_phone_numbers.list()
    return number


def refusal(attempt: Any, **fields: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as raised:
        attempt(**fields)
    return raised.value.status, raised.value.code


def test_a_number_of_the_directory_is_shown_with_what_answers_it(network: Network) -> None:
    number = the_number(network)
    assert (number.phone_number, number.friendly_name) == (LINE, LINE)
    assert (number.voice_url, number.voice_method) == (f"{network.app.base}/voice", "POST")
    assert number.capabilities == {"voice": True, "sms": True, "mms": False, "fax": False}
    assert network.twilio().incoming_phone_numbers(number.sid).fetch().phone_number == LINE


def test_a_number_keeps_its_identifier_when_the_company_opens_again() -> None:
    sids = set()
    for _ in range(2):
        directory = Directory(lines={LINE: Line(LINE, "http://127.0.0.1:9/voice")})
        with EmbeddedCarrier(directory, clock=SteppedClock()) as carrier:
            (number,) = twilio_client(carrier).incoming_phone_numbers.list()
            sids.add(number.sid)
    assert len(sids) == 1


def test_the_next_call_goes_to_the_new_address_by_the_new_method(network: Network) -> None:
    network.app.on("/new", twiml("<Say>New here</Say>"))
    number = the_number(network).update(voice_url=f"{network.app.base}/new", voice_method="GET")
    assert (number.voice_url, number.voice_method) == (f"{network.app.base}/new", "GET")
    network.call()
    assert network.hear_all() == ["New here"]
    assert [request.method for request in network.app.to("/new")] == ["GET"]


def test_a_new_fallback_is_asked_and_a_new_status_callback_told(network: Network) -> None:
    network.app.on("/fallback", twiml("<Say>Fallen back</Say>")).on("/over", "")
    base = network.app.base
    the_number(network).update(
        voice_url=f"{base}/gone", voice_fallback_url=f"{base}/fallback",
        voice_fallback_method="GET", status_callback=f"{base}/over", status_callback_method="GET",
    )  # fmt: skip
    network.call()
    assert network.hear_all() == ["Fallen back"]
    assert network.app.to("/fallback")[0].fields["ErrorCode"] == "11200"
    (told,) = network.app.wait_for("/over")
    assert (told.method, told.fields["CallStatus"]) == ("GET", "completed")


def test_the_addresses_for_texts_are_changed_and_an_empty_one_is_none(network: Network) -> None:
    number = the_number(network)
    base = network.app.base
    number = number.update(
        sms_url=f"{base}/text", sms_method="GET", sms_fallback_url=f"{base}/other",
        sms_fallback_method="GET", friendly_name="Front desk",
    )  # fmt: skip
    line = network.carrier.carrier.directory.lines[LINE]
    assert (line.sms_url, line.sms_method) == (f"{base}/text", "GET")
    assert (line.sms_fallback_url, line.sms_fallback_method) == (f"{base}/other", "GET")
    assert number.friendly_name == "Front desk"
    number = number.update(sms_url="", sms_fallback_url="", friendly_name="")
    assert (number.sms_url, number.sms_fallback_url, number.friendly_name) == ("", "", LINE)
    assert number.voice_url == f"{base}/voice"


def test_an_update_that_says_nothing_changes_nothing(network: Network) -> None:
    before = network.carrier.carrier.directory.lines[LINE]
    the_number(network).update()
    assert network.carrier.carrier.directory.lines[LINE] == before


def test_a_line_without_an_address_says_the_canned_words(network: Network) -> None:
    the_number(network).update(voice_url="")
    network.call()
    assert network.hear_all() != []
    assert network.event("error")["code"] == 11100


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"voice_url": "/voice"}, 21402),
        ({"status_callback": "mailto:somebody"}, 21402),
        ({"voice_method": "PUT"}, 21403),
        ({"sms_method": "get"}, 21403),
        ({"friendly_name": "x" * 65}, 20002),
        ({"voice_url": "", "voice_fallback_url": "http://127.0.0.1:9/x"}, 21405),
        ({"sms_fallback_url": "http://127.0.0.1:9/x"}, 21406),
        ({"account_sid": "AC" + "f" * 32}, 21471),
        ({"account_sid": "AC1"}, 20001),
        ({"trunk_sid": "TK" + "0" * 32}, 20001),
    ],
)
def test_an_update_that_twilio_refuses_is_refused_and_changes_nothing(
    network: Network, fields: dict[str, str], code: int
) -> None:
    before = network.carrier.carrier.directory.lines[LINE]
    assert refusal(the_number(network).update, **fields) == (400, code)
    assert network.carrier.carrier.directory.lines[LINE] == before


def test_lists_are_filtered_by_number_and_name(network: Network) -> None:
    numbers = network.twilio().incoming_phone_numbers
    numbers.create(phone_number=OTHER, friendly_name="Second")

    def listed(**filters: str) -> list[str]:
        return [number.phone_number for number in numbers.list(**filters)]

    assert listed() == [OTHER, LINE]
    assert listed(phone_number=LINE) == listed(phone_number="+4684650040*", origin="twilio")[1:]
    assert listed(phone_number="500401") == [OTHER]
    assert listed(phone_number="+1*") == []
    assert listed(friendly_name="Second") == [OTHER]
    assert listed(friendly_name="Sec") == []
    assert listed(origin="hosted") == []
    assert listed(beta="true") == [OTHER, LINE]


def test_a_new_number_can_be_called_at_once(network: Network) -> None:
    network.app.on("/second", twiml("<Say>The second line</Say>"))
    number = network.twilio().incoming_phone_numbers.create(
        phone_number="+46 8 465 004 01", voice_url=f"{network.app.base}/second"
    )
    assert number.phone_number == OTHER
    network.phone.dial(OTHER, CALLER)
    assert said(network.phone.until("ended")) == ["The second line"]


def test_a_number_of_an_area_is_one_of_those_reserved_for_fiction(network: Network) -> None:
    numbers = network.twilio().incoming_phone_numbers
    taken = [numbers.create(area_code="202").phone_number for _ in range(2)]
    assert taken == ["+12025550100", "+12025550101"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 21401),
        ({"phone_number": "12"}, 21421),
        ({"phone_number": LINE}, 21422),
        ({"phone_number": TEAM}, 21422),
        ({"area_code": "12"}, 21451),
        ({"area_code": "911x"}, 21451),
        ({"phone_number": OTHER, "voice_url": "here"}, 21402),
    ],
)
def test_a_number_that_nobody_can_take_is_refused(
    network: Network, fields: dict[str, str], code: int
) -> None:
    network.carrier.carrier.directory.people[TEAM] = Person("busy")
    assert refusal(network.twilio().incoming_phone_numbers.create, **fields) == (400, code)
    assert list(network.carrier.carrier.directory.lines) == [LINE]


def test_a_number_that_was_given_back_is_nobodys(network: Network) -> None:
    number = the_number(network)
    assert number.delete() is True
    assert refusal(number.fetch) == (404, 20404)
    assert refusal(number.update, friendly_name="Mine") == (404, 20404)
    assert refusal(
        network.twilio().calls.create, to=TEAM, from_=LINE, twiml="<Response/>"
    ) == (400, 21210)  # fmt: skip


def test_a_call_in_names_its_number(network: Network) -> None:
    network.app.on("/voice", twiml())
    network.call()
    network.phone.until("ended")
    (call,) = network.twilio().calls.list()
    assert call.phone_number_sid == the_number(network).sid
