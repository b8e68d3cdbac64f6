"""A call and whoever keeps callbacks: what goes wrong there costs the callback, not the call."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import msgspec
import pytest
from redis import Redis

from ivr.engine.call import Call
from ivr.flow.callback_talk import (
    CallbackAnswer,
    CallbackOffer,
    CallbackRequest,
    CallbackWanted,
    Promised,
    PromiseWanted,
)
from ivr.flow.inputs import Pressed, Silent
from ivr.flow.queue_rules import QueueRules
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.calls import CallService, OneCompany
from ivr.services.deciding import CallbackAnswers
from ivr.store import keys
from ivr.store.calls import CallStore
from ivr.store.connection import StoreDown
from ivr.store.line import LineStore
from tests.support import MOBILE, SOMEBODY, WEDNESDAY, company_of

LINE, CALL = "+46846500400", "CA" + "1" * 32
WEB = Addresses("https://ringback.example.com")
FLOW = """
    languages: [en]
    start: wait
    person: wait
    nodes:
      wait: {kind: queue, queue: support, otherwise: bye}
      bye: {kind: hang_up, text: Goodbye.}
"""


class Broken:
    """Fails with this."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def answer(self, request: CallbackRequest, call: Call, now: float) -> CallbackAnswer:
        raise self.error


class Promising:
    """Offers the place, and promises it; remembers in which turns it was asked to."""

    def __init__(self) -> None:
        self.promised: list[str] = []

    def answer(self, request: CallbackRequest, call: Call, now: float) -> CallbackAnswer:
        match request:
            case CallbackWanted():
                return CallbackOffer(("place",), (), MOBILE)
            case PromiseWanted():
                self.promised.append(f"{call.id}-cb{call.turn}")
                return Promised(callback=self.promised[-1])
        raise AssertionError(request)


def service(redis: Redis, desk: CallbackAnswers) -> CallService:
    company = replace(
        company_of(main=FLOW),
        rules={"support": QueueRules(callbacks=True)},
        boards={"support": SOMEBODY},
    )
    apology = Apology(company.languages, lambda: "en", company.fallback, WEB)
    return CallService(CallStore(redis), OneCompany(company), WEB, apology, desk=desk)


def stored(redis: Redis) -> Call:
    state = redis.hget(keys.call(CALL), "state")
    return msgspec.json.decode(cast("bytes", state), type=Call)


def test_whatever_fails_there_is_logged_and_the_caller_waits(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    answer = service(redis, Broken(ValueError("no"))).arrive(CALL, LINE, MOBILE, WEDNESDAY)
    assert "<Enqueue" in answer
    assert stored(redis).waiting == "line"
    assert "CallbackWanted at main/wait failed, no callback" in caplog.text


def test_where_its_store_is_away_so_is_the_turn_s(redis: Redis) -> None:
    with pytest.raises(StoreDown):
        service(redis, Broken(StoreDown("away"))).arrive(CALL, LINE, MOBILE, WEDNESDAY)
    assert redis.hget(keys.call(CALL), "state") is None


def test_whoever_talks_of_a_callback_stands_in_the_line_until_it_is_promised(redis: Redis) -> None:
    desk = Promising()
    calls, line = service(redis, desk), LineStore(redis)
    assert "<Gather" in calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    place = line.place(CALL)
    assert place is not None and place.state == "waiting"
    calls.take_turn(CALL, 2, Pressed("1"), LINE, MOBILE, WEDNESDAY)
    assert "Good. We call you" in calls.take_turn(CALL, 3, Pressed("1"), LINE, MOBILE, WEDNESDAY)
    place = line.place(CALL)
    assert place is not None and place.state == "left"
    assert desk.promised == [f"{CALL}-cb3"]


def test_whoever_declines_waits_in_the_carrier_s_queue_at_the_place_they_have(redis: Redis) -> None:
    calls, line = service(redis, Promising()), LineStore(redis)
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    before = line.place(CALL)
    assert "<Enqueue" in calls.take_turn(CALL, 2, Silent(), LINE, MOBILE, WEDNESDAY)
    assert line.place(CALL) == before


def test_a_turn_that_is_decided_again_asks_for_the_same_promise(redis: Redis) -> None:
    desk = Promising()
    calls = service(redis, desk)
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    calls.take_turn(CALL, 2, Pressed("1"), LINE, MOBILE, WEDNESDAY)
    other = service(redis, desk)
    other.take_turn(CALL, 3, Pressed("1"), LINE, MOBILE, WEDNESDAY)
    # The first process knows nothing of that: it decides, and finds the turn written.
    calls.take_turn(CALL, 3, Pressed("1"), LINE, MOBILE, WEDNESDAY)
    assert set(desk.promised) == {f"{CALL}-cb3"}
