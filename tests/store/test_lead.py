"""One leader at a time, and none that can write after another has taken over."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from ivr.store import keys
from ivr.store.connection import connect
from ivr.store.lead import Lead


@pytest.fixture
def first(redis: Redis) -> Lead:
    return Lead(redis, "first")


@pytest.fixture
def second(redis: Redis) -> Lead:
    return Lead(redis, "second")


def lease_runs_out(redis: Redis) -> None:
    redis.delete(keys.CLOCK_LEADER)


def test_who_comes_first_leads_and_keeps_the_lead(first: Lead, second: Lead) -> None:
    assert first.hold() == 1
    assert second.hold() is None
    assert first.hold() == 1


def test_the_lead_ends_by_itself(first: Lead, redis: Redis) -> None:
    first.hold()
    assert 0 < redis.pttl(keys.CLOCK_LEADER) <= keys.LEADER_LEASE * 1000


def test_keeping_the_lead_renews_the_lease(first: Lead, redis: Redis) -> None:
    first.hold()
    redis.pexpire(keys.CLOCK_LEADER, 500)
    first.hold()
    assert redis.pttl(keys.CLOCK_LEADER) > 500


def test_every_taking_of_the_lead_has_a_higher_number(
    first: Lead, second: Lead, redis: Redis
) -> None:
    first.hold()
    lease_runs_out(redis)
    assert second.hold() == 2
    assert first.hold() is None
    lease_runs_out(redis)
    assert first.hold() == 3


def test_who_resigns_lets_another_lead_at_once(first: Lead, second: Lead) -> None:
    first.hold()
    first.resign()
    assert second.hold() == 2


def test_resigning_takes_the_lead_from_nobody_else(first: Lead, second: Lead, redis: Redis) -> None:
    first.hold()
    lease_runs_out(redis)
    second.hold()
    first.resign()
    assert second.hold() == 2


def test_the_leader_writes(first: Lead, redis: Redis) -> None:
    first.hold()
    assert first.write(lambda together: together.set("written", "1"))
    assert redis.get("written") == b"1"


def test_a_leader_of_old_cannot_write(first: Lead, second: Lead, redis: Redis) -> None:
    first.hold()
    lease_runs_out(redis)
    second.hold()
    assert not first.write(lambda together: together.set("written", "1"))
    assert redis.get("written") is None


def test_a_leader_whose_lease_ran_out_cannot_write(first: Lead, redis: Redis) -> None:
    first.hold()
    lease_runs_out(redis)
    assert not first.write(lambda together: together.set("written", "1"))


def test_a_leader_overtaken_in_the_middle_of_writing_writes_nothing(
    first: Lead, second: Lead, redis: Redis
) -> None:
    first.hold()

    def be_overtaken(together: Redis) -> None:
        lease_runs_out(redis)
        second.hold()
        together.set("written", "1")

    assert not first.write(be_overtaken)
    assert redis.get("written") is None


def test_of_many_that_ask_at_once_one_leads(redis: Redis, store_url: str) -> None:
    ready = threading.Barrier(12)

    def ask(number: int) -> int | None:
        lead = Lead(connect(store_url), f"clock-{number}")
        ready.wait()
        return lead.hold()

    with ThreadPoolExecutor(12) as pool:
        fences = list(pool.map(ask, range(12)))
    assert sorted(fences, key=str) == [1, *[None] * 11]
