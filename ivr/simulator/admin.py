"""A look inside, outside Twilio's paths: what happened, what is known, and the clock."""

from typing import Any

from aiohttp import web

from ivr.simulator.call import Call
from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import SteppedClock
from ivr.simulator.directory import read_person
from ivr.simulator.errors import SimulatorError
from ivr.simulator.journal import as_json
from ivr.simulator.numbers import tidy


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths below ``/_carrier``."""
    inside = Inside(carrier)
    return [
        web.get("/_carrier/health", inside.health),
        web.get("/_carrier/lines", inside.lines),
        web.get("/_carrier/requests", inside.requests),
        web.get("/_carrier/notes", inside.notes),
        web.get("/_carrier/calls", inside.calls),
        web.post("/_carrier/calls", inside.phone_in),
        web.post("/_carrier/people", inside.people),
        web.post("/_carrier/clock", inside.clock),
    ]


class Inside:
    """The views. Lists take ``?call=CA...`` to show one call only."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def health(self, request: web.Request) -> web.Response:
        """Alive, and how many calls are under way."""
        clock = "stepped" if isinstance(self._carrier.clock, SteppedClock) else "real"
        return web.json_response(
            {"status": "ok", "clock": clock, "calls": len(self._carrier.calls.live())}
        )

    async def lines(self, request: web.Request) -> web.Response:
        """The numbers that an application answers, in the order of the directory."""
        lines = self._carrier.directory.lines.values()
        return web.json_response(
            {"lines": [{"number": line.number, "voice_url": line.voice_url} for line in lines]}
        )

    async def requests(self, request: web.Request) -> web.Response:
        """Every request each way, oldest first; also ``?purpose=action``."""
        found = self._carrier.journal.requests(
            request.query.get("call", ""), request.query.get("purpose", "")
        )
        return web.json_response({"requests": as_json(found)})

    async def notes(self, request: web.Request) -> web.Response:
        """Warnings and errors, oldest first."""
        wanted = request.query.get("call", "")
        found = [n for n in self._carrier.journal.notes if not wanted or n.call_sid == wanted]
        return web.json_response({"notes": as_json(found)})

    async def calls(self, request: web.Request) -> web.Response:
        """Every call that is remembered, oldest first."""
        return web.json_response({"calls": [_call(c) for c in self._carrier.calls.all()]})

    async def phone_in(self, request: web.Request) -> web.Response:
        """A person played by script phones a line: ``{from, to, person}``."""
        body = await _object(request)
        try:
            call = self._carrier.person_phones(
                tidy(str(body.get("from", ""))), tidy(str(body.get("to", ""))),
                body.get("person", "answers"),
            )  # fmt: skip
        except SimulatorError as error:
            raise _bad(str(error)) from None
        return web.json_response(_call(call), status=201)

    async def people(self, request: web.Request) -> web.Response:
        """Change who is behind numbers: ``{number: person}``."""
        body = await _object(request)
        try:
            people = {tidy(n): read_person(spec, n) for n, spec in body.items()}
        except SimulatorError as error:
            raise _bad(str(error)) from None
        self._carrier.directory.people.update(people)
        return web.json_response({"people": sorted(people)})

    async def clock(self, request: web.Request) -> web.Response:
        """Let telephony time go on: ``{advance: seconds}``; answers when it has."""
        body = await _object(request)
        seconds = body.get("advance")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise _bad("advance: write a number of seconds")
        await self._carrier.clock.advance(seconds)
        return web.json_response({"now": self._carrier.clock.now().isoformat()})


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise _bad("the body is no JSON") from None
    if not isinstance(body, dict):
        raise _bad("the body is no JSON object")
    return body


def _bad(sentence: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=sentence + "\n")


def _call(call: Call) -> dict[str, Any]:
    return {
        "sid": call.sid,
        "parent": call.parent.sid if call.parent else None,
        "direction": call.direction,
        "from": call.caller,
        "to": call.called,
        "status": call.status,
        "reason": call.reason,
        "created_at": call.created_at.isoformat(),
        "answered_at": call.answered_at.isoformat() if call.answered_at else None,
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        "seconds": call.duration,
        "codes": call.carrier.journal.codes(call.sid),
    }
