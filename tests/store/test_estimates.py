"""Boards, waits and what they come from: written whole, by one at a time; read in one go."""

from __future__ import annotations

import json
from math import inf

import pytest
from redis import Redis

from ivr.queueing.board import Board, Standing
from ivr.queueing.protocol import Estimate
from ivr.store import keys
from ivr.store.agents import AgentStore
from ivr.store.due import DueStore
from ivr.store.estimates import DEAD_AFTER, FRESH, EstimateStore, Knowledge
from ivr.store.line import LineStore, Person, new_place

NOW = 1_800_000_000.0
WAIT = Estimate(60.0, 120.0, 240.0, 130.0)


def join(redis: Redis, place: str, first: float = NOW) -> None:
    assert LineStore(redis).join(new_place(place, "billing", Person(), first=first), NOW)


def write(store: EstimateStore, read: Knowledge, **more: object) -> bool:
    return store.write(read, b"{}", "0", NOW, **more)  # type: ignore[arg-type]


def board(**more: object) -> Board:
    return Board("billing", NOW, agents=2, joining=WAIT, sound=True, **more)  # type: ignore[arg-type]


def two_are_there(redis: Redis) -> None:
    """Two who talk to somebody."""
    redis.sadd(keys.there("billing"), "anna", "bo")


def test_somebody_hears_of_their_own_wait_and_of_how_many_are_served_before(redis: Redis) -> None:
    store = EstimateStore(redis)
    two_are_there(redis)
    join(redis, "CA1", NOW - 20)
    join(redis, "CA2", NOW - 10)
    assert write(store, Knowledge(), boards={"billing": board()}, waits={"CA2": WAIT})
    assert store.standing("CA2", "billing", NOW) == Standing(NOW, 1, False, WAIT, True, 2)
    later = Estimate(31.0, 91.0, 211.0, 101.0)
    assert store.standing("CA2", "billing", NOW + 29).estimate == later


def test_who_has_only_just_joined_hears_what_whoever_joins_would(redis: Redis) -> None:
    store = EstimateStore(redis)
    two_are_there(redis)
    assert write(store, Knowledge(), boards={"billing": board()})
    join(redis, "CA1")
    assert store.standing("CA1", "billing", NOW) == Standing(NOW, 0, False, WAIT, True, 2)


def test_whoever_does_not_stand_there_has_nobody_before_them(redis: Redis) -> None:
    store = EstimateStore(redis)
    assert store.standing("CA9", "billing", NOW) == Standing(NOW, None)
    join(redis, "CA1")
    AgentStore(redis).arrive("anna", {"billing": 1.0}, NOW)
    assert store.standing("CA1", "billing", NOW) == Standing(NOW, 0, reserved=True, agents=1)


def test_what_was_worked_out_too_long_ago_is_not_told(redis: Redis) -> None:
    store = EstimateStore(redis)
    two_are_there(redis)
    join(redis, "CA1")
    write(store, Knowledge(), boards={"billing": board()}, waits={"CA1": WAIT})
    old = NOW + FRESH
    assert store.standing("CA1", "billing", old) == Standing(old, 0, False, None, False, 2)
    found = store.board("billing", old)
    assert (found.joining, found.sound, found.agents, found.waiting) == (None, False, 2, 1)


def test_who_waits_and_who_is_idle_counts_at_once(redis: Redis) -> None:
    store = EstimateStore(redis)
    write(store, Knowledge(), boards={"billing": Board("billing", NOW, 0, 5)})
    AgentStore(redis).arrive("anna", {"billing": 1.0, "moving": 0.5}, NOW)
    assert store.board("billing", NOW).agents == 1
    assert store.boards(NOW, ("moving", "billing")) == {
        "billing": Board("billing", NOW, 0, 1),
        "moving": Board("moving", NOW, 0, 1),
    }
    join(redis, "CA1")
    join(redis, "CA2")
    assert store.board("billing", NOW).waiting == 1
    # Their telephone rings, and they have said that this is their last talk.
    AgentStore(redis).depart("anna", NOW)
    assert store.board("billing", NOW).agents == 0


def test_what_is_not_known_comes_back_as_such(redis: Redis) -> None:
    store = EstimateStore(redis)
    join(redis, "CA1")
    unknown = Estimate(inf, inf, inf, inf)
    write(store, Knowledge(), boards={"billing": board()}, waits={"CA1": unknown})
    assert store.standing("CA1", "billing", NOW + 5).estimate == unknown


def test_of_two_who_go_on_from_the_same_one_is_refused_and_changes_nothing(redis: Redis) -> None:
    store = EstimateStore(redis)
    assert store.knowledge() == Knowledge()
    first = Knowledge()
    assert store.write(first, b"a", "1-0", NOW, boards={"billing": board()}, waits={"CA1": WAIT})
    told = redis.xlen(keys.EVENTS)
    assert not store.write(first, b"b", "2-0", NOW, boards={}, waits={}, told=[{"type": "x"}])
    assert store.knowledge() == Knowledge(1, b"a", "1-0")
    assert redis.xlen(keys.EVENTS) == told
    assert list(store.boards(NOW)) == ["billing"]
    assert store.write(store.knowledge(), b"c", "2-0", NOW + 1)
    assert store.knowledge() == Knowledge(2, b"c", "2-0")
    assert list(store.boards(NOW)) == ["billing"], "without boards they stay"


def test_each_writing_replaces_all_boards_and_waits_however_many(redis: Redis) -> None:
    store = EstimateStore(redis)
    many = {f"CA{number}": Estimate(number, number, number, number) for number in range(6000)}
    assert write(store, Knowledge(), boards={"billing": board()}, waits=many)
    assert redis.hlen(keys.WAITS) == 6000
    assert write(store, store.knowledge(), boards={"moving": board()}, waits={"CA7": WAIT})
    assert redis.hkeys(keys.WAITS) == [b"CA7"]
    assert redis.hkeys(keys.BOARDS) == [b"moving"]


def test_events_that_are_told_come_after_those_that_they_came_from(redis: Redis) -> None:
    store = EstimateStore(redis)
    join(redis, "CA1")
    join(redis, "CA2")
    batches = list(store.entries("0", 1))
    assert [len(batch) for batch in batches] == [1, 1]
    last = batches[-1][-1]
    assert (last.at, json.loads(last.events)[0]["type"]) == (NOW, "LineJoined")
    assert store.write(Knowledge(), b"{}", last.id, NOW + 3, told=[{"type": "WaitOutcome"}])
    ((after,),) = store.entries(last.id, 10)
    assert (after.at, json.loads(after.events)) == (NOW + 3, [{"type": "WaitOutcome"}])


def test_it_is_due_once_and_never_brought_forward(redis: Redis) -> None:
    store, due = EstimateStore(redis), DueStore(redis)
    store.ensure_due(NOW)
    assert due.next_due() == NOW
    (record,) = due.claim(NOW, 5, 60.0).records
    store.ensure_due(NOW + 1)
    assert due.claim(NOW + 1, 5, 60.0).records == ()
    assert due.put_off(record, NOW + 9)
    store.ensure_due(NOW + 2)
    assert due.next_due() == NOW + 9


def test_what_a_dead_worker_had_claimed_is_soon_done_by_another(redis: Redis) -> None:
    store, due = EstimateStore(redis), DueStore(redis)
    assert store.ensure_due(NOW)
    assert due.claim(NOW, 5, 120.0).records
    assert not store.ensure_due(NOW + DEAD_AFTER - 1)
    assert store.ensure_due(NOW + DEAD_AFTER)
    assert not store.ensure_due(NOW + DEAD_AFTER + 1)
    (record,) = due.claim(NOW + DEAD_AFTER, 5, 120.0).records
    assert store.write(Knowledge(), b"{}", "0", NOW + DEAD_AFTER + 2)
    assert not store.ensure_due(NOW + 2 * DEAD_AFTER + 1)
    assert due.put_off(record, NOW + 100)
    assert store.ensure_due(NOW + 2 * DEAD_AFTER + 2)


@pytest.mark.parametrize("asked", [1, 2])
def test_a_board_that_is_asked_for_twice_is_written_once(redis: Redis, asked: int) -> None:
    store = EstimateStore(redis)
    write(store, Knowledge(), boards={"billing": board()})
    assert len(store.boards(NOW, ("billing",) * asked)) == 1
