"""Texts in the look inside."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.simulator.application import LINE, twiml
from tests.simulator.messaging.office import ANOTHER, PERSON, Office


def ask(office: Office, body: Any = None, query: str = "") -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    url = f"{office.carrier.url}/_carrier/messages{query}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data)) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_somebody_texts_a_line(office: Office) -> None:
    office.app.on("/text", twiml("<Message>Hi</Message>"))
    status, body = ask(office, {"from": "+46 70-174 06 05", "to": LINE, "body": "Hello?"})
    assert (status, body["status"], body["direction"]) == (201, "received", "inbound")
    office.settle()
    assert office.app.fields("/text")["From"] == PERSON


def test_every_text_is_shown_with_its_history(office: Office) -> None:
    office.app.on("/text", twiml("<Message>Hi</Message>"))
    office.write("Hello?")
    office.send(to=ANOTHER)
    _, body = ask(office)
    assert [(text["direction"], text["body"]) for text in body["messages"]] == [
        ("inbound", "Hello?"), ("outbound-reply", "Hi"), ("outbound-api", "Hello"),
    ]  # fmt: skip
    reply = body["messages"][1]
    assert [step["status"] for step in reply["history"]] == [
        "queued", "sending", "sent", "delivered",
    ]  # fmt: skip
    _, body = ask(office, query=f"?number={ANOTHER}".replace("+", "%2B"))
    assert [text["to"] for text in body["messages"]] == [ANOTHER]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"from": "me", "to": LINE, "body": "x"}, "from: 'me' is no number like +46701740605\n"),
        ({"from": PERSON, "to": LINE}, "body: write the words of the text\n"),
        ({"from": PERSON, "to": PERSON, "body": "x"}, f"{PERSON} is no line of this network\n"),
        ([], "the body is no JSON object\n"),
        (
            {"from": PERSON, "to": LINE, "media": ["cat"]},
            "media: 'cat' is no http:// or https:// address\n",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    office: Office, body: Any, sentence: str
) -> None:
    assert ask(office, body) == (400, sentence)
