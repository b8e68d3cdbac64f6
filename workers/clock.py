"""The clock: has workers do what is due when it is due, as the one that leads among all clocks.

It never does anything itself. It wakes when the next record is due, when somebody says that one is
(`ringback:wake`), and every second. As many jobs wait in the queue as there are workers to take
them, and never more than are of use, so that nothing piles up where no worker runs.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum

from redis import Redis
from redis.client import Pipeline

from ivr.clock import Clock, HastenedClock
from ivr.store import keys
from ivr.store.connection import StoreDown, connect, wording
from ivr.store.due import DueStore
from ivr.store.durability import Disk
from ivr.store.estimates import EstimateStore
from ivr.store.lead import Lead
from ivr.store.promises import PromiseStore
from workers.outage import Outage
from workers.queue import enqueue_drain, queue, workers_alive
from workers.stopping import Stopping

logger = logging.getLogger(__name__)

# Seconds at most between two ticks, and at least: what was due a moment ago is being claimed.
TICK = 1.0
SHORTEST = 0.005
# Seconds until what is done again and again is looked for: it may have been given up.
ENSURED_EVERY = 60.0
# Seconds for which a job may wait in the queue before that is said.
NOBODY_AFTER = 30.0
# Records that are worth a job of their own: one worker does so many in the time that it takes to
# begin another.
WORTH_A_JOB = 3


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
        self._speed = clock.speed if isinstance(clock, HastenedClock) else 1.0
        self.fence: int | None = None
        self.wait = TICK
        """Seconds until the next tick, unless there is news before."""

    def tick(self) -> Tick:
        """Raises StoreDown."""
        self._notice(self._lead.hold())
        self.wait = TICK
        if self.fence is None:
            return Tick.STANDING_BY
        now = self._clock.now().timestamp()
        agenda = self._due.agenda(now)
        if agenda.next is not None:
            self.wait = min(max((agenda.next - now) / self._speed, SHORTEST), TICK)
        if not agenda.due:
            return Tick.NOTHING_DUE
        with wording(self._redis):
            waiting = self._queue.count
        more = self._of_use(agenda.due) - waiting
        if more <= 0:
            return Tick.WAITING

        def enqueue(together: Pipeline) -> None:
            for _ in range(more):
                enqueue_drain(self._queue, together)

        return Tick.STARTED if self._lead.write(enqueue) else Tick.STANDING_BY

    def wait_for_news(self) -> None:
        """Until it is time for the next tick, or somebody says that something is due. Raises
        StoreDown."""
        with wording(self._redis):
            self._redis.blpop([keys.WAKE], timeout=self.wait)

    def _of_use(self, due: int) -> int:
        """How many jobs are: as many as there are workers, when much is due."""
        if due <= WORTH_A_JOB:
            return 1
        return max(min(workers_alive(self._redis), -(-due // WORTH_A_JOB)), 1)

    def ensure(self, periodic: Sequence[tuple[str, str]]) -> None:
        """Have it be due by now, unless it is due anyway. Raises StoreDown."""
        for kind, subject in periodic:
            self._due.ensure(kind, subject, self._clock.now().timestamp())

    def resign(self) -> None:
        """Let another clock lead at once. Raises StoreDown."""
        self._lead.resign()

    def _notice(self, fence: int | None) -> None:
        before, self.fence = self.fence, fence
        if fence is not None and fence != before:
            logger.info("This clock leads (number %d).", fence)
            # Said by one process, not by all of them.
            if warning := Disk(self._redis).warning():
                logger.warning("%s", warning)
        elif fence is None and before is not None:
            logger.warning("Another clock leads now; this one stands by.")


def run_clock(
    redis_url: str,
    clock: Clock,
    stopping: Stopping,
    periodic: Sequence[tuple[str, str]] = (),
) -> None:
    """Tick until asked to stop. A store that is away is said so, and tried again.

    `periodic`: kind and subject of what is done again and again, and must never be lost.
    """
    stopping.listen()
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    outage = Outage()
    nobody = Nobody()
    ensured = float("-inf")
    with connect(redis_url) as redis:
        ticker = Ticker(redis, name, clock)
        estimates, promises = EstimateStore(redis), PromiseStore(redis)
        logger.info("The clock runs.")
        while not stopping.wait(0):
            try:
                tick = ticker.tick()
                outage.is_over()
                nobody.notice(tick)
                if tick is not Tick.STANDING_BY and time.monotonic() > ensured + ENSURED_EVERY:
                    ticker.ensure(periodic)
                    ensured = time.monotonic()
                if tick is Tick.STANDING_BY:
                    # News is for the one that leads.
                    stopping.wait(TICK)
                else:
                    if periodic:
                        # Callers are told these, and apologised to in time: whoever died with it
                        # is not waited for.
                        estimates.ensure_due(clock.now().timestamp())
                        promises.ensure_due(clock.now().timestamp())
                    ticker.wait_for_news()
            except StoreDown as error:
                stopping.wait(outage.goes_on(str(error)))
        # Where the store is away the lease runs out by itself.
        with suppress(StoreDown):
            ticker.resign()
    logger.info("The clock has stopped.")


class Nobody:
    """Says once when jobs wait and no worker takes them."""

    def __init__(self) -> None:
        self._since: float | None = None

    def notice(self, tick: Tick) -> None:
        if tick is not Tick.WAITING:
            self._since = None
            return
        now = time.monotonic()
        if self._since is None:
            self._since = now
        elif now - self._since > NOBODY_AFTER:
            logger.warning("Nobody does what is due: is a worker running?")
            self._since = float("inf")
