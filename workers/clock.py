"""The clock: has a worker do what is due, every second, as the one that leads among all clocks.

It never does anything itself, and one job at most waits in the queue, so that nothing piles up
where no worker runs and the first that comes finds one job, not thousands.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from contextlib import suppress
from enum import Enum

from redis import Redis

from ivr.clock import Clock
from ivr.store.connection import StoreDown, connect, wording
from ivr.store.due import DueStore
from ivr.store.lead import Lead
from workers.outage import Outage
from workers.queue import enqueue_drain, queue
from workers.stopping import Stopping

logger = logging.getLogger(__name__)

# Seconds.
TICK = 1.0
# Ticks for which a job may wait in the queue before that is said.
NOBODY_AFTER = 30


class Tick(Enum):
    """What came of one tick."""

    STANDING_BY = "another clock leads"
    NOTHING_DUE = "nothing is due"
    WAITING = "a job waits in the queue already"
    STARTED = "a job was put into the queue"


class Ticker:
    """One tick at a time; `name` tells this clock from the others."""

    def __init__(self, redis: Redis, name: str, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._due = DueStore(redis)
        self._queue = queue(redis)
        self._lead = Lead(redis, name)
        self.fence: int | None = None

    def tick(self) -> Tick:
        """Raises StoreDown."""
        self._notice(self._lead.hold())
        if self.fence is None:
            return Tick.STANDING_BY
        next_due = self._due.next_due()
        if next_due is None or next_due > self._clock.now().timestamp():
            return Tick.NOTHING_DUE
        with wording(self._redis):
            if self._queue.count:
                return Tick.WAITING
        if self._lead.write(lambda together: enqueue_drain(self._queue, together)):
            return Tick.STARTED
        return Tick.STANDING_BY

    def resign(self) -> None:
        """Let another clock lead at once. Raises StoreDown."""
        self._lead.resign()

    def _notice(self, fence: int | None) -> None:
        if fence is not None and fence != self.fence:
            logger.info("This clock leads (number %d).", fence)
        elif fence is None and self.fence is not None:
            logger.warning("Another clock leads now; this one stands by.")
        self.fence = fence


def run_clock(redis_url: str, clock: Clock, stopping: Stopping) -> None:
    """Tick until asked to stop. A store that is away is said so, and tried again."""
    stopping.listen()
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    outage = Outage()
    ticks_waiting = 0
    with connect(redis_url) as redis:
        ticker = Ticker(redis, name, clock)
        logger.info("The clock runs.")
        wait = 0.0
        while not stopping.wait(wait):
            try:
                tick = ticker.tick()
            except StoreDown as error:
                wait = outage.goes_on(str(error))
                continue
            outage.is_over()
            wait = TICK
            ticks_waiting = ticks_waiting + 1 if tick is Tick.WAITING else 0
            if ticks_waiting == NOBODY_AFTER:
                logger.warning("Nobody does what is due: is a worker running?")
        # Where the store is away the lease runs out by itself.
        with suppress(StoreDown):
            ticker.resign()
    logger.info("The clock has stopped.")
