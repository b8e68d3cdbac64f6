"""An attempt at reaching a person: when an agent has accepted, or where the person is first."""

from __future__ import annotations

import logging

from ivr.callbacks.moves import Details
from ivr.callbacks.states import OPEN
from ivr.carrier.rest import Carrier, CarrierError, GoneError
from ivr.services.callbacks.calling.desk import CallingDesk, Chosen
from ivr.services.callbacks.calling.dialling import (
    LOCKED_FOR,
    LOOK_AGAIN,
    Asked,
    Dialler,
    Failed,
    Never,
    NotDialled,
    NotNow,
    Wait,
)
from ivr.services.callbacks.calling.news import News
from ivr.services.due import Done, PutOff
from ivr.services.ringing.desk import again
from ivr.store.callbacks import StoredCallback
from ivr.store.due import DueRecord
from ivr.store.ringing import Ringing

logger = logging.getLogger(__name__)

# Seconds in which somebody who is rung answers, and hears who is calling.
ANSWERS_IN = 15.0
# Seconds between two looks at a call that goes on longer than is usual.
LOOK_AT_CALL = 30.0


class Attempts:
    """Handles bring_person of a callback (subject: a reservation's id)."""

    def __init__(self, desk: CallingDesk, news: News, carrier: Carrier, dialler: Dialler) -> None:
        self._desk = desk
        self._news = news
        self._carrier = carrier
        self._dialler = dialler

    def bring(self, record: DueRecord, now: float) -> Done | PutOff:
        """An agent has accepted: ring the person, or bring them who wait already. Raises
        StoreDown."""
        desk = self._desk
        ringing = desk.ringing.read(record.subject)
        if ringing is None or ringing.state != "accepted":
            return Done()
        stored = desk.callbacks.read(ringing.place)
        if stored is None:
            desk.let_go(ringing.id, now)
            return Done()
        match stored.callback.state:
            case "waiting" | "due":
                reserved = desk.advance(
                    stored.id, ("waiting", "due"), "reserved", now, Details(agent=ringing.agent)
                )
                return self.bring(record, now) if reserved else PutOff(now + LOCKED_FOR)
            case "reserved":
                return self._attempt(record, ringing.id, stored, now)
            case "answered":
                return self._fetch(record, ringing, stored, now)
            case "attempt_written" | "dialling" | "talking" if (
                stored.callback.agent == ringing.agent
            ):
                return Done()
        desk.let_go(ringing.id, now)
        return Done()

    def person_first(self, record: DueRecord, stored: StoredCallback, now: float) -> Done | PutOff:
        """Ring them as soon as an agent is there, or nearly, whom nobody before them needs. Raises
        StoreDown."""
        callback, desk = stored.callback, self._desk
        if callback.window is not None and now < callback.not_before:
            return PutOff(callback.not_before)
        queue = desk.dispatch.queue(callback.queue)
        earlier = sum(order <= stored.order for _, order in queue.line)
        free = queue.idle + queue.soon_free(now, ANSWERS_IN) - desk.without_agent(callback.queue)
        if free <= earlier:
            return PutOff(now + LOOK_AGAIN)
        return self._attempt(record, "", stored, now)

    def close_served(self, record: DueRecord, now: float) -> None:
        """A caller has been given to an agent: what they were promised of the same queue is done
        with. Raises StoreDown."""
        desk = self._desk
        ringing = desk.ringing.read(record.subject)
        if ringing is None or ringing.kind != "live" or ringing.state != "accepted":
            return
        for stored in desk.callbacks.of_number(ringing.person.caller or ""):
            if stored.callback.queue != ringing.queue:
                continue
            reservation = desk.reservation_of(stored.id)
            if desk.advance(stored.id, OPEN, "superseded", now, Details("served on the line")):
                logger.info("Callback %s is not needed: they are being served.", stored.id)
                desk.let_go(reservation, now)

    def _attempt(
        self, record: DueRecord, reservation: str, stored: StoredCallback, now: float
    ) -> Done | PutOff:
        not_before = stored.callback.not_before
        if now < not_before < now + LOOK_AT_CALL:
            return PutOff(not_before, record.attempts)
        if now < not_before:
            return self._not_now(reservation, stored, "its time has not come", now)
        match self._dialler.dial(record, stored, "attempt_written", now):
            case Wait(until, attempts):
                return PutOff(until, attempts)
            case NotNow(reason):
                return self._not_now(reservation, stored, reason, now)
            case Never(reason):
                logger.error("Callback %s is not made: %s.", stored.id, reason)
                self._desk.let_go(reservation, now)
                self._desk.advance(stored.id, ("reserved",), "flagged", now, Details(reason))
            case NotDialled(written, reason, at):
                self._not_dialled(reservation, written, reason, at)
            case Failed() as failed:
                self._failed(reservation, failed)
            case Asked():
                pass
        return Done()

    def _not_dialled(
        self, reservation: str, written: StoredCallback, reason: str, now: float
    ) -> None:
        """It may be dialled later."""
        desk, number = self._desk, len(written.callback.attempts)
        later = desk.rules.opens(written.callback.queue, now + LOOK_AGAIN)

        def choose(one: StoredCallback) -> Chosen:
            if one.callback.state != "attempt_written" or len(one.callback.attempts) != number:
                return None
            return "refused_by_carrier", Details(reason=reason, not_before=later)

        desk.let_go(reservation, now)
        desk.change(written.id, choose, now)

    def _failed(self, reservation: str, failed: Failed) -> None:
        written, result, at = failed.written, failed.result, failed.at
        logger.error("Callback %s cannot be dialled: %s.", written.id, result.reason)

        def choose(one: StoredCallback) -> Chosen:
            wanted = one.callback.state == "attempt_written"
            return self._news.follow(one, result, at) if wanted else None

        self._desk.change(written.id, choose, at)
        self._desk.let_go(reservation, at)

    def _not_now(
        self, reservation: str, stored: StoredCallback, reason: str, now: float
    ) -> Done | PutOff:
        """It goes back to its place, and the agent is told."""
        desk = self._desk
        desk.let_go(reservation, now)
        desk.advance(stored.id, ("reserved",), "released", now, Details(reason))
        if not desk.rules.may_ring(stored.callback.queue, now):
            desk.lines.leave(stored.id, "closed", now)
        return Done() if reservation else PutOff(now + LOOK_AT_CALL)

    def _fetch(
        self, record: DueRecord, ringing: Ringing, stored: StoredCallback, now: float
    ) -> Done | PutOff:
        """The person is on the line and waits: bring them to the agent."""
        desk, callback = self._desk, stored.callback
        attempt, number = callback.attempt, len(callback.attempts)
        assert attempt is not None
        language = stored.about.person.language
        try:
            self._carrier.redirect(
                attempt.call, desk.addresses.meet(callback.id, number, ringing.id, language)
            )
        except GoneError:
            self._news.over(callback.id, number, attempt.call, "completed", now)
            return Done()
        except CarrierError as error:
            return again(record, now, error)
        return PutOff(now + LOOK_AT_CALL / 3)
