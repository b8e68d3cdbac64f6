"""What a caller hears when something of ours fails, over real HTTP: an apology and a person."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import requests

from ivr.carrier.signature import sign
from ivr.cli.http_stage import HttpStage, http_stage
from ivr.config import Config
from ivr.flow.language import load_languages

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SWEDE = "+46701740605"
CALL = "CA" + "3" * 32
CANNED = "application error"


def post(stage: HttpStage, path: str, fields: dict[str, str]) -> requests.Response:
    """A request as the carrier would sign and send it."""
    line = next(iter(stage.carrier.carrier.directory.lines.values()))
    url = line.voice_url.removesuffix("/voice") + path
    token = stage.carrier.carrier.settings.auth_token
    headers = {"X-Twilio-Signature": sign(token, url, list(fields.items()))}
    return requests.post(url, data=fields, headers=headers, timeout=15)


def fields(config: Config, **more: str) -> dict[str, str]:
    line = next(iter(config.lines.values()))
    common = {"CallSid": CALL, "From": SWEDE, "To": line.number, "CallStatus": "in-progress"}
    return common | more


def test_with_the_store_stopped_in_a_call_the_caller_is_put_through_in_their_language(
    own_stage: HttpStage, config: Config
) -> None:
    call = own_stage.telephone_at(WEDNESDAY, "main", SWEDE)
    call.dial()
    call.press("1")
    finnish = load_languages()["fi"].phrases
    own_stage.store.stop()
    call.press("1")
    assert finnish.apology in call.heard
    assert CANNED not in call.heard
    assert (call.state, call.ringing) == ("ringing", config.fallback.number)
    call.connect("no_answer")
    assert finnish.nobody in call.heard
    assert call.state == "ended"
    call.close()


def test_with_a_store_that_hangs_the_caller_is_put_through_before_the_carrier_gives_up(
    own_stage: HttpStage, config: Config
) -> None:
    pid = own_stage.store.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        call = own_stage.telephone_at(WEDNESDAY, "main", SWEDE)
        call.dial()
        assert CANNED not in call.heard
        assert (call.state, call.ringing) == ("ringing", config.fallback.number)
        call.close()
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.slow
def test_an_answer_later_than_the_carrier_waits_is_an_apology_all_the_same(config: Config) -> None:
    with http_stage(config, carrier_patience=1.0) as hasty:
        call = hasty.telephone_at(WEDNESDAY, "main", SWEDE)
        call.dial()
        call.press("3")
        pid = hasty.store.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            call.press("1")
        finally:
            os.kill(pid, signal.SIGCONT)
        assert load_languages()["nb"].phrases.apology in call.heard
        assert (call.state, call.ringing) == ("ringing", config.fallback.number)
        asked = [entry.url for entry in hasty.carrier.carrier.journal.exchanges]
        assert any("/voice/fallback" in url for url in asked)
        call.close()


@pytest.mark.slow
def test_after_the_store_is_back_calls_are_answered_again(
    own_stage: HttpStage, config: Config
) -> None:
    own_stage.store.stop()
    own_stage.store.start()
    call = own_stage.telephone_at(WEDNESDAY, "main", SWEDE)
    call.dial()
    assert call.state == "listening"
    call.hang_up()
    call.close()


def test_state_survives_a_stop_of_the_store_in_the_middle_of_a_call(
    own_stage: HttpStage, config: Config
) -> None:
    call = own_stage.telephone_at(WEDNESDAY, "main", SWEDE)
    call.dial()
    call.press("4")
    asked = call.heard
    own_stage.store.stop()
    own_stage.store.start()
    call.press("9")
    english = load_languages()["en"].phrases
    assert english.not_understood in call.heard
    assert asked not in call.heard
    call.hang_up()
    call.close()


def test_a_turn_delivered_at_once_by_many_connections_is_answered_once(
    stage: HttpStage, config: Config
) -> None:
    post(stage, "/voice", fields(config))
    with ThreadPoolExecutor(12) as pool:
        answers = list(
            pool.map(
                lambda key: post(stage, "/voice/turn/2?l=fi", fields(config, Digits=key)),
                "123412341234",
            )
        )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1


def test_statuses_in_any_order_leave_the_call_as_it_is(stage: HttpStage, config: Config) -> None:
    call = {"CallSid": "CA" + "4" * 32}
    first = post(stage, "/voice", fields(config) | call)
    for status in ("completed", "ringing", "in-progress", "completed", "no-such-status"):
        told = fields(config, SequenceNumber="1") | call | {"CallStatus": status}
        assert post(stage, "/voice/status", told).status_code == 204
    assert post(stage, "/voice", fields(config) | call).text == first.text


@pytest.mark.parametrize(
    "path", ["/voice", "/voice/turn/2?l=sv", "/voice/fallback", "/voice/status"]
)
def test_a_request_that_the_carrier_did_not_sign_is_refused(stage: HttpStage, path: str) -> None:
    line = next(iter(stage.carrier.carrier.directory.lines.values()))
    url = line.voice_url.removesuffix("/voice") + path
    answer = requests.post(url, data={"CallSid": CALL}, timeout=15)
    assert answer.status_code == 403
    assert "\n" not in answer.text.strip()
