"""Members of a queue: fetch, list, and send one to another document."""

from aiohttp import web

from ivr.simulator.carrier import Carrier
from ivr.simulator.inputs import Fetch
from ivr.simulator.queues import Member
from ivr.simulator.rest.queues import queue_in_path
from ivr.simulator.rest.resource import (
    Json,
    Parameters,
    account_path,
    form,
    missing,
    page,
    rfc2822,
    route,
    text,
)

UPDATE = Parameters(carried_out="Url Method")


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource. A member is named by its call, or as ``Front``."""
    return [
        route("GET", "/Queues/{sid}/Members.json", carrier, list_members),
        route("GET", "/Queues/{sid}/Members/{call}.json", carrier, fetch),
        route("POST", "/Queues/{sid}/Members/{call}.json", carrier, update, UPDATE),
    ]


async def list_members(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Who waits, in order."""
    members = queue_in_path(carrier, request).members
    return 200, page(
        request, "queue_members", members, lambda member: as_json(carrier, member),
        identity=lambda member: member.call.sid,
    )  # fmt: skip


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One member."""
    return 200, as_json(carrier, _member(carrier, request))


async def update(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """A member leaves the queue and goes on with the document at ``Url``."""
    member = _member(carrier, request)
    fields = await form(request)
    shown = as_json(carrier, member)
    member.queue.remove(member)
    member.call.redirect(Fetch(text(fields, "Url"), text(fields, "Method", "POST")))
    return 200, shown


def _member(carrier: Carrier, request: web.Request) -> Member:
    member = queue_in_path(carrier, request).member(request.match_info["call"])
    if member is None:
        raise missing(request)
    return member


def as_json(carrier: Carrier, member: Member) -> Json:
    """A member as Twilio shows it."""
    path = f"/Queues/{member.queue.sid}/Members/{member.call.sid}.json"
    return {
        "call_sid": member.call.sid,
        "queue_sid": member.queue.sid,
        "date_enqueued": rfc2822(member.since),
        "position": member.queue.position(member),
        "wait_time": member.seconds,
        "uri": account_path(carrier, path),
    }
