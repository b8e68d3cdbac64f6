"""Turns and statuses of calls, against a real server."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from ivr.engine.call import Call
from ivr.engine.events import CallStarted, Event, PlaceReached, Voicemail
from ivr.store import keys
from ivr.store.calls import ENDED_RANK, RANKS, CallStore, Lost, StoredCall, Taken
from ivr.store.connection import connect
from ivr.store.due import DueStore

NOW = 1_763_700_000.0
RECORDING = "https://carrier.example/2010-04-01/Accounts/AC1/Recordings/RE0123"
STARTED = CallStarted(line="main", flow="main", version="v1", withheld=False)


def a_call(turn: int = 1, call_id: str = "CA1", **changes: Any) -> Call:
    return msgspec.structs.replace(
        Call(call_id, "main", "v1", "fi", NOW, caller="+46701740605"),
        turn=turn,
        **changes,
    )


def a_voicemail(recording: str = RECORDING, **changes: Any) -> Voicemail:
    return msgspec.structs.replace(
        Voicemail(
            call="CA1",
            line="main",
            place="main/leave_message",
            language="fi",
            recording=recording,
            seconds=7,
            left_at=NOW,
        ),
        **changes,
    )


def take(
    store: CallStore,
    call: Call,
    answer: str = "<Response/>",
    events: tuple[Event, ...] = (),
    voicemail: Voicemail | None = None,
    now: float = NOW,
) -> Taken | Lost:
    return store.take_turn(call, answer=answer, events=events, voicemail=voicemail, now=now)


def note(store: CallStore, status: str, call_id: str = "CA1", now: float = NOW) -> bool:
    return store.note_status(call_id, status, None, None, now, "callback")


def events(redis: Redis) -> list[dict[str, Any]]:
    return [
        {
            "at": float(fields[b"at"]),
            "call": fields[b"call"].decode(),
            **event,
        }
        for _, fields in cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(keys.EVENTS))
        for event in msgspec.json.decode(fields[b"events"])
    ]


def endings(redis: Redis) -> list[dict[str, Any]]:
    return [event for event in events(redis) if event["type"] == "CallEnded"]


def due(redis: Redis) -> dict[str, float]:
    scheduled = cast("list[tuple[bytes, float]]", redis.zrange(keys.DUE, 0, -1, withscores=True))
    return {name.decode(): at for name, at in scheduled}


def at_once(number: int, do: Callable[[int], Any]) -> list[Any]:
    """What `do` gives in as many threads, which all begin together."""
    ready = threading.Barrier(number)

    def one(index: int) -> Any:
        ready.wait()
        return do(index)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@pytest.fixture
def store(redis: Redis) -> CallStore:
    return CallStore(redis)


def test_a_call_that_was_never_heard_of_is_none(store: CallStore) -> None:
    assert store.read("CA1") is None
    assert not store.is_open("CA1")


def test_a_turn_that_was_taken_is_read_back_whole(store: CallStore) -> None:
    call = a_call(node="hours", path=("Laskut", "Muutto"), said=("öljy",))
    assert take(store, call, answer="<Response><Say>Hyvää päivää</Say></Response>") == Taken()
    assert store.read("CA1") == StoredCall(
        call, "<Response><Say>Hyvää päivää</Say></Response>", None
    )
    assert store.is_open("CA1")


def test_a_turn_tells_its_events_in_their_order_with_time_and_call(
    store: CallStore, redis: Redis
) -> None:
    take(store, a_call(), events=(STARTED, PlaceReached("main/welcome")))
    told = events(redis)
    assert [event["type"] for event in told] == ["CallStarted", "PlaceReached"]
    assert {(event["at"], event["call"]) for event in told} == {(NOW, "CA1")}
    assert told[1]["place"] == "main/welcome"


def test_the_same_turn_delivered_again_is_lost_and_gets_the_first_answer(
    store: CallStore, redis: Redis
) -> None:
    take(store, a_call(node="first"), answer="<first/>", events=(STARTED,))
    again = take(store, a_call(node="second"), answer="<second/>", events=(STARTED,))
    assert again == Lost(StoredCall(a_call(node="first"), "<first/>", None))
    assert len(events(redis)) == 1


def test_an_older_turn_never_undoes_a_newer_one(store: CallStore) -> None:
    for turn in (1, 2, 3):
        assert take(store, a_call(turn), answer=f"<t{turn}/>") == Taken()
    assert take(store, a_call(2), answer="<late/>") == Lost(StoredCall(a_call(3), "<t3/>", None))


def test_a_turn_that_skips_one_is_lost(store: CallStore) -> None:
    take(store, a_call(1))
    assert isinstance(take(store, a_call(3)), Lost)


def test_a_later_turn_of_a_call_that_is_not_stored_is_lost_to_nothing(store: CallStore) -> None:
    assert take(store, a_call(4)) == Lost(None)


@pytest.mark.parametrize("first_turn", [1, 2])
def test_of_many_connections_with_the_same_turn_exactly_one_takes_it(
    store: CallStore, redis: Redis, store_url: str, first_turn: int
) -> None:
    if first_turn == 2:
        take(store, a_call(1))
    others = [CallStore(connect(store_url)) for _ in range(16)]
    replies = at_once(
        16,
        lambda i: take(
            others[i],
            a_call(first_turn, node=f"by_{i}"),
            answer=f"<by_{i}/>",
            events=(PlaceReached(f"by/{i}"),),
            voicemail=a_voicemail(),
        ),
    )
    assert replies.count(Taken()) == 1
    winner = replies.index(Taken())
    assert {reply.stored.answer for reply in replies if reply != Taken()} == {f"<by_{winner}/>"}
    assert store.read("CA1") == StoredCall(
        a_call(first_turn, node=f"by_{winner}"), f"<by_{winner}/>", None
    )
    assert [event["place"] for event in events(redis)] == [f"by/{winner}"]
    assert redis.zcard(keys.VOICEMAILS) == 1


def test_two_calls_do_not_touch_each_other(store: CallStore) -> None:
    take(store, a_call(1, "CA1"), answer="<one/>")
    take(store, a_call(1, "CA2"), answer="<two/>")
    one, two = store.read("CA1"), store.read("CA2")
    assert one is not None and two is not None
    assert (one.answer, two.answer) == ("<one/>", "<two/>")


def test_a_call_is_to_be_checked_once_and_knows_when_its_last_news_came(
    store: CallStore, redis: Redis
) -> None:
    take(store, a_call(1))
    take(store, a_call(2), now=NOW + 30)
    assert due(redis) == {"check_call:CA1": NOW + 600}
    assert store.last_news("CA1") == NOW + 30
    store.note_status("CA1", "in-progress", 2, None, NOW + 40)
    assert store.last_news("CA1") == NOW + 40
    store.note_status("CA1", "completed", 3, 42, NOW + 50)
    assert store.last_news("CA1") is None


def test_a_turn_makes_a_call_live_longer_than_the_carrier_lets_it_last(
    store: CallStore, redis: Redis
) -> None:
    take(store, a_call())
    assert 24 * 3600 < redis.ttl(keys.call("CA1")) <= keys.CALL_LIFETIME


def test_a_first_turn_takes_its_check_from_a_worker_that_is_at_it(
    store: CallStore, redis: Redis
) -> None:
    checks = DueStore(redis)
    store.note_status("CA1", "ringing", 0, None, NOW)
    [record] = checks.claim(NOW + 600, 10, 60).records
    take(store, a_call(1), now=NOW + 601)
    assert not checks.done(record)
    assert not checks.put_off(record, NOW + 5)
    assert due(redis) == {"check_call:CA1": NOW + 1201}


class TestStatuses:
    def test_the_end_is_told_once_and_ends_the_checks(self, store: CallStore, redis: Redis) -> None:
        take(store, a_call())
        assert store.note_status("CA1", "completed", 3, 42, NOW + 5, "callback")
        assert not store.note_status("CA1", "completed", 3, 42, NOW + 6, "callback")
        assert not store.note_status("CA1", "failed", 4, None, NOW + 7, "check")
        assert endings(redis) == [
            {
                "at": NOW + 5,
                "call": "CA1",
                "type": "CallEnded",
                "status": "completed",
                "seconds": 42,
                "found_by": "callback",
            }
        ]
        assert due(redis) == {}
        assert not store.is_open("CA1")
        assert 0 < redis.ttl(keys.call("CA1")) <= keys.ENDED_LIFETIME

    def test_a_status_never_goes_back(self, store: CallStore) -> None:
        take(store, a_call())
        assert note(store, "in-progress")
        assert not note(store, "ringing")
        stored = store.read("CA1")
        assert stored is not None
        assert stored.status == "in-progress"

    def test_a_status_is_news_and_puts_the_check_off(self, store: CallStore, redis: Redis) -> None:
        take(store, a_call())
        note(store, "in-progress", now=NOW + 100)
        assert due(redis) == {"check_call:CA1": NOW + 700}

    def test_a_repeated_status_is_no_news(self, store: CallStore, redis: Redis) -> None:
        note(store, "ringing")
        assert not note(store, "ringing", now=NOW + 100)
        assert due(redis) == {"check_call:CA1": NOW + 600}

    def test_a_status_that_does_not_exist_changes_nothing(
        self, store: CallStore, redis: Redis
    ) -> None:
        assert not note(store, "exploded")
        assert redis.keys() == []

    @pytest.mark.parametrize("status", RANKS)
    def test_a_status_before_the_first_turn_does_not_stand_in_its_way(
        self, store: CallStore, status: str
    ) -> None:
        assert note(store, status)
        assert store.read("CA1") is None
        assert store.is_open("CA1") == (RANKS[status] < ENDED_RANK)
        assert take(store, a_call(1), answer="<first/>") == Taken()
        assert store.read("CA1") == StoredCall(a_call(1), "<first/>", status)

    def test_a_status_of_an_unknown_call_does_not_stay_for_ever(
        self, store: CallStore, redis: Redis
    ) -> None:
        note(store, "ringing")
        assert 0 < redis.ttl(keys.call("CA1")) <= keys.CALL_LIFETIME

    def test_a_turn_after_the_end_is_kept_but_not_checked(
        self, store: CallStore, redis: Redis
    ) -> None:
        take(store, a_call(1))
        note(store, "completed")
        assert take(store, a_call(2), voicemail=a_voicemail()) == Taken()
        assert "check_call:CA1" not in due(redis)
        assert redis.zcard(keys.VOICEMAILS) == 1
        assert 0 < redis.ttl(keys.call("CA1")) <= keys.ENDED_LIFETIME

    def test_the_end_racing_from_many_connections_is_told_once(
        self, store: CallStore, redis: Redis, store_url: str
    ) -> None:
        take(store, a_call())
        statuses = ["completed", "failed", "in-progress", "ringing"] * 4
        others = [CallStore(connect(store_url)) for _ in statuses]
        at_once(16, lambda i: note(others[i], statuses[i]))
        [ending] = endings(redis)
        stored = store.read("CA1")
        assert stored is not None
        assert stored.status == ending["status"]

    def test_an_end_racing_a_turn_leaves_the_turn_taken_and_nothing_to_check(
        self, store: CallStore, redis: Redis, store_url: str
    ) -> None:
        other = CallStore(connect(store_url))
        for number in range(30):
            call_id = f"CA{number}"
            race: list[Callable[[], object]] = [
                lambda call_id=call_id: take(store, a_call(1, call_id)),  # type: ignore[misc]
                lambda call_id=call_id: note(other, "completed", call_id),  # type: ignore[misc]
            ]
            assert at_once(2, lambda i, race=race: race[i]()) == [Taken(), True]  # type: ignore[misc]
        assert due(redis) == {}
        assert len(endings(redis)) == 30


class TestVoicemails:
    def test_a_voicemail_is_kept_once_whatever_turns_bring_it(
        self, store: CallStore, redis: Redis
    ) -> None:
        take(store, a_call(1), voicemail=a_voicemail())
        take(store, a_call(2), voicemail=a_voicemail(seconds=99, left_at=NOW + 50))
        assert redis.zrange(keys.VOICEMAILS, 0, -1, withscores=True) == [(b"RE0123", NOW)]
        kept = cast(bytes, redis.hget(keys.voicemail("RE0123"), "message"))
        assert msgspec.json.decode(kept, type=Voicemail) == a_voicemail()
        assert redis.ttl(keys.voicemail("RE0123")) == -1

    def test_a_recording_without_news_is_checked(self, store: CallStore, redis: Redis) -> None:
        take(store, a_call(), voicemail=a_voicemail())
        assert due(redis)["check_recording:RE0123"] == NOW + 120
        assert store.note_recording("CA1", RECORDING, "ready", 7, NOW)
        assert "check_recording:RE0123" not in due(redis)

    def test_news_of_a_recording_may_come_before_its_voicemail(
        self, store: CallStore, redis: Redis
    ) -> None:
        assert store.note_recording("CA1", RECORDING, "ready", 7, NOW)
        assert 0 < redis.ttl(keys.voicemail("RE0123")) <= keys.EARLY_LIFETIME
        assert redis.zcard(keys.VOICEMAILS) == 0
        assert due(redis) == {"check_recording:RE0123": NOW + 120}
        take(store, a_call(), voicemail=a_voicemail())
        assert redis.ttl(keys.voicemail("RE0123")) == -1
        assert "check_recording:RE0123" not in due(redis)
        assert redis.hget(keys.voicemail("RE0123"), "recording") == b"ready"

    def test_a_recording_may_be_named_by_its_id(self, store: CallStore) -> None:
        assert store.note_recording("CA1", RECORDING, "ready", 7, NOW)
        assert not store.note_recording("CA1", "RE0123", "ready", 7, NOW)

    def test_a_recording_that_is_ready_stays_so(self, store: CallStore, redis: Redis) -> None:
        assert store.note_recording("CA1", RECORDING, "failed", None, NOW)
        assert store.note_recording("CA1", RECORDING, "ready", 7, NOW)
        assert not store.note_recording("CA1", RECORDING, "ready", 7, NOW)
        assert not store.note_recording("CA1", RECORDING, "failed", None, NOW)
        assert redis.hmget(keys.voicemail("RE0123"), "recording", "seconds") == [b"ready", b"7"]


turns = st.tuples(st.just("turn"), st.integers(1, 5))
statuses = st.tuples(st.just("status"), st.sampled_from(sorted(RANKS)))


@given(st.lists(turns | statuses, max_size=25))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_turns_and_statuses_in_any_order_and_repetition_never_corrupt_a_call(
    redis: Redis, deliveries: list[tuple[str, Any]]
) -> None:
    redis.flushall()
    store = CallStore(redis)
    turn, ranks, first_end = 0, [-1], None
    for kind, what in deliveries:
        if kind == "turn":
            reply = take(store, a_call(what), answer=f"<t{what}/>", events=(STARTED,))
            assert (reply == Taken()) == (what == turn + 1)
            turn = what if reply == Taken() else turn
        else:
            assert note(store, what) == (RANKS[what] > max(ranks))
            if RANKS[what] > max(ranks):
                first_end = what if RANKS[what] == ENDED_RANK else None
            ranks.append(RANKS[what])
        stored = store.read("CA1")
        assert (stored is not None) == (turn > 0)
        if stored is not None:
            assert stored.call == a_call(turn)
            assert stored.answer == f"<t{turn}/>"
            assert RANKS.get(stored.status or "", -1) == max(ranks)
    assert len(events(redis)) - len(endings(redis)) == turn
    assert [event["status"] for event in endings(redis)] == ([first_end] if first_end else [])
    open_now = (turn > 0 or max(ranks) >= 0) and first_end is None
    assert store.is_open("CA1") == open_now
    assert ("check_call:CA1" in due(redis)) == open_now
