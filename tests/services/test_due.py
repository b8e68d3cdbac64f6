"""Draining what is due: one bad record does not stop the others, and nothing is forgotten."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from ivr.clock import FixedClock, SystemClock
from ivr.services.due import (
    FIRST_BACK_OFF,
    LEASE,
    LONGEST_BACK_OFF,
    Done,
    Drained,
    PutOff,
    drain,
    failed_attempt,
)
from ivr.store.connection import StoreDown
from ivr.store.due import MOST_UNFINISHED, DueRecord, DueStore

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
NOW = AT.timestamp()
CLOCK = FixedClock(AT)


def later(seconds: float) -> FixedClock:
    return FixedClock(AT + timedelta(seconds=seconds))


@pytest.fixture
def due(redis: Redis) -> DueStore:
    return DueStore(redis)


def test_all_that_is_due_is_done_however_much_it_is(due: DueStore) -> None:
    for number in range(23):
        due.schedule("greet", f"N{number}", NOW - number)
    due.schedule("greet", "later", NOW + 1)
    greeted: list[str] = []

    def greet(record: DueRecord, now: float) -> Done:
        assert now == NOW
        greeted.append(record.subject)
        return Done()

    assert drain(due, {"greet": greet}, CLOCK) == Drained(done=23)
    assert greeted == [f"N{number}" for number in reversed(range(23))]
    assert due.next_due() == NOW + 1


def test_what_will_be_due_in_a_moment_is_waited_for(due: DueStore) -> None:
    clock = SystemClock()
    soon = clock.now().timestamp() + 0.05
    due.schedule("greet", "soon", soon)
    due.schedule("greet", "later", soon + 60)
    greeted: list[float] = []

    def greet(record: DueRecord, now: float) -> Done:
        greeted.append(now)
        return Done()

    assert drain(due, {"greet": greet}, clock, linger=30) == Drained(done=1)
    assert greeted[0] >= soon


def test_what_is_put_off_comes_again_with_its_attempts(due: DueStore) -> None:
    due.schedule("greet", "N1", NOW)
    seen: list[int] = []

    def greet(record: DueRecord, now: float) -> PutOff:
        seen.append(record.attempts)
        return failed_attempt(record, now)

    assert drain(due, {"greet": greet}, CLOCK) == Drained(put_off=1)
    assert due.next_due() == NOW + FIRST_BACK_OFF
    assert drain(due, {"greet": greet}, later(FIRST_BACK_OFF)) == Drained(put_off=1)
    assert due.next_due() == NOW + 3 * FIRST_BACK_OFF
    assert seen == [0, 1]


def test_the_back_off_doubles_up_to_its_limit() -> None:
    waits = [failed_attempt(DueRecord("greet", "N1", n), 0).until for n in (0, 1, 2, 3, 4, 5, 400)]
    assert waits == [30, 60, 120, 240, 480, LONGEST_BACK_OFF, LONGEST_BACK_OFF]


def test_a_record_that_breaks_its_handler_does_not_stop_the_others(
    due: DueStore, caplog: pytest.LogCaptureFixture
) -> None:
    due.schedule("greet", "bad", NOW - 1)
    due.schedule("greet", "good", NOW)

    def greet(record: DueRecord, _: float) -> Done:
        if record.subject == "bad":
            raise ValueError("nobody is called that")
        return Done()

    assert drain(due, {"greet": greet}, CLOCK) == Drained(done=1, broken=1)
    assert "greet of bad broke off; it comes again in 120 seconds." in caplog.text
    assert due.next_due() == NOW + LEASE


def test_a_record_that_always_breaks_is_given_up_with_a_sentence(
    due: DueStore, caplog: pytest.LogCaptureFixture
) -> None:
    due.schedule("unheard_of", "N1", NOW)
    for number in range(MOST_UNFINISHED):
        assert drain(due, {}, later(number * LEASE)) == Drained(broken=1)
    caplog.clear()
    assert drain(due, {}, later(MOST_UNFINISHED * LEASE)) == Drained(dead=1)
    [said] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert said.getMessage() == (
        "unheard_of of N1 is given up: 5 workers in a row took it and did not finish. "
        "It is kept in the dead list."
    )
    assert [one.subject for one in due.dead()] == ["N1"]
    assert due.next_due() is None


def test_no_further_batch_is_begun_when_the_time_is_over(due: DueStore) -> None:
    for number in range(12):
        due.schedule("greet", f"N{number}", NOW)
    drained = drain(due, {"greet": lambda record, now: Done()}, CLOCK, patience=0)
    assert 0 < drained.done < 12


def test_a_store_that_goes_away_ends_the_drain(due: DueStore, redis: Redis) -> None:
    due.schedule("greet", "N1", NOW)

    def greet(record: DueRecord, _: float) -> Done:
        raise StoreDown("gone")

    with pytest.raises(StoreDown):
        drain(due, {"greet": greet}, CLOCK)
    assert due.next_due() == NOW + LEASE
