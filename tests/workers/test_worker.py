"""The worker as a real process, from a due record to what the carrier said of it."""

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis

from ivr.services.due import LEASE
from ivr.store.calls import CHECK_CALL_AFTER, CallStore
from ivr.store.connection import connect
from ivr.store.due import DueStore
from ivr.store.server import PrivateServer
from tests.services.carrier_api import CarrierApi
from tests.workers.processes import Background, eventually
from workers.queue import enqueue_drain, queue

CALL = "CA" + "1" * 32
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def a_call_to_check(redis: Redis, call_id: str = CALL) -> CallStore:
    calls = CallStore(redis)
    long_ago = NOW.timestamp() - CHECK_CALL_AFTER
    calls.note_status(call_id, "ringing", 0, None, long_ago)
    DueStore(redis).schedule("check_call", call_id, NOW.timestamp())
    return calls


def enqueue(redis: Redis) -> None:
    with redis.pipeline() as together:
        enqueue_drain(queue(redis), together)
        together.execute()


def test_a_call_whose_end_nobody_told_is_found_ended_by_clock_and_worker(
    background: Background, store_url: str, redis: Redis, carrier_api: CarrierApi
) -> None:
    carrier_api.put_up(CALL, "completed", "42")
    background.start("worker", store_url, RINGBACK_CARRIER_API=carrier_api.url)
    background.start("clock", store_url)
    calls = a_call_to_check(redis)
    eventually(lambda: not calls.is_open(CALL), "the call has ended")
    assert DueStore(redis).next_due() is None


def test_a_stopped_worker_finishes_its_job_and_ends(
    background: Background, store_url: str, redis: Redis, carrier_api: CarrierApi
) -> None:
    carrier_api.put_up(CALL, "completed", "42")
    carrier_api.answers.clear()
    worker = background.start("worker", store_url, RINGBACK_CARRIER_API=carrier_api.url)
    worker.says("The worker is ready.")
    calls = a_call_to_check(redis)
    enqueue(redis)
    eventually(lambda: carrier_api.asked, "the carrier is asked")
    worker.send(signal.SIGTERM)
    worker.says("Stopping; a job under way is finished first.")
    carrier_api.answers.set()
    assert worker.ends() == 0
    assert not calls.is_open(CALL)
    assert "The worker has stopped." in worker.said


@pytest.mark.parametrize(
    "by", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_an_idle_worker_ends_cleanly(
    background: Background, store_url: str, redis: Redis, by: signal.Signals
) -> None:
    worker = background.start("worker", store_url)
    worker.says("The worker is ready.")
    worker.send(by)
    assert worker.ends() == 0
    assert "Traceback" not in worker.said


def test_what_a_killed_job_had_claimed_is_done_when_its_lease_runs_out(
    background: Background,
    store_url: str,
    redis: Redis,
    carrier_api: CarrierApi,
    tmp_path: Path,
) -> None:
    carrier_api.put_up(CALL, "completed", "42")
    carrier_api.answers.clear()
    clock_file = tmp_path / "clock"
    clock_file.write_text(NOW.isoformat())
    environment = {
        "RINGBACK_CARRIER_API": carrier_api.url,
        "RINGBACK_CLOCK_FILE": str(clock_file),
    }
    worker = background.start("worker", store_url, **environment)
    background.start("clock", store_url, **environment)
    calls = a_call_to_check(redis)
    eventually(lambda: carrier_api.asked, "the carrier is asked")
    for job in worker.children():
        os.kill(job, signal.SIGKILL)
    worker.says("What it had claimed comes again.")
    carrier_api.answers.set()
    assert calls.is_open(CALL)
    assert DueStore(redis).next_due() == NOW.timestamp() + LEASE

    later = tmp_path / "later"
    later.write_text((NOW + timedelta(seconds=LEASE)).isoformat())
    later.replace(clock_file)
    eventually(lambda: not calls.is_open(CALL), "the call has ended")
    assert "Traceback" not in worker.said


@pytest.mark.slow
def test_a_store_away_at_the_start_and_in_the_middle_is_said_and_waited_for(
    background: Background, tmp_path: Path, carrier_api: CarrierApi
) -> None:
    server = PrivateServer(tmp_path / "store", appendfsync="always")
    worker = background.start("worker", server.url, RINGBACK_CARRIER_API=carrier_api.url)
    worker.says("cannot be reached")
    server.start()
    worker.says("The worker is ready.")
    server.kill()
    worker.says("cannot be reached", times=2)
    server.start()
    carrier_api.put_up(CALL, "completed", "42")
    redis = connect(server.url)
    calls = a_call_to_check(redis)
    enqueue(redis)
    eventually(lambda: not calls.is_open(CALL), "the call has ended")
    worker.send(signal.SIGTERM)
    assert worker.ends() == 0
    server.stop()
    assert "Traceback" not in worker.said


@pytest.mark.slow
def test_a_store_that_hangs_is_said_and_waited_for(
    background: Background, tmp_path: Path, carrier_api: CarrierApi
) -> None:
    server = PrivateServer(tmp_path / "store")
    server.start()
    worker = background.start("worker", server.url, RINGBACK_CARRIER_API=carrier_api.url)
    worker.says("The worker is ready.")
    os.kill(server.pid, signal.SIGSTOP)
    worker.says("does not answer in time.")
    os.kill(server.pid, signal.SIGCONT)
    worker.says("The store answers again.")
    carrier_api.put_up(CALL, "completed", "42")
    redis = connect(server.url)
    calls = a_call_to_check(redis)
    enqueue(redis)
    eventually(lambda: not calls.is_open(CALL), "the call has ended")
    worker.send(signal.SIGTERM)
    assert worker.ends() == 0
    server.stop()
    assert "Traceback" not in worker.said


def test_a_store_that_goes_away_during_a_job_is_no_traceback(
    background: Background, tmp_path: Path, carrier_api: CarrierApi
) -> None:
    server = PrivateServer(tmp_path / "store", appendfsync="always")
    server.start()
    carrier_api.put_up(CALL, "completed", "42")
    carrier_api.answers.clear()
    worker = background.start("worker", server.url, RINGBACK_CARRIER_API=carrier_api.url)
    worker.says("The worker is ready.")
    redis = connect(server.url)
    a_call_to_check(redis)
    enqueue(redis)
    eventually(lambda: carrier_api.asked, "the carrier is asked")
    server.kill()
    carrier_api.answers.set()
    worker.says("What is due waits.")
    worker.says("It is tried again until it does.")
    server.start()
    worker.says("The worker is ready.", times=2)
    assert CallStore(connect(server.url)).is_open(CALL)
    worker.send(signal.SIGTERM)
    assert worker.ends() == 0
    server.stop()
    assert "Traceback" not in worker.said


@pytest.mark.parametrize("command", ["worker", "clock"])
def test_without_a_store_to_use_there_is_a_sentence(background: Background, command: str) -> None:
    process = background.start(command, None)
    assert process.ends() == 2
    assert process.said == "Error: Set REDIS_URL, such as redis://127.0.0.1:6379/0.\n"
