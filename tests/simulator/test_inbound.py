"""A caller phones a line: what the application is asked, and with what."""

import re
import threading

import pytest
from twilio.request_validator import RequestValidator
from werkzeug import Request, Response

from ivr.simulator import Line
from tests.simulator.application import CALLER, LINE, Application, Network, twiml

GATHER = "<Gather numDigits='1' action='/next'><Say>Press a key</Say></Gather>"


def test_the_first_request_is_ringing_and_later_ones_are_in_progress(network: Network) -> None:
    network.app.on("/voice", twiml(GATHER)).on("/next", twiml("<Hangup/>"))
    network.call()
    network.phone.until_my_move()
    network.phone.press("1")
    network.phone.until("ended")
    assert network.app.fields("/voice")["CallStatus"] == "ringing"
    assert network.app.fields("/next")["CallStatus"] == "in-progress"


def test_every_standard_field_of_an_inbound_call_is_sent(network: Network) -> None:
    network.app.on("/voice", twiml())
    network.call()
    network.phone.until("ended")
    fields = network.app.fields("/voice")
    assert re.fullmatch("CA[0-9a-f]{32}", fields.pop("CallSid"))
    assert fields.pop("CallToken")
    assert fields == {
        "AccountSid": network.carrier.carrier.settings.account_sid,
        "ApiVersion": "2010-04-01",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": CALLER, "Caller": CALLER, "To": LINE, "Called": LINE,
        "FromCity": "", "FromState": "", "FromZip": "", "FromCountry": "SE",
        "ToCity": "", "ToState": "", "ToZip": "", "ToCountry": "SE",
        "CallerCity": "", "CallerState": "", "CallerZip": "", "CallerCountry": "SE",
        "CalledCity": "", "CalledState": "", "CalledZip": "", "CalledCountry": "SE",
    }  # fmt: skip


def test_a_withheld_caller_arrives_as_anonymous_on_a_keypad_from_lesotho(network: Network) -> None:
    network.app.on("/voice", twiml())
    network.phone.dial(LINE, "withheld")
    network.phone.until("ended")
    fields = network.app.fields("/voice")
    assert (fields["From"], fields["FromCountry"]) == ("+266696687", "LS")


def test_the_signature_is_the_one_that_the_official_validator_wants(network: Network) -> None:
    network.app.on("/voice", twiml(GATHER)).on("/next", twiml())
    network.call()
    network.phone.until_my_move()
    network.phone.press("1")
    network.phone.until("ended")
    validator = RequestValidator(network.carrier.carrier.settings.auth_token)
    for request in network.app.seen:
        signature = request.headers["X-Twilio-Signature"]
        assert validator.validate(request.url, request.fields, signature)
        assert not validator.validate(request.url, {**request.fields, "To": "1"}, signature)


class TestAsked:
    """A number that is asked with GET."""

    @pytest.fixture
    def line(self, app: Application) -> Line:
        return Line(LINE, f"{app.base}/voice?shop=3#rc=0", voice_method="GET")

    def test_by_get_the_fields_stand_in_the_query_and_are_signed_there(
        self, network: Network
    ) -> None:
        network.app.on("/voice", twiml())
        network.call()
        network.phone.until("ended")
        (request,) = network.app.to("/voice")
        assert request.method == "GET"
        assert (request.fields["shop"], request.fields["From"]) == ("3", CALLER)
        assert "#" not in request.url
        validator = RequestValidator(network.carrier.carrier.settings.auth_token)
        assert validator.validate(request.url, {}, request.headers["X-Twilio-Signature"])


def test_cookies_are_kept_for_the_call_and_no_longer(network: Network) -> None:
    def voice(request: Request) -> Response:
        response = Response(twiml(GATHER), mimetype="text/xml")
        response.set_cookie("basket", "7")
        return response

    network.app.on("/voice", voice).on("/next", twiml())
    for _ in range(2):
        network.call()
        network.phone.until_my_move()
        network.phone.press("1")
        network.phone.until("ended")
    assert [request.headers.get("Cookie") for request in network.app.seen] == [
        None, "basket=7", None, "basket=7",
    ]  # fmt: skip


def test_every_request_bears_an_idempotency_token_of_its_own(network: Network) -> None:
    network.app.on("/voice", twiml(GATHER)).on("/next", twiml())
    network.call()
    network.phone.until_my_move()
    network.phone.press("1")
    network.phone.until("ended")
    tokens = [request.headers["I-Twilio-Idempotency-Token"] for request in network.app.seen]
    assert len(set(tokens)) == len(tokens) == 2


def test_a_document_that_ends_ends_the_call(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Goodbye</Say>"))
    network.call()
    network.phone.until("ended")
    ended = network.event("ended")
    assert (ended["status"], ended["reason"]) == ("completed", "the document ended")


def test_a_caller_who_hangs_up_while_the_application_thinks_leaves_at_once(
    network: Network,
) -> None:
    network.app.on("/voice", lambda request: (hung_up.wait(10), twiml("<Say>Too late</Say>"))[1])

    hung_up = threading.Event()
    network.call()
    network.app.wait_for("/voice")
    network.phone.hang_up()
    ended = network.phone.until("ended")[-1]
    hung_up.set()
    assert ended["status"] == "no-answer"
    assert "said" not in network.kinds()


def test_a_url_is_phoned_directly_without_any_line(network: Network) -> None:
    network.app.on("/elsewhere", twiml("<Say>Hello</Say>"))
    network.phone.dial(f"{network.app.base}/elsewhere")
    assert network.hear_all() == ["Hello"]
    assert network.app.fields("/elsewhere")["To"] == "+12025550100"
