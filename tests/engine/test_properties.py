"""Whatever a caller does, and whatever flow passed the check: the rules hold and the call ends."""

from __future__ import annotations

from collections import Counter
from typing import Any

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.events import AnswerGiven
from ivr.engine.turn import Turn, begin, go_on, take_turn
from ivr.flow.actions import (
    Connect,
    Enqueue,
    GoOn,
    HangUp,
    LeaveQueue,
    Listen,
    Meet,
    Say,
    TakeMessage,
)
from ivr.flow.inputs import (
    Arrived,
    ConnectionEnded,
    Input,
    LeftQueue,
    LookedUp,
    MessageLeft,
    Met,
    Pressed,
    Said,
    Silent,
)
from ivr.flow.variables import variable
from ivr.queueing.board import Standing
from tests.support import (
    ENERGY,
    MOBILE,
    SUNDAY,
    WEDNESDAY,
    company_of,
    findings_in,
)

COMPANY = company_of(main=ENERGY)

WORDS = st.sampled_from(
    ["invoice", "bill", "yes", "no", "moving", "person", "complaint", "one", "zero", "hm", ""]
) | st.text(max_size=30)
INPUTS: st.SearchStrategy[Input] = st.one_of(
    st.sampled_from("0123456789*#").map(Pressed),
    st.text(alphabet="0123456789*#", max_size=5).map(Pressed),
    st.builds(Said, WORDS, st.none() | st.floats(0, 1)),
    st.just(Silent()),
    st.builds(
        ConnectionEnded, st.sampled_from(["completed", "busy", "no_answer", "failed", "canceled"])
    ),
    st.builds(
        MessageLeft, st.just("https://example.com/r"), st.integers(0, 300), st.sampled_from("0#1")
    ),
)
FITTING: dict[str, st.SearchStrategy[Input]] = {
    "choice": st.one_of(
        st.sampled_from("0123456789*#").map(Pressed),
        st.builds(Said, WORDS),
        st.just(Silent()),
        st.sampled_from(["11", "12", "99", "5"]).map(Pressed),
    ),
    "connection": st.builds(
        ConnectionEnded, st.sampled_from(["completed", "busy", "no_answer", "failed"])
    ),
    "message": st.builds(
        MessageLeft, st.just("https://example.com/r"), st.integers(0, 9), st.sampled_from("0#")
    ),
    "goodbye": st.sampled_from([Pressed("0"), Pressed("5"), Silent()]),
    "lookup": st.one_of(
        st.sampled_from([Pressed("0"), Silent(), Said("hm"), LookedUp("not_found")]),
        st.just(LookedUp("failed", reason="it took too long")),
        st.builds(LookedUp, st.just("found"), st.just({"looked": variable("4711")})),
    ),
    "line": st.sampled_from(
        [
            Silent(),
            Pressed("0"),
            Pressed("1"),
            Pressed("*"),
            Said("a person"),
            Met("R1"),
            Met("R1", there=False),
            LeftQueue(failed=True),
        ]
    ),
    "leaving": st.just(LeftQueue()),
    "nothing": st.just(Silent()),
}
STANDINGS = st.builds(
    Standing, st.just(0.0), st.sampled_from([None, 0, 3]), agents=st.sampled_from([0, 1])
)
MOMENTS = st.sampled_from([WEDNESDAY, SUNDAY])


def _first(company: Company, at: Any) -> Turn:
    call = begin(company, call_id="CA1", line="main", caller=None, now=at)
    return take_turn(company, call, Arrived(), at)


def _ends_in_a_wait(turn: Turn) -> bool:
    if turn.request is not None:
        return turn.call.waiting == "lookup" and not turn.actions
    waits = Listen | Connect | TakeMessage | GoOn | Enqueue | LeaveQueue | Meet | HangUp
    return isinstance(turn.actions[-1], waits)


@given(st.lists(INPUTS, max_size=40), MOMENTS)
def test_every_turn_waits_for_somebody_or_hangs_up(inputs: list[Input], at: Any) -> None:
    turn = _first(COMPANY, at)
    for heard in inputs:
        before = turn.call
        turn = take_turn(COMPANY, before, heard, at)
        assert turn.call.turn == before.turn + 1
        assert _ends_in_a_wait(turn)


@given(st.lists(INPUTS, max_size=40), MOMENTS)
def test_no_answer_is_given_twice_in_any_call(inputs: list[Input], at: Any) -> None:
    turn = _first(COMPANY, at)
    given_answers: Counter[str] = Counter()
    for heard in inputs:
        turn = take_turn(COMPANY, turn.call, heard, at)
        given_answers.update(e.place for e in turn.events if isinstance(e, AnswerGiven))
    assert all(times == 1 for times in given_answers.values())


@given(st.data(), MOMENTS)
def test_every_call_comes_to_its_end(data: st.DataObject, at: Any) -> None:
    turn = _first(COMPANY, at)
    for _ in range(120):
        if turn.call.waiting == "nothing":
            return
        heard = data.draw(FITTING[turn.call.waiting])
        turn = take_turn(COMPANY, turn.call, heard, at)
    raise AssertionError(f"still waiting for {turn.call.waiting} after 120 turns")


@given(st.lists(INPUTS, max_size=30), MOMENTS)
def test_zero_reaches_a_person_or_a_message_from_every_state(inputs: list[Input], at: Any) -> None:
    turn = _first(COMPANY, at)
    for heard in inputs:
        turn = take_turn(COMPANY, turn.call, heard, at)
    assume(turn.call.waiting in ("choice", "message", "goodbye"))
    turn = take_turn(COMPANY, turn.call, Pressed("0"), at)
    assert isinstance(turn.actions[-1], Connect | TakeMessage)


@given(st.lists(st.sampled_from([Silent(), Pressed("9"), Said("hm hm")]), min_size=3, max_size=3))
def test_three_misses_are_never_told_in_the_same_words(misses: list[Input]) -> None:
    turn = _first(COMPANY, WEDNESDAY)
    spoken: list[str] = []
    for heard in misses:
        spoken.append(str(turn.actions))
        turn = take_turn(COMPANY, turn.call, heard, WEDNESDAY)
    assert len(set(spoken)) == 3
    assert isinstance(turn.actions[-1], Connect)


@given(st.lists(INPUTS, max_size=15), MOMENTS)
def test_a_turn_is_a_function_of_its_arguments(inputs: list[Input], at: Any) -> None:
    one, two = _first(COMPANY, at), _first(COMPANY, at)
    for heard in inputs:
        one = take_turn(COMPANY, one.call, heard, at)
        two = take_turn(COMPANY, two.call, heard, at)
    assert one == two


# Flows nobody would write, that pass the check all the same.

KINDS = (
    "say", "menu", "hours", "answer", "goto", "voicemail", "transfer", "hang_up", "ask", "branch",
    "set", "play", "faq", "lookup", "queue", "offer_callback", "send_text",
)  # fmt: skip
_NAMES = [f"n{i}" for i in range(6)]
_TARGETS = st.sampled_from([*_NAMES, "person"])


@st.composite
def _nodes(draw: st.DrawFn) -> dict[str, Any]:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=6, max_size=6))
    nodes: dict[str, Any] = {}
    for name, kind in zip(_NAMES, kinds, strict=True):
        to = [draw(_TARGETS) for _ in range(3)]
        nodes[name] = {
            "say": {"kind": "say", "text": f"Here is {name}.", "to": to[0]},
            "goto": {"kind": "goto", "to": to[0]},
            "hours": {"kind": "hours", "schedule": "office", "open": to[0], "closed": to[1]},
            "answer": {"kind": "answer", "text": f"Answer {name}.", "helped": to[0],
                       "not_helped": to[1]},
            "voicemail": {"kind": "voicemail", "text": "Speak.", "to": to[0], "nothing": to[1]},
            "transfer": {"kind": "transfer", "number": "team", "otherwise": to[0]},
            "hang_up": {"kind": "hang_up", "text": f"Bye from {name}."},
            "menu": {"kind": "menu", "text": f"Menu {name}.",
                     "options": [{"key": key, "label": f"way {key} of {name}", "to": target}
                                 for key, target in enumerate(to, 1)]},
            "ask": {"kind": "ask", "variable": "given", "text": f"Number {name}?", "length": 2,
                    "confirm": draw(st.sampled_from(["true", "false"])), "to": to[0],
                    **draw(st.sampled_from([{}, {"without": to[1]}]))},
            "branch": {"kind": "branch", "otherwise": to[2],
                       "ways": [{"when": 'given = "11" or now.hour > 12', "to": to[0]},
                                {"when": 'queue("support").waiting > 3', "to": to[1]}]},
            "set": {"kind": "set", "variable": "given", "value": "length(line)", "to": to[0]},
            "play": {"kind": "play", "audio": f"https://example.com/{name}.wav", "to": to[0]},
            "faq": {"kind": "faq", "text": f"Say it, {name}.",
                    "matters": [{"label": f"{name} {word}", "words": {"en": [word]}, "to": target}
                                for word, target in zip(["invoice", "moving"], to, strict=False)],
                    **draw(st.sampled_from([{}, {"otherwise": to[2]}]))},
            "lookup": {"kind": "lookup", "url": "https://crm.example.com/x",
                       "read": {"looked": "a.b"}, "found": to[0], "not_found": to[1],
                       "failed": to[2], **draw(st.sampled_from([{}, {"text": "One moment."}]))},
            "queue": {"kind": "queue", "queue": "support", "otherwise": to[0],
                      **draw(st.sampled_from([{}, {"message": to[1], "back": to[2]}]))},
            "offer_callback": {"kind": "offer_callback", "queue": "support", "booked": to[0],
                               "declined": to[1], "otherwise": to[2]},
            "send_text": {"kind": "send_text", "text": f"A text, {name}?", "message": "Hello.",
                          "to": to[0], "otherwise": to[1]},
        }[kind]  # fmt: skip
    nodes["person"] = {"kind": "transfer", "number": "team", "otherwise": "sorry"}
    nodes["sorry"] = {"kind": "hang_up", "text": "Sorry."}
    return {"languages": ["en"], "start": "n0", "person": "person", "nodes": nodes}


CALLERS = st.sampled_from([None, MOBILE, "+46846500455"])


@settings(max_examples=80)
@given(_nodes(), st.data(), MOMENTS, CALLERS)
def test_no_flow_that_passes_the_check_keeps_a_caller_for_ever(
    flow: dict[str, Any], data: st.DataObject, at: Any, caller: str | None
) -> None:
    text = yaml.safe_dump(flow)
    assume(not [f for f in findings_in(main=text) if f.severity == "error"])
    company = company_of(main=text)
    call = begin(company, call_id="CA1", line="main", caller=caller, now=at)
    turn = take_turn(company, call, Arrived(), at)
    for _ in range(200):
        assert _ends_in_a_wait(turn)
        if turn.call.waiting == "nothing":
            return
        heard = data.draw(FITTING[turn.call.waiting])
        if turn.request is not None and isinstance(heard, LookedUp):
            turn = go_on(company, turn, heard, at)
        else:
            turn = take_turn(company, turn.call, heard, at, data.draw(STANDINGS))
    raise AssertionError(f"still waiting for {turn.call.waiting}")


def test_calls_survive_being_written_and_read() -> None:
    import msgspec

    turn = _first(COMPANY, WEDNESDAY)
    for heard in (Silent(), Said("hm"), Pressed("1")):
        turn = take_turn(COMPANY, turn.call, heard, WEDNESDAY)
        again = msgspec.json.decode(msgspec.json.encode(turn.call), type=Call)
        assert again == turn.call


def test_prompts_are_never_empty() -> None:
    turn = _first(COMPANY, WEDNESDAY)
    (listen,) = turn.actions
    assert isinstance(listen, Listen)
    assert all(prompt.text for prompt in listen.prompts if isinstance(prompt, Say))
