"""Reservations that end without a talk: nobody answered, or the person has left."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ivr import log
from ivr.carrier.rest import CarrierError
from ivr.services.due import Done, Handler, PutOff
from ivr.services.ringing.desk import IN_PROGRESS, Desk, again
from ivr.store import keys
from ivr.store.agents import RELEASE_AGENT, RESERVATION_ENDS, RING_AGENT, WhyNot
from ivr.store.due import DueRecord
from ivr.store.ringing import STOP_RINGING, Ringing

logger = logging.getLogger(__name__)

# Seconds. The agent is not to blame, but ringing them again at once would fail again.
PAUSE_AFTER_FAILURE = 30.0
# Seconds until an agent who is being told is free whatever their telephone does.
TELLING = 8.0
# How often the carrier is asked to tell an agent, who is then free untold.
MOST_TELLINGS = 3


class EndReservation:
    """Handles reservation_ends and release_agent; the subject is a reservation's id."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {RESERVATION_ENDS: self.end, RELEASE_AGENT: self.release}

    def end(self, record: DueRecord, now: float) -> Done:
        """The agent has had their time: the person goes back into the line. Raises StoreDown."""
        desk = self._desk
        ringing = desk.store.read(record.subject)
        if ringing is None or ringing.state != "offered":
            return Done()
        desk.pace.give_back(keys.due_id(RING_AGENT, ringing.id))
        with log.about_call(ringing.person_call):
            self._end(ringing, now)
        return Done()

    def _end(self, ringing: Ringing, now: float) -> None:
        desk = self._desk
        why, pause = self._why(ringing, now)
        if ringing.dialling is not None:
            # Before it ends: should this process die in between, the telephone is seen to still.
            desk.due.schedule(STOP_RINGING, ringing.id, now)
        if desk.agents.end_reservation(ringing.id, why, now, pause):
            logger.info("%s did not take the person (%s): %s.", ringing.agent, ringing.id, why)

    def release(self, record: DueRecord, now: float) -> Done | PutOff:
        """The person has left: the agent is told, and is free. Raises StoreDown."""
        desk = self._desk
        ringing = desk.store.read(record.subject)
        if ringing is None or ringing.state != "person_left" or not ringing.is_held:
            return Done()
        desk.pace.give_back(keys.due_id(RING_AGENT, ringing.id))
        if ringing.dialling is not None or ringing.leg:
            try:
                call = desk.agents_call(ringing)
                status = desk.let_go(ringing, call) if call else ""
            except CarrierError as error:
                if record.attempts < MOST_TELLINGS:
                    return again(record, now, error)
                call = status = ""
            if status == IN_PROGRESS and record.attempts < MOST_TELLINGS:
                # The web process frees them as soon as they are told.
                return PutOff(now + TELLING, record.attempts + 1)
            if not call:
                desk.due.schedule(STOP_RINGING, ringing.id, now)
        desk.agents.release(ringing.id, now)
        return Done()

    def _why(self, ringing: Ringing, now: float) -> tuple[WhyNot, float | None]:
        """Why the agent did not take them, and until when they are left alone; None for away."""
        failed: tuple[WhyNot, float] = ("failed", now + PAUSE_AFTER_FAILURE)
        if ringing.dialling is None:
            logger.error("%s was never rung for a person who waits.", ringing.agent)
            return failed
        try:
            call = self._desk.agents_call(ringing)
            status = self._desk.status(call) if call else ""
        except CarrierError as error:
            logger.warning("Whether %s was rung is not known: %s", ringing.agent, error)
            return failed
        match status:
            case "":
                logger.error("%s was not rung, as far as the carrier knows.", ringing.agent)
                return failed
            case "completed" | "busy":
                # They refused on their telephone: no, and not away.
                return "declined", now + self._desk.queue(ringing.queue).after_decline
            case "failed":
                return "failed", None
            case _:
                return "no_answer", None
