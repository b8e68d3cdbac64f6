"""A process that works and one that keeps it: neither is left without the other."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from redis import Redis

from tests.workers.processes import Background, Process, eventually

# A worker whose first job hangs where no signal's handler is ever run.
HANGS = """
import logging, signal, sys
from pathlib import Path
from workers.keeper import Keeper, Tether
from workers.stopping import Stopping

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
first = Path(sys.argv[1])

def work(tether: Tether) -> None:
    print("at work", flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    with tether.at_work():
        if not first.exists():
            first.touch()
            signal.sigwait([signal.SIGUSR2])
    print("done", flush=True)
    signal.sigwait([signal.SIGTERM])

stopping = Stopping()
stopping.listen()
Keeper(work, 0.5).keep(stopping)
"""


@pytest.fixture
def hanging(tmp_path: Path, background: Background) -> Process:
    log = tmp_path / "keeper.log"
    with log.open("wb") as out:
        popen = subprocess.Popen(
            [sys.executable, "-c", HANGS, str(tmp_path / "first")], stdout=out, stderr=out
        )
    process = Process(popen, log)
    background.started.append(process)
    return process


def test_a_job_that_hangs_is_ended_and_the_next_one_is_done(hanging: Process) -> None:
    hanging.says("A job takes more than")
    hanging.says("What it had claimed comes again.")
    hanging.says("at work", times=2)
    hanging.says("done")
    hanging.send(signal.SIGTERM)
    assert hanging.ends() == 0


def test_a_worker_whose_keeper_is_killed_ends(
    background: Background, store_url: str, redis: Redis
) -> None:
    worker = background.start("worker", store_url)
    worker.says("The worker is ready.")
    children = worker.children()
    assert children
    worker.send(signal.SIGKILL)
    worker.ends()
    eventually(lambda: not any(map(is_running, children)), "the worker has ended")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        # Where nobody reads the status of a process whose parent is gone it stays as a zombie.
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False
