"""RQ's worker, kept going when the store goes away, and with one readable line for each trouble."""

from __future__ import annotations

import logging
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker

from ivr.store.connection import StoreDown, connect, sentence, wording
from workers.outage import LONGEST_WAIT, Outage
from workers.queue import SERIALIZER, queue
from workers.stopping import Stopping

logger = logging.getLogger(__name__)

# Seconds. RQ waits for a job this long minus 15, and 10 more for an answer: a server that hangs is
# found out after 11 seconds, not after RQ's own 7 minutes.
WORKER_TTL = 16


class PatientWorker(Worker):
    """Forks for each job, so that a job that hangs can be killed."""

    max_connection_wait_time = LONGEST_WAIT

    def __init__(self, redis: Redis, outage: Outage) -> None:
        self._outage = outage
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

    def handle_work_horse_killed(self, *how: Any) -> None:
        logger.error("A job's process was killed. What it had claimed comes again.")


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
    outage = Outage()
    rq_log = logging.getLogger("rq.worker")
    while not stopping.requested:
        # RQ hears the signals while it works.
        stopping.listen()
        with connect(redis_url) as redis:
            in_words = InWords(redis, outage)
            rq_log.addFilter(in_words)
            try:
                wait = _work(redis, outage)
            finally:
                rq_log.removeFilter(in_words)
        if wait is None:
            break
        stopping.listen()
        stopping.wait(wait)
    logger.info("The worker has stopped.")


def _work(redis: Redis, outage: Outage) -> float | None:
    """Work until a signal comes (None), or something fails: then the seconds until the next try."""
    worker: PatientWorker | None = None
    try:
        with wording(redis):
            worker = PatientWorker(redis, outage)
            worker.work(logging_level="WARNING")
            if not worker.was_stopped:
                redis.ping()
                logger.warning("The worker ended by itself; it starts again.")
                return 1.0
    except StoreDown as error:
        if worker is None or not worker.was_stopped:
            return outage.goes_on(str(error))
    return None
