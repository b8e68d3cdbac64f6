"""What must happen next with a callback, or has not happened in time.

There is one due record for each callback, moved with every move of it. So whatever a crash left
behind comes up here, and is looked up at the carrier before anything is done again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ivr.callbacks.duties import next_steps
from ivr.callbacks.moves import SETTLED_AFTER, Details
from ivr.callbacks.outcomes import read_result
from ivr.callbacks.record import Attempt
from ivr.callbacks.states import ENDS, TOLD_BY_CALL
from ivr.carrier.rest import Carrier, CarrierError, GoneError
from ivr.services.callbacks.calling.attempts import LOOK_AT_CALL, Attempts
from ivr.services.callbacks.calling.desk import CallingDesk
from ivr.services.callbacks.calling.dialling import LOOK_AGAIN, Dialler
from ivr.services.callbacks.calling.news import OVER, News
from ivr.services.callbacks.calling.telling import Telling
from ivr.services.due import Done, Handler, PutOff
from ivr.services.ringing.desk import again
from ivr.store.agents import WATCH_AFTER
from ivr.store.callbacks import CALLBACK, DISPATCH_CALLBACKS, StoredCallback
from ivr.store.due import DueRecord

logger = logging.getLogger(__name__)

# Seconds until what only a person can decide is looked at again.
DECISION = 7200.0


class Overdue:
    """Handles callback (subject: its id)."""

    def __init__(
        self, desk: CallingDesk, news: News, carrier: Carrier, dialler: Dialler,
        attempts: Attempts, telling: Telling,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._news = news
        self._carrier = carrier
        self._dialler = dialler
        self._attempts = attempts
        self._telling = telling

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {CALLBACK: self.step}

    def step(self, record: DueRecord, now: float) -> Done | PutOff:
        """Do it. Raises StoreDown."""
        desk = self._desk
        stored = desk.callbacks.read(record.subject)
        steps = () if stored is None else next_steps(stored.callback)
        if stored is None or not steps:
            return Done()
        if stored.callback.untold is not None:
            stored = self._telling.new_time(stored, now)
            steps = next_steps(stored.callback)
            # Where no text can tell it, the announcement does.
            at = min(one.at for one in steps if one.task != "tell_the_new_time")
            if now < at:
                return PutOff(at)
        callback, attempt = stored.callback, stored.callback.attempt
        if callback.on_the_way and attempt is not None:
            return self._see(record, stored, attempt, now)
        match callback.state:
            case "booked" | "retry":
                return self._come_due(stored, now)
            case "due" if not callback.agent_first:
                return self._attempts.person_first(record, stored, now)
            case "waiting" | "due":
                desk.due.ensure(DISPATCH_CALLBACKS, callback.queue, now)
                return PutOff(now + LOOK_AT_CALL)
            case "reserved":
                return self._see_agent(stored, now)
            case "unreached" | "called_off":
                return self._telling.end(record, stored, now)
        taken = stored.about.handed_to
        logger.warning("Callback %s waits for %s.", stored.id, taken or "a supervisor's decision")
        return PutOff(now + DECISION)

    # -- Nobody is being rung

    def _come_due(self, stored: StoredCallback, now: float) -> Done | PutOff:
        callback, desk = stored.callback, self._desk
        at = desk.rules.opens(callback.queue, max(now, callback.not_before))
        if at is None:
            at = now + DECISION
        if at > now:
            return PutOff(at)
        desk.advance_as_read(
            stored, "window_opened" if callback.state == "booked" else "retry_came", now
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
        desk.advance_as_read(stored, "released", now, Details("the agent has gone"))
        return Done()

    # -- There is a call, or may be one

    def _see(
        self, record: DueRecord, stored: StoredCallback, attempt: Attempt, now: float
    ) -> Done | PutOff:
        if stored.callback.state in ENDS:
            return self._end_call(record, stored, attempt, now)
        if not attempt.call:
            return self._look_up(record, stored, attempt, now)
        if stored.callback.state == "at_machine" and not record.attempts:
            return self._leave_message(record, stored, attempt, now)
        return self._see_call(record, stored, attempt, now)

    def _look_up(
        self, record: DueRecord, stored: StoredCallback, attempt: Attempt, now: float
    ) -> Done | PutOff:
        desk, number = self._desk, len(stored.callback.attempts)
        # Until the lease of whoever was dialling has run out, they may be dialling still.
        fence = self._dialler.locks.take(attempt.number, now)
        if fence is None:
            return PutOff(now + LOOK_AGAIN, record.attempts)
        try:
            found = self._carrier.find_call(attempt.number, attempt.at)
        except CarrierError as error:
            return again(record, now, error)
        finally:
            self._dialler.locks.give_back(attempt.number, fence, self._dialler.clock())
        if found is not None:
            logger.info("Callback %s was dialled after all; found by asking.", stored.id)
            self._news.dialled(stored.id, number, found.id, now)
            if found.status in OVER:
                self._news.over(stored.id, number, found.id, found.status, now)
            return Done()
        if now < attempt.at + SETTLED_AFTER:
            return PutOff(now + LOOK_AGAIN, record.attempts)
        if stored.callback.state in TOLD_BY_CALL:
            desk.advance_as_read(stored, "telling_undone", now, Details("the call never began"))
            return Done()
        desk.let_go(desk.reservation_of(stored.id), now)
        desk.advance_as_read(stored, "not_at_carrier", now)
        return Done()

    def _see_call(
        self, record: DueRecord, stored: StoredCallback, attempt: Attempt, now: float
    ) -> Done | PutOff:
        """Nothing was heard of a call for long: ask the carrier."""
        callback = stored.callback
        try:
            status = self._carrier.call_status(attempt.call).status
        except GoneError:
            status = "failed"
        except CarrierError as error:
            return again(record, now, error)
        if status in OVER:
            self._news.over(stored.id, len(callback.attempts), attempt.call, status, now)
            return Done()
        return PutOff(now + (WATCH_AFTER if callback.state == "talking" else LOOK_AT_CALL))

    def _leave_message(
        self, record: DueRecord, stored: StoredCallback, attempt: Attempt, now: float
    ) -> Done | PutOff:
        """The machine has beeped: have it hear the message, and see that the call ends."""
        number, language = len(stored.callback.attempts), stored.about.person.language
        try:
            self._carrier.redirect(
                attempt.call, self._desk.addresses.of("message", stored.id, number, language)
            )
        except GoneError:
            self._news.over(stored.id, number, attempt.call, "completed", now)
            return Done()
        except CarrierError as error:
            return again(record, now, error)
        return PutOff(now + LOOK_AT_CALL, 1)

    def _end_call(
        self, record: DueRecord, stored: StoredCallback, attempt: Attempt, now: float
    ) -> Done | PutOff:
        """It has ended while a call was on its way: that ends too."""
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
        details = Details(outcome=read_result(OVER[status]).outcome)
        self._desk.change(
            stored.id,
            lambda one: ("attempt_ended", details) if one.callback.on_the_way else None,
            now,
        )
        return Done()
