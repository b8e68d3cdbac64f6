"""What a number's own status callback is told."""

import pytest
from twilio.request_validator import RequestValidator
from werkzeug import Response

from ivr.simulator import Line
from tests.simulator.application import LINE, Application, Network, eventually, twiml


@pytest.fixture
def line(app: Application) -> Line:
    return Line(LINE, f"{app.base}/voice", status_callback=f"{app.base}/status")


def test_it_is_told_once_when_the_call_ends(network: Network) -> None:
    network.app.on("/voice", twiml("<Pause length='61'/>")).on("/status", Response(status=204))
    network.call()
    network.phone.until("ended")
    (request,) = network.app.wait_for("/status")
    fields = request.fields
    assert fields["CallSid"] == network.event("ended")["call_sid"]
    assert (fields["CallStatus"], fields["CallDuration"], fields["Duration"]) == (
        "completed", "61", "2",
    )  # fmt: skip
    assert (fields["SequenceNumber"], fields["CallbackSource"]) == ("0", "call-progress-events")
    validator = RequestValidator(network.carrier.carrier.settings.auth_token)
    assert validator.validate(request.url, fields, request.headers["X-Twilio-Signature"])
    assert network.codes() == []


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_it_is_told_of_a_rejected_call(network: Network, reason: str, status: str) -> None:
    network.app.on("/voice", twiml(f"<Reject reason='{reason}'/>")).on("/status", "")
    network.call()
    (request,) = network.app.wait_for("/status")
    assert (request.fields["CallStatus"], request.fields["CallDuration"]) == (status, "0")


def test_it_is_told_of_a_caller_who_hangs_up(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather/>")).on("/status", "")
    network.call()
    network.phone.until_my_move()
    network.phone.hang_up()
    (request,) = network.app.wait_for("/status")
    assert request.fields["CallStatus"] == "completed"


def test_an_error_as_its_answer_is_a_warning_and_is_not_repeated(network: Network) -> None:
    network.app.on("/voice", twiml()).on("/status", Response(status=500))
    network.call()
    network.phone.until("ended")
    eventually(lambda: network.codes() == [15003])
    assert len(network.app.to("/status")) == 1
