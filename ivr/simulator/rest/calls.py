"""Calls: create, fetch, list, update."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy, MultiMapping

from ivr.simulator.call import Call
from ivr.simulator.callbacks import NEVER_PLACED
from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.fields import API_VERSION
from ivr.simulator.numbers import is_e164, is_possible, tidy
from ivr.simulator.rest import call_request as asked
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

SUBRESOURCES = (
    "Notifications", "Recordings", "Payments", "Events", "Siprec", "Streams", "Transcriptions",
    "UserDefinedMessageSubscriptions", "UserDefinedMessages",
)  # fmt: skip
DAY = "%Y-%m-%d"
OWN_CODES = "Url Method Twiml StatusCallback StatusCallbackMethod"

CREATE = Parameters(
    carried_out="To From Url Method Twiml Timeout TimeLimit SendDigits FallbackUrl FallbackMethod"
    " StatusCallback StatusCallbackEvent StatusCallbackMethod",
    no_effect="CallReason",
    refused=" ".join(asked.NOT_CARRIED_OUT),
    judged_here=f"{OWN_CODES} To From Timeout SendDigits FallbackUrl FallbackMethod"
    " StatusCallbackEvent",
)
LIST = Parameters(
    "To From ParentCallSid Status StartTime StartTime< StartTime> EndTime EndTime< EndTime>"
)
UPDATE = Parameters(
    carried_out="Url Method Twiml Status StatusCallback StatusCallbackMethod TimeLimit",
    refused="FallbackUrl FallbackMethod",
    judged_here=OWN_CODES,
)


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource."""
    return [
        route("POST", "/Calls.json", carrier, create, CREATE),
        route("GET", "/Calls.json", carrier, list_calls, LIST),
        route("GET", "/Calls/{sid}.json", carrier, fetch),
        route("POST", "/Calls/{sid}.json", carrier, update, UPDATE),
    ]


async def create(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Phone somebody."""
    fields = await form(request)
    asked.refuse_what_is_not_carried_out(fields)
    called, caller = _called(fields), _caller(carrier, fields)
    source = asked.source(carrier.settings, fields)
    if source is None:
        raise RestError(400, 21205, "Url parameter is required")
    fallback_url = asked.address(fields, "FallbackUrl", 21205)
    fallback = Fallback(fallback_url, asked.method(fields, "FallbackMethod"))
    limit = text(fields, "TimeLimit")
    call = carrier.phone_out(
        caller, called, source,
        timeout=asked.whole(fields, "Timeout", 60, 1, 600, 21208),
        progress=asked.progress(fields),
        fallback=fallback if fallback_url else None,
        digits=asked.send_digits(fields),
        time_limit=asked.whole(fields, "TimeLimit", 1, 1, 86_400, 20001) if limit else None,
    )  # fmt: skip
    return 201, as_json(call)


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One call."""
    return 200, as_json(_call(carrier, request))


async def list_calls(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """The calls that match, newest first."""
    query = request.query
    found = [call for call in reversed(carrier.calls.all()) if _matches(call, query)]
    return 200, page(request, "calls", found, as_json)


async def update(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Redirect a live call, or end it."""
    call = _call(carrier, request)
    fields = await form(request)
    asked.refuse_what_is_not_carried_out(fields)
    if text(fields, "FallbackUrl"):
        raise RestError(400, 20001, "this simulator does not change the FallbackUrl of a call")
    status = text(fields, "Status")
    limit = asked.whole(fields, "TimeLimit", 0, 1, 86_400, 20001)
    source = asked.source(carrier.settings, fields)
    progress = asked.progress(fields)
    if status and status not in ("canceled", "completed"):
        raise RestError(400, 20001, f"Status must be canceled or completed, not {status}")
    if call.is_over:
        raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
    if progress is not None:
        call.progress = [progress]
    if limit:
        call.limit(limit)
    if status:
        _end(call, status)
    elif source is not None:
        if call.status != "in-progress":
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
        call.redirect(source)
    return 200, as_json(call)


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


def _called(fields: MultiDictProxy[Any]) -> str:
    called = tidy(text(fields, "To"))
    if not called:
        raise RestError(400, 21201, "No 'To' number is specified")
    if not is_e164(called) or not is_possible(called):
        detail = f"The phone number you are attempting to call, {called}, is not valid."
        raise RestError(400, 21211, detail)
    return called


def _caller(carrier: Carrier, fields: MultiDictProxy[Any]) -> str:
    caller = tidy(text(fields, "From"))
    if not caller:
        raise RestError(400, 21213, "No 'From' number is specified")
    if not is_e164(caller):
        raise RestError(400, 21212, f"The source phone number provided, {caller}, is not valid.")
    if not carrier.directory.owns(caller):
        detail = (
            f"The source phone number provided, {caller}, is not yet verified for your account."
        )
        raise RestError(400, 21210, detail)
    return caller


def _matches(call: Call, query: MultiMapping[str]) -> bool:
    wanted = {"To": call.called, "From": call.caller, "Status": call.status,
              "ParentCallSid": call.parent.sid if call.parent else ""}  # fmt: skip
    for name, value in wanted.items():
        if query.get(name) and tidy(query[name]) != tidy(value):
            return False
    return _in_time(query, "StartTime", call.created_at) and _in_time(
        query, "EndTime", call.ended_at
    )


def _in_time(query: MultiMapping[str], name: str, moment: datetime | None) -> bool:
    """``StartTime`` on that day, ``StartTime<`` on or before, ``StartTime>`` on or after."""
    for sign in ("", "<", ">"):
        value = query.get(name + sign)
        if not value:
            continue
        bound = _moment(name, value)
        if moment is None:
            return False
        whole_day = len(value) == len("2026-01-01")
        there = moment.strftime(DAY) if whole_day else moment
        limit = bound.strftime(DAY) if whole_day else bound
        if sign == "" and moment.strftime(DAY) != bound.strftime(DAY):
            return False
        if sign == "<" and not there <= limit:  # type: ignore[operator]
            return False
        if sign == ">" and not there >= limit:  # type: ignore[operator]
            return False
    return True


def _moment(name: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise RestError(400, 20001, f"{name} must be a date like 2026-11-23") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_json(call: Call) -> Json:
    """A call as Twilio shows it."""
    carrier = call.carrier
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
        "phone_number_sid": None,
        "status": call.status if call.status != "initiated" else "queued",
        "start_time": rfc2822(call.created_at) if call.status != "queued" else None,
        "end_time": rfc2822(call.ended_at),
        "duration": str(call.duration) if call.is_over else None,
        "price": None,
        "price_unit": "USD",
        "direction": call.direction,
        "answered_by": None,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "annotation": None,
        "uri": base + ".json",
        "subresource_uris": {_snake(name): f"{base}/{name}.json" for name in SUBRESOURCES},
    }


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
