"""What Twilio's forms say, and how little hostile ones can do."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.carrier.forms import (
    BadFormError,
    CallFacts,
    RecordingFacts,
    read_call,
    read_input,
    read_recording,
)
from ivr.flow.inputs import ConnectionEnded, Input, MessageLeft, Pressed, Said, Silent

CALL = "CA" + "0a" * 16
RECORDING = "https://api.example.com/2010-04-01/Accounts/AC1/Recordings/RE1"
FIELDS = """
    CallSid From To CallStatus Digits SpeechResult Confidence RecordingUrl RecordingDuration
    RecordingSid RecordingStatus DialCallStatus DialCallDuration FromCountry ForwardedFrom
""".split()


@pytest.mark.parametrize(
    ("form", "heard"),
    [
        ({"Digits": "1", "FinishedOnKey": ""}, Pressed("1")),
        ({"Digits": "12*#"}, Pressed("12*#")),
        ({"Digits": ""}, Silent()),
        ({}, Silent()),
        ({"SpeechResult": "An invoice.", "Confidence": "0.91"}, Said("An invoice.", 0.91)),
        ({"SpeechResult": "lasku"}, Said("lasku", None)),
        ({"SpeechResult": "  "}, Silent()),
        ({"Digits": "2", "SpeechResult": "two"}, Pressed("2")),
        (
            {"RecordingUrl": RECORDING, "RecordingDuration": "17", "Digits": "hangup"},
            MessageLeft(RECORDING, 17),
        ),
        (
            {"RecordingUrl": RECORDING, "RecordingDuration": "4", "Digits": "#"},
            MessageLeft(RECORDING, 4, "#"),
        ),
        ({"RecordingUrl": RECORDING}, MessageLeft(RECORDING, 0)),
    ],
)
def test_what_the_caller_did_is_read(form: dict[str, str], heard: Input) -> None:
    assert read_input(form) == heard


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("completed", "completed"),
        ("answered", "completed"),
        ("busy", "busy"),
        ("no-answer", "no_answer"),
        ("failed", "failed"),
        ("canceled", "canceled"),
        ("something-new", "failed"),
    ],
)
def test_how_a_connection_ended_is_read(status: str, outcome: str) -> None:
    heard = read_input({"DialCallStatus": status, "DialCallDuration": "61"})
    assert isinstance(heard, ConnectionEnded)
    assert (heard.outcome, heard.seconds) == (outcome, 61)


def test_a_recorded_conversation_is_not_a_message() -> None:
    form = {"DialCallStatus": "completed", "RecordingUrl": RECORDING}
    assert read_input(form) == ConnectionEnded("completed", 0)


@pytest.mark.parametrize(
    "form",
    [
        {"Digits": "\x00"},
        {"Digits": "one"},
        {"Digits": "١"},
        {"SpeechResult": "\x00\x07 \ud800"},
        {"RecordingUrl": "javascript:alert(1)"},
        {"RecordingUrl": "https://x/\n"},
        {"RecordingUrl": "https://x/" + "y" * 5_000},
    ],
)
def test_what_cannot_be_understood_is_silence(form: dict[str, str]) -> None:
    assert read_input(form) == Silent()


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", 1.0), ("-1", 0.0), ("nan", None), ("inf", None), ("", None), ("0,9", None)],
)
def test_a_confidence_is_from_0_to_1_or_not_told(text: str, value: float | None) -> None:
    assert read_input({"SpeechResult": "yes", "Confidence": text}) == Said("yes", value)


@pytest.mark.parametrize("text", ["-1", "1e3", "٣", "9" * 5_000, "", "NaN", "1.5"])
def test_a_senseless_duration_is_0(text: str) -> None:
    form = {"RecordingUrl": RECORDING, "RecordingDuration": text}
    assert read_input(form) == MessageLeft(RECORDING, 0)


def test_ten_megabytes_of_keys_become_a_few() -> None:
    heard = read_input({"Digits": "1" * 10_000_000})
    assert isinstance(heard, Pressed)
    assert len(heard.keys) <= 32


@given(form=st.dictionaries(st.sampled_from(FIELDS), st.text(st.characters(), max_size=60)))
def test_whatever_the_form_holds_the_engine_is_handed_something_small(form: dict[str, str]) -> None:
    match read_input(form):
        case Pressed(keys):
            assert keys and set(keys) <= set("0123456789*#")
        case Said(words, confidence):
            assert words == words.strip() and 0 < len(words.encode()) <= 4_000
            assert not any(character < " " for character in words)
            assert confidence is None or (math.isfinite(confidence) and 0 <= confidence <= 1)
        case MessageLeft(url, seconds, key):
            assert url.startswith(("http://", "https://")) and seconds >= 0 and len(key) <= 1
        case ConnectionEnded(_, seconds):
            assert seconds >= 0


def test_every_request_says_which_call_it_is_about() -> None:
    form = {
        "CallSid": CALL,
        "From": "+46701740605",
        "To": "+46846500400",
        "CallStatus": "in-progress",
        "FromCountry": "SE",
        "ForwardedFrom": "+46313900600",
        "SomethingNew": "x",
    }
    assert read_call(form) == CallFacts(
        CALL, "+46701740605", "+46846500400", "in-progress", "SE", "+46313900600"
    )


@pytest.mark.parametrize(
    "call_id", ["", "CA1", CALL.upper(), CALL + "\n", CALL + "0", "SM" + "0" * 32, "CA" + "٣" * 32]
)
def test_a_form_without_a_call_is_refused_in_a_sentence(call_id: str) -> None:
    with pytest.raises(BadFormError, match="names no call"):
        read_call({"CallSid": call_id})


def test_the_facts_of_a_call_are_short_and_printable() -> None:
    facts = read_call({"CallSid": CALL, "From": "\x00" * 9 + "a" * 999, "CallStatus": "<b>"})
    assert facts.caller == "a" * 247
    assert facts.status == ""


def test_a_recordings_callback_is_read() -> None:
    recording = "RE" + "0" * 32
    form = {
        "CallSid": CALL,
        "RecordingSid": recording,
        "RecordingUrl": RECORDING,
        "RecordingStatus": "completed",
        "RecordingDuration": "12",
    }
    assert read_recording(form) == RecordingFacts(recording, RECORDING, "ready", 12)
    with pytest.raises(BadFormError, match="names no recording"):
        read_recording({"CallSid": CALL})


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("completed", "ready"),
        ("absent", "failed"),
        ("failed", "failed"),
        ("in-progress", "under_way"),
        ("something-new", "under_way"),
        ("", "under_way"),
    ],
)
def test_a_recording_can_be_heard_now_or_never_or_not_yet(status: str, state: str) -> None:
    facts = read_recording({"RecordingSid": "RE" + "0" * 32, "RecordingStatus": status})
    assert (facts.state, facts.seconds) == (state, None)
