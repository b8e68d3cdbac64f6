"""A turn of a call, from the store and back: each counts once, whatever is repeated."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

import msgspec
import pytest
from redis import Redis

from ivr.engine.company import Company
from ivr.engine.events import ChoiceMade, Event, WentWrong
from ivr.engine.turn import begin
from ivr.flow.inputs import Pressed, Silent
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.calls import CallLost, CallService, OneCompany, UnknownLine
from ivr.services.recent import Recent
from ivr.store import keys
from ivr.store.calls import CallStore, StoredCall
from tests.support import ENERGY, FALLBACK, MOBILE, SUNDAY, TEAM, WEDNESDAY, company_of

LINE = "+46846500400"
CALL = "CA" + "1" * 32
OTHER = "CA" + "2" * 32
COMPANY = company_of(main=ENERGY)
WEB = Addresses("https://ringback.example.com")


def service_with(redis: Redis, company: Company = COMPANY) -> CallService:
    apology = Apology(company.languages, lambda: "en", company.fallback, WEB)
    return CallService(CallStore(redis), OneCompany(company), WEB, apology)


@pytest.fixture
def calls(redis: Redis) -> CallService:
    return service_with(redis)


def events_in(redis: Redis) -> list[Event]:
    decode = msgspec.json.Decoder(list[Event]).decode
    entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(keys.EVENTS))
    return [event for _, fields in entries for event in decode(fields[b"events"])]


def choices_in(redis: Redis) -> int:
    return sum(isinstance(event, ChoiceMade) for event in events_in(redis))


def press(calls: CallService, turn: int, key: str, call: str = CALL) -> str:
    return calls.take_turn(call, turn, Pressed(key), LINE, MOBILE, WEDNESDAY)


def test_a_call_arrives_and_its_first_answer_leads_to_its_second_turn(calls: CallService) -> None:
    answer = calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    assert "What is it about?" in answer
    assert "https://ringback.example.com/voice/turn/2?l=en" in answer


def test_the_same_turn_twice_gets_the_same_answer_and_counts_once(
    calls: CallService, redis: Redis
) -> None:
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    first = press(calls, 2, "1")
    assert press(calls, 2, "1") == first
    assert press(calls, 2, "9") == first
    assert choices_in(redis) == 1


def test_a_call_that_arrives_twice_is_one_call(calls: CallService, redis: Redis) -> None:
    first = calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    assert calls.arrive(CALL, LINE, MOBILE, WEDNESDAY) == first
    assert len([e for e in events_in(redis) if type(e).__name__ == "CallStarted"]) == 1


def test_an_older_turn_never_undoes_a_newer_one(calls: CallService) -> None:
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    press(calls, 2, "1")
    newest = press(calls, 3, "1")
    assert press(calls, 2, "0") == newest
    assert calls.arrive(CALL, LINE, MOBILE, WEDNESDAY) == newest
    assert "What is it about?" in newest


def test_the_same_turn_from_sixteen_connections_at_once_counts_once(redis: Redis) -> None:
    services = [service_with(redis) for _ in range(16)]
    services[0].arrive(CALL, LINE, MOBILE, WEDNESDAY)
    together = threading.Barrier(len(services))

    def deliver(numbered: tuple[int, CallService]) -> str:
        number, service = numbered
        together.wait()
        return press(service, 2, "139"[number % 3])

    with ThreadPoolExecutor(len(services)) as pool:
        answers = set(pool.map(deliver, enumerate(services)))
    assert len(answers) == 1
    assert choices_in(redis) <= 1


def test_turns_of_one_call_may_be_taken_by_different_processes(redis: Redis) -> None:
    here, there = service_with(redis), service_with(redis)
    here.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    assert "fourteen days" in press(there, 2, "1")
    # What is remembered here is two turns old by now.
    asked = press(there, 3, "1")
    assert press(here, 2, "9") == asked
    assert "already told" in press(here, 4, "1")
    assert choices_in(redis) == 3


def test_a_turn_that_another_process_took_meanwhile_is_answered_with_its_answer(
    redis: Redis,
) -> None:
    here, there = service_with(redis), service_with(redis)
    here.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    taken = press(there, 2, "1")
    # Here the first turn is remembered, and only the write tells that it is not the last.
    assert press(here, 2, "2") == taken
    assert choices_in(redis) == 1


def test_a_call_that_the_store_has_lost_is_lost_though_it_is_remembered(redis: Redis) -> None:
    calls = service_with(redis)
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    redis.flushall()
    with pytest.raises(CallLost):
        press(calls, 2, "1")


def test_only_the_latest_calls_are_remembered() -> None:
    recent = Recent(most=2)
    for name in ("a", "b", "a", "c"):
        call = begin(COMPANY, call_id=name, line="main", caller=None, now=WEDNESDAY)
        recent.remember(StoredCall(call, "", None))
    assert recent.before("b", 1) is None
    assert recent.before("a", 1) is not None
    assert recent.before("c", 2) is None


def test_calls_do_not_disturb_each_other(calls: CallService) -> None:
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    calls.arrive(OTHER, LINE, None, WEDNESDAY)
    assert "fourteen days" in press(calls, 2, "1")
    assert "fourteen days" not in press(calls, 2, "2", OTHER)


def test_a_turn_of_a_call_that_nobody_knows_is_lost_not_begun_afresh(calls: CallService) -> None:
    with pytest.raises(CallLost):
        press(calls, 5, "1")


def test_a_turn_that_leaps_ahead_is_lost(calls: CallService) -> None:
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    with pytest.raises(CallLost):
        press(calls, 4, "1")


def test_a_number_that_is_no_line_is_told(calls: CallService) -> None:
    with pytest.raises(UnknownLine):
        calls.arrive(CALL, "+46846500455", MOBILE, WEDNESDAY)


def test_a_status_before_the_first_turn_does_no_harm(calls: CallService) -> None:
    calls.note_status(CALL, "ringing", 0, None, WEDNESDAY)
    assert "What is it about?" in calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)


def test_the_end_of_a_call_is_told_once_in_whatever_order_news_come(
    calls: CallService, redis: Redis
) -> None:
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    for status, sequence in (("completed", 3), ("in-progress", 2), ("completed", 3), ("busy", 4)):
        calls.note_status(CALL, status, sequence, 12, WEDNESDAY)
    ended = [event for event in events_in(redis) if type(event).__name__ == "CallEnded"]
    assert [(event.status, event.seconds) for event in ended] == [("completed", 12)]  # type: ignore[union-attr]


def test_a_flow_that_breaks_in_a_turn_puts_the_caller_through_and_says_why(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    service_with(redis).arrive(CALL, LINE, MOBILE, WEDNESDAY)
    flow = COMPANY.flows.flows["main"]
    nodes = {name: node for name, node in flow.nodes.items() if name != "due"}
    broken = company_of(main=ENERGY)
    broken.flows.flows["main"] = flow.model_copy(update={"nodes": nodes})  # type: ignore[index]
    calls = service_with(redis, broken)
    answer = press(calls, 2, "1")
    assert COMPANY.languages["en"].phrases.apology in answer.replace("&apos;", "'")
    assert FALLBACK in answer
    assert press(calls, 2, "1") == answer
    assert any(isinstance(event, WentWrong) for event in events_in(redis))
    assert "main/topics" in caplog.text
    assert MOBILE not in caplog.text


def test_hours_are_those_of_the_moment_of_the_turn(calls: CallService) -> None:
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    assert TEAM in press(calls, 2, "0")
    calls.arrive(OTHER, LINE, MOBILE, SUNDAY)
    late = calls.take_turn(OTHER, 2, Pressed("0"), LINE, MOBILE, SUNDAY + timedelta(seconds=5))
    assert "<Record" in late


def test_a_call_in_silence_ends_at_a_person(calls: CallService) -> None:
    calls.arrive(CALL, LINE, MOBILE, WEDNESDAY)
    for turn in (2, 3, 4):
        answer = calls.take_turn(CALL, turn, Silent(), LINE, MOBILE, WEDNESDAY)
    assert TEAM in answer
