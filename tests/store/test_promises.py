"""The ledger in the store: written by one at a time, and what was lost is said."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from redis import Redis

from ivr.promises.account import Account, Promise
from ivr.promises.figures import Share, Waited
from ivr.store import keys
from ivr.store.due import DueStore
from ivr.store.promises import DEAD_AFTER, Changes, Followed, Gap, PromiseStore

NOW = 1_800_000_000.123456
DAY = date(2027, 1, 15)


def tell(redis: Redis, at: int) -> str:
    """An entry of the stream, named after the time."""
    fields: Any = {"at": at, "call": "", "events": "[]"}
    return redis.xadd(keys.EVENTS, fields, id=f"{at * 1000}-0").decode()  # type: ignore[union-attr]


def changes(until: float = NOW + 0.1, *, outcome: str = "open") -> Changes:
    """Those of one promise to one person."""
    made = Promise("p", "told_wait", "CA1", "q", NOW, until, "e", outcome)  # type: ignore[arg-type]
    found = Changes(accounts={"CA1": Account("CA1", (made,))})
    if outcome != "open":
        found.shares["told_wait", "q x", DAY] = Share(**{outcome: 2})
    return found


def test_of_two_who_follow_one_is_refused_and_has_changed_nothing(redis: Redis) -> None:
    store = PromiseStore(redis)
    read = store.followed()
    assert read == Followed()
    assert store.write(read, changes(), "1-0", NOW)
    assert not store.write(read, changes(outcome="kept"), "2-0", NOW)
    assert store.followed() == Followed(1, "1-0")
    assert store.shares(DAY) == {}
    assert store.open_subjects() == ["CA1"]


def test_everything_is_read_as_it_was_written(redis: Redis) -> None:
    store = PromiseStore(redis)
    written = changes(outcome="broken")
    wait = Waited("q", NOW, True, "answered", NOW + 0.25)
    written.waits[DAY, "CA1"] = wait
    written.waits[DAY, "CA2"] = wait
    written.broken.add((DAY, "CA1"))
    assert store.write(Followed(), written, "1-0", NOW)
    assert store.accounts(["CA1", "CA9"]) == {**written.accounts, "CA9": Account("CA9")}
    assert store.shares(DAY) == {("told_wait", "q x"): Share(broken=2)}
    assert store.broken_subjects(DAY) == ["CA1"]
    again = changes(outcome="broken")
    again.waits[DAY, "CA1"] = None
    assert store.write(Followed(1, "1-0"), again, "2-0", NOW)
    assert store.waits(DAY) == [wait]
    assert store.shares(DAY) == {("told_wait", "q x"): Share(broken=4)}


def test_an_account_stays_while_a_promise_is_open_and_longest_with_a_broken_one(
    redis: Redis,
) -> None:
    store, key = PromiseStore(redis), keys.promise_account("CA1")
    store.write(Followed(), changes(), "1-0", NOW)
    assert redis.ttl(key) == -1
    due = NOW + 0.1 + 45
    assert store.overdue(due, 9) == []
    assert store.overdue(due + 1e-5, 9) == ["CA1"]
    store.write(Followed(1, "1-0"), changes(outcome="kept"), "2-0", NOW)
    assert 0 < int(redis.ttl(key)) <= keys.SETTLED_LIFETIME
    store.write(Followed(2, "2-0"), changes(outcome="broken"), "3-0", NOW)
    assert keys.SETTLED_LIFETIME < int(redis.ttl(key)) <= keys.ACCOUNT_LIFETIME
    assert store.overdue(due + 100, 9) == []


def test_events_that_were_trimmed_unread_are_noticed_and_told_of(redis: Redis) -> None:
    store = PromiseStore(redis)
    first = tell(redis, 1000)
    store.write(Followed(), Changes(), first, NOW)
    tell(redis, 2000)
    assert store.followed().gap_ends == ""
    redis.xtrim(keys.EVENTS, maxlen=1, approximate=False)
    read = store.followed()
    assert read.gap_ends == "2000000-0"
    assert store.gap() is None
    assert store.write(read, Changes(), "2000000-0", NOW)
    assert store.followed().gap_ends == ""
    assert store.gap() == Gap(1000.0, 2000.0)


def test_an_apology_is_owed_until_one_says_it(redis: Redis) -> None:
    store, owed = PromiseStore(redis), changes(outcome="broken")
    promise = owed.accounts["CA1"].promises[0]
    owed.owed["cb"] = promise
    owed.apologise.add("cb")
    store.write(Followed(), owed, "1-0", NOW)
    assert store.owed("cb") == promise
    (record,) = DueStore(redis).claim(NOW, 9, 1.0).records
    assert record.id == "apologise:cb"
    assert [store.apologised("cb", NOW) for _ in range(2)] == [True, False]
    assert store.owed("cb") is None
    entries: Any = redis.xrange(keys.EVENTS)
    ((_, fields),) = entries
    assert json.loads(fields[b"events"]) == [{"type": "Apologised", "subject": "cb"}]
    none = Changes(owed={"cb": promise})
    store.write(Followed(1, "1-0"), none, "2-0", NOW)
    store.write(Followed(2, "2-0"), Changes(owed={"cb": None}), "3-0", NOW)
    assert store.owed("cb") is None


def test_whoever_died_over_it_is_not_waited_for(redis: Redis) -> None:
    store, due = PromiseStore(redis), DueStore(redis)
    assert store.ensure_due(NOW)
    assert not store.ensure_due(NOW)
    due.claim(NOW, 1, 120.0)
    store.write(Followed(), Changes(), "1-0", NOW)
    assert not store.ensure_due(NOW + DEAD_AFTER - 1)
    assert store.ensure_due(NOW + DEAD_AFTER)
