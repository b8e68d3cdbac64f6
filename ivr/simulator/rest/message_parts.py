"""What belongs to a message: its media, and the feedback that the application gives."""

from hashlib import md5

from aiohttp import web

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.messaging.inbound import media_type
from ivr.simulator.messaging.message import Message
from ivr.simulator.rest.filters import in_time
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

MEDIA = Parameters("DateCreated DateCreated< DateCreated>")
FEEDBACK = Parameters("Outcome")


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of these resources."""
    return [
        route("GET", "/Messages/{message}/Media.json", carrier, media, MEDIA),
        route("POST", "/Messages/{message}/Feedback.json", carrier, feedback, FEEDBACK),
    ]


async def media(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """The media of one message, in their order."""
    found = _message(carrier, request)
    base = account_path(carrier, f"/Messages/{found.sid}/Media")
    moment = rfc2822(found.created_at)

    def as_json(url: str) -> Json:
        sid = media_sid(found, url)
        return {
            "sid": sid,
            "account_sid": carrier.settings.account_sid,
            "parent_sid": found.sid,
            "content_type": media_type(url),
            "date_created": moment,
            "date_updated": moment,
            "uri": f"{base}/{sid}.json",
        }

    matching = [
        url for url in found.media if in_time(request.query, "DateCreated", found.created_at)
    ]
    return 200, page(request, "media_list", matching, as_json, lambda url: media_sid(found, url))


def media_sid(message: Message, url: str) -> str:
    """The identifier of one of a message's media."""
    return "ME" + md5(f"{message.sid} {url}".encode(), usedforsecurity=False).hexdigest()


async def feedback(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """The application says whether the text had its effect; nothing follows from it."""
    found = _message(carrier, request)
    outcome = text(await form(request), "Outcome") or "confirmed"
    if found.direction == "inbound":
        raise RestError(400, 20001, "feedback is for messages that were sent")
    moment = rfc2822(carrier.clock.now())
    return 200, {
        "account_sid": carrier.settings.account_sid,
        "message_sid": found.sid,
        "outcome": outcome,
        "date_created": moment,
        "date_updated": moment,
        "uri": account_path(carrier, f"/Messages/{found.sid}/Feedback.json"),
    }


def _message(carrier: Carrier, request: web.Request) -> Message:
    found = carrier.messages.get(request.match_info["message"])
    if found is None:
        raise missing(request)
    return found
