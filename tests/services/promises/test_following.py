"""The ledger counts what was done, whoever reads the events, and however often they die."""

from __future__ import annotations

import json
import logging
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from redis import Redis

from ivr.promises.figures import Waited
from ivr.services.promises.following import PromiseFollower
from ivr.store.connection import StoreDown
from ivr.store.estimates import EstimateStore
from ivr.store.outbox import OutboxStore
from ivr.store.promises import PromiseStore
from tests.services.promises.town import BEGAN, Town

ZONE = ZoneInfo("Europe/Stockholm")
DAYS = 4


class Dying(PromiseStore):
    """A worker that dies before, or right after, its writing reached the store."""

    def __init__(self, redis: Redis, *, written: bool) -> None:
        super().__init__(redis)
        self._written = written

    def write(self, *words: Any) -> bool:
        if self._written:
            super().write(*words)
        raise StoreDown("The worker was killed.")


def follower(redis: Redis, store: PromiseStore | None = None) -> PromiseFollower:
    return PromiseFollower(
        store or PromiseStore(redis), EstimateStore(redis), OutboxStore(redis), ZONE
    )


def days() -> list[date]:

    first = datetime.fromtimestamp(BEGAN, ZONE).date()
    return [first + timedelta(days=number) for number in range(-1, DAYS)]


def counted(store: PromiseStore) -> Counter[tuple[str, str, str]]:
    """What the ledger counts, apologies left out."""
    found: Counter[tuple[str, str, str]] = Counter()
    for day in days():
        for (kind, queue), share in store.shares(day).items():
            if kind != "apology":
                found[kind, queue, "kept"] += share.kept
                found[kind, queue, "broken"] += share.broken
                found[kind, queue, "withdrawn"] += share.withdrawn
    return +found


def speeds(store: PromiseStore) -> Counter[tuple[str, str, float]]:
    waits: list[Waited] = [one for day in days() for one in store.waits(day)]
    timed = ("answered", "hung_up")
    return Counter(
        (one.queue, one.how, round(one.seconds, 3) if one.how in timed else 0) for one in waits
    )


@settings(
    max_examples=12, phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    st.integers(0, 1 << 30),
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["reads", "dies", "wrote"])),
             min_size=3, max_size=8),
)  # fmt: skip
def test_every_promise_ends_as_whoever_made_it_would_judge(
    redis: Redis, seed: int, course: list[tuple[int, str]]
) -> None:
    redis.flushdb()
    town, store = Town(redis, seed), PromiseStore(redis)
    for steps, what in course:
        town.live(steps)
        if what == "reads":
            follower(redis).catch_up(town.now)
            continue
        dying = Dying(redis, written=what == "wrote")
        with pytest.raises(StoreDown):
            follower(redis, dying).catch_up(town.now + 1e-3)
            raise StoreDown("Nothing was new.")
    town.now += 3 * 86_400
    follower(redis).catch_up(town.now)

    assert store.open_subjects() == []
    assert counted(store) == town.judge()
    assert speeds(store) == town.speeds()
    follower(redis).catch_up(town.now + 10)
    assert counted(store) == town.judge()


def promise_of(store: PromiseStore, subject: str) -> list[tuple[str, str]]:
    account = store.accounts([subject])[subject]
    return [(one.kind, one.outcome) for one in account.promises]


def tell(redis: Redis, call: str, *events: dict[str, Any] | str) -> None:
    """An entry of the stream; a string is what no program of ours writes."""
    written = ",".join(one if isinstance(one, str) else json.dumps(one) for one in events)
    at = redis.incrby("test:now", 10)
    fields: Any = {"at": BEGAN + at, "call": call, "events": f"[{written}]"}
    redis.xadd("ringback:events", fields)


TOLD = {"type": "WaitTold", "queue": "q", "place": "CA1", "kind": "minutes", "low": 1, "high": 5}


def test_what_was_trimmed_unread_is_said_and_its_promises_are_ended_by_the_clock(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    store = PromiseStore(redis)
    tell(redis, "CA1", TOLD)
    follower(redis).catch_up(BEGAN + 20)
    tell(redis, "CA1", {"type": "Connected", "place": "CA1", "kind": "live"})
    tell(redis, "CA2", {**TOLD, "place": "CA2"})
    redis.xtrim("ringback:events", maxlen=1, approximate=False)
    with caplog.at_level(logging.WARNING):
        follower(redis).catch_up(BEGAN + 310)
    assert "are gone before the promises knew them" in caplog.text
    assert promise_of(store, "CA1") == [("told_wait", "open")]
    follower(redis).catch_up(BEGAN + 2000)
    assert promise_of(store, "CA1") == [("told_wait", "broken"), ("apology", "broken")]
    assert promise_of(store, "CA2")[0] == ("told_wait", "broken")
    assert store.open_subjects() == []
    assert store.gap() is not None


def test_an_entry_that_cannot_be_read_is_left_out_and_others_are_followed(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    store = PromiseStore(redis)
    tell(redis, "CA1", "{")
    tell(redis, "CA1", {**TOLD, "high": "five"})
    tell(redis, "CA1", {"type": "SomethingNew", "place": {"odd": 1}}, TOLD)
    follower(redis).catch_up(BEGAN + 40)
    assert promise_of(store, "CA1") == [("told_wait", "open")]
    assert caplog.text.count("cannot be read; it is left out") == 2


def test_that_it_takes_longer_is_the_apology_of_who_waits_on_the_line(redis: Redis) -> None:
    store = PromiseStore(redis)
    tell(redis, "CA1", TOLD)
    redis.incrby("test:now", 310)
    tell(redis, "CA1", {**TOLD, "kind": "ahead", "ahead": 1, "longer": True})
    follower(redis).catch_up(BEGAN + 400)
    assert promise_of(store, "CA1") == [("told_wait", "broken"), ("apology", "kept")]
    assert store.owed("CA1") is None
    assert redis.zcard("ringback:due") == 0


def test_an_agent_who_takes_a_callback_does_not_talk_to_the_person_yet(redis: Redis) -> None:
    tell(redis, "", {"type": "LineJoined", "queue": "q", "place": "CB1", "kind": "callback",
                     "order": BEGAN})  # fmt: skip
    tell(redis, "", {"type": "Connected", "place": "CB1", "kind": "callback"})
    tell(redis, "", {"type": "LineLeft", "place": "CB1", "why": "callback"})
    follower(redis).catch_up(BEGAN + 40)
    assert [one for day in days() for one in PromiseStore(redis).waits(day)] == []
    assert PromiseStore(redis).accounts(["CB1"])["CB1"].facts == ()


def test_two_who_follow_at_once_count_everything_once(redis: Redis) -> None:
    town, one, other = Town(redis, 11), follower(redis), PromiseStore(redis)
    town.live(40)

    class Overtaken(PromiseStore):
        def write(self, *words: Any) -> bool:
            one.catch_up(town.now)
            return super().write(*words)

    follower(redis, Overtaken(redis)).catch_up(town.now)
    town.now += 3 * 86_400
    one.catch_up(town.now)
    assert counted(other) == town.judge()
