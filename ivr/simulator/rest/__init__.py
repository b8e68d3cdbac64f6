"""Twilio's REST API, version 2010-04-01, one file a resource."""

from aiohttp import web

from ivr.simulator.carrier import Carrier
from ivr.simulator.rest import (
    calls,
    conferences,
    elsewhere,
    incoming_numbers,
    limits,
    lookups,
    members,
    message_parts,
    messages,
    participants,
    queues,
    recordings,
)


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """Every path of the API."""
    return [
        *calls.routes(carrier),
        *recordings.routes(carrier),
        *queues.routes(carrier),
        *members.routes(carrier),
        *incoming_numbers.routes(carrier),
        *messages.routes(carrier),
        *message_parts.routes(carrier),
        *lookups.routes(carrier),
        *conferences.routes(carrier),
        *participants.routes(carrier),
        *limits.routes(carrier),
        *elsewhere.routes(carrier),
    ]
