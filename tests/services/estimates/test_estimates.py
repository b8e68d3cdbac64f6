"""What is known follows from the events alone, whoever reads them, and however often they die."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from redis import Redis

from ivr.services.estimates.desk import picture
from ivr.services.estimates.estimates import LATER, PATIENCE, SOON, Estimates
from ivr.services.estimates.following import Follower
from ivr.store.connection import StoreDown
from ivr.store.estimates import Entry, EstimateStore
from tests.services.estimates.office import BEGAN, Office, config

CONFIG = config()


class Dying(EstimateStore):
    """A worker that dies before, or right after, its writing reached the store."""

    def __init__(self, redis: Redis, *, written: bool) -> None:
        super().__init__(redis)
        self._written = written

    def write(self, *words: Any, **more: Any) -> bool:
        if self._written:
            super().write(*words, **more)
        raise StoreDown("The worker was killed.")


def happened(redis: Redis) -> list[Entry]:
    return [entry for batch in EstimateStore(redis).entries("0", 1000) for entry in batch]


def outcomes(redis: Redis) -> list[dict[str, Any]]:
    events = [event for entry in happened(redis) for event in json.loads(entry.events)]
    return [event for event in events if event["type"] == "WaitOutcome"]


def from_the_beginning(redis: Redis, now: float) -> Follower:
    follower = Follower(CONFIG)
    follower.follow(happened(redis))
    follower.advance(now)
    return follower


@settings(
    max_examples=10, phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    st.integers(0, 1 << 30),
    st.lists(st.tuples(st.integers(1, 25), st.sampled_from(["reads", "dies", "wrote"])),
             min_size=3, max_size=8),
)  # fmt: skip
def test_whoever_takes_over_knows_what_one_who_never_died_would_know(
    redis: Redis, seed: int, course: list[tuple[int, str]]
) -> None:
    redis.flushdb()
    office, store = Office(redis, seed), EstimateStore(redis)
    lasting = Estimates(store, CONFIG)
    for steps, what in course:
        office.work(steps)
        office.now += 0.4
        if what == "reads":
            lasting.work_out(office.now)
        else:
            with pytest.raises(StoreDown):
                Estimates(Dying(redis, written=what == "wrote"), CONFIG).work_out(office.now)
    lasting.work_out(office.now)

    alone = from_the_beginning(redis, office.now)
    told = alone.take_outcomes()
    assert store.knowledge().snapshot == alone.snapshot()
    assert [(one["place"], one["wait"]) for one in outcomes(redis)] == [
        (one.caller, one.wait) for one in told
    ]
    seen = picture(alone, CONFIG, office.now, {})
    for place, wait in seen.waits.items():
        queue = alone_queue(redis, place)
        standing = store.standing(place, queue, office.now)
        assert standing.ahead is not None
        assert standing.estimate == pytest.approx(wait, rel=1e-6)
    for queue, board in store.boards(office.now).items():
        assert board.waiting == seen.boards[queue].waiting
        assert board.agents == seen.boards[queue].agents
        assert board.joining == seen.boards[queue].joining


def alone_queue(redis: Redis, place: str) -> str:
    queue: bytes | None = redis.hget("ringback:place:" + place, "queue")  # type: ignore[assignment]
    assert queue is not None
    return queue.decode()


def test_of_two_workers_at_once_one_writes_and_no_outcome_is_told_twice(redis: Redis) -> None:
    office = Office(redis, 7)
    one, other = (Estimates(EstimateStore(redis), CONFIG) for _ in range(2))
    for _ in range(40):
        office.work(6)
        one.work_out(office.now)
        other.work_out(office.now)
    found = outcomes(redis)
    assert len(found) > 20
    assert max(Counter(one["place"] for one in found).values()) == 1
    assert EstimateStore(redis).knowledge().version == 80


def test_the_line_that_is_followed_is_the_line_that_stands(redis: Redis) -> None:
    office, store = Office(redis, 3), EstimateStore(redis)
    estimates = Estimates(store, CONFIG)
    for _ in range(12):
        office.work(20)
        estimates.work_out(office.now)
        seen = picture(from_the_beginning(redis, office.now), CONFIG, office.now, {})
        standing = {place for queue in CONFIG.queues for place in office.line.waiting(queue)}
        assert set(seen.waits) == standing
        there = [agent for agent in office.agents.everybody() if agent.presence != "away"]
        for queue in CONFIG.queues:
            able = [agent for agent in there if queue in dict(agent.skills)]
            assert seen.boards[queue].agents == len(able)


class Stopwatch:
    """Every look at it takes so long."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._now = seconds, 0.0

    def __call__(self) -> float:
        self._now += self._seconds
        return self._now


def test_it_is_done_every_second_while_somebody_waits_and_more_rarely_otherwise(
    redis: Redis,
) -> None:
    office = Office(redis, 1)
    estimates = Estimates(EstimateStore(redis), CONFIG, Stopwatch(0.0))
    assert estimates.work_out(BEGAN) == LATER
    office.ring()
    assert estimates.work_out(BEGAN + 1) == SOON
    assert estimates.work_out(BEGAN + 2) == SOON
    office.line.leave("CA1", "hung_up", BEGAN + 3)
    assert estimates.work_out(BEGAN + 3) == SOON
    assert estimates.work_out(BEGAN + 4) == LATER


def test_a_long_past_is_read_in_parts_and_boards_come_when_all_is_known(redis: Redis) -> None:
    office, store = Office(redis, 5), EstimateStore(redis)
    office.work(600)
    estimates = Estimates(store, CONFIG, Stopwatch(2 * PATIENCE))
    parts = 0
    while estimates.work_out(office.now) == 0.0:
        parts += 1
        assert store.boards(office.now) == {}
        assert store.knowledge().version == parts
        if parts % 2:
            estimates = Estimates(store, CONFIG, Stopwatch(2 * PATIENCE))
    assert parts > 2
    assert set(store.boards(office.now)) == {"billing", "moving"}
    alone = from_the_beginning(redis, office.now)
    alone.take_outcomes()
    assert store.knowledge().snapshot == alone.snapshot()


def test_what_takes_long_is_done_more_rarely(redis: Redis) -> None:
    office = Office(redis, 1)
    office.ring()
    estimates = Estimates(EstimateStore(redis), CONFIG, Stopwatch(0.5))
    assert estimates.work_out(BEGAN + 1) > 1.5


def test_what_was_told_in_events_that_are_gone_is_seen_in_the_line_itself(redis: Redis) -> None:
    office, store = Office(redis, 11), EstimateStore(redis)
    estimates = Estimates(store, CONFIG)
    lost = 0
    for _ in range(8):
        office.work(30)
        estimates.work_out(office.now)
        office.work(40)
        redis.xtrim("ringback:events", maxlen=3, approximate=False)
        lost += store.knowledge().lost
        office.now += 1
        Estimates(store, CONFIG).work_out(office.now)
        assert not store.knowledge().lost
        known = Follower(CONFIG, store.knowledge().snapshot)
        standing = {place for queue in CONFIG.queues for place in office.line.waiting(queue)}
        assert set(known.estimator.peek(office.now)) == standing
        there = [agent for agent in office.agents.everybody() if agent.presence != "away"]
        for queue in CONFIG.queues:
            able = [agent for agent in there if queue in dict(agent.skills)]
            assert known.estimator.agents(queue) == len(able)
    assert lost == 8
