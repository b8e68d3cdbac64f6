"""What all handlers of a reservation share: the stores, the carrier, and who works here."""

from __future__ import annotations

import logging

from redis import Redis

from ivr.carrier.rest import Carrier, CarrierError, GoneError, TemporaryError
from ivr.config import Config
from ivr.services.addresses import Addresses
from ivr.services.agents.addresses import AgentAddresses
from ivr.services.due import PutOff
from ivr.staff import QueueSettings
from ivr.store.agents import AgentStore
from ivr.store.due import DueRecord, DueStore
from ivr.store.line import LineStore
from ivr.store.pacing import PaceStore
from ivr.store.ringing import Ringing, RingingStore

logger = logging.getLogger(__name__)

# Seconds until the carrier is asked again, doubled each time: somebody waits.
FIRST_RETRY = 1.0
LONGEST_RETRY = 15.0
# Seconds after which a call is among the carrier's, if it was created at all: longer than the
# carrier has to answer.
SURELY_LISTED = 12.0
IN_PROGRESS = "in-progress"


class Desk:
    """One for each process."""

    def __init__(self, config: Config, redis: Redis, carrier: Carrier) -> None:
        self.config = config
        self.carrier = carrier
        self.store = RingingStore(redis)
        self.agents = AgentStore(redis)
        self.lines = LineStore(redis)
        self.due = DueStore(redis)
        self.pace = PaceStore(redis, config.carrier.calls_per_second)
        self.agents_addresses = AgentAddresses(config.web.public_url)
        self.callers_addresses = Addresses(config.web.public_url)

    def queue(self, name: str) -> QueueSettings:
        """The queue's settings; the usual ones when it is no longer in `config.yaml`."""
        return self.config.queues.get(name) or QueueSettings()

    def language(self, agent: str) -> str:
        """What the agent is spoken to in; "" where it is not known."""
        if agent in self.config.agents:
            return self.config.agents[agent].language
        line = self.config.agents_line
        return line.language if line is not None else ""

    def shown(self, line: str) -> str:
        """Our number (E.164) that whoever is rung sees: that of the line that the person rang."""
        lines = self.config.lines
        return (lines.get(line) or next(iter(lines.values()))).number

    def whisper(self, ringing: Ringing) -> str:
        return self.agents_addresses.whisper(ringing.id, self.language(ringing.agent))

    def gone(self, ringing: Ringing) -> str:
        return self.agents_addresses.gone(ringing.id, self.language(ringing.agent))

    def meet(self, ringing: Ringing) -> str:
        return self.callers_addresses.meet(ringing.id, ringing.person.language)

    def agents_call(self, ringing: Ringing) -> str:
        """The call by which the agent is rung, looked for among the carrier's where no answer told
        it; "" when there is none. Raises CarrierError."""
        if ringing.leg or ringing.rung:
            return ringing.leg or ringing.rung
        if ringing.dialling is None or ringing.waits_on:
            return ringing.waits_on
        found = self.carrier.find_call(ringing.address, ringing.dialling)
        return found.id if found is not None else ""

    def status(self, call: str) -> str:
        """How a call stands in the carrier's words; "" for one that the carrier does not know.
        Raises CarrierError."""
        try:
            return self.carrier.call_status(call).status
        except GoneError:
            return ""

    def let_go(self, ringing: Ringing, call: str) -> str:
        """Stop ringing the agent, or tell the one who has picked up that it is over; how the call
        stood before. Raises CarrierError."""
        status = self.status(call)
        try:
            if status == IN_PROGRESS:
                self.carrier.redirect(call, self.gone(ringing))
            elif status in ("queued", "ringing", "initiated"):
                self.carrier.cancel(call)
        except GoneError:
            return ""
        return status


def again(record: DueRecord, now: float, error: CarrierError) -> PutOff:
    """To be tried again soon, and each time after twice as long."""
    wait = min(FIRST_RETRY * 2**record.attempts, LONGEST_RETRY)
    level = logging.WARNING if isinstance(error, TemporaryError) else logging.ERROR
    logger.log(level, "%s Tried again in %.0f seconds.", error, wait)
    return PutOff(now + wait, record.attempts + 1)
