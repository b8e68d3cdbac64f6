"""What is due for talks: the carrier is told whether somebody is on hold."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from redis import Redis

from ivr.carrier.rest import Carrier, CarrierError, GoneError, PermanentError
from ivr.config import Config
from ivr.services.agents.addresses import AgentAddresses
from ivr.services.due import Done, Handler, PutOff, failed_attempt
from ivr.store.due import DueRecord
from ivr.store.line import LineStore
from ivr.store.talks import SETTLE_HOLD, TalkStore

logger = logging.getLogger(__name__)

PERSON = "person"
"""The label of the person in every conference."""
NOT_THERE_YET = 1.0
"""Seconds after which a person who is being brought is looked for again."""
MOST_LOOKS = 10


class Holding:
    """Tells the carrier who is on hold; asking twice does no harm."""

    def __init__(
        self, talks: TalkStore, lines: LineStore, carrier: Carrier, addresses: AgentAddresses
    ) -> None:
        self._talks = talks
        self._lines = lines
        self._carrier = carrier
        self._addresses = addresses

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {SETTLE_HOLD: self.settle}

    def settle(self, record: DueRecord, now: float) -> Done | PutOff:
        """Have the person hear music, or the agents again, as the talk has it now."""
        talk = self._talks.read(record.subject)
        if talk is None or talk.state == "over":
            return Done()
        try:
            self._carrier.hold(talk.id, PERSON, talk.held, self._addresses.music(talk.id))
        except GoneError:
            # Who is still on the way into the conference is there in a moment.
            if record.attempts < MOST_LOOKS:
                return PutOff(now + NOT_THERE_YET, record.attempts + 1)
            logger.warning("nobody is in the conference %s to be on hold", talk.id)
            self._lines.leave(talk.place, "hung_up", now)
        except PermanentError as error:
            logger.error("the hold of %s is given up: %s", talk.id, error)
        except CarrierError as error:
            logger.warning("the hold of %s is tried again: %s", talk.id, error)
            return failed_attempt(record, now) if record.attempts else PutOff(now + 1.0, 1)
        return Done()


def hold_handlers(config: Config, redis: Redis, carrier: Carrier) -> Mapping[str, Handler]:
    """Who does what is due for talks."""
    addresses = AgentAddresses(config.web.public_url)
    return Holding(TalkStore(redis), LineStore(redis), carrier, addresses).handlers
