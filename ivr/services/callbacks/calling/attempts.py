"""Ringing a person back, once for each attempt, whatever fails on the way.

The attempt is written, under the lock on the number, before the carrier is asked. Whoever finds one
without a call does not know what came of it, and looks among the carrier's calls before anything is
dialled again. The hours are asked again right before the carrier is.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Mapping

from ivr.callbacks.duties import next_steps
from ivr.callbacks.moves import SETTLED_AFTER, Details
from ivr.callbacks.outcomes import Result, read_result
from ivr.callbacks.reachable import Reachable, reachable
from ivr.callbacks.record import SYSTEM
from ivr.callbacks.states import ENDS, Event
from ivr.carrier.rest import (
    BusyError,
    Carrier,
    CarrierError,
    GoneError,
    PermanentError,
    RefusedError,
    UnknownError,
)
from ivr.services.callbacks.calling.desk import OVER, CallingDesk, Chosen
from ivr.services.due import Done, Handler, PutOff
from ivr.services.ringing.desk import again
from ivr.store.agents import WATCH_AFTER
from ivr.store.callbacks import CALLBACK, DISPATCH_CALLBACKS, StoredCallback
from ivr.store.due import DueRecord
from ivr.store.number_locks import NumberLocks
from ivr.store.pacing import PaceStore
from ivr.store.ringing import Ringing

logger = logging.getLogger(__name__)

# Seconds in which somebody who is rung answers, and hears who is calling.
ANSWERS_IN = 15.0
# Seconds until a lock that another process has is tried again, and how often.
LOCKED_FOR = 1.0
MOST_LOCKED = 60
# Seconds until the carrier is looked at again for a call of unknown outcome.
LOOK_AGAIN = 2.0
# Seconds until what only a person can decide is looked at again.
DECISION = 7200.0
# Seconds between two looks at a call that goes on longer than is usual.
LOOK_AT_CALL = 30.0


class Attempts:
    """Handles bring_person of a callback (subject: a reservation's id) and callback (its id)."""

    def __init__(
        self, desk: CallingDesk, carrier: Carrier, pace: PaceStore, locks: NumberLocks,
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._carrier = carrier
        self._pace = pace
        self._locks = locks
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {CALLBACK: self.step}

    def bring(self, record: DueRecord, now: float) -> Done | PutOff:
        """An agent has accepted: ring the person, or bring them who wait already. Raises
        StoreDown."""
        desk = self._desk
        ringing = desk.ringing.read(record.subject)
        if ringing is None or ringing.state != "accepted":
            return Done()
        stored = desk.callbacks.read(ringing.place)
        if stored is None:
            desk.ringing.lose_person(ringing.id, now)
            return Done()
        match stored.callback.state:
            case "waiting" | "due":
                chosen: Chosen = ("reserved", Details(agent=ringing.agent))
                reserved = desk.change(
                    stored.id, lambda one: chosen if one.callback.state in ("waiting", "due")
                    else None, now,
                )  # fmt: skip
                return self.bring(record, now) if reserved else PutOff(now + LOCKED_FOR)
            case "reserved":
                return self._attempt(record, ringing.id, stored, now)
            case "answered":
                return self._fetch(record, ringing, stored, now)
            case "attempt_written" | "dialling" | "talking" if (
                stored.callback.agent == ringing.agent
            ):
                return Done()
        desk.ringing.lose_person(ringing.id, now)
        return Done()

    def close_served(self, record: DueRecord, now: float) -> None:
        """A caller has been given to an agent: what they were promised of the same queue is done
        with. Raises StoreDown."""
        desk = self._desk
        ringing = desk.ringing.read(record.subject)
        if ringing is None or ringing.kind != "live" or ringing.state != "accepted":
            return
        for stored in desk.callbacks.of_number(ringing.person.caller or ""):
            reservation = desk.reservation_of(stored.id)
            closed = stored.callback.queue == ringing.queue and desk.change(
                stored.id,
                lambda one: (
                    ("superseded", Details(reason="served on the line"))
                    if one.callback.state not in ENDS
                    else None
                ),
                now,
            )
            if closed:
                logger.info("Callback %s is not needed: they are being served.", stored.id)
                self._let_go(reservation, now)

    def step(self, record: DueRecord, now: float) -> Done | PutOff:
        """What must happen next with a callback, or has not happened in time. Raises StoreDown."""
        desk = self._desk
        stored = desk.callbacks.read(record.subject)
        steps = () if stored is None else next_steps(stored.callback)
        if stored is None or not steps:
            return Done()
        callback = stored.callback
        if callback.state in ENDS:
            return self._end_call(record, stored, now)
        match callback.state:
            case "booked" | "retry":
                return self._come_due(stored, now)
            case "due" if not callback.agent_first:
                return self._person_first(record, stored, now)
            case "waiting" | "due":
                desk.due.ensure(DISPATCH_CALLBACKS, callback.queue, now)
                return PutOff(now + LOOK_AT_CALL)
            case "reserved":
                return self._see_agent(stored, now)
            case "attempt_written":
                return self._look_up(record, stored, now)
            case "dialling" | "answered" | "talking":
                return self._see_call(record, stored, now)
            case "at_machine":
                return self._leave_message(record, stored, now)
            case "unreached" | "called_off":
                # Nobody has told the person: somebody must decide how.
                desk.change(
                    stored.id,
                    lambda one: (
                        ("not_told", Details(reason="nobody could tell the person yet"))
                        if one.callback.state in ("unreached", "called_off")
                        else None
                    ),
                    now,
                )
                return Done()
        logger.warning("Callback %s waits for a supervisor's decision.", stored.id)
        return PutOff(now + DECISION)

    # -- An attempt

    def _person_first(self, record: DueRecord, stored: StoredCallback, now: float) -> Done | PutOff:
        """Ring them as soon as an agent is there, or nearly, whom nobody before them needs."""
        callback, desk = stored.callback, self._desk
        if callback.window is not None and now < callback.window.begins:
            return PutOff(callback.window.begins)
        queue = desk.dispatch.queue(callback.queue)
        earlier = sum(order <= stored.order for _, order in queue.line)
        free = queue.idle + queue.soon_free(now, ANSWERS_IN) - desk.without_agent(callback.queue)
        if free <= earlier:
            return PutOff(now + LOOK_AGAIN)
        return self._attempt(record, "", stored, now)

    def _let_go(self, reservation: str, now: float) -> None:
        """The agent is told, and free."""
        if reservation:
            self._desk.ringing.lose_person(reservation, now)

    def _attempt(
        self, record: DueRecord, reservation: str, stored: StoredCallback, now: float
    ) -> Done | PutOff:
        desk, queue = self._desk, stored.callback.queue
        if not desk.rules.may_ring(queue, now):
            return self._not_now(reservation, stored, "nobody may be rung at this hour", now)
        if now < stored.callback.not_before:
            if stored.callback.not_before < now + LOOK_AT_CALL:
                return PutOff(stored.callback.not_before, record.attempts)
            return self._not_now(reservation, stored, "its time has not come", now)
        number = reachable(stored.callback.number, desk.rules.numbers)
        if not isinstance(number, Reachable):
            return self._never(reservation, stored, f"the number is not rung: {number}", now)
        until = self._pace.wait_until(record.id, now)
        if until is not None:
            return PutOff(until, record.attempts)
        fence = self._locks.take(stored.callback.number, now)
        if fence is None:
            if record.attempts >= MOST_LOCKED:
                return self._not_now(reservation, stored, "the number is being rung elsewhere", now)
            return PutOff(now + LOCKED_FOR, record.attempts + 1)
        try:
            return self._dial(reservation, stored, fence, now)
        finally:
            self._locks.give_back(stored.callback.number, fence, self._clock())

    def _dial(
        self, reservation: str, stored: StoredCallback, fence: int, now: float
    ) -> Done | PutOff:
        desk = self._desk
        written = desk.callbacks.move(
            stored, "attempt_written", SYSTEM, now, fence=fence, on_disk=True,
            calls_a_day=desk.config.callbacks.limits.calls_a_day,
        )  # fmt: skip
        if written == "changed":
            return PutOff(now)
        if not isinstance(written, StoredCallback):
            if written == "lock_lost":
                return PutOff(now + LOCKED_FOR)
            return self._never(reservation, stored, f"it may not be rung now: {written}", now)
        callback, attempt = written.callback, len(written.callback.attempts)
        at = self._clock()
        if not desk.rules.may_ring(callback.queue, at):
            return self._undone(reservation, written, "the hours ended", at)
        if not self._locks.may_dial(callback.number, fence, at):
            return self._undone(reservation, written, "the lock on the number ran out", at)
        language = written.about.person.language
        try:
            call = self._carrier.create_call(
                callback.number,
                self._shown(written),
                desk.addresses.of("answered", callback.id, attempt, language),
                desk.addresses.status(callback.id, attempt),
                desk.rules.of(callback.queue).attempts.ring,
                detection_url=desk.addresses.detection(callback.id, attempt),
            )
        except UnknownError as error:
            logger.warning("Whether %s was dialled is not known: %s", callback.id, error)
            desk.due.schedule(CALLBACK, callback.id, at + LOOK_AGAIN)
            return Done()
        except (BusyError, RefusedError) as error:
            # Nothing was dialled.
            if isinstance(error, BusyError):
                self._pace.hold_off(at + LOOK_AGAIN)
                return self._undone(reservation, written, "the carrier has too much to do", at)
            return self._failed(reservation, written, Result("failed", "ours", str(error)), at)
        except PermanentError as error:
            result = read_result("failed", error=error.code)
            return self._failed(reservation, written, result, at)
        self._dialled(written, call)
        return Done()

    def _dialled(self, written: StoredCallback, call: str) -> None:
        desk, number = self._desk, len(written.callback.attempts)
        desk.note_dialled(written.id, number, call, self._clock())
        stored = desk.callbacks.read(written.id)
        attempts = () if stored is None else stored.callback.attempts
        ours = len(attempts) >= number and attempts[number - 1].call in ("", call)
        if not ours or (stored is not None and stored.callback.state in ENDS):
            # Somebody took this attempt for lost, or the person wants it no more.
            try:
                self._carrier.complete(call)
            except CarrierError as error:
                logger.warning("The call %s goes on in vain: %s", call, error)

    def _undone(self, reservation: str, written: StoredCallback, reason: str, now: float) -> Done:
        """Nothing was dialled, and may be later."""
        desk, number = self._desk, len(written.callback.attempts)
        later = desk.rules.opens(written.callback.queue, now + LOOK_AGAIN)

        def choose(one: StoredCallback) -> Chosen:
            if one.callback.state != "attempt_written" or len(one.callback.attempts) != number:
                return None
            return "refused_by_carrier", Details(reason=reason, not_before=later)

        self._let_go(reservation, now)
        desk.change(written.id, choose, now)
        return Done()

    def _failed(
        self, reservation: str, written: StoredCallback, result: Result, now: float
    ) -> Done:
        desk = self._desk
        logger.error("Callback %s cannot be dialled: %s.", written.id, result.reason)
        desk.change(
            written.id,
            lambda one: (
                desk.follow(one, result, now) if one.callback.state == "attempt_written" else None
            ),
            now,
        )
        self._let_go(reservation, now)
        return Done()

    def _not_now(
        self, reservation: str, stored: StoredCallback, reason: str, now: float
    ) -> Done | PutOff:
        """It goes back to its place, and the agent is told."""
        desk = self._desk
        self._let_go(reservation, now)
        desk.change(
            stored.id,
            lambda one: (
                ("released", Details(reason=reason)) if one.callback.state == "reserved" else None
            ),
            now,
        )
        if not desk.rules.may_ring(stored.callback.queue, now):
            desk.lines.leave(stored.id, "closed", now)
        return Done() if reservation else PutOff(now + LOOK_AT_CALL)

    def _never(self, reservation: str, stored: StoredCallback, reason: str, now: float) -> Done:
        """A supervisor decides."""
        desk = self._desk
        self._let_go(reservation, now)
        logger.error("Callback %s is not made: %s.", stored.id, reason)
        desk.change(
            stored.id,
            lambda one: (
                ("flagged", Details(reason=reason)) if one.callback.state == "reserved" else None
            ),
            now,
        )
        return Done()

    def _fetch(
        self, record: DueRecord, ringing: Ringing, stored: StoredCallback, now: float
    ) -> Done | PutOff:
        """The person is on the line and waits: bring them to the agent."""
        desk, callback = self._desk, stored.callback
        attempt = callback.attempt
        assert attempt is not None
        url = desk.addresses.meet(
            callback.id, len(callback.attempts), ringing.id, stored.about.person.language
        )
        try:
            self._carrier.redirect(attempt.call, url)
        except GoneError:
            desk.settle(callback.id, len(callback.attempts), attempt.call, "completed", now)
            return Done()
        except CarrierError as error:
            return again(record, now, error)
        return PutOff(now + LOOK_AT_CALL / 3)

    # -- What is overdue

    def _come_due(self, stored: StoredCallback, now: float) -> Done | PutOff:
        callback, desk = stored.callback, self._desk
        at = desk.rules.opens(callback.queue, max(now, callback.not_before))
        if at is None:
            at = now + DECISION
        if at > now:
            return PutOff(at)
        event: Event = "window_opened" if callback.state == "booked" else "retry_came"
        desk.change(
            stored.id,
            lambda one: (event, Details()) if one.callback.moves == callback.moves else None,
            now,
        )
        desk.due.schedule(DISPATCH_CALLBACKS, callback.queue, now)
        return Done()

    def _see_agent(self, stored: StoredCallback, now: float) -> Done | PutOff:
        desk = self._desk
        reservation = desk.reservation_of(stored.id)
        if reservation:
            # Whoever was to dial has died.
            desk.due.ensure("bring_person", reservation, now)
            return PutOff(now + LOOK_AT_CALL)
        desk.change(
            stored.id,
            lambda one: (
                ("released", Details(reason="the agent has gone"))
                if one.callback.moves == stored.callback.moves
                else None
            ),
            now,
        )
        return Done()

    def _look_up(self, record: DueRecord, stored: StoredCallback, now: float) -> Done | PutOff:
        desk, callback = self._desk, stored.callback
        attempt = callback.attempt
        assert attempt is not None
        # Until the lease of whoever was dialling has run out, they may be dialling still.
        fence = self._locks.take(attempt.number, now)
        if fence is None:
            return PutOff(now + LOOK_AGAIN, record.attempts)
        try:
            found = self._carrier.find_call(attempt.number, attempt.at)
        except CarrierError as error:
            return again(record, now, error)
        finally:
            self._locks.give_back(attempt.number, fence, self._clock())
        number = len(callback.attempts)
        if found is not None:
            logger.info("Callback %s was dialled after all; found by asking.", stored.id)
            desk.note_dialled(stored.id, number, found.id, now)
            if found.status in OVER:
                desk.settle(stored.id, number, found.id, found.status, now)
            return Done()
        if now < attempt.at + SETTLED_AFTER:
            return PutOff(now + LOOK_AGAIN, record.attempts)
        reservation = desk.reservation_of(stored.id)
        if reservation:
            desk.ringing.lose_person(reservation, now)
        desk.change(
            stored.id,
            lambda one: (
                ("not_at_carrier", Details()) if one.callback.moves == callback.moves else None
            ),
            now,
        )
        return Done()

    def _see_call(self, record: DueRecord, stored: StoredCallback, now: float) -> Done | PutOff:
        """Nothing was heard of a call for long: ask the carrier."""
        callback = stored.callback
        attempt = callback.attempt
        assert attempt is not None
        try:
            status = self._carrier.call_status(attempt.call).status
        except GoneError:
            status = "failed"
        except CarrierError as error:
            return again(record, now, error)
        if status in OVER:
            self._desk.settle(stored.id, len(callback.attempts), attempt.call, status, now)
            return Done()
        return PutOff(now + (WATCH_AFTER if callback.state == "talking" else LOOK_AT_CALL))

    def _leave_message(
        self, record: DueRecord, stored: StoredCallback, now: float
    ) -> Done | PutOff:
        """The machine has beeped: have it hear the message, and see that the call ends."""
        callback = stored.callback
        attempt = callback.attempt
        assert attempt is not None
        number = len(callback.attempts)
        if record.attempts:
            return self._see_call(record, stored, now)
        language = stored.about.person.language
        url = self._desk.addresses.of("message", callback.id, number, language)
        try:
            self._carrier.redirect(attempt.call, url)
        except GoneError:
            self._desk.settle(callback.id, number, attempt.call, "completed", now)
            return Done()
        except CarrierError as error:
            return again(record, now, error)
        return PutOff(now + LOOK_AT_CALL, 1)

    def _end_call(self, record: DueRecord, stored: StoredCallback, now: float) -> Done | PutOff:
        """It has ended while a call was on its way: that ends too."""
        callback = stored.callback
        attempt = callback.attempt
        assert attempt is not None
        call = attempt.call
        try:
            if not call:
                found = self._carrier.find_call(attempt.number, attempt.at)
                if found is None and now < attempt.at + SETTLED_AFTER:
                    return PutOff(now + LOOK_AGAIN)
                call = "" if found is None else found.id
            status = self._carrier.call_status(call).status if call else "failed"
            if status not in OVER:
                self._carrier.complete(call)
                return PutOff(now + LOOK_AGAIN)
        except GoneError:
            status = "completed"
        except CarrierError as error:
            return again(record, now, error)
        outcome = read_result(OVER[status]).outcome
        self._desk.change(
            stored.id,
            lambda one: (
                ("attempt_ended", Details(outcome=outcome)) if one.callback.on_the_way else None
            ),
            now,
        )
        return Done()

    def _shown(self, stored: StoredCallback) -> str:
        lines = self._desk.config.lines
        line = lines.get(stored.about.person.line) or next(iter(lines.values()))
        return line.number


def this_process() -> str:
    """As people who look at a lock know it."""
    return f"{socket.gethostname()}-{os.getpid()}"
