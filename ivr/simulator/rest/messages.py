"""Messages: create, fetch, list, cancel, redact, delete."""

from datetime import UTC, datetime

from aiohttp import web
from multidict import MultiMapping

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError, message
from ivr.simulator.fields import API_VERSION
from ivr.simulator.messaging.message import IN_PROGRESS, Message
from ivr.simulator.numbers import tidy
from ivr.simulator.rest.message_request import CREATE, UPDATE, outgoing
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

LIST = Parameters("To From DateSent DateSent< DateSent>")


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource."""
    return [
        route("POST", "/Messages.json", carrier, create, CREATE),
        route("GET", "/Messages.json", carrier, list_messages, LIST),
        route("GET", "/Messages/{sid}.json", carrier, fetch),
        route("POST", "/Messages/{sid}.json", carrier, update, UPDATE),
        route("DELETE", "/Messages/{sid}.json", carrier, delete),
    ]


async def create(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Send a text."""
    return 201, as_json(carrier, carrier.messages.send(outgoing(carrier, await form(request))))


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One text."""
    return 200, as_json(carrier, _message(carrier, request))


async def list_messages(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """The texts that match, newest first."""
    query = request.query
    found = [m for m in reversed(carrier.messages.all()) if _matches(m, query)]
    return 200, page(request, "messages", found, lambda m: as_json(carrier, m))


async def update(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Cancel a scheduled text (Status), or blot out the words of one that is over (Body)."""
    found = _message(carrier, request)
    fields = await form(request)
    status, redacts = text(fields, "Status"), "Body" in fields
    if bool(status) == redacts:
        raise RestError(400, 30400, "write either Status=canceled or an empty Body")
    if redacts and fields["Body"]:
        raise RestError(400, 30400, "Body can only be made empty")
    if status and status != "canceled":
        raise RestError(400, 30400, f"Status must be canceled, not {status}")
    if status:
        carrier.messages.cancel(found)
    else:
        _refuse_in_progress(found)
        carrier.messages.redact(found)
    return 200, as_json(carrier, found)


async def delete(carrier: Carrier, request: web.Request) -> tuple[int, None]:
    """Forget a text that is over."""
    found = _message(carrier, request)
    _refuse_in_progress(found)
    carrier.messages.delete(found)
    return 204, None


def _refuse_in_progress(found: Message) -> None:
    if found.status in IN_PROGRESS:
        raise RestError(409, 20009)


def _message(carrier: Carrier, request: web.Request) -> Message:
    found = carrier.messages.get(request.match_info["sid"])
    if found is None:
        raise missing(request)
    return found


def _matches(found: Message, query: MultiMapping[str]) -> bool:
    for name, value in (("To", found.to), ("From", found.sender)):
        if query.get(name) and tidy(query[name]) != tidy(value):
            return False
    return all(
        _sent_then(found.sent_at, query.get("DateSent" + sign), sign) for sign in ("", "<", ">")
    )


def _sent_then(moment: datetime | None, wanted: str | None, sign: str) -> bool:
    """``DateSent`` on that day, ``DateSent<`` on or before, ``DateSent>`` on or after it.

    Twilio speaks of days only, and its client writes a day as its midnight.
    """
    if not wanted:
        return True
    if moment is None:
        return False
    bound = datetime.fromisoformat(wanted)
    bound = bound if bound.tzinfo else bound.replace(tzinfo=UTC)
    whole_day = len(wanted) == len("2026-01-01")
    if sign == "<":
        return moment.date() <= bound.date() if whole_day else moment <= bound
    if sign == ">":
        return moment.date() >= bound.date() if whole_day else moment >= bound
    return moment.date() == bound.date()


def as_json(carrier: Carrier, found: Message) -> Json:
    """A text as Twilio shows it."""
    base = account_path(carrier, f"/Messages/{found.sid}")
    return {
        "sid": found.sid,
        "account_sid": carrier.settings.account_sid,
        "messaging_service_sid": found.service_sid or None,
        "date_created": rfc2822(found.created_at),
        "date_updated": rfc2822(found.updated_at),
        "date_sent": rfc2822(found.sent_at),
        "from": found.sender or None,
        "to": found.to,
        "body": found.body,
        "status": found.status,
        "direction": found.direction,
        "num_segments": str(found.segments),
        "num_media": str(len(found.media)),
        "price": None,
        "price_unit": "USD",
        "error_code": found.error,
        "error_message": message(found.error) if found.error is not None else None,
        "api_version": API_VERSION,
        "uri": base + ".json",
        "subresource_uris": {
            "media": f"{base}/Media.json",
            "feedback": f"{base}/Feedback.json",
        },
    }
