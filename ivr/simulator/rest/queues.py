"""Queues: create, fetch, list, update, delete."""

from aiohttp import web

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.queues import Queue
from ivr.simulator.rest.resource import (
    Json,
    Parameters,
    account_path,
    form,
    missing,
    page,
    rfc2822,
    route,
    sid_in_path,
    text,
)

CREATE = Parameters(carried_out="FriendlyName MaxSize")
UPDATE = Parameters(carried_out="FriendlyName MaxSize")


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource."""
    return [
        route("POST", "/Queues.json", carrier, create, CREATE),
        route("GET", "/Queues.json", carrier, list_queues),
        route("GET", "/Queues/{sid}.json", carrier, fetch),
        route("POST", "/Queues/{sid}.json", carrier, update, UPDATE),
        route("DELETE", "/Queues/{sid}.json", carrier, delete),
    ]


async def create(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """A new queue; no two have the same name."""
    fields = await form(request)
    name = text(fields, "FriendlyName")
    if not name:
        raise RestError(400, 20002)
    _refuse_taken(carrier, name)
    size = text(fields, "MaxSize")
    return 201, as_json(carrier, carrier.queues.create(name, int(size) if size else None))


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One queue."""
    return 200, as_json(carrier, queue_in_path(carrier, request))


async def list_queues(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Every queue, oldest first."""
    return 200, page(request, "queues", carrier.queues.all(), lambda q: as_json(carrier, q))


async def update(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Rename a queue, or let it hold more or fewer; nobody who waits is put out."""
    queue = queue_in_path(carrier, request)
    fields = await form(request)
    name, size = text(fields, "FriendlyName"), text(fields, "MaxSize")
    if name and name != queue.name:
        _refuse_taken(carrier, name)
        queue.name = name
    if size:
        queue.max_size = int(size)
    queue.updated_at = carrier.clock.now()
    return 200, as_json(carrier, queue)


async def delete(carrier: Carrier, request: web.Request) -> tuple[int, None]:
    """Remove a queue in which nobody waits."""
    queue = queue_in_path(carrier, request)
    if queue.size:
        detail = f"Queue {queue.sid} has {queue.size} members; only an empty one is removed"
        raise RestError(409, 20409, detail)
    carrier.queues.delete(queue)
    return 204, None


def queue_in_path(carrier: Carrier, request: web.Request) -> Queue:
    """The queue that the path names; 404 when there is none."""
    queue = carrier.queues.get(sid_in_path(request, "QU"))
    if queue is None:
        raise missing(request)
    return queue


def _refuse_taken(carrier: Carrier, name: str) -> None:
    if carrier.queues.named(name) is not None:
        raise RestError(400, 22003, f"A queue with the name {name} already exists")


def as_json(carrier: Carrier, queue: Queue) -> Json:
    """A queue as Twilio shows it."""
    return {
        "sid": queue.sid,
        "account_sid": carrier.settings.account_sid,
        "friendly_name": queue.name,
        "current_size": queue.size,
        "average_wait_time": queue.average_seconds(),
        "max_size": queue.max_size,
        "date_created": rfc2822(queue.created_at),
        "date_updated": rfc2822(queue.updated_at),
        "uri": account_path(carrier, f"/Queues/{queue.sid}.json"),
    }
