"""A call in the line, from the store and back: its place stands exactly while the call waits."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import cast

import msgspec
import pytest
from redis import Redis

from ivr.engine.call import Call
from ivr.flow.inputs import Pressed, Silent
from ivr.queueing.board import Board
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.calls import CallLost, CallService, OneCompany
from ivr.services.lines import LiveLines
from ivr.store import keys
from ivr.store.agents import AgentStore
from ivr.store.calls import CallStore
from ivr.store.estimates import EstimateStore, Knowledge
from ivr.store.line import LineStore
from tests.support import MOBILE, WEDNESDAY, company_of

LINE = "+46846500400"
ONE, OTHER = "CA" + "1" * 32, "CA" + "2" * 32
WEB = Addresses("https://ringback.example.com")
FLOW = """
    languages: [en]
    start: number
    person: wait
    nodes:
      number: {kind: ask, variable: customer, text: Your number?, length: 4, to: secret}
      secret: {kind: ask, variable: code, text: Your code?, length: 4, private: true, to: topics}
      topics:
        kind: menu
        text: What is it about?
        options: [{key: 1, label: an invoice, to: wait}, {key: 2, label: nothing, to: bye}]
      wait: {kind: queue, queue: support, boost: 60, message: message, back: topics,
             otherwise: message}
      message: {kind: voicemail, text: Please leave a message., to: bye, nothing: bye}
      bye: {kind: hang_up, text: Goodbye.}
"""


class Callers:
    """The service on a store, and what stands there."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        company = company_of(main=FLOW)
        apology = Apology(company.languages, lambda: "en", company.fallback, WEB)
        self.now = WEDNESDAY
        self.calls = CallService(
            CallStore(redis), OneCompany(company), WEB, apology, lines=LiveLines(redis)
        )
        self.line, self.agents = LineStore(redis), AgentStore(redis)
        # Somebody is there, and busy with somebody else.
        EstimateStore(redis).write(
            Knowledge(),
            b"{}",
            "0",
            self.now.timestamp(),
            boards={"support": Board("support", self.now.timestamp(), 0, 1)},
        )

    def join(self, call: str = ONE) -> str:
        """Ring, and come into the line with turn 4; the answer."""
        self.calls.arrive(call, LINE, MOBILE, self.now)
        for turn, entered in ((2, "4711"), (3, "1234")):
            self.press(turn, entered, call)
        return self.press(4, "1", call)

    def press(self, turn: int, entered: str, call: str = ONE) -> str:
        return self.calls.take_turn(call, turn, Pressed(entered), LINE, MOBILE, self.now)

    def round(self, turn: int, call: str = ONE) -> str:
        return self.calls.take_turn(call, turn, Silent(), LINE, MOBILE, self.now)

    def waiting(self, call: str = ONE) -> str:
        state = self.redis.hget(keys.call(call), "state")
        return str(msgspec.json.decode(cast("bytes", state), type=Call).waiting)

    def happened(self, kind: str) -> int:
        entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", self.redis.xrange(keys.EVENTS))
        told = [event for _, fields in entries for event in json.loads(fields[b"events"])]
        return sum(event["type"] == kind for event in told)


@pytest.fixture
def callers(redis: Redis) -> Callers:
    return Callers(redis)


def test_who_joins_stands_in_the_line_with_all_that_is_to_be_told_of_them(callers: Callers) -> None:
    answer = callers.join()
    assert (
        '<Enqueue waitUrl="https://ringback.example.com/voice/turn/5?l=en&amp;w=0"'
        ' waitUrlMethod="POST" action="https://ringback.example.com/voice/left/4?l=en"'
        ' method="POST">support</Enqueue>'
    ) in answer
    place = callers.line.place(ONE)
    assert place is not None
    assert (place.state, place.order) == ("waiting", WEDNESDAY.timestamp() - 60)
    assert (place.person.caller, place.person.path) == (MOBILE, ("an invoice",))
    # Nothing private goes further than to its caller.
    assert {name: known.text for name, known in place.person.given.items()} == {"customer": "4711"}


def test_a_round_is_a_document_of_what_a_queue_allows(callers: Callers) -> None:
    callers.join()
    answer = callers.round(5)
    verbs = set(re.findall(r"<([A-Z]\w+)", answer))
    assert verbs == {"Response", "Gather", "Say", "Play", "Redirect"}
    assert 'input="dtmf"' in answer
    assert "/voice/turn/6?l=en&amp;w=0</Redirect>" in answer


def test_a_turn_that_was_overtaken_lets_nobody_in_twice(callers: Callers) -> None:
    callers.join()
    callers.press(4, "1")
    callers.press(4, "1")
    assert callers.happened("LineJoined") == 1
    assert callers.line.waiting("support") == (ONE,)


def test_who_leaves_is_out_of_the_line_before_the_carrier_lets_them_out(callers: Callers) -> None:
    callers.join()
    callers.round(5)
    assert "<Leave/>" in callers.press(6, "1")
    assert callers.line.waiting("support") == ()
    answer = callers.calls.leave_queue(ONE, 4, False, callers.now)
    assert "<Record" in answer
    # The carrier asks twice, and once more when the call is long somewhere else.
    assert callers.calls.leave_queue(ONE, 4, False, callers.now) == answer
    assert callers.happened("LineLeft") == 1


def test_a_place_that_was_kept_is_where_it_was(callers: Callers) -> None:
    callers.join()
    callers.now += timedelta(seconds=30)
    callers.join(OTHER)
    callers.round(5)
    callers.press(6, "*")
    assert callers.line.waiting("support") == (OTHER,)
    assert "What is it about?" in callers.calls.leave_queue(ONE, 4, False, callers.now)
    assert "We have kept your place." in callers.press(8, "1")
    assert callers.line.waiting("support") == (ONE, OTHER)
    # The old stay's end is long over.
    assert "Enqueue" in callers.calls.leave_queue(ONE, 4, True, callers.now)
    assert callers.waiting() == "line"


def test_who_hangs_up_is_out_of_the_line_with_the_news_of_it(callers: Callers) -> None:
    callers.join()
    callers.calls.note_status(ONE, "completed", 5, 60, callers.now)
    assert callers.line.waiting("support") == ()
    assert callers.happened("LineLeft") == 1


def test_a_call_that_has_ended_already_is_not_let_in(callers: Callers) -> None:
    callers.calls.arrive(ONE, LINE, MOBILE, callers.now)
    callers.press(2, "4711")
    callers.press(3, "1234")
    callers.calls.note_status(ONE, "completed", 5, 60, callers.now)
    callers.press(4, "1")
    assert callers.line.waiting("support") == ()
    assert callers.line.place(ONE) is None


def test_an_agent_who_accepts_is_met_once_however_often_the_carrier_asks(callers: Callers) -> None:
    callers.agents.arrive("anna", {"support": 1.0}, callers.now.timestamp(), address="client:anna")
    callers.join()
    assert "You are next." in callers.round(5)
    assert callers.agents.accept("R1", "CA9", callers.now.timestamp())
    answer = callers.calls.meet(ONE, "R1", callers.now)
    assert '<Conference participantLabel="person"' in answer
    assert ">R1</Conference>" in answer
    assert callers.calls.meet(ONE, "R1", callers.now) == answer
    # A round that was on its way meanwhile changes nothing.
    assert callers.round(6) == answer
    assert callers.waiting() == "connection"
    assert callers.happened("AgentMet") == 1


def test_who_was_taken_is_not_let_in_again_by_a_round_that_comes_before_the_agent(
    callers: Callers,
) -> None:
    callers.agents.arrive("anna", {"support": 1.0}, callers.now.timestamp(), address="client:anna")
    callers.join()
    callers.agents.accept("R1", "CA9", callers.now.timestamp())
    callers.round(5)
    assert callers.line.waiting("support") == ()
    place = callers.line.place(ONE)
    assert place is not None
    assert place.state == "served"


def test_an_agent_who_is_gone_before_they_meet_leaves_the_caller_in_their_place(
    callers: Callers,
) -> None:
    callers.agents.arrive("anna", {"support": 1.0}, callers.now.timestamp(), address="client:anna")
    callers.join()
    now = callers.now.timestamp()
    callers.agents.accept("R1", "CA9", now)
    callers.agents.end_talk("R1", now + 30, now)
    answer = callers.calls.meet(ONE, "R1", callers.now)
    assert "You still have your place." in answer
    assert "<Enqueue" in answer
    assert callers.line.waiting("support") == (ONE,)


def test_who_vanished_from_the_line_is_let_in_again_in_their_place(callers: Callers) -> None:
    callers.join()
    callers.line.leave(ONE, "lost", callers.now.timestamp())
    callers.round(5)
    assert callers.line.waiting("support") == (ONE,)


def test_a_flow_that_fails_in_the_line_takes_the_caller_out_of_it_first(callers: Callers) -> None:
    callers.join()
    company = company_of(main=FLOW)
    apology = Apology(company.languages, lambda: "en", company.fallback, WEB)
    broken = CallService(
        CallStore(callers.redis), OneCompany(replace(company, rules={})), WEB, apology,
        lines=LiveLines(callers.redis),
    )  # fmt: skip
    company.flows.flows["main"].nodes.pop("wait")
    answer = broken.take_turn(ONE, 5, Silent(), LINE, MOBILE, callers.now)
    assert "<Leave/>" in answer
    assert "<Dial" not in answer
    assert callers.line.waiting("support") == ()


def test_of_a_call_that_nobody_knows_nothing_is_made(callers: Callers) -> None:
    with pytest.raises(CallLost):
        callers.calls.leave_queue(ONE, 4, False, callers.now)
    with pytest.raises(CallLost):
        callers.calls.meet(ONE, "R1", callers.now)
