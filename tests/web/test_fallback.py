"""The carrier's fallback address: an apology and a person, with nothing else of ours working."""

from __future__ import annotations

import pytest

from ivr.flow.language import load_languages
from tests.web.calling import FALLBACK, PUBLIC, Carrier
from tests.web.serving import Told

PHRASES = {code: language.phrases for code, language in load_languages().items()}


@pytest.mark.parametrize("code", sorted(PHRASES))
def test_the_language_is_that_of_the_address_that_failed(carrier: Carrier, code: str) -> None:
    failed = f"{PUBLIC}/voice/turn/4?l={code}"
    say, dial = carrier.post("/voice/fallback", ErrorCode="11200", ErrorUrl=failed).verbs
    assert say.text == PHRASES[code].apology
    assert [number.text for number in dial] == [FALLBACK]


@pytest.mark.parametrize(
    "failed", ["", "/voice", "http://[", "not an address", "?l=xx", "?" + "l&" * 500, "\x00"]
)
def test_whatever_failed_there_is_an_apology(carrier: Carrier, failed: str) -> None:
    assert PHRASES["fi"].apology in carrier.post("/voice/fallback", ErrorUrl=failed).spoken


def test_it_does_without_a_call_and_without_the_service(carrier: Carrier, calls: Told) -> None:
    calls.fails = RuntimeError("nothing works")
    assert PHRASES["sv"].apology in carrier.get("/voice/fallback?l=sv", call_id="").spoken
    assert calls.told == []


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled", ""])
def test_when_the_fallback_number_does_not_answer_the_caller_is_told_so(
    carrier: Carrier, status: str
) -> None:
    say, end = carrier.post("/voice/fallback/ended?l=nb", DialCallStatus=status).verbs
    assert (say.text, end.tag) == (PHRASES["nb"].nobody, "Hangup")


def test_when_the_two_have_spoken_the_call_ends_without_a_word(carrier: Carrier) -> None:
    (end,) = carrier.post("/voice/fallback/ended?l=nb", DialCallStatus="completed").verbs
    assert end.tag == "Hangup"
