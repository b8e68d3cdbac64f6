"""What all REST resources share: who may ask, how errors look, how lists are cut into pages."""

import base64
import binascii
import hmac
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiDictProxy

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.fields import API_VERSION
from ivr.simulator.journal import BODY_KEPT, Exchange
from ivr.simulator.sids import is_sid

T = TypeVar("T")
Json = dict[str, Any]
View = Callable[[Carrier, web.Request], Awaitable[tuple[int, Json | None]]]

PAGE_SIZE, LARGEST_PAGE = 50, 1_000
MORE_INFO = "https://www.twilio.com/docs/errors/{code}"


def account_path(carrier: Carrier, rest: str = "") -> str:
    """A path below the account."""
    return f"/{API_VERSION}/Accounts/{carrier.settings.account_sid}{rest}"


def route(method: str, rest: str, carrier: Carrier, view: View) -> web.RouteDef:
    """A path below ``/2010-04-01/Accounts/{account}``, guarded and written to the journal."""
    return web.route(method, f"/{API_VERSION}/Accounts/{{account}}{rest}", _guarded(carrier, view))


def not_found(carrier: Carrier) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """For every path that Twilio, or this simulator, does not have."""

    async def view(carrier: Carrier, request: web.Request) -> tuple[int, Json | None]:
        raise missing(request)

    return _guarded(carrier, view)


def missing(request: web.Request) -> RestError:
    """404 for the path asked for."""
    return RestError(404, 20404, f"The requested resource {request.path} was not found")


def _guarded(
    carrier: Carrier, view: View
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        error: RestError | None = None
        with carrier.clock.hold():
            try:
                _authenticate(carrier, request)
                status, body = await view(carrier, request)
            except RestError as refused:
                error = refused
                status, body = refused.status, _error_body(refused)
            response = _respond(status, body)
            await _record(carrier, request, response, started, error)
        return response

    return handle


def _respond(status: int, body: Json | None) -> web.Response:
    if body is None:
        return web.Response(status=status)
    response = web.json_response(body, status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response


def _error_body(error: RestError) -> Json:
    return {
        "code": error.code,
        "message": error.detail,
        "more_info": MORE_INFO.format(code=error.code),
        "status": error.status,
    }


async def _record(
    carrier: Carrier, request: web.Request, response: web.Response, started: float,
    error: RestError | None,
) -> None:  # fmt: skip
    fields = await request.post() if request.method == "POST" else request.query
    carrier.journal.record(
        Exchange(
            at=carrier.clock.now(), direction="in", purpose="rest", method=request.method,
            url=request.path_qs, call_sid=request.match_info.get("sid", ""),
            fields=tuple((name, str(value)) for name, value in fields.items()),
            status=response.status,
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
            error=error.code if error else None, detail=error.detail if error else "",
            body=(response.text or "")[:BODY_KEPT],
        )
    )  # fmt: skip


def _authenticate(carrier: Carrier, request: web.Request) -> None:
    """Raise 401 unless the account's own SID and token are given, and for its own paths."""
    settings = carrier.settings
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True) if scheme.lower() == "basic" else b""
    except binascii.Error:
        given = b""
    right = f"{settings.account_sid}:{settings.auth_token}".encode()
    account = request.match_info.get("account", settings.account_sid)
    if not hmac.compare_digest(given, right) or account != settings.account_sid:
        raise RestError(401, 20003, "Authenticate")


def sid_in_path(request: web.Request, prefix: str) -> str:
    """The identifier that the path names; 404 when it is not well-formed."""
    sid = request.match_info["sid"]
    if not is_sid(sid, prefix):
        raise missing(request)
    return sid


async def form(request: web.Request) -> MultiDictProxy[Any]:
    """The form fields of a POST."""
    return await request.post()


def text(fields: MultiDictProxy[Any], name: str, default: str = "") -> str:
    """One field, without blanks around it."""
    return str(fields.get(name, default)).strip()


def rfc2822(moment: datetime | None) -> str | None:
    """A date as Twilio writes it."""
    return None if moment is None else format_datetime(moment)


def page(request: web.Request, key: str, items: Sequence[T], to_json: Callable[[T], Json]) -> Json:
    """One page of a list: ``PageSize`` of them, page number ``Page``."""
    size = _whole(request, "PageSize", PAGE_SIZE)
    if size > LARGEST_PAGE:
        raise RestError(400, 20007, f"Page size must be at most {LARGEST_PAGE}")
    size = max(size, 1)
    number = _whole(request, "Page", 0)
    start = number * size
    shown = items[start : start + size]
    more = len(items) > start + size

    def uri(page_number: int) -> str:
        kept = [
            (k, v) for k, v in request.query.items() if k not in ("Page", "PageSize", "PageToken")
        ]
        query = [*kept, ("PageSize", str(size)), ("Page", str(page_number))]
        if page_number:
            query.append(("PageToken", f"PA{start}"))
        return f"{request.path}?{urlencode(query)}"

    return {
        key: [to_json(item) for item in shown],
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + len(shown) - 1 if shown else start,
        "uri": request.path_qs,
        "first_page_uri": uri(0),
        "previous_page_uri": uri(number - 1) if number else None,
        "next_page_uri": uri(number + 1) if more else None,
    }


def _whole(request: web.Request, name: str, default: int) -> int:
    value = request.query.get(name, "")
    if not value:
        return default
    if not value.isdigit():
        raise RestError(400, 20001, f"{name} must be a whole number")
    return int(value)
