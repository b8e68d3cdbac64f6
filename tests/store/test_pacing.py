"""So many calls a second, whoever creates them: kept by all processes together, in order."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from ivr.store.connection import connect
from ivr.store.pacing import KEPT, PaceStore

NOW = 1_763_700_000.0


@pytest.fixture
def pace(redis: Redis) -> PaceStore:
    return PaceStore(redis, 2)


def test_the_first_may_go_at_once_and_the_others_in_their_order(pace: PaceStore) -> None:
    asked = [pace.wait_until(f"ring_agent:R{number}", NOW) for number in range(4)]
    assert asked == [None, NOW + 0.5, NOW + 1.0, NOW + 1.5]
    assert pace.wait_until("ring_agent:R1", NOW + 0.5) is None
    assert pace.wait_until("ring_agent:R4", NOW + 0.6) == NOW + 2.0


def test_whoever_asks_too_early_is_told_the_same_again(pace: PaceStore) -> None:
    pace.wait_until("ring_agent:R0", NOW)
    assert pace.wait_until("ring_agent:R1", NOW) == NOW + 0.5
    assert pace.wait_until("ring_agent:R1", NOW + 0.4) == NOW + 0.5


def test_a_moment_that_is_given_back_serves_the_next(pace: PaceStore) -> None:
    for number in range(4):
        pace.wait_until(f"ring_agent:R{number}", NOW)
    pace.give_back("ring_agent:R2")
    assert pace.wait_until("ring_agent:R4", NOW) == NOW + 1.0


def test_a_moment_that_nobody_comes_for_holds_nobody_up(pace: PaceStore) -> None:
    for number in range(3):
        pace.wait_until(f"ring_agent:R{number}", NOW)
    assert pace.wait_until("ring_agent:R3", NOW + KEPT + 2) is None


def test_a_carrier_with_too_much_to_do_is_left_alone(pace: PaceStore) -> None:
    pace.hold_off(NOW + 5)
    assert pace.wait_until("ring_agent:R0", NOW) == NOW + 5
    assert pace.wait_until("ring_agent:R1", NOW) == NOW + 5.5


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    steps=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 700), st.booleans()), max_size=40)
)
def test_never_are_two_created_within_an_interval_by_those_who_come_in_time(
    redis: Redis, steps: list[tuple[int, int, bool]]
) -> None:
    redis.flushall()
    pace = PaceStore(redis, 2)
    now = NOW
    created: list[float] = []
    waiting: dict[str, float] = {}
    for who, milliseconds, gives_up in steps:
        later = now + milliseconds / 1000
        # All whose moment comes meanwhile are there on time.
        for name, at in sorted(waiting.items(), key=lambda item: item[1]):
            if at <= later:
                del waiting[name]
                assert pace.wait_until(name, at) is None
                created.append(at)
        now = later
        name = f"ring_agent:R{who}"
        if name in waiting and gives_up:
            pace.give_back(name)
            del waiting[name]
            continue
        until = pace.wait_until(name, now)
        if until is None:
            created.append(now)
        else:
            waiting[name] = until
    assert all(two - one >= 0.499_99 for one, two in itertools.pairwise(created))


def test_processes_that_ask_at_once_are_spread(store_url: str, redis: Redis) -> None:
    together = threading.Barrier(6)

    def ask(number: int) -> float | None:
        with connect(store_url) as own:
            together.wait()
            return PaceStore(own, 10).wait_until(f"ring_agent:R{number}", NOW)

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(ask, range(6)))
    moments = sorted(NOW if at is None else at for at in told)
    assert moments == pytest.approx([NOW + number / 10 for number in range(6)])
