"""RQ's worker, kept going when the store goes away, and with one readable line for each trouble.

Jobs are done one after another by one process, whose connections stay open: somebody waits for an
agent's telephone to ring, and a new connection to the carrier takes longer than the request. A
second process watches it, replaces it when it dies, and kills it when a job hangs.
"""

from __future__ import annotations

import logging
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.job import Job

from ivr.store.connection import StoreDown, connect, sentence, wording
from workers.keeper import Keeper, Tether
from workers.outage import LONGEST_WAIT, Outage
from workers.queue import JOB_TIMEOUT, SERIALIZER, queue
from workers.stopping import Stopping

logger = logging.getLogger(__name__)

# Seconds. RQ waits for a job this long minus 15, and 10 more for an answer: a server that hangs is
# found out after 11 seconds, not after RQ's own 7 minutes.
WORKER_TTL = 16
# Seconds that a job has beyond its time-out, by which it ends itself where Python still runs.
HANGS_AFTER = JOB_TIMEOUT + 20.0


class PatientWorker(SimpleWorker):
    """Tells its keeper when a job begins and ends."""

    max_connection_wait_time = LONGEST_WAIT

    def __init__(self, redis: Redis, outage: Outage, tether: Tether) -> None:
        self._outage = outage
        self._tether = tether
        super().__init__(
            [queue(redis)], connection=redis, serializer=SERIALIZER, worker_ttl=WORKER_TTL
        )

    @property
    def was_stopped(self) -> bool:
        """Whether a signal has asked it to end."""
        return self._shutdown_requested_date is not None

    def bootstrap(self, *how: Any) -> None:
        super().bootstrap(*how)
        logger.info("The worker is ready.")

    def subscribe(self) -> None:
        """Hear nothing: this worker is stopped by signals, and the thread in which RQ hears orders
        sent through the store breaks with a traceback when the store hangs."""

    def heartbeat(self, *how: Any, **more: Any) -> None:
        super().heartbeat(*how, **more)
        self._outage.is_over()

    def handle_warm_shutdown_request(self) -> None:
        logger.info("Stopping; a job under way is finished first.")

    def execute_job(self, job: Job, queue: Queue) -> None:
        with self._tether.at_work():
            super().execute_job(job, queue)


class InWords(logging.Filter):
    """Makes RQ's lines about a store that is away a sentence, once, without a traceback."""

    def __init__(self, redis: Redis, outage: Outage) -> None:
        super().__init__()
        self._redis = redis
        self._outage = outage

    def filter(self, record: logging.LogRecord) -> bool:
        error: object = record.exc_info[1] if record.exc_info else None
        if error is None and isinstance(record.args, tuple):
            error = next((one for one in record.args if isinstance(one, RedisError)), None)
        if isinstance(error, RedisError):
            self._outage.goes_on(sentence(self._redis, error))
            return False
        return True


def run_worker(redis_url: str, stopping: Stopping) -> None:
    """Work until asked to stop. A store that is away is said so, and tried again."""
    stopping.listen()
    Keeper(lambda tether: _work_on(redis_url, tether), HANGS_AFTER).keep(stopping)
    logger.info("The worker has stopped.")


def _work_on(redis_url: str, tether: Tether) -> None:
    """In the process that does the jobs: until a signal comes."""
    stopping = Stopping()
    outage = Outage()
    rq_log = logging.getLogger("rq.worker")
    while not stopping.requested:
        # RQ hears the signals while it works.
        stopping.listen()
        with connect(redis_url) as redis:
            in_words = InWords(redis, outage)
            rq_log.addFilter(in_words)
            try:
                wait = _work(redis, outage, tether)
            finally:
                rq_log.removeFilter(in_words)
        if wait is None:
            break
        stopping.listen()
        stopping.wait(wait)


def _work(redis: Redis, outage: Outage, tether: Tether) -> float | None:
    """Work until a signal comes (None), or something fails: then the seconds until the next try."""
    worker: PatientWorker | None = None
    try:
        with wording(redis):
            worker = PatientWorker(redis, outage, tether)
            worker.work(logging_level="WARNING")
            if not worker.was_stopped:
                redis.ping()
                logger.warning("The worker ended by itself; it starts again.")
                return 1.0
    except StoreDown as error:
        if worker is None or not worker.was_stopped:
            return outage.goes_on(str(error))
    return None
