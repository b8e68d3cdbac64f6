"""Calls, queues and conferences by REST, at the telephone company on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests

from ivr.carrier import rest
from ivr.carrier.rest import Carrier, GoneError, PermanentError, UnknownError
from ivr.simulator import Person
from tests.simulator.application import LINE, TEAM
from tests.simulator.rest_office import ANNA, BERIT, QUEUE, ROOM, Office, office

NEW_MOBILE, SIP, SOFTPHONE = "+46701740699", "sip:anna@office.example", "client:anna"
DOCUMENTS = "http://127.0.0.1:9/"


@pytest.fixture
def there() -> Iterator[Office]:
    """A caller waits in the queue, and two people talk in a conference."""
    with office() as opened:
        yield opened


@pytest.fixture
def carrier(there: Office) -> Carrier:
    settings = there.carrier.carrier.settings
    return rest.connect(settings.account_sid, settings.auth_token, base_url=there.carrier.url)


def now(there: Office) -> float:
    return there.carrier.carrier.clock.now().timestamp()


def rings(there: Office, carrier: Carrier, to: str, seconds: float = 20) -> str:
    return carrier.create_call(to, LINE, f"{there.base}/long", f"{there.base}/told", seconds)


@pytest.mark.parametrize("to", [NEW_MOBILE, SIP, SOFTPHONE])
def test_a_call_is_found_again_by_its_address_and_time(
    there: Office, carrier: Carrier, to: str
) -> None:
    there.carrier.carrier.directory.people[to] = Person("no_answer")
    before = now(there)
    assert carrier.find_call(to, before) is None
    first = rings(there, carrier, to)
    there.pass_time(60)
    second = rings(there, carrier, to)
    found = carrier.find_call(to, before)
    assert found is not None and (found.id, found.is_under_way) == (second, True)
    assert found.id != first
    assert carrier.find_call(to, now(there) + 60) is None


def test_a_call_that_somebody_else_made_is_not_taken_for_ours(
    there: Office, carrier: Carrier
) -> None:
    assert carrier.find_call(LINE, 0.0) is None


def test_a_telephone_rings_as_long_as_it_is_asked_to(there: Office, carrier: Carrier) -> None:
    there.carrier.carrier.directory.people[NEW_MOBILE] = Person("no_answer")
    call = rings(there, carrier, NEW_MOBILE, 20)
    there.pass_time(19)
    assert carrier.call_status(call).status == "ringing"
    there.pass_time(3)
    assert carrier.call_status(call).status == "no-answer"


def test_every_step_of_a_call_is_told(there: Office, carrier: Carrier) -> None:
    there.carrier.carrier.directory.people[NEW_MOBILE] = Person("answers", 1)
    call = rings(there, carrier, NEW_MOBILE)
    there.pass_time(5)
    carrier.complete(call)
    there.pass_time(1)
    told = [
        dict(exchange.fields)["CallStatus"]
        for exchange in there.carrier.carrier.journal.requests(call)
        if exchange.url.endswith("/told")
    ]
    assert told == ["initiated", "ringing", "in-progress", "completed"]


def test_a_ringing_telephone_is_left_alone_again(there: Office, carrier: Carrier) -> None:
    there.carrier.carrier.directory.people[NEW_MOBILE] = Person("no_answer")
    call = rings(there, carrier, NEW_MOBILE)
    there.pass_time(2)
    carrier.cancel(call)
    there.pass_time(0)
    assert carrier.call_status(call).status == "canceled"
    with pytest.raises(GoneError):
        carrier.cancel(call)


def test_a_call_under_way_is_led_to_another_document(there: Office, carrier: Carrier) -> None:
    carrier.redirect(there.sids["waiting"], f"{there.base}/long")
    there.pass_time(1)
    assert carrier.queue_members() == ()
    assert carrier.call_status(there.sids["waiting"]).status == "in-progress"


@pytest.mark.parametrize(
    "ask",
    [
        lambda carrier, call: carrier.redirect(call, f"{DOCUMENTS}meet"),
        Carrier.complete,
    ],
    ids=["redirect", "complete"],
)
def test_a_call_that_is_over_is_gone(
    there: Office, carrier: Carrier, ask: Callable[[Carrier, str], object]
) -> None:
    call = there.sids["waiting"]
    carrier.complete(call)
    there.pass_time(1)
    with pytest.raises(GoneError):
        ask(carrier, call)


def test_an_address_that_cannot_be_rung_is_refused_for_good(
    there: Office, carrier: Carrier
) -> None:
    with pytest.raises(PermanentError):
        rings(there, carrier, "+4612")


def test_whoever_waits_in_the_carriers_queues_is_listed(there: Office, carrier: Carrier) -> None:
    [member] = carrier.queue_members()
    assert (member.call, member.queue) == (there.sids["waiting"], QUEUE)
    assert 0 < now(there) - member.since < 60


def test_calls_under_way_are_listed_by_their_status(there: Office, carrier: Carrier) -> None:
    there.carrier.carrier.directory.people[NEW_MOBILE] = Person("no_answer")
    ringing = rings(there, carrier, NEW_MOBILE)
    there.pass_time(2)
    assert [call.id for call in carrier.calls_under_way("ringing")] == [ringing]
    talking = {call.to for call in carrier.calls_under_way("in-progress")}
    assert talking == {TEAM, LINE, ANNA, BERIT}


def test_somebody_is_rung_for_a_conference_held_and_sent_away(
    there: Office, carrier: Carrier
) -> None:
    there.carrier.carrier.directory.people[NEW_MOBILE] = Person("answers", 1)
    call = carrier.add_participant(
        ROOM, NEW_MOBILE, LINE, "agent-anna", muted=True, status_url=f"{there.base}/told"
    )
    there.pass_time(3)
    assert carrier.participants(ROOM)[call] == "agent-anna"
    shown = there.client.conferences(there.sids["conference"]).participants("agent-anna")
    assert shown.fetch().muted
    carrier.hold(ROOM, "agent-anna", True, f"{there.base}/long")
    assert shown.fetch().hold
    carrier.hold(ROOM, "agent-anna", False)
    carrier.mute(ROOM, "agent-anna", False)
    assert (shown.fetch().hold, shown.fetch().muted) == (False, False)
    carrier.end_on_exit(ROOM, "agent-anna", False)
    carrier.remove_participant(ROOM, "agent-anna")
    there.pass_time(1)
    assert call not in carrier.participants(ROOM)


def test_a_supervisor_is_heard_by_one_alone_and_then_by_everybody(
    there: Office, carrier: Carrier
) -> None:
    there.carrier.carrier.directory.people[NEW_MOBILE] = Person("answers", 1)
    whom = there.sids["talking"]
    carrier.add_participant(ROOM, NEW_MOBILE, LINE, "supervisor", coach=whom)
    there.pass_time(3)
    shown = there.client.conferences(there.sids["conference"]).participants("supervisor")
    assert shown.fetch().call_sid_to_coach == whom
    carrier.coach(ROOM, "supervisor", "")
    assert not shown.fetch().coaching


def test_a_conference_is_ended_once(there: Office, carrier: Carrier) -> None:
    assert carrier.conferences_under_way() == (ROOM,)
    carrier.end_conference(ROOM)
    there.pass_time(1)
    assert carrier.conferences_under_way() == ()
    with pytest.raises(GoneError):
        carrier.end_conference(ROOM)
    with pytest.raises(GoneError):
        carrier.hold(ROOM, "agent-anna", True)


def test_whether_a_call_was_placed_is_not_known_when_the_answer_is_lost(
    there: Office, carrier: Carrier
) -> None:
    there.carrier.carrier.directory.people[NEW_MOBILE] = Person("no_answer")
    fault: dict[str, str | int] = {"strikes": "rest", "does": "cut", "when": "after", "times": 1}
    answer = requests.post(f"{there.carrier.url}/_carrier/faults", json=fault, timeout=20)
    answer.raise_for_status()
    with pytest.raises(UnknownError):
        rings(there, carrier, NEW_MOBILE)
    found = carrier.find_call(NEW_MOBILE, now(there))
    assert found is not None and found.is_under_way
