"""Ringing the agent for whom somebody is reserved: once, whatever fails meanwhile.

That the telephone is going to be rung is written before the carrier is asked. Whoever finds it
written and no call beside it does not know what came of it (a worker died, an answer was lost), and
looks among the carrier's calls before anything is dialled again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ivr import log
from ivr.carrier.rest import (
    BusyError,
    CarrierError,
    GoneError,
    PermanentError,
    RefusedError,
    UnknownError,
)
from ivr.services.due import Done, Handler, PutOff
from ivr.services.ringing.desk import SURELY_LISTED, Desk, again
from ivr.store.agents import RING_AGENT
from ivr.store.due import DueRecord
from ivr.store.ringing import STOP_RINGING, Ringing

logger = logging.getLogger(__name__)

# Seconds until the carrier is looked at again for a call of unknown outcome.
LOOK_AGAIN = 2.0


class RingAgent:
    """Handles ring_agent and stop_ringing; the subject is a reservation's id."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {RING_AGENT: self.ring, STOP_RINGING: self.stop}

    def ring(self, record: DueRecord, now: float) -> Done | PutOff:
        """Ring the agent. Raises StoreDown."""
        ringing = self._desk.store.read(record.subject)
        if ringing is None or ringing.state != "offered" or ringing.rung:
            self._desk.pace.give_back(record.id)
            return Done()
        with log.about_call(ringing.person_call):
            if ringing.waits_on:
                return self._redirect(record, ringing, now)
            if ringing.dialling is not None:
                return self._see(record, ringing, now)
            return self._dial(record, ringing, now)

    def stop(self, record: DueRecord, now: float) -> Done | PutOff:
        """Stop ringing an agent whose reservation is over. Raises StoreDown."""
        ringing = self._desk.store.read(record.subject)
        if ringing is None or ringing.dialling is None or ringing.state in ("accepted", "over"):
            return Done()
        if ringing.state == "offered":
            return PutOff(now + LOOK_AGAIN)
        try:
            call = self._desk.agents_call(ringing)
            # Whoever waits on a call of their own may have been given somebody else on it.
            if call and (call != ringing.waits_on or ringing.is_held):
                self._desk.let_go(ringing, call)
        except CarrierError as error:
            return again(record, now, error)
        if not call and now < ringing.dialling + SURELY_LISTED:
            return PutOff(now + LOOK_AGAIN)
        return Done()

    def _dial(self, record: DueRecord, ringing: Ringing, now: float) -> Done | PutOff:
        desk = self._desk
        until = desk.pace.wait_until(record.id, now)
        if until is not None:
            return PutOff(until, record.attempts)
        queue = desk.queue(ringing.queue)
        if not desk.store.begin_dialling(ringing.id, now, now + queue.ring + queue.decide):
            return Done()
        try:
            call = desk.carrier.create_call(
                ringing.address,
                desk.shown(ringing.person.line),
                desk.whisper(ringing),
                desk.agents_addresses.status(ringing.id),
                queue.ring,
            )
        except UnknownError as error:
            logger.warning("Whether %s is being rung is not known: %s", ringing.agent, error)
            return PutOff(now + LOOK_AGAIN, record.attempts)
        except (BusyError, RefusedError) as error:
            # Nothing was done.
            desk.store.not_dialled(ringing.id)
            later = again(record, now, error)
            desk.pace.hold_off(later.until)
            return later
        except PermanentError as error:
            logger.error("%s cannot be rung, and is away: %s", ringing.agent, error)
            desk.agents.end_reservation(ringing.id, "failed", now)
            return Done()
        return self._rings(ringing, call)

    def _see(self, record: DueRecord, ringing: Ringing, now: float) -> Done | PutOff:
        assert ringing.dialling is not None
        try:
            found = self._desk.carrier.find_call(ringing.address, ringing.dialling)
        except CarrierError as error:
            return again(record, now, error)
        if found is not None:
            logger.info("%s was rung after all; found by asking.", ringing.agent)
            return self._rings(ringing, found.id)
        if now < ringing.dialling + SURELY_LISTED:
            return PutOff(now + LOOK_AGAIN, record.attempts)
        self._desk.store.not_dialled(ringing.id)
        return self._dial(record, ringing, now)

    def _rings(self, ringing: Ringing, call: str) -> Done:
        logger.info("%s is rung (%s, by %s).", ringing.agent, ringing.id, call)
        if not self._desk.store.note_rung(ringing.id, call):
            try:
                self._desk.let_go(ringing, call)
            except CarrierError as error:
                logger.warning("%s may be rung in vain: %s", ringing.agent, error)
        return Done()

    def _redirect(self, record: DueRecord, ringing: Ringing, now: float) -> Done | PutOff:
        """They wait on a call of their own. Twice does no harm: the whisper begins anew."""
        desk = self._desk
        queue = desk.queue(ringing.queue)
        if ringing.dialling is None and not desk.store.begin_dialling(
            ringing.id, now, now + queue.decide
        ):
            return Done()
        try:
            desk.carrier.redirect(ringing.waits_on, desk.whisper(ringing))
        except GoneError:
            logger.warning("%s, who waited on a call, has hung up.", ringing.agent)
            desk.agents.end_reservation(ringing.id, "failed", now)
            return Done()
        except CarrierError as error:
            return again(record, now, error)
        desk.store.note_rung(ringing.id, ringing.waits_on)
        return Done()
