"""The ledger counts what was done, whoever reads the events, and however often they die."""

from __future__ import annotations

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
