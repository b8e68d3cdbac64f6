"""Every path that has no route: not Twilio's, not by that method, or not carried out here."""

from aiohttp import web

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.rest.description import methods
from ivr.simulator.rest.parameters import Parameters
from ivr.simulator.rest.resource import Guarded, Json, missing

ROOMS = ("/2010-04-01", "/v2")
"""The versions of the APIs that the simulator has something of."""


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """What is left when no resource took the request; must be the last routes."""
    guarded = Guarded(carrier, refuse, None, Parameters())
    return [web.route("*", f"{room}/{{rest:.*}}", guarded.handle) for room in ROOMS]


async def refuse(carrier: Carrier, request: web.Request) -> tuple[int, Json | None]:
    """405 for a method that Twilio does not take there; 404 for the rest, which is named."""
    known = methods(request.path)
    if request.method in known:
        detail = f"this simulator does not carry out {request.method} {request.path}"
        raise RestError(404, 20404, detail)
    if known:
        detail = (
            f"{request.method} is not allowed on {request.path}, only {', '.join(sorted(known))}"
        )
        raise RestError(405, 20004, detail)
    raise missing(request)
