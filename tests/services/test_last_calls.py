"""The last calls in a line each, and one of them found again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from redis import Redis

from ivr.engine import events
from ivr.engine.call import Call, Waiting
from ivr.engine.events import Event
from ivr.services.last_calls import Wanted, find, last_calls, summary
from ivr.store import keys
from ivr.store.calls import CallStore
from ivr.store.traces import Step, Trace, TraceStore
from tests.support import WEDNESDAY

BEGAN = WEDNESDAY.timestamp()
ZONE = ZoneInfo("Europe/Stockholm")


def started(line: str = "main", flow: str = "main") -> Event:
    return events.CallStarted(line, flow, "v1", withheld=False)


def a_call(
    redis: Redis,
    call_id: str,
    at: float = BEGAN,
    flow: str = "main",
    line: str = "main",
    **more: Any,
) -> None:
    told = (started(line, flow), events.PlaceReached(f"{flow}/topics"))
    step = Step(at, told, 1, "fi", "+46•••••••05", "call", waits="choice", **more)
    call = Call(call_id, line, "v1", "fi", at, turn=1)
    CallStore(redis).take_turn(
        call, answer="<Response/>", events=told, voicemail=None, now=at, step=step
    )


def listed(redis: Redis, most: int = 20, **wanted: str) -> list[str]:
    return [one.call for one in last_calls(TraceStore(redis), Wanted(**wanted), most)]


def test_the_last_calls_come_first_and_no_more_than_asked_for(redis: Redis) -> None:
    for number in range(250):
        a_call(redis, f"CA{number}", BEGAN + number)
    assert listed(redis, 3) == ["CA249", "CA248", "CA247"]
    assert len(listed(redis, 240)) == 240


def test_a_list_can_be_of_one_flow_or_line_or_the_end_of_a_number(redis: Redis) -> None:
    a_call(redis, "CA1", BEGAN)
    a_call(redis, "CA2", BEGAN + 1, flow="invoices")
    a_call(redis, "CA3", BEGAN + 2, line="other")
    assert listed(redis, flow="invoices") == ["CA2"]
    assert listed(redis, line="main") == ["CA2", "CA1"]
    assert listed(redis, ending="05") == ["CA3", "CA2", "CA1"]
    assert listed(redis, ending="06") == []


def test_only_the_newest_calls_stay_listed(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "CALLS_KEPT", 2)
    for number in range(4):
        a_call(redis, f"CA{number}", BEGAN + number)
    assert redis.zrange(keys.CALLS, 0, -1) == [b"CA2", b"CA3"]


def test_a_call_whose_trace_is_gone_is_left_out(redis: Redis) -> None:
    a_call(redis, "CA1")
    redis.delete(keys.trace("CA1"), keys.EVENTS)
    assert listed(redis) == []


def test_a_call_in_which_no_turn_could_be_taken_is_listed_as_well(redis: Redis) -> None:
    CallStore(redis).note_status("CA1", "completed", 1, 9, BEGAN)
    (one,) = last_calls(TraceStore(redis), Wanted(), 20)
    assert (one.call, one.line, one.how) == (
        "CA1",
        "",
        "no turn was taken: an apology, and completed",
    )


class TestOlderCalls:
    """Calls from before there were traces: only the stream knows them."""

    @pytest.fixture(autouse=True)
    def before(self, redis: Redis) -> None:
        encode = msgspec.json.encode
        told: list[tuple[float, str, list[Event]]] = [
            (BEGAN, "CAold", [started(), events.PlaceReached("main/topics")]),
            (BEGAN + 3, "CAother", [started()]),
            (BEGAN + 9, "CAold", [events.ChoiceMade("main/topics", "1", "key")]),
            (BEGAN + 12, "CAold", [events.CallEnded("completed", 12)]),
        ]
        for at, call, happened in told:
            redis.xadd(keys.EVENTS, {"at": at, "call": call, "events": encode(happened)})

    def test_they_are_listed_after_the_others(self, redis: Redis) -> None:
        a_call(redis, "CAnew", BEGAN + 60)
        assert listed(redis) == ["CAnew", "CAother", "CAold"]

    def test_they_are_found_and_known_to_be_incomplete(self, redis: Redis) -> None:
        (trace,) = find(TraceStore(redis), "CAol", WEDNESDAY, ZONE)
        assert [step.at - BEGAN for step in trace.steps] == [0, 9, 12]
        about = summary(trace)
        assert not about.complete
        assert (about.line, about.seconds, about.ended) == ("main", 12.0, True)


class TestFinding:
    def found(self, redis: Redis, words: str) -> list[str]:
        return [one.call for one in find(TraceStore(redis), words, WEDNESDAY, ZONE)]

    @pytest.fixture(autouse=True)
    def three(self, redis: Redis) -> None:
        a_call(redis, "CAabc1", BEGAN)
        a_call(redis, "CAabd2", BEGAN + 70)
        a_call(redis, "CAxyz2", BEGAN - timedelta(days=1).total_seconds())

    def test_by_its_id_or_a_part_of_it(self, redis: Redis) -> None:
        assert self.found(redis, "CAabc1") == ["CAabc1"]
        assert self.found(redis, "CAabd") == ["CAabd2"]
        assert self.found(redis, "z2") == ["CAxyz2"]

    def test_several_that_fit_are_all_told(self, redis: Redis) -> None:
        assert self.found(redis, "CAab") == ["CAabd2", "CAabc1"]

    def test_the_last_one(self, redis: Redis) -> None:
        assert self.found(redis, "last") == ["CAabd2"]

    def test_by_the_minute_in_which_it_began(self, redis: Redis) -> None:
        assert self.found(redis, "10:00") == ["CAabc1"]
        assert self.found(redis, "10:01") == ["CAabd2"]
        assert self.found(redis, "2026-11-24 10:00") == ["CAxyz2"]

    def test_none(self, redis: Redis) -> None:
        assert self.found(redis, "CAq") == []
        assert self.found(redis, "11:11") == []


def how(*steps: tuple[Waiting, tuple[Event, ...]], rings: str = "") -> str:
    made = [
        Step(BEGAN + number, told, 0 if waits == "start" else number + 1, waits=waits, rings=rings)
        for number, (waits, told) in enumerate(steps)
    ]
    return summary(Trace("CA1", tuple(made))).how


HERE: Event = events.PlaceReached("main/topics")
OVER: Event = events.CallEnded("completed", 9)


def test_how_a_call_went_is_told_in_a_few_words() -> None:
    talked = events.NumberEnded("main/team", "completed", 60)
    busy = events.NumberEnded("main/team", "busy", 0)
    assert how(("choice", (HERE,))) == "under way at main/topics"
    assert how(("choice", (HERE,)), ("start", (OVER,))) == "hung up at main/topics"
    assert how(("connection", (HERE,)), rings="team") == "team is ringing or talking"
    assert how(("connection", (HERE,)), ("start", (OVER,)), rings="team") == (
        "hung up while team rang or talked"
    )
    assert how(("nothing", (HERE, talked)), ("start", (OVER,)), rings="team") == (
        "talked to team for 60 s"
    )
    left = events.VoicemailLeft("main/message", 12)
    assert how(("goodbye", (HERE, busy, left)), ("start", (OVER,)), rings="team") == (
        "team: busy; left a message of 12 s at main/message"
    )
    assert how(("goodbye", (HERE,)), ("start", (OVER,))) == "ended at main/topics"
    assert how(("message", (HERE,)), ("start", (OVER,))) == "left no message at main/topics"
    wrong = events.WentWrong("main/topics", "KeyError")
    assert how(("nothing", (HERE, wrong)), ("start", (OVER,))) == "something failed at main/topics"
    failed = events.CallEnded("failed")
    assert how(("choice", (HERE,)), ("start", (failed,))) == "the carrier says failed"
