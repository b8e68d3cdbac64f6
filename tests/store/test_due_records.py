"""Due records: claimed once, given back when a worker dies, given up when nothing helps."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis import Redis

from ivr.store import keys
from ivr.store.connection import connect
from ivr.store.due import MOST_UNFINISHED, Agenda, DueRecord, DueStore

NOW = 1_763_700_000.0
LEASE = 60.0


@pytest.fixture
def due(redis: Redis) -> DueStore:
    return DueStore(redis)


def claim_one(due: DueStore, now: float = NOW) -> DueRecord:
    [record] = due.claim(now, 10, LEASE).records
    return record


def test_nothing_is_claimed_before_it_is_due(due: DueStore) -> None:
    due.schedule("check_call", "CA1", NOW + 1)
    assert due.next_due() == NOW + 1
    assert due.claim(NOW, 10, LEASE).records == ()
    record = claim_one(due, NOW + 1)
    assert (record.kind, record.subject, record.attempts) == ("check_call", "CA1", 0)


def test_what_is_longest_overdue_comes_first_and_no_more_than_asked(due: DueStore) -> None:
    for late, subject in ((3, "CA3"), (1, "CA1"), (2, "CA2")):
        due.schedule("check_call", subject, NOW - late)
    assert [one.subject for one in due.claim(NOW, 2, LEASE).records] == ["CA3", "CA2"]


def test_a_record_that_is_done_is_gone(due: DueStore, redis: Redis) -> None:
    due.schedule("check_call", "CA1", NOW)
    assert due.done(claim_one(due))
    assert due.next_due() is None
    assert redis.keys() == []


def test_a_claimed_record_is_nobody_elses_until_its_lease_runs_out(due: DueStore) -> None:
    due.schedule("check_call", "CA1", NOW)
    first = claim_one(due)
    assert due.claim(NOW + LEASE - 1, 10, LEASE).records == ()
    second = claim_one(due, NOW + LEASE)
    assert not due.done(first)
    assert not due.put_off(first, NOW + 999)
    assert due.done(second)


def test_a_record_put_off_is_due_again_with_its_attempts(due: DueStore) -> None:
    due.schedule("check_call", "CA1", NOW)
    assert due.put_off(claim_one(due), NOW + 30, attempts=3)
    assert due.claim(NOW + 29, 10, LEASE).records == ()
    again = claim_one(due, NOW + 30)
    assert (again.attempts, again.unfinished) == (3, 1)


def test_a_record_written_anew_is_no_longer_the_workers(due: DueStore) -> None:
    due.schedule("check_call", "CA1", NOW)
    record = claim_one(due)
    due.schedule("check_call", "CA1", NOW + 600)
    assert not due.done(record)
    assert due.next_due() == NOW + 600


def test_a_record_whose_claims_end_in_nothing_is_given_up(due: DueStore) -> None:
    due.schedule("check_call", "CA1", NOW)
    now = NOW
    for number in range(1, MOST_UNFINISHED + 1):
        assert claim_one(due, now).unfinished == number
        now += LEASE
    given_up = due.claim(now, 10, LEASE)
    assert given_up.records == ()
    assert [(one.kind, one.subject) for one in given_up.dead] == [("check_call", "CA1")]
    assert due.next_due() is None
    assert due.dead() == given_up.dead


def test_a_record_that_came_to_an_end_in_between_is_not_given_up(due: DueStore) -> None:
    due.schedule("check_call", "CA1", NOW)
    now = NOW
    for _ in range(MOST_UNFINISHED * 3):
        assert due.put_off(claim_one(due, now), now + 1, attempts=9)
        now += 1
    assert due.dead() == ()


def test_the_dead_list_does_not_grow_for_ever(
    due: DueStore, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "DEAD_KEPT", 3)
    for number in range(5):
        due.schedule("check_call", f"CA{number}", NOW + number)
    for turn in range(MOST_UNFINISHED + 1):
        due.claim(NOW + 10 + turn * LEASE, 10, LEASE)
    assert [one.subject for one in due.dead()] == ["CA4", "CA3", "CA2"]


def test_of_many_workers_each_record_goes_to_exactly_one(due: DueStore, store_url: str) -> None:
    for number in range(200):
        due.schedule("check_call", f"CA{number}", NOW)
    ready = threading.Barrier(8)

    def work(_: int) -> list[str]:
        mine = DueStore(connect(store_url))
        ready.wait()
        batches = iter(lambda: mine.claim(NOW, 7, LEASE).records, ())
        return [record.subject for record in itertools.chain.from_iterable(batches)]

    with ThreadPoolExecutor(8) as pool:
        taken = list(itertools.chain.from_iterable(pool.map(work, range(8))))
    assert sorted(taken) == sorted(f"CA{number}" for number in range(200))


class Workers(RuleBasedStateMachine):
    """Several workers, some of which die, against a model in plain Python."""

    redis: Redis

    @initialize()
    def begin(self) -> None:
        self.redis.flushall()
        self.due = DueStore(self.redis)
        self.now = NOW
        self.model: dict[str, tuple[float, str | None, int]] = {}
        self.claims: list[DueRecord] = []
        self.dead = 0

    @rule(subject=st.sampled_from("ABC"), delay=st.integers(-5, 100))
    def schedule(self, subject: str, delay: int) -> None:
        self.due.schedule("check_call", subject, self.now + delay)
        self.model[subject] = (self.now + delay, None, 0)

    @rule(seconds=st.integers(1, 130))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        claimed = self.due.claim(self.now, limit, LEASE)
        overdue = sorted((at, one) for one, (at, _, _) in self.model.items() if at <= self.now)
        expected = [one for _, one in overdue[:limit]]
        worn_out = [one for one in expected if self.model[one][2] >= MOST_UNFINISHED]
        assert [one.subject for one in claimed.dead] == worn_out
        assert [one.subject for one in claimed.records] == [
            one for one in expected if one not in worn_out
        ]
        for subject in worn_out:
            del self.model[subject]
            self.dead += 1
        for record in claimed.records:
            unfinished = self.model[record.subject][2] + 1
            assert record.unfinished == unfinished
            self.model[record.subject] = (self.now + LEASE, record.claim, unfinished)
            self.claims.append(record)

    @precondition(lambda self: self.claims)
    @rule(which=st.integers(0, 100), later=st.none() | st.integers(1, 100))
    def settle(self, which: int, later: int | None) -> None:
        record = self.claims.pop(which % len(self.claims))
        is_ours = self.model.get(record.subject, (0, None, 0))[1] == record.claim
        if later is None:
            assert self.due.done(record) == is_ours
            if is_ours:
                del self.model[record.subject]
        else:
            assert self.due.put_off(record, self.now + later) == is_ours
            if is_ours:
                self.model[record.subject] = (self.now + later, None, 0)

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        assert self.due.next_due() == min((at for at, _, _ in self.model.values()), default=None)
        assert self.redis.hlen(keys.DUE_RECORDS) == len(self.model)
        assert len(self.due.dead()) == self.dead


def test_no_record_is_lost_or_had_twice_whatever_workers_do(redis: Redis) -> None:
    class WorkersHere(Workers):
        pass

    WorkersHere.redis = redis
    run_state_machine_as_test(
        WorkersHere,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_what_somebody_waits_for_is_claimed_before_all_that_is_longer_overdue(
    due: DueStore,
) -> None:
    for number in range(3):
        due.schedule("check_call", f"CA{number}", NOW - 60 - number)
    due.schedule("ring_agent", "R2", NOW)
    due.schedule("ring_agent", "R1", NOW - 1)
    due.schedule("reservation_ends", "R1", NOW + 1)
    assert due.agenda(NOW) == Agenda(5, NOW + 1)
    assert [one.subject for one in due.claim(NOW, 1, LEASE, 5.0).records] == ["R1"]
    # None that nobody waits for is taken together with one that somebody does.
    [second] = due.claim(NOW, 10, LEASE, 5.0).records
    assert second.subject == "R2"
    assert [one.subject for one in due.claim(NOW, 1, LEASE, 5.0).records] == ["CA2"]
    assert due.next_due() == NOW - 61
    assert due.done(second)
    again = due.claim(NOW + 5, 10, LEASE, 5.0).records
    assert [one.id for one in again] == ["reservation_ends:R1", "ring_agent:R1"]


def test_what_nobody_waits_for_never_takes_all_hands(due: DueStore) -> None:
    for number in range(3):
        due.schedule("check_call", f"CA{number}", NOW - 60 - number)
    [first] = due.claim(NOW, 1, LEASE, most_unhurried=1).records
    assert due.claim(NOW, 1, LEASE, most_unhurried=1).records == ()
    due.schedule("ring_agent", "R1", NOW)
    [urgent] = due.claim(NOW, 1, LEASE, most_unhurried=1).records
    assert urgent.kind == "ring_agent"
    assert due.claim(NOW, 1, LEASE, most_unhurried=1).records == ()
    due.done(first)
    [second] = due.claim(NOW, 1, LEASE, most_unhurried=1).records
    due.broke_off(second)
    assert len(due.claim(NOW, 1, LEASE, most_unhurried=1).records) == 1
    # Whoever died with one holds it no longer than the lease.
    assert due.claim(NOW, 1, LEASE, most_unhurried=1).records == ()
    assert len(due.claim(NOW + LEASE, 1, LEASE, most_unhurried=1).records) == 1
