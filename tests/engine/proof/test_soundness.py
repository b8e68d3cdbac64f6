"""Whatever the proof lets pass is no trap for anybody, in the interpreter itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from unittest.mock import patch

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from ivr.engine import events
from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.proof import ground
from ivr.engine.proof.proving import walks
from ivr.engine.proof.telling import MAZE
from ivr.engine.turn import Turn, begin, go_on, take_turn
from ivr.flow.callback_talk import CallbackRequest
from ivr.flow.flow import Place
from ivr.flow.inputs import Arrived, Input, LookedUp, Pressed, Said, Silent
from ivr.flow.kinds import Answer, Ask, Faq, Queue
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.kinds.callback_stages import REQUESTS, STAGES
from ivr.flow.kinds.node import Node
from ivr.flow.talk import CallbackChanged, CallbackPromised
from ivr.queueing.board import Board, Standing
from tests.engine.desks import RandomDesk
from tests.engine.proof.chance import HEARD, flow_by
from tests.engine.proof.companies import company_as_it_is, proved
from tests.support import MOBILE, SUNDAY, WEDNESDAY

LANDLINE = "+46846500455"
Known = set[tuple[str, str, str]]


@dataclass
class Observer:
    """Sees, by what a caller would see, whether a call ended with nothing though nobody chose
    that."""

    company: Company
    served: bool = False
    trapped: bool = False

    def see(self, before: Call, heard: Input, turn: Turn) -> None:
        willed = self._willed(before, heard, turn)
        if willed:
            self.served = False
        for event in turn.events:
            match event:
                case events.AnswerHelped() | events.NumberRung(last_resort=True):
                    self.served = True
                case events.NumberEnded(outcome="completed") | CallbackPromised():
                    self.served = True
                case CallbackChanged(change="keep" | "move" | "cancel", why=""):
                    self.served = True
        if turn.call.waiting == "message" or turn.call.last_resort:
            self.served = True
        ends = turn.call.waiting in ("goodbye", "nothing")
        again = before.waiting in ("goodbye", "nothing")
        if ends and not self.served and not willed and not again:
            self.trapped = True

    def _willed(self, before: Call, heard: Input, turn: Turn) -> bool:
        if before.waiting not in ("choice", "line") or not isinstance(heard, Pressed | Said):
            return False
        if any(isinstance(event, events.Missed | events.PersonSought) for event in turn.events):
            return False
        node = self.company.flows.node(Place(before.flow, before.node))
        made = [event.choice for event in turn.events if isinstance(event, events.ChoiceMade)]
        if isinstance(node, Faq | Queue):
            return bool(made)
        if isinstance(node, CallbackDialogue) and heard == Pressed("0701740605"):
            return False
        return not (isinstance(node, Answer | Ask) and made in (["no"], ["without"])) and not (
            isinstance(node, Ask) and heard == Pressed("*")
        )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_a_call_that_ends_with_nothing_was_foreseen(seed: int) -> None:
    chance = Random(seed)
    flow, speech = flow_by(chance), chance.random() < 0.7
    company = company_as_it_is(flow, speech=speech)
    known: Known = {
        (to.stands, str(to.place), to.stage)
        for walk in walks(company)
        for steps in walk.steps.values()
        for to in (step.to for step in steps)
    }
    found = proved(flow, speech=speech)
    for _ in range(6):
        kinds = chance.choice([(), ("place", "window")])
        board = Board(
            "support", 0.0, chance.choice([0, 9]), chance.choice([0, 1]), callbacks=kinds
        )  # fmt: skip
        observer = Observer(replace(company, boards={"support": board}))
        _make_a_call(observer, chance, known)
        assert found or not observer.trapped


def _make_a_call(observer: Observer, chance: Random, known: Known) -> None:
    """One call, each state of which is one that the proof walked to."""
    caller, now = chance.choice([None, MOBILE, LANDLINE]), chance.choice([WEDNESDAY, SUNDAY])
    company, desk = observer.company, RandomDesk(chance)
    call = begin(company, call_id="CA1", line="main", caller=caller, now=now)
    turn = _taken(company, call, Arrived(), now, observer)
    for _ in range(60):
        call = turn.call
        _is_known(call, known)
        if call.waiting == "nothing":
            return
        heard, now = chance.choice(HEARD[call.waiting]), chance.choice([WEDNESDAY, SUNDAY])
        if isinstance(turn.request, CallbackRequest):
            answer = desk.answer(turn.request, call, now.timestamp())
            after = go_on(company, turn, answer, now)
            happened = structs.replace(after, events=after.events[len(turn.events) :])
            # What the answer brings is what the caller had chosen.
            observer.see(call, Silent(), happened)
            turn = after
        elif turn.request is not None and isinstance(heard, LookedUp):
            after = go_on(company, turn, heard, now)
            observer.see(
                call, heard, structs.replace(after, events=after.events[len(turn.events) :])
            )
            turn = after
        else:
            # Now and then nobody is left to wait for.
            standing = Standing(0.0, 2, agents=chance.choice([0, 1]))
            turn = _taken(company, call, heard, now, observer, standing)


def _taken(
    company: Company,
    call: Call,
    heard: Input,
    now: datetime,
    observer: Observer,
    standing: Standing | None = None,
) -> Turn:
    turn = take_turn(company, call, heard, now, standing)
    observer.see(call, heard, turn)
    return turn


def _is_known(call: Call, known: Known) -> None:
    """Where the call stands is a state that the proof walked to."""
    if call.last_resort:
        return
    stands = "ended" if call.waiting == "nothing" else call.waiting
    states = {(stands, call.place, call.stage), (stands, call.place, "")}
    if stands in ("ended", "goodbye"):
        # Last words that were said to their end are an end as well.
        states |= {("goodbye", call.place, ""), ("ended", call.place, "")}
    if call.stage in STAGES | REQUESTS | {"callback"}:
        # A talk about a callback is walked through at one node of each shape.
        states = {(stood, at, call.stage) for stood, _, _ in states for _, at, _ in known}
        states |= {(stood, call.place, "") for stood, _, _ in states}
    assert states & known, (call.waiting, call.place, call.stage)


SPOILT = (("transfer", "otherwise"), ("lookup", "failed"), ("answer", "not_helped"))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_a_good_flow_that_is_spoilt_in_one_place_is_found(seed: int) -> None:
    chance = Random(seed)
    flow = flow_by(chance)
    if proved(flow):
        return
    written = yaml.safe_load(flow)
    for name in sorted(_come_to_unserved(flow)):
        for kind, setting in SPOILT:
            if written["nodes"][name]["kind"] != kind:
                continue
            spoilt = {**written["nodes"], name: {**written["nodes"][name], setting: "goodbye"}}
            spoilt_flow = yaml.safe_dump({**written, "nodes": spoilt})
            if name not in _come_to_unserved(spoilt_flow):
                continue  # What was spoilt was the way to it.
            found = proved(spoilt_flow)
            assert any(f"at `{name}`" in finding.message for finding in found), (name, setting)


def _come_to_unserved(flow: str) -> set[str]:
    """The nodes that a caller comes to who was given nothing yet."""
    return {
        state.place.node
        for walk in walks(company_as_it_is(flow))
        for state in walk.steps
        if state.stands == "arrives" and not state.served
    }


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_the_ends_of_a_talk_about_a_callback_are_those_that_walking_through_it_finds(
    seed: int,
) -> None:
    flow = flow_by(Random(seed), more=("queue", "offer_callback", "recognise_callback"))

    def mazes(talks: bool) -> set[int]:
        def made(node: Node, caller: str | None, _: bool) -> ground.Ground:
            return ground.Ground(node, caller, talks)

        with patch.object(ground, "_ground_of", made):
            return {finding.line for finding in proved(flow) if finding.code == MAZE}

    assert mazes(talks=True) == mazes(talks=False)
