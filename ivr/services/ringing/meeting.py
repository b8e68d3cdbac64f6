"""Bringing the person to the agent who has accepted them, and seeing that a talk ends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from ivr import log
from ivr.carrier.rest import CarrierError, GoneError
from ivr.services.due import Done, Handler, PutOff
from ivr.services.ringing.desk import IN_PROGRESS, Desk, again
from ivr.store.agents import BRING_PERSON, WATCH_AFTER, WATCH_TALK, WRAP_UP_ENDS
from ivr.store.due import DueRecord
from ivr.store.ringing import END_CONFERENCE, Ringing

logger = logging.getLogger(__name__)

# Seconds after which the person is with the agent, or something is wrong.
ARRIVED_WITHIN = 5.0
MOST_TRIES = 4
CutOff = Callable[[str, float], None]
"""Told of the callback whose person was left alone before they had talked."""
# Twilio's error: the conference has not begun.
NOT_BEGUN = 16001
RINGS = ("queued", "initiated", "ringing")
# How often a talk whose person is gone is looked at until it counts as over.
MOST_LOOKS = 2


class Meeting:
    """Handles bring_person and watch_talk (subject: a reservation's id), end_conference (the
    conference's name) and wrap_up_ends (the agent's name)."""

    def __init__(
        self, desk: Desk, bring_callback: Handler | None = None, cut_off: CutOff | None = None
    ) -> None:
        self._desk = desk
        self._bring_callback = bring_callback
        self._cut_off = cut_off

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {
            BRING_PERSON: self.bring,
            WATCH_TALK: self.watch,
            WRAP_UP_ENDS: self.wrap_up_ends,
            END_CONFERENCE: self.end_conference,
        }

    def bring(self, record: DueRecord, now: float) -> Done | PutOff:
        """Bring the person to the agent, and look whether they came. Raises StoreDown."""
        desk = self._desk
        ringing = desk.store.read(record.subject)
        if ringing is None or ringing.state != "accepted" or ringing.talk:
            return Done()
        if ringing.kind == "callback" and self._bring_callback is not None:
            return self._bring_callback(record, now)
        with log.about_call(ringing.person_call):
            try:
                if ringing.brought is None:
                    desk.store.note_brought(ringing.id, now)
                elif self._is_there(ringing):
                    return Done()
                desk.carrier.redirect(ringing.person_call, desk.meet(ringing))
            except GoneError:
                self._lost(ringing, now)
                return Done()
            except CarrierError as error:
                if record.attempts >= MOST_TRIES:
                    return self._give_up(ringing, now, error)
                return again(record, now, error)
            if record.attempts >= MOST_TRIES:
                return self._give_up(ringing, now, None)
            return PutOff(now + ARRIVED_WITHIN, record.attempts + 1)

    def watch(self, record: DueRecord, now: float) -> Done | PutOff:
        """Look whether the talk goes on. Raises StoreDown."""
        desk = self._desk
        ringing = desk.store.read(record.subject)
        if ringing is None or ringing.state != "accepted":
            return Done()
        try:
            agent_is_there = desk.status(ringing.leg) == IN_PROGRESS
            persons = desk.status(ringing.person_call)
        except CarrierError as error:
            return again(record, now, error)
        person_is_there = persons == IN_PROGRESS
        # Whoever is rung back is not there yet; what becomes of their call is seen to elsewhere.
        is_rung = ringing.kind == "callback" and (not ringing.person_call or persons in RINGS)
        if agent_is_there and (person_is_there or is_rung):
            return PutOff(now + WATCH_AFTER)
        logger.warning("Nobody told that the talk of %s is over; found by asking.", ringing.agent)
        if not person_is_there and ringing.kind == "live":
            desk.lines.leave(ringing.place, "vanished", now)
            if agent_is_there and record.attempts < MOST_LOOKS:
                # The conference ends by that, and the web process is told by it.
                return PutOff(now + ARRIVED_WITHIN, record.attempts + 1)
        wrap_up = now + desk.queue(ringing.queue).wrap_up
        desk.agents.end_talk(ringing.id, wrap_up, now)
        return Done()

    def wrap_up_ends(self, record: DueRecord, now: float) -> Done:
        """The agent's time after a talk is over. Raises StoreDown."""
        self._desk.agents.end_wrap_up(record.subject, now)
        return Done()

    def end_conference(self, record: DueRecord, now: float) -> Done | PutOff:
        """Put everybody out of a conference. Raises StoreDown."""
        try:
            self._desk.carrier.end_conference(record.subject)
        except GoneError:
            return Done()
        except CarrierError as error:
            if error.code == NOT_BEGUN:
                return self._leave_room(record, now)
            return again(record, now, error)
        return Done()

    def _leave_room(self, record: DueRecord, now: float) -> Done | PutOff:
        """Somebody is alone in a conference, which cannot be ended before it has begun."""
        desk, name = self._desk, record.subject
        ringing = desk.store.read(name)
        try:
            for call in desk.carrier.participants(name):
                if ringing is not None and call == ringing.leg:
                    desk.carrier.redirect(call, desk.gone(ringing))
                    continue
                if ringing is not None and ringing.kind == "callback" and self._cut_off:
                    self._cut_off(ringing.place, now)
                desk.carrier.complete(call)
        except GoneError:
            return Done()
        except CarrierError as error:
            return again(record, now, error)
        return Done()

    def _is_there(self, ringing: Ringing) -> bool:
        """Whether the person is in the conference. Raises GoneError when their call is over, and
        CarrierError."""
        if self._desk.status(ringing.person_call) != IN_PROGRESS:
            raise GoneError("The person has hung up.")
        try:
            return ringing.person_call in self._desk.carrier.participants(ringing.conference)
        except GoneError:
            return False

    def _give_up(self, ringing: Ringing, now: float, error: CarrierError | None) -> Done:
        logger.error(
            "The person could not be brought to %s, who is told that they are gone. %s",
            ringing.agent,
            error or "They did not come.",
        )
        self._desk.store.lose_person(ringing.id, now)
        return Done()

    def _lost(self, ringing: Ringing, now: float) -> None:
        if self._desk.store.lose_person(ringing.id, now):
            logger.info("The person was gone when %s had accepted.", ringing.agent)
