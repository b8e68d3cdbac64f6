"""Asking the carrier for one call to a person, once, whatever fails on the way.

The attempt is written, under the lock on the number, before the carrier is asked. Whoever finds one
without a call does not know what came of it, and looks among the carrier's calls before anything is
dialled again. The hours are asked again right before the carrier is.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ivr.callbacks.outcomes import Result, read_result
from ivr.callbacks.reachable import Reachable, reachable
from ivr.callbacks.record import SYSTEM
from ivr.callbacks.states import ENDS
from ivr.carrier.rest import (
    BusyError,
    Carrier,
    CarrierError,
    PermanentError,
    RefusedError,
    UnknownError,
)
from ivr.services.callbacks.calling.desk import CallingDesk
from ivr.services.callbacks.calling.news import News
from ivr.store.callbacks import CALLBACK, StoredCallback
from ivr.store.due import DueRecord
from ivr.store.number_locks import NumberLocks
from ivr.store.pacing import PaceStore

logger = logging.getLogger(__name__)

# Seconds until a lock that another process has is tried again, and how often.
LOCKED_FOR = 1.0
MOST_LOCKED = 60
# Seconds until the carrier is looked at again for a call of unknown outcome.
LOOK_AGAIN = 2.0
# Until somebody who is on the telephone with us is rung to be told something.
ON_THE_LINE = 30.0
# Before an extension: what has answered must listen first.
PAUSE = "wwww"


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing was written; to be tried again at `until`."""

    until: float
    attempts: int


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing was written: they may not be rung now."""

    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """Nothing was written: they may not be rung at all."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotDialled:
    """The attempt is written, and the carrier was not asked, or did nothing."""

    written: StoredCallback
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Failed:
    """The attempt is written, and the carrier refused it for good."""

    written: StoredCallback
    result: Result
    at: float


@dataclass(frozen=True, slots=True)
class Asked:
    """The carrier was asked; where its answer was lost, it is looked for."""


Dialled = Wait | NotNow | Never | NotDialled | Failed | Asked


class Dialler:
    """`clock` tells the time (seconds since 1970) right before somebody is dialled."""

    def __init__(
        self, desk: CallingDesk, news: News, carrier: Carrier, pace: PaceStore, locks: NumberLocks,
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._news = news
        self._carrier = carrier
        self._pace = pace
        self.locks = locks
        self.clock = clock

    def dial(
        self,
        record: DueRecord,
        stored: StoredCallback,
        event: Literal["attempt_written", "telling_written"],
        now: float,
    ) -> Dialled:
        """Write the attempt by `event` and ask for the call. Raises StoreDown."""
        desk, callback = self._desk, stored.callback
        if not desk.rules.may_ring(callback.queue, now):
            return NotNow("nobody may be rung at this hour")
        number = reachable(callback.number, desk.rules.numbers)
        if not isinstance(number, Reachable):
            return Never(f"the number is not rung: {number}")
        until = self._pace.wait_until(record.id, now)
        if until is not None:
            return Wait(until, record.attempts)
        fence = self.locks.take(callback.number, now)
        if fence is None:
            if record.attempts >= MOST_LOCKED:
                return NotNow("the number is being rung elsewhere")
            return Wait(now + LOCKED_FOR, record.attempts + 1)
        try:
            return self._dial(stored, event, fence, now)
        finally:
            self.locks.give_back(callback.number, fence, self.clock())

    def _dial(
        self,
        stored: StoredCallback,
        event: Literal["attempt_written", "telling_written"],
        fence: int,
        now: float,
    ) -> Dialled:
        desk = self._desk
        written = desk.callbacks.move(
            stored, event, SYSTEM, now, fence=fence, on_disk=True,
            calls_a_day=desk.config.callbacks.limits.calls_a_day,
        )  # fmt: skip
        if written == "changed":
            return Wait(now, 0)
        if not isinstance(written, StoredCallback):
            if written == "on_the_line" and event == "attempt_written":
                return NotNow("they wait on the telephone themselves")
            if written == "on_the_line":
                return Wait(now + ON_THE_LINE, 0)
            if written == "lock_lost":
                return Wait(now + LOCKED_FOR, 0)
            return Never(f"it may not be rung now: {written}")
        callback, at = written.callback, self.clock()
        if not desk.rules.may_ring(callback.queue, at):
            return NotDialled(written, "the hours ended", at)
        if not self.locks.may_dial(callback.number, fence, at):
            return NotDialled(written, "the lock on the number ran out", at)
        try:
            call = self._ask(written, detects=event == "attempt_written")
        except UnknownError as error:
            logger.warning("Whether %s was dialled is not known: %s", callback.id, error)
            desk.due.schedule(CALLBACK, callback.id, at + LOOK_AGAIN)
            return Asked()
        except BusyError:
            self._pace.hold_off(at + LOOK_AGAIN)
            return NotDialled(written, "the carrier has too much to do", at)
        except RefusedError as error:
            return Failed(written, Result("failed", "ours", str(error)), at)
        except PermanentError as error:
            return Failed(written, read_result("failed", error=error.code), at)
        self._note(written, call)
        return Asked()

    def _ask(self, written: StoredCallback, *, detects: bool) -> str:
        desk, callback, attempt = self._desk, written.callback, len(written.callback.attempts)
        lines, person = desk.config.lines, written.about.person
        shown = lines.get(person.line) or next(iter(lines.values()))
        return self._carrier.create_call(
            callback.number,
            shown.number,
            desk.addresses.of("answered", callback.id, attempt, person.language),
            desk.addresses.status(callback.id, attempt),
            desk.rules.of(callback.queue).attempts.ring,
            detection_url=desk.addresses.detection(callback.id, attempt) if detects else "",
            keys=PAUSE + callback.extension if callback.extension else "",
        )

    def _note(self, written: StoredCallback, call: str) -> None:
        desk, number = self._desk, len(written.callback.attempts)
        self._news.dialled(written.id, number, call, self.clock())
        stored = desk.callbacks.read(written.id)
        attempts = () if stored is None else stored.callback.attempts
        ours = len(attempts) >= number and attempts[number - 1].call in ("", call)
        if not ours or (stored is not None and stored.callback.state in ENDS):
            # Somebody took this attempt for lost, or the person wants it no more.
            try:
                self._carrier.complete(call)
            except CarrierError as error:
                logger.warning("The call %s goes on in vain: %s", call, error)


def this_process() -> str:
    """As people who look at a lock know it."""
    return f"{socket.gethostname()}-{os.getpid()}"
