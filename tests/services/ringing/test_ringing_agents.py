"""Ringing an agent: once for each reservation, whatever fails on the way."""

from __future__ import annotations

import logging

import pytest
from redis import Redis

from ivr.services.ringing.agent import LOOK_AGAIN
from ivr.services.ringing.desk import SURELY_LISTED
from ivr.simulator import Person
from ivr.store.agents import RING_AGENT
from tests.services.ringing.floor import ANNA, LINE, SECOND_LINE, Floor, floor

QUIET = Person("no_answer")


def test_the_telephone_of_the_agent_rings_and_shows_the_line_that_was_rung(there: Floor) -> None:
    there.reserved(QUIET, line="second")
    there.company.carrier.directory.lines[SECOND_LINE] = there.company.carrier.directory.lines[LINE]
    there.works()
    [call] = there.calls_to_anna()
    assert (call.caller, call.status) == (SECOND_LINE, "ringing")
    assert there.ringing.rung == call.sid
    assert there.due.next_due() == there.now + 45


def test_who_picks_up_is_asked_in_their_language(there: Floor) -> None:
    there.reserved(Person("answers", 2))
    there.works()
    there.pass_time(3)
    [asked] = there.app.to("/agent/whisper/R1")
    assert asked.url.endswith("?l=sv")
    told = [seen.fields["CallStatus"] for seen in there.app.to("/agent/status/R1")]
    assert told == ["initiated", "ringing", "in-progress"]


def test_a_record_that_comes_twice_rings_once(there: Floor) -> None:
    there.reserved(QUIET)
    there.works()
    there.due.schedule(RING_AGENT, "R1", there.now)
    there.works()
    assert len(there.calls_to_anna()) == 1


def test_a_call_whose_answer_was_lost_is_found_and_not_made_again(there: Floor) -> None:
    there.reserved(QUIET)
    there.fault("cut", when="after", times=1)
    there.works()
    assert there.ringing.rung == ""
    there.works_for(LOOK_AGAIN)
    [call] = there.calls_to_anna()
    assert there.ringing.rung == call.sid


def test_a_call_that_was_never_made_is_made_when_it_surely_would_be_listed(there: Floor) -> None:
    there.reserved(QUIET)
    there.fault("cut", when="before", times=1)
    there.works_for(SURELY_LISTED - 1)
    assert there.calls_to_anna() == []
    there.works_for(3)
    assert len(there.calls_to_anna()) == 1
    there.works_for(10)
    assert len(there.calls_to_anna()) == 1


def test_what_a_worker_rang_that_died_before_it_could_write_it_down_is_found(
    there: Floor,
) -> None:
    there.reserved(QUIET)
    assert there.store.begin_dialling("R1", there.now, there.now + 45)
    call = there.carrier.create_call(
        ANNA, LINE, f"{there.app.base}/wait", f"{there.app.base}/x", 20
    )
    there.works()
    assert there.ringing.rung == call
    assert len(there.calls_to_anna()) == 1


def test_nobody_is_rung_for_somebody_who_has_left(there: Floor) -> None:
    call = there.reserved(QUIET)
    there.lines.leave(call, "hung_up", there.now)
    there.works()
    assert there.calls_to_anna() == []
    assert there.presence == "available"


def test_who_is_rung_when_the_person_has_just_left_is_not_rung_on(there: Floor) -> None:
    call = there.reserved(QUIET)
    there.fault("cut", when="after", times=1)
    there.works()
    there.lines.leave(call, "hung_up", there.now)
    there.works_for(2)
    [rung] = there.calls_to_anna()
    assert rung.status == "canceled"
    assert there.presence == "available"


def test_a_carrier_with_too_much_to_do_is_asked_again_and_left_alone_meanwhile(
    there: Floor,
) -> None:
    there.reserved(QUIET)
    there.fault("refused", status=429, times=2)
    there.works()
    assert there.calls_to_anna() == []
    assert there.ringing.dialling is None
    there.works_for(4)
    assert len(there.calls_to_anna()) == 1


def test_an_address_that_cannot_be_rung_makes_the_agent_away_and_says_so(
    there: Floor, caplog: pytest.LogCaptureFixture
) -> None:
    there.agents.arrive("anna", {"support": 1.0}, there.now, address="+4612")
    call = there.person_waits()
    with caplog.at_level(logging.ERROR):
        there.works()
    assert there.presence == "away"
    assert there.lines.waiting("support") == (call,)
    assert "anna cannot be rung" in caplog.text


def test_who_waits_on_a_call_of_their_own_hears_it_there(there: Floor) -> None:
    leg = there.phones()
    there.agents.arrive("anna", {"support": 1.0}, there.now, leg=leg)
    there.person_waits()
    there.works()
    assert there.documents("/agent/whisper/R1") == 1
    assert there.calls_to_anna() == []
    assert there.ringing.rung == leg


def test_who_waited_on_a_call_and_has_hung_up_is_away(there: Floor) -> None:
    leg = there.phones()
    there.agents.arrive("anna", {"support": 1.0}, there.now, leg=leg)
    call = there.person_waits()
    there.carrier.complete(leg)
    there.pass_time(0)
    there.works()
    assert there.presence == "away"
    assert there.lines.waiting("support") == (call,)


def test_calls_are_created_no_faster_than_the_carrier_places_them(redis: Redis) -> None:
    with floor(redis, carrier={"calls_per_second": 2}) as there:
        people = there.company.carrier.directory.people
        for number in range(5):
            people[f"+4670174061{number}"] = QUIET
            there.agents.arrive(
                f"agent{number}", {"support": 1.0}, there.now, address=f"+4670174061{number}"
            )
            there.stands_in_line(f"CA{number:032}")
        created: list[float] = []
        for _ in range(30):
            there.works()
            made = [call for call in there.company.carrier.calls.all() if call.called != LINE]
            created += [there.now] * (len(made) - len(created))
            there.pass_time(0.1)
        began = created[0]
        assert [round(at - began, 1) for at in created] == [0.0, 0.5, 1.0, 1.5, 2.0]
