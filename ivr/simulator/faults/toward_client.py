"""What a fault does to one REST request: a middleware, of which the resources know nothing."""

import asyncio
import time
from contextlib import suppress

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.faults.fault import TOO_MANY, Fault, Request
from ivr.simulator.faults.toward_application import pause
from ivr.simulator.forms import fields_of
from ivr.simulator.journal import Exchange

REST_PATHS = ("/2010-04-01/", "/v1/", "/v2/")
STILL_THERE = 0.1
"""Seconds after which it is looked again whether a client is still waiting."""
WORDS = {
    TOO_MANY: "Too Many Requests",
    500: "An internal server error has occurred",
    503: "Service is unavailable. Please try again",
}


def middleware(carrier: Carrier) -> Middleware:
    """Strikes requests to Twilio's paths; all others pass untouched."""

    @web.middleware
    async def strike(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not carrier.faults or not request.path.startswith(REST_PATHS):
            return await handler(request)
        fault = carrier.faults.strike(await _as_faults_see_it(request))
        if fault is None:
            return await handler(request)
        return await _Struck(carrier, fault, request, handler).carry_out()

    return strike


async def _as_faults_see_it(request: web.Request) -> Request:
    given = await _given(request)
    named = tuple(("CallSid", value) for value in request.match_info.values())
    sid = request.match_info.get("sid", "")
    return Request("rest", "rest", request.method, request.path_qs, sid, given + named)


async def _given(request: web.Request) -> tuple[tuple[str, str], ...]:
    """What the request asks for; nothing when that cannot be read, which the resource will say."""
    try:
        form = await fields_of(request)
    except RestError:
        return ()
    return tuple((name, str(value)) for name, value in form.items())


class _Struck:
    def __init__(
        self, carrier: Carrier, fault: Fault, request: web.Request, handler: Handler
    ) -> None:
        self._carrier = carrier
        self._fault = fault
        self._request = request
        self._handler = handler
        self._started = time.perf_counter()

    async def carry_out(self) -> web.StreamResponse:
        fault = self._fault
        done = await self._handler(self._request) if fault.when == "after" else None
        if fault.does == "late":
            await pause(self._carrier.clock, fault.seconds, fault.real)
            return done or await self._handler(self._request)
        if done is None:
            await self._record()
        if fault.does == "refused":
            return _refusal(fault.status)
        if fault.does == "lost":
            await self._until_the_client_gives_up()
        if self._request.transport is not None:
            self._request.transport.close()
        return web.Response(status=fault.status)

    async def _until_the_client_gives_up(self) -> None:
        """aiohttp does not tell a handler that its client has gone, so it is asked."""
        closing = self._carrier.faults.closing
        while not closing.is_set():
            transport = self._request.transport
            if transport is None or transport.is_closing():
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), STILL_THERE)

    async def _record(self) -> None:
        """Put into the journal a request that no resource gets to see."""
        fault, request = self._fault, self._request
        given = await _given(request)
        self._carrier.journal.record(
            Exchange(
                at=self._carrier.clock.now(), direction="in", purpose="rest",
                method=request.method, url=request.path_qs,
                call_sid=request.match_info.get("sid", ""),
                fields=given,
                status=fault.status if fault.does == "refused" else None,
                milliseconds=round((time.perf_counter() - self._started) * 1000, 1),
                detail="the fault struck before any work was done", fault=fault.does,
            )
        )  # fmt: skip


def _refusal(status: int) -> web.Response:
    code = 20_000 + status
    body = {
        "code": code,
        "message": WORDS.get(status, "Error"),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return web.json_response(body, status=status)
