"""What the service is told of each request, and what the caller hears when it fails."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from ivr.flow.inputs import ConnectionEnded, Input, MessageLeft, Pressed, Said, Silent
from ivr.flow.language import load_languages
from tests.web.calling import CALL, CALLER, FALLBACK, LINE, PUBLIC, Carrier, is_sentence
from tests.web.conftest import NOW
from tests.web.serving import Told

RECORDING = "https://api.example.com/2010-04-01/Accounts/AC1/Recordings/RE1"


def test_a_call_that_comes_in_arrives(carrier: Carrier, calls: Told) -> None:
    carrier.post("/voice", CallStatus="ringing")
    assert calls.told == [("arrive", CALL, LINE, CALLER, NOW)]


@pytest.mark.parametrize("raw", ["+266696687", "anonymous", "", LINE, "sip:a@example.com"])
def test_a_withheld_caller_has_no_number(carrier: Carrier, calls: Told, raw: str) -> None:
    carrier.post("/voice", From=raw)
    assert calls.told == [("arrive", CALL, LINE, None, NOW)]


@pytest.mark.parametrize(
    ("fields", "heard"),
    [
        ({"Digits": "1"}, Pressed("1")),
        ({"SpeechResult": "en räkning", "Confidence": "0.9"}, Said("en räkning", 0.9)),
        ({}, Silent()),
        ({"Digits": ""}, Silent()),
        ({"DialCallStatus": "no-answer"}, ConnectionEnded("no_answer", 0)),
        ({"RecordingUrl": RECORDING, "RecordingDuration": "9"}, MessageLeft(RECORDING, 9)),
    ],
)
def test_a_turn_is_taken_with_what_the_caller_did(
    carrier: Carrier, calls: Told, fields: dict[str, Any], heard: Input
) -> None:
    carrier.post("/voice/turn/7?l=sv", **fields)
    assert calls.told == [("turn", CALL, 7, heard, LINE, CALLER, NOW)]


def test_the_state_of_a_call_is_noted_and_answered_with_nothing(
    carrier: Carrier, calls: Told
) -> None:
    reply = carrier.post(
        "/voice/status", CallStatus="completed", SequenceNumber="3", CallDuration="61"
    )
    assert (reply.status, reply.body) == (204, b"")
    assert calls.told == [("status", CALL, "completed", 3, 61, NOW)]


@pytest.mark.parametrize("wrong", ["", "-1", "three", "9" * 400])
def test_senseless_numbers_of_a_status_are_not_told(
    carrier: Carrier, calls: Told, wrong: str
) -> None:
    carrier.post("/voice/status", CallStatus="busy", SequenceNumber=wrong, CallDuration=wrong)
    assert calls.told == [("status", CALL, "busy", None, None, NOW)]


def test_a_recording_is_noted_when_it_can_be_heard_or_never_will(
    carrier: Carrier, calls: Told
) -> None:
    def tell(status: str) -> int:
        return carrier.post(
            "/voice/recording",
            RecordingSid="RE" + "0" * 32,
            RecordingUrl=RECORDING,
            RecordingStatus=status,
            RecordingDuration="9",
        ).status

    assert [tell(status) for status in ("in-progress", "completed", "absent")] == [204] * 3
    assert calls.told == [
        ("recording", CALL, RECORDING, "ready", 9, NOW),
        ("recording", CALL, RECORDING, "failed", 9, NOW),
    ]


def test_a_recording_that_is_not_named_is_refused_in_a_sentence(carrier: Carrier) -> None:
    reply = carrier.post("/voice/recording", RecordingUrl=RECORDING)
    assert reply.status == 400
    assert is_sentence(reply.text)


@pytest.mark.parametrize("code", sorted(load_languages()))
def test_a_failure_is_an_apology_in_the_callers_language_and_a_person(
    carrier: Carrier, calls: Told, code: str
) -> None:
    calls.fails = RuntimeError("the store is down")
    reply = carrier.post(f"/voice/turn/2?l={code}", Digits="1")
    say, dial = reply.verbs
    assert say.text == load_languages()[code].phrases.apology
    assert [number.text for number in dial] == [FALLBACK]
    assert dial.get("action") == f"{PUBLIC}/voice/fallback/ended?l={code}"


@pytest.mark.parametrize("path", ["/voice", "/voice/turn/2", "/voice/turn/2?l=xx", "/voice?l=%ff"])
def test_a_failure_without_a_known_language_is_told_in_the_first_one(
    carrier: Carrier, calls: Told, path: str
) -> None:
    calls.fails = RuntimeError("the store is down")
    assert load_languages()["fi"].phrases.apology in carrier.post(path).spoken


@pytest.mark.parametrize("path", ["/voice", "/voice/fallback"])
def test_before_a_language_is_chosen_the_callers_number_tells_it(
    carrier: Carrier, calls: Told, path: str
) -> None:
    calls.fails = RuntimeError("the store is down")
    reply = carrier.post(path, From="+442079460123")
    assert load_languages()["en"].phrases.apology in reply.spoken


def test_the_reason_of_a_failure_is_in_the_log(
    carrier: Carrier, calls: Told, caplog: pytest.LogCaptureFixture
) -> None:
    calls.fails = RuntimeError("the store is down")
    with caplog.at_level(logging.ERROR, logger="ivr.web"):
        carrier.post("/voice")
    assert "the store is down" in caplog.text
    assert "the store is down" not in carrier.post("/voice").text


@pytest.mark.parametrize("path", ["/voice/status", "/voice/recording"])
def test_news_that_could_not_be_noted_may_be_sent_again(
    carrier: Carrier, calls: Told, path: str
) -> None:
    calls.fails = RuntimeError("the store is down")
    reply = carrier.post(
        path,
        RecordingSid="RE" + "0" * 32,
        RecordingUrl=RECORDING,
        RecordingStatus="completed",
    )
    assert reply.status == 503
    assert is_sentence(reply.text)


@pytest.mark.parametrize("turn", ["0x1", "-1", "1.5", "", "100001", "9" * 4_000])
def test_a_turn_that_is_no_number_is_nowhere(carrier: Carrier, calls: Told, turn: str) -> None:
    reply = carrier.post(f"/voice/turn/{turn}?l=fi")
    assert reply.status == 404
    assert is_sentence(reply.text)
    assert calls.told == []
