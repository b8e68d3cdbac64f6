"""Those who answer: what they hear, what they decide, and how they pass somebody on."""

from ivr.services.agents.addresses import AgentAddresses
from ivr.services.agents.pins import BadPin, Pins
from ivr.services.agents.reception import Reception
from ivr.services.agents.service import AgentService
from ivr.services.agents.staff import Staff, UnknownAgent

__all__ = [
    "AgentAddresses", "AgentService", "BadPin", "Pins", "Reception", "Staff", "UnknownAgent",
]  # fmt: skip
