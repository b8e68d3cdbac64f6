"""The clock: starts jobs for what is due, never piles them up, and is replaced when it dies."""

import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from rq import SimpleWorker
from rq.job import Job

from ivr.clock import FixedClock, HastenedClock
from ivr.store import keys
from ivr.store.connection import StoreDown, connect
from ivr.store.due import DueStore
from ivr.store.server import PrivateServer
from tests.workers.processes import Background, eventually
from workers.clock import TICK, Tick, Ticker
from workers.queue import SERIALIZER, queue

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CLOCK = FixedClock(AT)


@pytest.fixture
def ticker(redis: Redis) -> Ticker:
    return Ticker(redis, "first", CLOCK)


@pytest.fixture
def due(redis: Redis) -> DueStore:
    return DueStore(redis)


def test_nothing_is_started_when_nothing_is_due(
    ticker: Ticker, due: DueStore, redis: Redis
) -> None:
    assert ticker.tick() is Tick.NOTHING_DUE
    due.schedule("check_call", "CA1", AT.timestamp() + 1)
    assert ticker.tick() is Tick.NOTHING_DUE
    assert queue(redis).count == 0


def test_a_job_is_started_when_something_is_due(
    ticker: Ticker, due: DueStore, redis: Redis
) -> None:
    due.schedule("check_call", "CA1", AT.timestamp())
    assert ticker.tick() is Tick.STARTED
    [job] = queue(redis).jobs
    assert job.func_name == "workers.jobs.drain_due"
    assert job.origin == "ringback"


def test_jobs_are_kept_as_json(ticker: Ticker, due: DueStore, redis: Redis) -> None:
    due.schedule("check_call", "CA1", AT.timestamp())
    ticker.tick()
    [job_id] = queue(redis).job_ids
    job = Job.fetch(job_id, connection=redis, serializer=SERIALIZER)
    assert json.loads(job.data) == ["workers.jobs.drain_due", None, [], {}]


def test_jobs_do_not_pile_up_where_no_worker_runs(
    ticker: Ticker, due: DueStore, redis: Redis
) -> None:
    due.schedule("check_call", "CA1", AT.timestamp())
    ticks = [ticker.tick() for _ in range(50)]
    assert ticks == [Tick.STARTED, *[Tick.WAITING] * 49]
    assert queue(redis).count == 1


def test_as_many_jobs_wait_as_there_are_workers_when_much_is_due(
    ticker: Ticker, due: DueStore, redis: Redis
) -> None:
    for number in range(3):
        worker = SimpleWorker([queue(redis)], connection=redis)
        worker.register_birth()  # type: ignore[no-untyped-call]
        due.schedule("check_call", f"CA{number}", AT.timestamp())
    assert ticker.tick() is Tick.STARTED
    assert queue(redis).count == 1
    for number in range(100):
        due.schedule("check_call", f"CA{number}", AT.timestamp())
    assert ticker.tick() is Tick.STARTED
    assert queue(redis).count == 3
    assert ticker.tick() is Tick.WAITING


def test_the_clock_wakes_when_the_next_record_is_due(ticker: Ticker, due: DueStore) -> None:
    due.schedule("check_call", "CA1", AT.timestamp() + 0.25)
    ticker.tick()
    assert ticker.wait == 0.25
    # One that is due already does not keep it from the next.
    due.schedule("check_call", "CA2", AT.timestamp() - 1)
    ticker.tick()
    assert ticker.wait == 0.25
    due.schedule("check_call", "CA1", AT.timestamp() + 600)
    ticker.tick()
    assert ticker.wait == TICK


def test_a_hastened_clock_wakes_so_much_sooner(redis: Redis, due: DueStore) -> None:
    class Hastened(HastenedClock):
        """At the same moment whenever it is asked."""

        def now(self) -> datetime:
            return AT

    ticker = Ticker(redis, "first", Hastened(AT, AT, 10))
    due.schedule("check_call", "CA1", AT.timestamp() + 5)
    ticker.tick()
    assert ticker.wait == 0.5


def test_news_is_taken_by_the_clock_that_waits_for_it(ticker: Ticker, redis: Redis) -> None:
    redis.lpush(keys.WAKE, "1")
    ticker.wait_for_news()
    assert redis.llen(keys.WAKE) == 0


def test_a_second_clock_stands_by(ticker: Ticker, due: DueStore, redis: Redis) -> None:
    due.schedule("check_call", "CA1", AT.timestamp())
    second = Ticker(redis, "second", CLOCK)
    ticker.tick()
    redis.delete(queue(redis).key)
    assert second.tick() is Tick.STANDING_BY
    assert queue(redis).count == 0


def test_a_clock_that_was_held_up_and_overtaken_starts_nothing(
    ticker: Ticker, due: DueStore, redis: Redis
) -> None:
    due.schedule("check_call", "CA1", AT.timestamp())
    second = Ticker(redis, "second", CLOCK)

    class Overtaken(FixedClock):
        """Asked for the time in the middle of a tick: exactly then the other takes the lead."""

        def now(self) -> datetime:
            redis.delete(keys.CLOCK_LEADER)
            second.tick()
            redis.delete(queue(redis).key)
            return AT

    first = Ticker(redis, "first", Overtaken(AT))
    assert first.tick() is Tick.STANDING_BY
    assert queue(redis).count == 0


def test_a_store_that_is_away_is_an_error_of_the_tick(tmp_path: Path) -> None:
    server = PrivateServer(tmp_path / "store")
    server.start()
    ticker = Ticker(connect(server.url), "first", CLOCK)
    server.stop()
    with pytest.raises(StoreDown):
        ticker.tick()


class TestProcesses:
    """Real processes, killed and stopped and held up."""

    def leader(self, redis: Redis) -> str:
        told = redis.get(keys.CLOCK_LEADER)
        assert told is None or isinstance(told, bytes)
        return told.decode() if told else ""

    def test_another_takes_over_when_the_leader_is_killed(
        self, background: Background, store_url: str, redis: Redis
    ) -> None:
        first = background.start("clock", store_url)
        first.says("This clock leads (number 1).")
        second = background.start("clock", store_url)
        second.says("The clock runs.")
        first.send(signal.SIGKILL)
        first.ends()
        second.says("This clock leads (number 2).")
        DueStore(redis).schedule("check_call", "CA1", datetime.now(UTC).timestamp())
        eventually(lambda: queue(redis).count == 1, "a job of the second clock")

    def test_a_leader_that_was_held_up_stands_by_when_it_goes_on(
        self, background: Background, store_url: str, redis: Redis
    ) -> None:
        first = background.start("clock", store_url)
        first.says("This clock leads (number 1).")
        first.send(signal.SIGSTOP)
        second = background.start("clock", store_url)
        second.says("This clock leads (number 2).")
        first.send(signal.SIGCONT)
        first.says("Another clock leads now; this one stands by.")
        assert self.leader(redis).startswith("2:")

    @pytest.mark.parametrize(
        "by", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
    )
    def test_a_clock_that_is_stopped_ends_cleanly_and_lets_another_lead(
        self, background: Background, store_url: str, redis: Redis, by: signal.Signals
    ) -> None:
        clock = background.start("clock", store_url)
        clock.says("This clock leads")
        clock.send(by)
        assert clock.ends() == 0
        assert "The clock has stopped." in clock.said
        assert self.leader(redis) == ""

    def test_a_store_away_at_the_start_and_in_the_middle_is_said_and_waited_for(
        self, background: Background, tmp_path: Path
    ) -> None:
        server = PrivateServer(tmp_path / "store")
        clock = background.start("clock", server.url)
        clock.says("cannot be reached")
        server.start()
        clock.says("The store answers again.")
        clock.says("This clock leads")
        server.stop()
        clock.says("cannot be reached", times=2)
        server.start()
        clock.says("The store answers again.", times=2)
        clock.send(signal.SIGTERM)
        assert clock.ends() == 0
        server.stop()
        assert "Traceback" not in clock.said

    def test_a_store_that_hangs_is_said_and_waited_for(
        self, background: Background, tmp_path: Path
    ) -> None:
        server = PrivateServer(tmp_path / "store")
        server.start()
        clock = background.start("clock", server.url)
        clock.says("This clock leads")
        os.kill(server.pid, signal.SIGSTOP)
        clock.says("does not answer in time.")
        os.kill(server.pid, signal.SIGCONT)
        clock.says("The store answers again.")
        clock.send(signal.SIGTERM)
        assert clock.ends() == 0
        server.stop()
        assert "Traceback" not in clock.said

    @pytest.mark.slow
    def test_a_clock_can_be_stopped_while_the_store_is_away(
        self, background: Background, tmp_path: Path
    ) -> None:
        clock = background.start("clock", PrivateServer(tmp_path / "store").url)
        clock.says("cannot be reached")
        clock.send(signal.SIGTERM)
        assert clock.ends() == 0
        assert "Traceback" not in clock.said
