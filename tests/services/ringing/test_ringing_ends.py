"""Reservations that end without a talk, and bringing the two together."""

from __future__ import annotations

import pytest

from ivr.services.ringing.ending import PAUSE_AFTER_FAILURE, TELLING
from ivr.simulator import Person
from ivr.store.agents import WATCH_AFTER
from ivr.store.ringing import END_CONFERENCE
from tests.services.ringing.floor import Floor

QUIET, PICKS_UP = Person("no_answer"), Person("answers", 2)


def accepts(there: Floor) -> None:
    """The agent's telephone has been picked up, and 1 pressed."""
    there.works()
    there.pass_time(3)
    [call] = there.calls_to_anna()
    assert there.agents.accept("R1", call.sid, there.now)
    there.carrier.redirect(call.sid, f"{there.app.base}/talk")
    there.pass_time(1)


def test_an_agent_who_does_not_answer_is_away_and_the_person_keeps_the_place(
    there: Floor,
) -> None:
    call = there.reserved(QUIET)
    there.works_for(46)
    assert there.presence == "away"
    assert there.lines.waiting("support") == (call,)
    assert [one.status for one in there.calls_to_anna()] == ["no-answer"]


def test_an_agent_who_picks_up_and_decides_nothing_is_told_and_away(there: Floor) -> None:
    there.reserved(PICKS_UP)
    there.works_for(46)
    assert there.presence == "away"
    assert there.documents("/agent/gone/R1") == 1


@pytest.mark.parametrize(
    ("person", "presence", "pause"),
    [
        (Person("busy"), "wrap_up", 30.0),
        (Person("failed"), "away", None),
        (Person("declined"), "wrap_up", 30.0),
    ],
    ids=["busy", "failed", "declined"],
)
def test_what_became_of_the_call_to_the_agent_is_asked_when_nobody_has_told(
    there: Floor, person: Person, presence: str, pause: float | None
) -> None:
    call = there.reserved(person)
    there.works_for(44)
    assert there.presence == "reserved"
    there.works_for(1)
    agent = there.agents.read("anna")
    assert agent is not None and agent.presence == presence
    assert agent.until == (None if pause is None else there.now + pause)
    assert there.lines.waiting("support") == (call,)


def test_an_agent_whom_the_carrier_never_rang_is_left_alone_for_a_while_and_not_away(
    there: Floor,
) -> None:
    there.reserved(QUIET)
    there.fault("refused", status=503)
    there.works_for(46)
    agent = there.agents.read("anna")
    assert agent is not None and agent.presence == "wrap_up"
    assert agent.until is not None and agent.until <= there.now + PAUSE_AFTER_FAILURE
    assert there.calls_to_anna() == []


def test_a_reservation_that_was_accepted_in_time_is_not_ended(there: Floor) -> None:
    there.reserved(PICKS_UP)
    accepts(there)
    there.works_for(60)
    assert there.presence == "busy"


def test_an_agent_who_is_being_rung_is_left_in_peace_when_the_person_leaves(
    there: Floor,
) -> None:
    call = there.reserved(QUIET)
    there.works_for(2)
    there.lines.leave(call, "hung_up", there.now)
    there.works()
    assert [one.status for one in there.calls_to_anna()] == ["canceled"]
    assert there.presence == "available"


def test_an_agent_who_has_picked_up_hears_that_the_person_left(there: Floor) -> None:
    call = there.reserved(PICKS_UP)
    there.works_for(4)
    there.lines.leave(call, "hung_up", there.now)
    there.works()
    assert there.documents("/agent/gone/R1") == 1
    # The web process frees them when it answers that; without it they are free all the same.
    assert there.presence == "reserved"
    there.works_for(4 * TELLING)
    assert there.presence == "available"


def test_the_person_is_brought_to_the_agent_who_has_accepted(there: Floor) -> None:
    person = there.reserved(PICKS_UP)
    accepts(there)
    there.works_for(7)
    [agent] = there.calls_to_anna()
    assert there.carrier.participants("R1") == {person: "person", agent.sid: "agent"}
    assert there.documents("/voice/meet/R1") == 1
    assert there.due.next_due() == there.now - 8 + WATCH_AFTER


def test_a_person_whose_way_to_the_agent_was_lost_is_brought_again(there: Floor) -> None:
    person = there.reserved(PICKS_UP)
    accepts(there)
    # Written down, and then the worker died.
    there.store.note_brought("R1", there.now)
    there.works_for(1)
    assert person in there.carrier.participants("R1")


def test_an_agent_whose_person_was_gone_when_they_accepted_is_told_and_free(
    there: Floor,
) -> None:
    person = there.reserved(PICKS_UP)
    accepts(there)
    there.carrier.complete(person)
    there.pass_time(0)
    there.works()
    assert there.documents("/agent/gone/R1") == 1
    assert there.ringing.state == "person_left"
    there.works_for(4 * TELLING)
    assert there.presence == "available"


def test_a_talk_that_goes_on_is_left_alone_and_one_of_whose_end_nobody_told_is_ended(
    there: Floor,
) -> None:
    there.reserved(PICKS_UP)
    accepts(there)
    there.works_for(WATCH_AFTER + 5)
    assert there.presence == "busy"
    [agent] = there.calls_to_anna()
    there.carrier.complete(agent.sid)
    there.works_for(WATCH_AFTER + 5)
    assert there.ringing.state == "over"
    assert there.presence == "wrap_up"
    assert there.carrier.conferences_under_way() == ()


def test_a_talk_whose_person_is_gone_without_anybody_telling_is_ended(there: Floor) -> None:
    person = there.reserved(PICKS_UP)
    accepts(there)
    there.works_for(7)
    there.carrier.complete(person)
    there.works_for(WATCH_AFTER + 15)
    assert there.ringing.state == "over"
    assert there.presence == "wrap_up"
    assert there.carrier.conferences_under_way() == ()


def test_wrap_up_ends_by_itself(there: Floor) -> None:
    there.reserved(PICKS_UP)
    accepts(there)
    there.works_for(2)
    there.agents.end_talk("R1", there.now + 30, there.now)
    there.works_for(29)
    assert there.presence == "wrap_up"
    there.works_for(1)
    assert there.presence == "available"


def test_a_conference_is_ended_however_often_that_is_asked(there: Floor) -> None:
    person = there.reserved(PICKS_UP)
    accepts(there)
    there.works_for(2)
    for _ in range(2):
        there.due.schedule(END_CONFERENCE, "R1", there.now)
        there.works()
    assert there.carrier.conferences_under_way() == ()
    assert there.carrier.call_status(person).status == "completed"


def test_nothing_that_is_due_for_a_reservation_nobody_knows_is_kept(there: Floor) -> None:
    for kind in ("ring_agent", "reservation_ends", "release_agent", "bring_person", "watch_talk"):
        there.due.schedule(kind, "R99", there.now)
    assert there.works().done == 5
    assert there.due.next_due() is None
