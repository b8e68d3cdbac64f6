"""Versions of the flows in the store: kept whole, switched at once, whatever else lies there."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from ivr.flow.notice import Notice
from ivr.store import keys
from ivr.store.published import (
    Change,
    ChangedMeanwhile,
    NoSuchVersion,
    Published,
    PublishedStore,
    Trial,
)

SET = {"main.yaml": b"nodes: {}", "audio/welcome.wav": bytes(range(256))}
NOTICE = Notice("outage", {"sv": "Strömavbrott."}, 100.0, 200.0, ("main",))


@pytest.fixture
def store(redis: Redis) -> PublishedStore:
    return PublishedStore(redis)


def publish(store: PublishedStore, version: str, trial: Trial | None = None) -> None:
    store.keep(version if trial is None else trial.version, SET)
    change = Change(1.0, "Aino", "prices", "published", version, trial)
    store.switch(store.now()[0], Published(0, version, trial), change)


def test_a_set_comes_back_byte_for_byte_and_file_by_file(store: PublishedStore) -> None:
    store.keep("v1", SET)
    assert store.files("v1") == SET
    assert store.file("v1", "audio/welcome.wav") == SET["audio/welcome.wav"]
    assert store.file("v1", "audio/other.wav") is None
    assert store.files("v2") is None


def test_a_published_set_is_kept_for_ever_and_one_of_a_developer_while_calls_last(
    store: PublishedStore, redis: Redis
) -> None:
    store.keep("dev", SET, 3600)
    assert 0 < redis.ttl(keys.flow_set("dev")) <= 3600
    store.keep("dev", SET)
    assert redis.ttl(keys.flow_set("dev")) == -1
    store.keep("dev", SET, 3600)
    assert redis.ttl(keys.flow_set("dev")) == -1


def test_nothing_is_published_at_first(store: PublishedStore) -> None:
    published, notices = store.now()
    assert (published, published.versions, notices) == (Published(), (), ())
    assert store.history() == ()


def test_a_switch_is_seen_with_its_trial_and_its_history(store: PublishedStore) -> None:
    publish(store, "v1")
    trial = Trial("v2", ("main",), ("+46701740605",), 5)
    publish(store, "v1", trial)
    published = store.now()[0]
    assert published == Published(2, "v1", trial)
    assert published.versions == ("v1", "v2")
    assert [change.trial for change in store.history()] == [trial, None]


def test_of_many_who_publish_at_once_one_does_and_the_others_are_told(redis: Redis) -> None:
    stores = [PublishedStore(redis) for _ in range(12)]
    before = stores[0].now()[0]
    together = threading.Barrier(len(stores))

    def switch(numbered: tuple[int, PublishedStore]) -> bool:
        number, store = numbered
        store.keep(f"v{number}", SET)
        together.wait()
        change = Change(1.0, "Aino", "", "published", f"v{number}")
        try:
            store.switch(before, Published(0, f"v{number}"), change)
        except ChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(len(stores)) as pool:
        done = list(pool.map(switch, enumerate(stores)))
    assert done.count(True) == 1
    assert stores[0].now()[0] == Published(1, f"v{done.index(True)}")
    assert len(stores[0].history()) == 1


def test_what_is_not_kept_cannot_come_into_use(store: PublishedStore) -> None:
    publish(store, "v1")
    before, _ = store.now()
    for after in (Published(0, "v2"), Published(0, "v1", Trial("v2", percent=5))):
        with pytest.raises(NoSuchVersion, match="v2"):
            store.switch(before, after, Change(1.0, "Aino", "", "published", "v2"))
    assert store.now()[0] == before


def test_a_developers_set_that_comes_into_use_is_kept(store: PublishedStore, redis: Redis) -> None:
    store.keep("v1", SET, 3600)
    before, _ = store.now()
    store.switch(before, Published(0, "v1"), Change(1.0, "Aino", "", "rolled_back", "v1"))
    assert redis.ttl(keys.flow_set("v1")) == -1


def test_a_set_is_forgotten_unless_somebody_publishes_meanwhile(store: PublishedStore) -> None:
    publish(store, "v1")
    publish(store, "v2")
    before, _ = store.now()
    publish(store, "v1")
    with pytest.raises(ChangedMeanwhile):
        store.forget("v1", before)
    for version in ("v1", "v2"):
        store.keep_scripts(version, {"main.calls.yaml": b"calls: []"})
    now, _ = store.now()
    assert store.forget("v2", now)
    assert not store.forget("v2", now)
    assert (store.scripts("v2"), set(store.scripts("v1"))) == ({}, {"main.calls.yaml"})
    assert (store.files("v1"), store.files("v2")) == (SET, None)


def test_the_scripts_of_a_set_are_those_that_were_kept_last(store: PublishedStore) -> None:
    store.keep_scripts("v1", {"main.calls.yaml": b"old", "gone.calls.yaml": b"old"})
    store.keep_scripts("v1", {"main.calls.yaml": b"new"})
    assert store.scripts("v1") == {"main.calls.yaml": b"new"}
    store.keep_scripts("v1", {})
    assert store.scripts("v1") == {}


def test_notices_come_in_the_order_in_which_they_begin(store: PublishedStore) -> None:
    later = Notice("a", {"sv": "Senare."}, 150.0, 200.0)
    store.put_notice(later)
    store.put_notice(NOTICE)
    assert store.now()[1] == (NOTICE, later)
    assert store.drop_notice("a")
    assert not store.drop_notice("a")
    assert store.now()[1] == (NOTICE,)


def test_what_makes_no_sense_in_the_store_stops_nothing_and_is_told_once(
    store: PublishedStore, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    publish(store, "v1", Trial("v2", percent=5))
    store.put_notice(NOTICE)
    redis.hset(keys.NOTICES, "broken", b"{not json")
    redis.hset(keys.NOTICES, "other", b'{"id": "other", "texts": "no texts"}')
    redis.hset(keys.FLOWS, "trial", b"\xff")
    redis.lpush(keys.FLOWS_HISTORY, b"[]")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            published, notices = store.now()
            assert (published.version, published.trial, notices) == ("v1", None, (NOTICE,))
        assert len(store.history()) == 1
    assert len(caplog.records) == 4
