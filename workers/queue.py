"""RQ's queue: the hands of what is due.

RQ keeps under `rq:` its queue (rq:queue:ringback), jobs (rq:job:ID), workers (rq:worker:NAME) and
registries. Nothing there is the only place of anything: all that must happen is a due record, and
losing every `rq:` key loses nothing. RQ's own scheduler is not used.
"""

from __future__ import annotations

from redis import Redis
from redis.client import Pipeline
from rq import Queue
from rq.serializers import JSONSerializer
from rq.worker_registration import get_keys

from ivr.store.connection import wording

NAME = "ringback"
SERIALIZER = JSONSerializer
DRAIN = "workers.jobs.drain_due"
# Seconds. A drain ends long before (services.due); one that hangs is killed, and its records come
# again when their leases run out.
JOB_TIMEOUT = 100
RESULT_KEPT = 60
FAILURE_KEPT = 24 * 3600


def queue(redis: Redis) -> Queue:
    """Ringback's only queue."""
    return Queue(NAME, connection=redis, serializer=SERIALIZER, default_timeout=JOB_TIMEOUT)


def workers_alive(redis: Redis) -> int:
    """How many workers there are; one that was killed counts for another minute. Raises
    StoreDown."""
    with wording(redis):
        known = get_keys(queue(redis))
        return redis.exists(*known) if known else 0


def enqueue_drain(queue: Queue, pipeline: Pipeline) -> None:
    """Have a worker do what is due."""
    queue.enqueue_call(
        DRAIN,
        description="drain what is due",
        result_ttl=RESULT_KEPT,
        failure_ttl=FAILURE_KEPT,
        pipeline=pipeline,
    )
