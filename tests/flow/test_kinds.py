"""What each of the newer kinds does with a caller."""

from __future__ import annotations

from dataclasses import replace

from ivr.engine.events import PersonSought
from ivr.engine.turn import begin, go_on, take_turn
from ivr.flow.actions import Connect, GoOn, Say
from ivr.flow.inputs import Arrived, LookedUp, Silent
from ivr.flow.moves import Request, TextWanted
from ivr.flow.variables import variable
from tests.support import MOBILE, TEAM, WEDNESDAY, company_of, findings_in, ring

ENDS = """
      person: {kind: transfer, number: team, otherwise: bye}
      bye: {kind: hang_up, text: Goodbye.}
"""


def _flow(nodes: str, start: str = "first") -> str:
    return f"languages: [en]\nstart: {start}\nperson: person\nnodes:{nodes}{ENDS}"


FAQ = _flow("""
      first:
        kind: faq
        text: What is your call about?
        matters:
          - {label: a due date, words: {en: [due date, when do I pay]}, to: due}
          - {label: a meter reading, words: {en: [meter, meter reading]}, to: meter}
      due: {kind: answer, text: In fourteen days., helped: bye}
      meter: {kind: answer, text: You find it on our pages., helped: bye}
""")


def test_a_matter_said_in_other_words_is_answered() -> None:
    call = ring(company_of(main=FAQ))
    call.say("hi I wonder when do I have to pay, what is the due date of it")
    assert "In fourteen days." in call.heard


def test_several_matters_or_none_lead_to_a_person_at_once() -> None:
    for words in ("my due date and then a meter reading", "it is about my cat"):
        call = ring(company_of(main=FAQ))
        call.say(words)
        assert call.ringing == TEAM
        assert [e.why for e in call.events if isinstance(e, PersonSought)] == ["no_answer_found"]
        assert call.call.said == (words,)


def test_a_complaint_is_never_answered_by_a_machine() -> None:
    call = ring(company_of(main=FAQ))
    call.say("I want to complain about the due date")
    assert call.ringing == TEAM


def test_where_nothing_is_recognised_a_person_answers() -> None:
    call = ring(company_of(main=FAQ, speech=False))
    assert call.ringing == TEAM


LOOKUP = _flow("""
      first: {kind: set, variable: customer, value: '"12/3"', to: find}
      find:
        kind: lookup
        url: https://crm.example.com/customers/{customer}
        text: One moment.
        read: {balance: {at: account.balance, takes: number, private: true}}
        found: tell
        not_found: bye
        failed: person
      tell: {kind: hang_up, text: "You owe {balance|amount EUR}."}
""")


def _looked_up(answer: LookedUp) -> tuple[object, ...]:
    company = company_of(main=LOOKUP)
    call = begin(company, call_id="CA1", line="main", caller=None, now=WEDNESDAY)
    told = take_turn(company, call, Arrived(), WEDNESDAY)
    assert isinstance(told.actions[-1], GoOn)
    asked = take_turn(company, told.call, Silent(), WEDNESDAY)
    assert isinstance(asked.request, Request)
    assert asked.request.url == "https://crm.example.com/customers/12%2F3"
    assert asked.actions == ()
    turn = go_on(company, asked, answer, WEDNESDAY)
    assert turn.call.turn == 2
    return turn.actions


def test_what_is_looked_up_can_be_said_to_the_caller_and_to_nobody_else() -> None:
    from decimal import Decimal

    values = {"balance": variable(Decimal("12.5"), private=True)}
    (listen, _) = _looked_up(LookedUp("found", values))
    (said,) = listen.prompts  # type: ignore[attr-defined]
    assert isinstance(said, Say)
    assert "12" in said.text
    assert said.shown == "You owe •••."


def test_a_lookup_that_fails_leads_where_it_must_say() -> None:
    (connect,) = _looked_up(LookedUp("failed", reason="it took too long"))
    assert connect == Connect(TEAM, 25)
    (listen, _) = _looked_up(LookedUp("not_found"))
    assert [prompt.text for prompt in listen.prompts] == ["Goodbye."]  # type: ignore[attr-defined]


def test_a_lookup_without_a_way_for_failure_cannot_be_read() -> None:
    broken = LOOKUP.replace("        failed: person\n", "")
    assert any("failed" in str(finding) for finding in findings_in(main=broken))


TEXT = _flow("""
      first:
        kind: send_text
        text: Shall I text you the address?
        message: Box 12, 951 00 Kalix
        to: on_its_way
        otherwise: bye
      on_its_way: {kind: hang_up, text: It is on its way.}
""")


def test_a_text_is_sent_to_those_who_say_yes() -> None:
    call = ring(company_of(main=TEXT), caller=MOBILE)
    assert "Shall I text you the address? Press 1 for yes, 2 for no." in call.heard
    call.press("1")
    assert call.heard == "It is on its way."
    [wanted] = call.effects
    assert isinstance(wanted, TextWanted)
    assert (wanted.to, wanted.text) == (MOBILE, "Box 12, 951 00 Kalix")


def test_no_text_is_sent_or_offered_without_a_mobile_number() -> None:
    for caller in (None, "+46846500455"):
        call = ring(company_of(main=TEXT), caller=caller)
        assert (call.heard, call.effects) == ("Goodbye.", [])
    call = ring(company_of(main=TEXT), caller=MOBILE)
    call.press("2")
    assert (call.heard, call.effects) == ("Goodbye.", [])


QUEUE = _flow("""
      first: {kind: offer_callback, queue: support, booked: bye, declined: wait, otherwise: wait}
      wait: {kind: queue, queue: support, text: I am putting you through., otherwise: person}
""")


def test_who_waits_in_a_queue_meets_the_agent_who_accepts_them() -> None:
    call = ring(company_of(main=QUEUE))
    assert (call.state, call.heard) == (
        "line",
        "I am putting you through. You are next. [music.wav]",
    )
    call.agent("accepts")
    assert call.state == "ended"


def test_without_an_agent_a_queue_says_so_and_goes_on_otherwise() -> None:
    company = replace(company_of(main=QUEUE), boards={})
    call = ring(company)
    assert call.ringing == TEAM
    assert "nobody is there" in call.heard


def test_a_length_that_is_none_is_told_with_what_a_length_is() -> None:
    asked = _flow("""
      first: {kind: ask, variable: meter, length: 1-7, text: What does it say?, to: bye}
""")
    (finding,) = (one for one in findings_in(main=asked) if one.code == "value")
    assert str(finding).endswith(
        "`1-7` is not a length. Write a number, or `{least: 6, most: 10}`. [value]"
    )
