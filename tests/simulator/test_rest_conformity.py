"""The judge of answers, judged: what Twilio could not have answered is found."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.application import LINE, TEAM, Network
from tests.simulator.conformity import Nonconforming, judge_answer
from tests.simulator.rest_requests import Answered, ask

Spoil = Callable[[dict[str, Any]], None]


@pytest.fixture
def created(network: Network) -> Answered:
    fields = {"To": TEAM, "From": LINE, "Twiml": "<Response/>"}
    return ask(network.carrier, "POST", "/Calls.json", fields)


def judge(network: Network, status: int, body: dict[str, Any] | str) -> None:
    path = f"/2010-04-01/Accounts/{network.carrier.carrier.settings.account_sid}/Calls.json"
    judge_answer("POST", path, status, body if isinstance(body, str) else json.dumps(body))


def test_an_answer_as_it_is_passes(network: Network, created: Answered) -> None:
    judge(network, created.status, created.body)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda call: call.update(status="dialling"), "$.status: 'dialling' is not one of"),
        (lambda call: call.update(status=None), "$.status: None is not one of"),
        (lambda call: call.update(sid="CAxyz"), "$.sid: 'CAxyz' does not match"),
        (lambda call: call.update(sid="SM" + "0" * 32), "$.sid"),
        (lambda call: call.update(duration=8), "$.duration: 8 is not of type"),
        (lambda call: call.update(date_created="2026-11-23T09:00:00Z"), "$.date_created"),
        (lambda call: call.update(date_created="Mon, 23 Nov 2026 09:00:00 +0100"), "$.date_c"),
        (lambda call: call.update(price_unit="euro"), "$.price_unit"),
        (lambda call: call.update(colour="red"), "$.colour is not in the schema"),
        (lambda call: call.pop("queue_time"), "$.queue_time is missing"),
    ],
)
def test_an_answer_that_twilio_could_not_give_is_found(
    network: Network, created: Answered, spoil: Spoil, complaint: str
) -> None:
    spoil(created.body)
    with pytest.raises(Nonconforming) as raised:
        judge(network, created.status, created.body)
    assert complaint in str(raised.value)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda page: page["calls"][0].update(status="over"), "$.calls[0].status"),
        (lambda page: page["calls"][0].pop("to"), "$.calls[0].to is missing"),
        (lambda page: page.update(next_page_uri="Calls.json"), "$.next_page_uri"),
        (lambda page: page.pop("end"), "$.end is missing"),
        (lambda page: page.update(page="0"), "$.page"),
    ],
)
def test_a_list_that_twilio_could_not_give_is_found(
    network: Network, created: Answered, spoil: Spoil, complaint: str
) -> None:
    listed = ask(network.carrier, "GET", "/Calls.json")
    path = f"/2010-04-01/Accounts/{created.body['account_sid']}/Calls.json"
    judge_answer("GET", path, 200, json.dumps(listed.body))
    spoil(listed.body)
    with pytest.raises(Nonconforming) as raised:
        judge_answer("GET", path, 200, json.dumps(listed.body))
    assert complaint in str(raised.value)


def test_another_status_than_twilios_is_found(network: Network, created: Answered) -> None:
    with pytest.raises(Nonconforming, match="status 200, and CreateCall has"):
        judge(network, 200, created.body)


def test_an_answer_where_twilio_has_nothing_is_found(network: Network) -> None:
    with pytest.raises(Nonconforming, match="which Twilio does not have"):
        judge_answer("GET", "/2010-04-01/Accounts/AC1/Nonsense.json", 200, "{}")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda error: error.pop("more_info"), "an error has"),
        (lambda error: error.update(status=401), "the body says 401"),
        (lambda error: error.update(code="20404"), "is no number"),
        (lambda error: error.update(message=""), "the message is empty"),
        (lambda error: error.update(more_info="https://www.twilio.com"), "more_info is"),
    ],
)
def test_an_error_that_is_not_in_twilios_shape_is_found(
    network: Network, spoil: Spoil, complaint: str
) -> None:
    answered = ask(network.carrier, "GET", "/Nonsense.json")
    judge(network, answered.status, answered.body)
    spoil(answered.body)
    with pytest.raises(Nonconforming, match=complaint):
        judge(network, answered.status, answered.body)
