"""Texts when things go wrong on the way, toward the application and toward the client."""

from typing import Any

import pytest
import requests
from werkzeug import Response

from tests.simulator.application import LINE, twiml
from tests.simulator.messaging.office import PERSON, Office


def fault(office: Office, **rule: Any) -> None:
    office.carrier.carrier.faults.add(rule)


def test_a_status_callback_may_be_told_twice(office: Office) -> None:
    office.app.on("/status", Response(status=204))
    fault(office, strikes="callbacks", does="repeated", purpose="message-status")
    office.send(status_callback=f"{office.app.base}/status")
    office.settle()
    assert office.told() == ["sent", "sent", "delivered", "delivered"]
    tokens = [r.headers["I-Twilio-Idempotency-Token"] for r in office.app.to("/status")]
    assert tokens[0] == tokens[1] != tokens[2] == tokens[3]


def test_status_callbacks_may_arrive_in_another_order(office: Office) -> None:
    office.app.on("/status", Response(status=204))
    fault(office, strikes="callbacks", does="reordered", times=1, seconds=30)
    office.send(status_callback=f"{office.app.base}/status")
    office.settle()
    assert office.told() == ["delivered", "sent"]


def test_a_lost_status_callback_is_not_repeated(office: Office) -> None:
    office.app.on("/status", Response(status=204))
    fault(office, strikes="callbacks", does="cut", times=1)
    sid = office.send(status_callback=f"{office.app.base}/status").sid
    office.settle()
    assert office.told() == ["delivered"]
    assert office.find(sid).status == "delivered"


def test_an_application_that_refuses_a_status_callback_changes_nothing(office: Office) -> None:
    office.app.on("/status", Response(status=500))
    sid = office.send(status_callback=f"{office.app.base}/status").sid
    office.settle()
    assert office.told() == ["sent", "delivered"]
    assert office.codes == [15003, 15003]
    assert office.find(sid).status == "delivered"


def test_a_text_may_be_put_to_the_application_twice_and_is_answered_once(
    office: Office,
) -> None:
    office.app.on("/text", twiml("<Message>Hi</Message>"))
    fault(office, strikes="documents", does="repeated", purpose="message")
    office.write("Hello?")
    first, second = office.app.to("/text")
    assert first.fields == second.fields
    token = "I-Twilio-Idempotency-Token"
    assert first.headers[token] == second.headers[token]
    replies = [m for m in office.twilio.messages.list() if m.direction != "inbound"]
    assert len(replies) == 1


def test_a_client_cannot_know_whether_a_text_was_sent_whose_answer_was_cut_off(
    office: Office,
) -> None:
    fault(office, strikes="rest", does="cut", when="after", method="POST", times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        office.send()
    (message,) = office.twilio.messages.list(to=PERSON, from_=LINE)
    assert message.status == "queued"


def test_an_answer_to_a_text_that_is_too_large_is_11750(office: Office) -> None:
    office.app.on("/text", twiml(f"<Message>{'a' * 66_000}</Message>"))
    office.write("Hello?")
    assert office.codes == [11750]
