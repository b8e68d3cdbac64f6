"""What all REST resources share: a route that is guarded, judged and written to the journal."""

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy, MultiMapping

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.fields import API_VERSION
from ivr.simulator.forms import fields_of
from ivr.simulator.journal import BODY_KEPT, Exchange, Note
from ivr.simulator.rest.access import Access, authenticate
from ivr.simulator.rest.description import Operation, operation
from ivr.simulator.rest.judging import judge, judge_path, unknown
from ivr.simulator.rest.paging import Json, page
from ivr.simulator.rest.parameters import Parameters
from ivr.simulator.rest.pretending import pretended
from ivr.simulator.sids import is_sid, new_sid

__all__ = [
    "Json", "Parameters", "View", "account_path", "form", "missing", "page", "rfc2822", "route",
    "route_at", "sid_in_path", "text",
]  # fmt: skip

log = logging.getLogger(__name__)
View = Callable[[Carrier, web.Request], Awaitable[tuple[int, Json | None]]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MORE_INFO = "https://www.twilio.com/docs/errors/{code}"
NOTHING_DECLARED = Parameters()


def account_path(carrier: Carrier, rest: str = "") -> str:
    """A path below the account."""
    return f"/{API_VERSION}/Accounts/{carrier.settings.account_sid}{rest}"


def route(
    method: str, rest: str, carrier: Carrier, view: View, parameters: Parameters = NOTHING_DECLARED
) -> web.RouteDef:
    """A path below ``/2010-04-01/Accounts/{account}``: who asks and what they ask are judged before
    the view sees it, by Twilio's description of the operation with that method and path."""
    return route_at(method, f"/{API_VERSION}/Accounts/{{account}}{rest}", carrier, view, parameters)


def route_at(
    method: str, path: str, carrier: Carrier, view: View, parameters: Parameters = NOTHING_DECLARED
) -> web.RouteDef:
    """The same for a whole path, such as ``/v2/PhoneNumbers/{number}``."""
    guarded = Guarded(carrier, view, operation(method, path), parameters)
    return web.route(method, path, guarded.handle)


def missing(request: web.Request) -> RestError:
    """404 for the path asked for."""
    return RestError(404, 20404, f"The requested resource {request.path} was not found")


class Guarded:
    """A view, with all that happens before and after it."""

    def __init__(
        self, carrier: Carrier, view: View, operation: Operation | None, parameters: Parameters
    ) -> None:
        self.operation = operation
        self.parameters = parameters
        self._carrier = carrier
        self._view = view

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The answer to one request."""
        started = time.perf_counter()
        error: RestError | None = None
        fields: MultiMapping[Any] = request.query
        carrier = self._carrier
        with carrier.clock.hold():
            try:
                access = authenticate(carrier.settings, request)
                carrier.concurrency.check()
                fields = await fields_of(request)
                status, body = await self._answer(request, access, fields)
            except RestError as refused:
                error = refused
            except Exception:
                log.exception("%s %s failed", request.method, request.path_qs)
                error = RestError(500, 20500, "an error of this simulator; its log has more")
            if error is not None:
                status, body = error.status, _error_body(error)
            seconds = time.perf_counter() - started
            response = _respond(status, body, carrier.concurrency.under_way, seconds)
            _record(carrier, request, fields, response, seconds, error)
        return response

    async def _answer(
        self, request: web.Request, access: Access, fields: MultiMapping[Any]
    ) -> tuple[int, Json | None]:
        if access is Access.FULL:
            self._judge(request, fields)
            return await self._view(self._carrier, request)
        company = pretended(self._carrier, self.operation, fields)
        self._judge(request, fields)
        return await self._view(company, request)

    def _judge(self, request: web.Request, fields: MultiMapping[Any]) -> None:
        asked = self.operation
        if asked is None:
            return
        self._warn(request, asked, fields)
        values = [value for name, value in request.match_info.items() if name != "account"]
        own_account = request.match_info.get("account")
        judge_path(asked, [own_account, *values] if own_account else values, request.path)
        self.parameters.refuse(fields)
        judge(asked, fields, self.parameters.own)

    def _warn(self, request: web.Request, asked: Operation, fields: MultiMapping[Any]) -> None:
        """Twilio ignores names that it does not know; whoever misspelt one is told here."""
        note = self._carrier.journal.note
        about = f"{request.method} {request.path}"
        sid = request.match_info.get("sid", "")
        if request.method == "POST" and request.can_read_body and not fields:
            text = f"{about}: a body of {request.content_type} is not read, only a form is"
            note(Note(self._carrier.clock.now(), "warning", 0, text, sid))
        for name, meant in unknown(asked, fields).items():
            hint = f"; did you mean {meant}?" if meant else ""
            text = f"{about}: Twilio does not know the parameter {name} and ignores it{hint}"
            note(Note(self._carrier.clock.now(), "warning", 0, text, sid))


def _respond(status: int, body: Json | None, under_way: int, seconds: float) -> web.Response:
    headers = {
        "Twilio-Request-Id": new_sid("RQ"),
        "Twilio-Request-Duration": f"{seconds:.3f}",
        "Twilio-Concurrent-Requests": str(under_way),
    }
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.json_response(body, status=status, headers=headers)


def _error_body(error: RestError) -> Json:
    return {
        "code": error.code,
        "message": error.detail,
        "more_info": MORE_INFO.format(code=error.code),
        "status": error.status,
    }


def _record(
    carrier: Carrier, request: web.Request, fields: MultiMapping[Any], response: web.Response,
    seconds: float, error: RestError | None,
) -> None:  # fmt: skip
    carrier.journal.record(
        Exchange(
            at=carrier.clock.now(), direction="in", purpose="rest", method=request.method,
            url=request.path_qs, call_sid=request.match_info.get("sid", ""),
            fields=tuple((name, str(value)) for name, value in fields.items()),
            status=response.status, milliseconds=round(seconds * 1000, 1),
            error=error.code if error else None, detail=error.detail if error else "",
            body=(response.text or "")[:BODY_KEPT],
        )
    )  # fmt: skip


def sid_in_path(request: web.Request, prefix: str) -> str:
    """The identifier that the path names; 404 when it is not well-formed."""
    sid = request.match_info["sid"]
    if not is_sid(sid, prefix):
        raise missing(request)
    return sid


async def form(request: web.Request) -> MultiDictProxy[Any]:
    """The form fields of a POST."""
    return await request.post()


def text(fields: MultiMapping[Any], name: str, default: str = "") -> str:
    """One field, without blanks around it."""
    return str(fields.get(name, default)).strip()


def rfc2822(moment: datetime | None) -> str | None:
    """A date as Twilio writes it."""
    return None if moment is None else format_datetime(moment)
