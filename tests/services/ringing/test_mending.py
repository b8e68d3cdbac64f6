"""Our line held against the carrier's: what differs is mended, and told."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from ivr.services.due import PutOff
from ivr.services.mending import EVERY, GRACE, ON_THE_WAY, Mending
from ivr.simulator import Person
from ivr.store import keys
from ivr.store.agents import WATCH_TALK
from ivr.store.due import DueRecord
from ivr.store.mending import MEND_LINE
from tests.services.ringing.floor import Floor
from tests.simulator.application import twiml

QUIET, PICKS_UP = Person("no_answer"), Person("answers", 2)
RECORD = DueRecord(MEND_LINE, "all")


def mend(there: Floor) -> list[tuple[str, str]]:
    """Compare once; what was mended, and about what."""
    outcome = Mending(there.config, there.redis, there.carrier).mend(RECORD, there.now)
    assert outcome == PutOff(there.now + EVERY)
    there.pass_time(0)
    found = []
    for _, fields in cast(
        "list[tuple[bytes, dict[bytes, bytes]]]", there.redis.xrange(keys.EVENTS)
    ):
        events: list[dict[str, Any]] = json.loads(fields[b"events"])
        found += [(one["what"], one["about"]) for one in events if one["type"] == "LineMended"]
    return found


def requests_to_carrier(there: Floor) -> list[str]:
    """What the carrier has been asked, without the account."""
    exchanges = there.company.carrier.journal.requests()
    return [one.url.partition("/Accounts/")[2] for one in exchanges if one.direction == "in"]


def test_a_line_that_is_as_the_carriers_is_left_alone_and_costs_few_questions(
    there: Floor,
) -> None:
    there.reserved(PICKS_UP)
    for _ in range(3):
        there.person_waits()
    there.works_for(GRACE + 5)
    before = len(requests_to_carrier(there))
    assert mend(there) == []
    assert len(requests_to_carrier(there)) - before == 3


def test_who_has_hung_up_without_anybody_telling_is_taken_out_of_the_line(there: Floor) -> None:
    calls = [there.person_waits() for _ in range(3)]
    there.carrier.complete(calls[1])
    there.pass_time(GRACE + 1)
    assert mend(there) == [("vanished", calls[1])]
    assert there.lines.waiting("support") == (calls[0], calls[2])


def test_an_agent_is_not_rung_on_for_somebody_who_has_vanished(there: Floor) -> None:
    person = there.reserved(PICKS_UP)
    there.works_for(2)
    there.carrier.complete(person)
    there.pass_time(GRACE + 1)
    assert mend(there) == [("vanished", person)]
    assert there.ringing.state == "person_left"


def test_who_came_only_just_now_is_not_taken_for_vanished(there: Floor) -> None:
    there.stands_in_line("CA" + "1" * 32)
    there.pass_time(GRACE - 2)
    assert mend(there) == []
    there.pass_time(3)
    assert mend(there) == [("vanished", "CA" + "1" * 32)]


def test_who_waits_at_the_carrier_and_in_no_line_is_led_to_somebody_who_answers(
    there: Floor,
) -> None:
    call = there.phones()
    there.pass_time(GRACE)
    assert mend(there) == [("not_in_line", call)]
    assert there.documents("/voice/fallback") == 1
    there.pass_time(EVERY)
    assert mend(there) == [("not_in_line", call)]


def test_a_queue_of_the_account_that_is_none_of_ours_is_left_alone(there: Floor) -> None:
    there.app.on("/voice", twiml("<Enqueue waitUrl='/wait'>another</Enqueue>"))
    there.phones()
    there.pass_time(GRACE + 1)
    assert len(there.carrier.queue_members()) == 1
    assert mend(there) == []


def test_who_is_on_the_way_out_of_the_line_is_left_to_arrive(there: Floor) -> None:
    call = there.person_waits()
    there.pass_time(GRACE + 1)
    there.lines.leave(call, "menu", there.now)
    assert mend(there) == []
    there.pass_time(ON_THE_WAY + 1)
    assert mend(there) == [("not_in_line", call)]


def test_a_talk_of_whose_end_nobody_has_told_is_ended(there: Floor) -> None:
    there.reserved(PICKS_UP)
    there.works_for(4)
    [call] = there.calls_to_anna()
    assert there.agents.accept("R1", call.sid, there.now)
    there.works_for(GRACE + 2)
    assert mend(there) == []
    there.carrier.complete(call.sid)
    there.pass_time(1)
    assert mend(there) == [("talk", "R1")]
    assert there.presence == "wrap_up"


@pytest.mark.parametrize("presence", ["reserved", "busy"])
def test_an_agent_who_is_engaged_for_nobody_is_freed_and_gets_the_next_person(
    there: Floor, presence: str
) -> None:
    there.anna_is(QUIET)
    there.redis.zrem(keys.idle("support"), "anna")
    there.redis.hset(keys.agent("anna"), mapping={"presence": presence, "reservation": "R99"})
    there.person_waits()
    assert there.presence == presence
    there.pass_time(GRACE + 1)
    assert mend(there) == [(presence, "anna")]
    assert there.ringing.state == "offered"


def test_a_wrap_up_that_nobody_ended_ends(there: Floor) -> None:
    there.anna_is(QUIET)
    there.redis.hset(
        keys.agent("anna"), mapping={"presence": "wrap_up", "until": str(there.now + 10)}
    )
    there.pass_time(GRACE + 9)
    assert mend(there) == []
    there.pass_time(2)
    assert mend(there) == [("wrap_up", "anna")]
    assert there.presence == "available"


def test_what_must_happen_for_a_reservation_and_was_given_up_is_due_again(there: Floor) -> None:
    there.reserved(PICKS_UP)
    there.works_for(4)
    [call] = there.calls_to_anna()
    assert there.agents.accept("R1", call.sid, there.now)
    there.redis.zrem(keys.DUE, keys.due_id(WATCH_TALK, "R1"))
    there.pass_time(GRACE + 1)
    assert mend(there) == [("forgotten", "anna")]
    assert there.redis.zscore(keys.DUE, keys.due_id(WATCH_TALK, "R1")) == there.now


def test_a_carrier_that_cannot_be_asked_changes_nothing(there: Floor) -> None:
    call = there.person_waits()
    there.carrier.complete(call)
    there.pass_time(GRACE + 1)
    there.fault("refused", status=503)
    mending = Mending(there.config, there.redis, there.carrier)
    outcome = mending.mend(RECORD, there.now)
    assert isinstance(outcome, PutOff) and outcome.attempts == 1
    assert there.lines.waiting("support") == (call,)
