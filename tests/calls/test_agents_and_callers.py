"""Callers and agents brought together by the whole system: whisper, hold, transfer, guests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from ivr.carrier.rest import GoneError
from ivr.services.agents.listening import CannotListen, Listening
from tests.calls.agents_floor import AGENTS_LINE, CIA, MAIN, Floor, floor
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

ACCEPTS: dict[str, object] = {"presses": 1}
SUPERVISOR = "+46701740660"
Step = dict[str, object]


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[Floor]:
    with floor(redis, store_url, tmp_path) as opened:
        yield opened


def talk(there: Floor, *steps: Step, caller: tuple[Step, ...] = ()) -> str:
    """Anna has accepted a caller, and then does these steps; the caller's call."""
    there.people(anna={"then": [ACCEPTS, *steps]})
    there.service.come("anna", there.now)
    call = there.phones({"presses": 1}, *caller)
    there.until(lambda: len(there.in_room("R1")) == 2)
    return call


def labels(there: Floor, conference: str = "R1") -> list[str]:
    return sorted(there.in_room(conference).values())


def test_who_accepts_talks_to_the_caller_and_wraps_up(there: Floor) -> None:
    call = talk(there, {"waits": 30}, {"hangs_up": True})
    assert labels(there) == ["agent-anna", "person"]
    assert there.presence("anna") == "busy"
    there.until(lambda: there.presence("anna") == "wrap_up")
    there.until(lambda: there.status(call) == "completed")
    there.passes(31)
    assert there.presence("anna") == "available"


def test_a_caller_who_hangs_up_frees_the_agent_who_ends_the_wrap_up_by_a_key(there: Floor) -> None:
    talk(
        there, {"hears": "When you are ready"}, {"presses": 1}, {"waits": 60},
        caller=({"waits": 30}, {"hangs_up": True}),
    )  # fmt: skip
    there.until(lambda: there.in_room("R1") == {})
    there.until(lambda: there.presence("anna") == "available")


def test_a_caller_on_hold_hears_music_and_the_agent_comes_back(there: Floor) -> None:
    talk(there, {"waits": 10}, {"presses": "*"}, {"hears": "cannot hear you"}, {"waits": 5},
         {"presses": 1}, {"waits": 60})  # fmt: skip
    there.until(lambda: labels(there) == ["person"])
    there.until(lambda: there.held("R1"))
    there.until(lambda: labels(there) == ["agent-anna", "person"])
    there.until(lambda: not there.held("R1"))


def passing() -> list[Step]:
    """What Anna presses to pass somebody on to the queue `moving`."""
    return [
        {"waits": 5}, {"presses": "*"}, {"hears": "cannot hear you"}, {"presses": 2},
        {"hears": "For moving"}, {"presses": 1}, {"hears": "in a few words"}, {"presses": 1},
    ]  # fmt: skip


def test_a_colleague_is_introduced_in_the_same_conference_and_stays(there: Floor) -> None:
    there.people(bo={"then": [{"hears": "Anna is passing on a call"}, ACCEPTS, {"waits": 300}]})
    there.service.come("bo", there.now)
    call = talk(
        there, *passing(), {"hears": "Your colleague is there"}, {"waits": 20},
        {"hangs_up": True},
    )  # fmt: skip
    there.until(lambda: labels(there) == ["agent-anna", "agent-bo", "person"])
    assert not there.held("R1")
    there.until(lambda: labels(there) == ["agent-bo", "person"])
    there.passes(30)
    assert labels(there) == ["agent-bo", "person"]
    assert (there.presence("bo"), there.status(call)) == ("busy", "in-progress")


def test_a_colleague_who_does_not_answer_gives_the_caller_back(there: Floor) -> None:
    there.people(bo="no_answer")
    there.service.come("bo", there.now)
    talk(there, *passing(), {"hears": "Nobody took the call"}, {"waits": 300})
    there.until(lambda: there.held("R1"))
    there.until(lambda: labels(there) == ["agent-anna", "person"], 200)
    there.until(lambda: not there.held("R1"))
    assert there.presence("bo") == "away"


def test_a_caller_who_is_taken_back_rings_the_colleague_no_more(there: Floor) -> None:
    there.people(bo="no_answer")
    there.service.come("bo", there.now)
    talk(there, *passing(), {"hears": "We are looking"}, {"waits": 5}, {"presses": 1},
         {"waits": 300})  # fmt: skip
    there.until(lambda: there.presence("bo") == "reserved")
    there.until(lambda: labels(there) == ["agent-anna", "person"])
    there.until(lambda: there.presence("bo") == "available")
    there.until(lambda: not there.held("R1"))


def test_who_is_left_alone_waits_on_hold_for_the_next_agent(there: Floor) -> None:
    there.people(bo={"does": "no_answer"})
    there.service.come("bo", there.now)
    call = talk(there, *passing(), {"waits": 2}, {"hangs_up": True})
    there.until(lambda: there.presence("anna") == "wrap_up")
    assert labels(there) == ["person"]
    there.people(bo={"then": [ACCEPTS, {"waits": 300}]})
    there.until(lambda: there.presence("bo") == "away")
    assert there.service.lines.waiting("moving") == (call,)
    there.service.come("bo", there.now)
    there.until(lambda: labels(there) == ["agent-bo", "person"])
    there.until(lambda: not there.held("R1"))


def test_a_caller_who_hangs_up_on_hold_is_missed_by_nobody(there: Floor) -> None:
    talk(
        there, {"waits": 5}, {"presses": "*"}, {"hears": "The call is over"}, {"presses": 2},
        caller=({"waits": 40}, {"hangs_up": True}),
    )  # fmt: skip
    there.until(lambda: there.held("R1"))
    there.until(lambda: there.presence("anna") == "away", 60)
    assert there.in_room("R1") == {}


def test_a_supervisor_hears_the_talk_and_is_heard_by_the_agent_alone(there: Floor) -> None:
    listening = Listening(there.service, there.carrier, MAIN)
    with pytest.raises(CannotListen, match="talks to nobody"):
        listening.listen("anna", SUPERVISOR)
    with pytest.raises(CannotListen, match="no telephone number"):
        listening.listen("anna", "12")
    talk(there, {"waits": 200})
    person = there.read_person({"then": [{"waits": 99}]})
    there.company.carrier.directory.people[SUPERVISOR] = person
    call = listening.listen("anna", SUPERVISOR, coaches=True)
    there.until(lambda: there.traits("R1", call) == {"connected", "coaching"})
    muted = listening.listen("anna", SUPERVISOR)
    there.until(lambda: there.traits("R1", muted) == {"connected", "muted"})


def test_whoever_may_gets_one_caller_after_the_other_on_one_call(there: Floor) -> None:
    leg = there.phones(
        {"hears": "Press 1 to take the call"}, ACCEPTS,
        {"hears": "next one in a moment"}, {"presses": 1},
        {"hears": "Press 1 to take the call"}, ACCEPTS, {"waits": 15}, {"hangs_up": True},
        who=CIA, to=AGENTS_LINE,
    )  # fmt: skip
    assert there.presence(f"guest-{leg}") == "available"
    there.phones({"presses": 1}, {"waits": 30}, {"hangs_up": True})
    there.until(lambda: len(there.in_room("R1")) == 2)
    there.until(lambda: there.in_room("R1") == {})
    there.phones({"presses": 1})
    there.until(lambda: len(there.in_room("R2")) == 2)
    there.until(lambda: there.service.agents.everybody() == (), 60)


def test_nobody_can_listen_once_the_conference_is_over(there: Floor) -> None:
    with pytest.raises(GoneError):
        there.carrier.participants("R1")
