"""Doing what is due: claim it, hand it to whoever knows its kind, write what came of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ivr.clock import Clock, HastenedClock
from ivr.store.connection import StoreDown
from ivr.store.due import DueRecord, DueStore

logger = logging.getLogger(__name__)

# Records that a worker has at a time: nothing waits behind one whose carrier is slow, and a killed
# worker keeps nothing else waiting.
BATCH = 1
# Seconds after which no further record is begun.
DRAIN_PATIENCE = 10.0
# Seconds. Longer than a record whose every question to the carrier takes as long as it may.
LEASE = 120.0
URGENT_LEASE = 25.0
# Seconds until a failed attempt is repeated, doubled each time, and never longer than the second.
FIRST_BACK_OFF = 30.0
LONGEST_BACK_OFF = 600.0


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing more is to be done."""


@dataclass(frozen=True, slots=True)
class PutOff:
    """To be done again at `until`; `attempts` have failed so far."""

    until: float
    attempts: int = 0


Handler = Callable[[DueRecord, float], Done | PutOff]
"""Does what a record asks for; is given the record and the time (seconds since 1970)."""


@dataclass(frozen=True, slots=True)
class Drained:
    """How many records were done, put off, broke off and were given up."""

    done: int = 0
    put_off: int = 0
    broken: int = 0
    dead: int = 0

    def __add__(self, other: Drained) -> Drained:
        return Drained(
            self.done + other.done,
            self.put_off + other.put_off,
            self.broken + other.broken,
            self.dead + other.dead,
        )


def failed_attempt(record: DueRecord, now: float) -> PutOff:
    """To be tried again, each time after twice as long."""
    wait = min(FIRST_BACK_OFF * 2**record.attempts, LONGEST_BACK_OFF)
    return PutOff(now + wait, record.attempts + 1)


def drain(
    due: DueStore,
    handlers: Mapping[str, Handler],
    clock: Clock,
    *,
    patience: float = DRAIN_PATIENCE,
    linger: float = 0.0,
    most_unhurried: int = 1_000_000,
) -> Drained:
    """Do what is due, one by one, until nothing is or `patience` seconds have gone.

    What will be due within `linger` seconds is waited for: it is done sooner than by another job.
    What nobody waits for is left when it is being done `most_unhurried` times already, by all.

    A record whose handler breaks stays claimed: it comes again when the lease runs out, and is
    given up after store.due.MOST_UNFINISHED such claims. Raises StoreDown.
    """
    given_up = time.monotonic() + patience
    drained = Drained()
    while True:
        claimed = due.claim(
            clock.now().timestamp(), BATCH, LEASE, URGENT_LEASE, most_unhurried=most_unhurried
        )
        for record in claimed.dead:
            logger.error(
                "%s of %s is given up: %d workers in a row took it and did not finish. "
                "It is kept in the dead list.",
                record.kind,
                record.subject,
                record.unfinished,
            )
            drained += Drained(dead=1)
        for record in claimed.records:
            drained += _do(due, handlers, record, clock)
        if time.monotonic() > given_up:
            return drained
        if not (claimed.records or claimed.dead):
            soon = _until_next(due, clock, linger) if linger else None
            if soon is None:
                return drained
            time.sleep(soon)


def _until_next(due: DueStore, clock: Clock, linger: float) -> float | None:
    """Seconds until the next record is due; None when that is not soon."""
    now = clock.now().timestamp()
    following = due.agenda(now).next
    if following is None:
        return None
    speed = clock.speed if isinstance(clock, HastenedClock) else 1.0
    wait = max(following - now, 0.0) / speed
    return wait if wait <= linger else None


def _do(due: DueStore, handlers: Mapping[str, Handler], record: DueRecord, clock: Clock) -> Drained:
    try:
        outcome = handlers[record.kind](record, clock.now().timestamp())
    except StoreDown:
        raise
    except Exception:
        # One record must not keep the others from being done.
        logger.exception(
            "%s of %s broke off; it comes again in %d seconds.", record.kind, record.subject, LEASE
        )
        due.broke_off(record)
        return Drained(broken=1)
    # When the claim is lost meanwhile, somebody had news: what they wrote is newer than ours.
    if isinstance(outcome, Done):
        due.done(record)
        return Drained(done=1)
    due.put_off(record, outcome.until, attempts=outcome.attempts)
    return Drained(put_off=1)
