"""Keys that come while the company's own system is about to be asked, and nothing else is."""

from __future__ import annotations

from ivr.engine.turn import begin, go_on, take_turn
from ivr.flow.actions import Connect
from ivr.flow.inputs import Arrived, LookedUp, Pressed
from tests.support import MOBILE, TEAM, WEDNESDAY, company_of

COMPANY = company_of(
    main="""
    languages: [en]
    start: find
    person: ring
    nodes:
      find:
        kind: lookup
        url: https://crm.example.com/outages
        text: One moment.
        found: topics
        failed: ring
      topics:
        kind: menu
        text: What is it about?
        options: [{key: 1, label: an invoice, to: ring}]
      ring: {kind: transfer, number: team, otherwise: message}
      message: {kind: voicemail, text: Please leave a message., to: bye, nothing: bye}
      bye: {kind: hang_up, text: Goodbye.}
    """
)


def test_a_key_is_not_kept_for_the_question_that_comes_next_and_0_leads_to_a_person() -> None:
    call = begin(COMPANY, call_id="CA1", line="main", caller=MOBILE, now=WEDNESDAY)
    first = take_turn(COMPANY, call, Arrived(), WEDNESDAY)
    assert first.call.waiting == "lookup" and first.actions
    pressed = take_turn(COMPANY, first.call, Pressed("1"), WEDNESDAY)
    assert pressed.request is not None
    answered = go_on(COMPANY, pressed, LookedUp("found"), WEDNESDAY)
    assert (answered.call.place, answered.call.waiting) == ("main/topics", "choice")
    asked_for_person = take_turn(COMPANY, first.call, Pressed("0"), WEDNESDAY)
    assert [one.number for one in asked_for_person.actions if isinstance(one, Connect)] == [TEAM]
