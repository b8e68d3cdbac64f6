"""Calls: create, fetch, list, update, delete."""

from dataclasses import replace

from aiohttp import web
from multidict import MultiMapping

from ivr.simulator.call import Call, Progress
from ivr.simulator.callbacks import NEVER_PLACED
from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.fields import API_VERSION
from ivr.simulator.inputs import Fetch, Source
from ivr.simulator.lines import Line
from ivr.simulator.numbers import is_e164
from ivr.simulator.outgoing import Order
from ivr.simulator.pacing import CallQueueFullError
from ivr.simulator.rest import call_parties as parties
from ivr.simulator.rest import call_request as asked
from ivr.simulator.rest.call_list import matches, shown_status
from ivr.simulator.rest.call_listening import DETECTION, RECORDING, detection, taped, told
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
from ivr.simulator.session import Fallback
from ivr.simulator.sids import sid_for

SUBRESOURCES = (
    "Notifications", "Recordings", "Payments", "Events", "Siprec", "Streams", "Transcriptions",
    "UserDefinedMessageSubscriptions", "UserDefinedMessages",
)  # fmt: skip
OWN_CODES = "Url Method Twiml StatusCallback StatusCallbackMethod FallbackUrl FallbackMethod"

CREATE = Parameters(
    carried_out=f"{OWN_CODES} {DETECTION} {RECORDING} To From Timeout TimeLimit SendDigits"
    " StatusCallbackEvent ApplicationSid AsyncAmd AsyncAmdStatusCallback"
    " AsyncAmdStatusCallbackMethod CallToken CallerId SipAuthUsername SipAuthPassword",
    no_effect="CallReason RecordingTrack Trim",
    refused="Byoc ClientNotificationUrl",
    judged_here=f"{OWN_CODES} {DETECTION} {RECORDING} To From Timeout SendDigits"
    " StatusCallbackEvent ApplicationSid AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod"
    " CallerId SipAuthUsername SipAuthPassword",
)
LIST = Parameters(
    "To From ParentCallSid Status StartTime StartTime< StartTime> EndTime EndTime< EndTime>"
)
UPDATE = Parameters(carried_out=f"{OWN_CODES} Status TimeLimit", judged_here=OWN_CODES)


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource."""
    return [
        route("POST", "/Calls.json", carrier, create, CREATE),
        route("GET", "/Calls.json", carrier, list_calls, LIST),
        route("GET", "/Calls/{sid}.json", carrier, fetch),
        route("POST", "/Calls/{sid}.json", carrier, update, UPDATE),
        route("DELETE", "/Calls/{sid}.json", carrier, delete),
    ]


async def create(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Phone somebody, when it is this call's turn."""
    fields = await form(request)
    called, parameters = parties.called(carrier, fields)
    order = Order(
        caller=parties.caller(carrier, fields, called),
        called=called,
        source=_source(carrier, fields),
        timeout=asked.whole(fields, "Timeout", 60, 1, 600, 21208),
        progress=asked.progress(fields),
        fallback=_fallback(fields),
        digits=asked.send_digits(fields),
        time_limit=asked.whole(fields, "TimeLimit", 0, 1, 86_400, 20001) or None,
        detection=detection(fields),
        waits_for_detection=text(fields, "AsyncAmd").lower() != "true",
        detection_told=told(fields, "AsyncAmdStatusCallback"),
        taped=taped(fields),
        parameters=parameters,
        credentials=parties.credentials(fields),
    )
    app = asked.app(carrier, fields)
    if app is not None:
        order = _by_app(order, app)
    try:
        call = carrier.phone_out(order)
    except CallQueueFullError as full:
        raise RestError(429, 22005, str(full)) from None
    return 201, as_json(call)


def _source(carrier: Carrier, fields: MultiMapping[str]) -> Source:
    """What the call is to do; an app goes before everything else."""
    app = asked.app(carrier, fields)
    if app is not None:
        return Fetch(app.voice_url, app.voice_method)
    source = asked.source(carrier.settings, fields)
    if source is None:
        raise RestError(400, 21205, "Url parameter is required")
    return source


def _by_app(order: Order, app: Line) -> Order:
    """With an app, its own callbacks and fallback count, and those of the request do not."""
    progress = Progress(app.status_callback, app.status_callback_method)
    fallback = Fallback(app.fallback_url, app.fallback_method)
    return replace(
        order,
        progress=progress if app.status_callback else None,
        fallback=fallback if app.fallback_url else None,
    )


def _fallback(fields: MultiMapping[str]) -> Fallback | None:
    url = asked.address(fields, "FallbackUrl", 21205)
    how = asked.method(fields, "FallbackMethod")
    return Fallback(url, how) if url else None


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One call."""
    return 200, as_json(_call(carrier, request))


async def list_calls(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """The calls that match, newest first."""
    query = request.query
    found = [call for call in reversed(carrier.calls.all()) if matches(call, query)]
    return 200, page(request, "calls", found, as_json)


async def update(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Redirect a live call, or end it."""
    call = _call(carrier, request)
    fields = await form(request)
    status = text(fields, "Status")
    limit = asked.whole(fields, "TimeLimit", 0, 1, 86_400, 20001)
    source = asked.source(carrier.settings, fields)
    progress, fallback = asked.progress(fields), _fallback(fields)
    if status and status not in ("canceled", "completed"):
        raise RestError(400, 20001, f"Status must be canceled or completed, not {status}")
    if call.is_over:
        raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
    if progress is not None:
        call.progress = [progress]
    if fallback is not None:
        call.fallback = (fallback.url, fallback.method)
    if limit:
        call.limit(limit)
    if status:
        _end(call, status)
    elif source is not None:
        if call.status != "in-progress":
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
        call.redirect(source)
    return 200, as_json(call)


async def delete(carrier: Carrier, request: web.Request) -> tuple[int, Json | None]:
    """Forget a call that has ended."""
    call = _call(carrier, request)
    if not call.is_over:
        raise RestError(400, 20009)
    carrier.calls.forget(call)
    return 204, None


def _end(call: Call, status: str) -> None:
    """Twilio cancels only what was not answered, and completes anything."""
    if call.answered_at is not None:
        if status == "completed":
            call.end("completed", "ended through the REST API")
    elif call.status == "queued":
        call.end("canceled", NEVER_PLACED)
    else:
        call.end("canceled", "canceled through the REST API")


def _call(carrier: Carrier, request: web.Request) -> Call:
    call = carrier.calls.get(sid_in_path(request, "CA"))
    if call is None:
        raise missing(request)
    return call


def as_json(call: Call) -> Json:
    """A call as Twilio shows it."""
    carrier, carried = call.carrier, dict(call.carried)
    base = account_path(carrier, f"/Calls/{call.sid}")
    return {
        "sid": call.sid,
        "account_sid": carrier.settings.account_sid,
        "parent_call_sid": call.parent.sid if call.parent else None,
        "date_created": rfc2822(call.created_at),
        "date_updated": rfc2822(call.updated_at),
        "from": call.caller,
        "from_formatted": call.caller,
        "to": call.called,
        "to_formatted": call.called,
        "phone_number_sid": _number_sid(call),
        "status": shown_status(call),
        "start_time": rfc2822(call.placed_at),
        "end_time": rfc2822(call.ended_at),
        "duration": str(call.duration) if call.is_over else None,
        "price": None,
        "price_unit": "USD",
        "direction": call.direction,
        "answered_by": call.answered_by or None,
        "api_version": API_VERSION,
        "forwarded_from": carried.get("ForwardedFrom"),
        "group_sid": None,
        "caller_name": carried.get("CallerName"),
        "queue_time": str(call.queue_time),
        "trunk_sid": None,
        "uri": base + ".json",
        "subresource_uris": {_snake(name): f"{base}/{name}.json" for name in SUBRESOURCES},
    }


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _number_sid(call: Call) -> str | None:
    """Of the account's number that was called; calls out show an OutgoingCallerId, and there is
    none here."""
    if call.direction != "inbound" or not is_e164(call.called):
        return None
    return sid_for("PN", call.carrier.settings.account_sid, call.called)
