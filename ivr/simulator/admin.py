"""A look inside, outside Twilio's paths: what happened, what is known, and the clock."""

from typing import TypeVar

from aiohttp import web

from ivr.simulator import look
from ivr.simulator.admin_request import count, json_object, refused
from ivr.simulator.carrier import Carrier
from ivr.simulator.directory import read_person
from ivr.simulator.errors import SimulatorError
from ivr.simulator.messaging.segments import segment
from ivr.simulator.numbers import tidy
from ivr.simulator.timeline import note, timeline
from ivr.simulator.timeline import request as plain

T = TypeVar("T")


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths below ``/_carrier``."""
    inside = Inside(carrier)
    return [
        web.get("/_carrier/health", inside.health),
        web.get("/_carrier/overview", inside.overview),
        web.get("/_carrier/lines", inside.lines),
        web.get("/_carrier/requests", inside.requests),
        web.get("/_carrier/notes", inside.notes),
        web.get("/_carrier/calls", inside.calls),
        web.get("/_carrier/calls/{sid}", inside.call),
        web.post("/_carrier/calls", inside.phone_in),
        web.get("/_carrier/queues", inside.queues),
        web.get("/_carrier/conferences", inside.conferences),
        web.get("/_carrier/people", inside.who),
        web.post("/_carrier/people", inside.people),
        web.get("/_carrier/clock", inside.time),
        web.post("/_carrier/clock", inside.clock),
        web.post("/_carrier/segments", inside.segments),
    ]


class Inside:
    """The views. Lists take ``?call=CA...`` to show one call only, and ``?last=N``."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def health(self, request: web.Request) -> web.Response:
        """Alive, and how many calls are under way."""
        return web.json_response(look.health(self._carrier))

    async def overview(self, request: web.Request) -> web.Response:
        """What is going on now; ``?calls=N`` calls at most, the newest first; ``?live=1``."""
        carrier = self._carrier
        most, live = count(request, "calls", 50), bool(request.query.get("live"))
        return web.json_response(
            look.health(carrier)
            | {
                "now": carrier.clock.now().isoformat(),
                "remembered": len(carrier.calls.all()),
                "shown": look.calls(carrier, look.newest(carrier, most, live=live)),
                "entries": carrier.journal.entries,
            }
        )

    async def lines(self, request: web.Request) -> web.Response:
        """The numbers that an application answers, in the order of the directory."""
        return web.json_response({"lines": look.lines(self._carrier)})

    async def requests(self, request: web.Request) -> web.Response:
        """Every request each way, oldest first; also ``?purpose=action``, ``?direction=in``."""
        found = self._carrier.journal.requests(
            request.query.get("call", ""), request.query.get("purpose", "")
        )
        way = request.query.get("direction", "")
        found = [exchange for exchange in found if not way or exchange.direction == way]
        return web.json_response({"requests": [plain(e) for e in _last(request, found)]})

    async def notes(self, request: web.Request) -> web.Response:
        """Warnings and errors, oldest first."""
        wanted = request.query.get("call", "")
        found = [n for n in self._carrier.journal.notes if not wanted or n.call_sid == wanted]
        return web.json_response({"notes": [note(one) for one in _last(request, found)]})

    async def calls(self, request: web.Request) -> web.Response:
        """Every leg that is remembered, oldest first; ``?call=`` shows the legs of one call."""
        sid = request.query.get("call", "")
        found = look.legs_of(self._carrier, sid) if sid else self._carrier.calls.all()
        return web.json_response({"calls": look.calls(self._carrier, _last(request, found))})

    async def call(self, request: web.Request) -> web.Response:
        """One call: its legs, and one timeline of all that happened."""
        sid = request.match_info["sid"]
        legs = look.legs_of(self._carrier, sid)
        if not legs:
            raise web.HTTPNotFound(text=f"no call {sid} is remembered\n")
        entries = timeline(self._carrier.journal.timeline, legs)
        return web.json_response({"calls": look.calls(self._carrier, legs), "timeline": entries})

    async def queues(self, request: web.Request) -> web.Response:
        """Every queue and who waits in it."""
        return web.json_response({"queues": look.queues(self._carrier)})

    async def conferences(self, request: web.Request) -> web.Response:
        """Every conference that is remembered and who is in it."""
        return web.json_response({"conferences": look.conferences(self._carrier)})

    async def who(self, request: web.Request) -> web.Response:
        """Who is behind the numbers that are no lines; ``*`` is everybody else."""
        return web.json_response({"people": look.people(self._carrier)})

    async def phone_in(self, request: web.Request) -> web.Response:
        """A person played by script phones a line: ``{from, to, person}``."""
        body = await json_object(request)
        try:
            call = self._carrier.person_phones(
                tidy(str(body.get("from", ""))), tidy(str(body.get("to", ""))),
                body.get("person", "answers"),
            )  # fmt: skip
        except SimulatorError as error:
            raise refused(str(error)) from None
        return web.json_response(look.call(call, []), status=201)

    async def people(self, request: web.Request) -> web.Response:
        """Change who is behind numbers: ``{number: person}``."""
        body = await json_object(request)
        try:
            people = {tidy(n): read_person(spec, n) for n, spec in body.items()}
        except SimulatorError as error:
            raise refused(str(error)) from None
        self._carrier.directory.people.update(people)
        return web.json_response({"people": sorted(people)})

    async def time(self, request: web.Request) -> web.Response:
        """What telephony time it is."""
        return web.json_response({"now": self._carrier.clock.now().isoformat()})

    async def clock(self, request: web.Request) -> web.Response:
        """Let telephony time go on: ``{advance: seconds}``; answers when it has."""
        body = await json_object(request)
        seconds = body.get("advance")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise refused("advance: write a number of seconds")
        await self._carrier.clock.advance(seconds)
        return web.json_response({"now": self._carrier.clock.now().isoformat()})

    async def segments(self, request: web.Request) -> web.Response:
        """How many segments a text would take: ``{body}``."""
        text = segment(str((await json_object(request)).get("body", "")))
        return web.json_response({"encoding": text.encoding, "segments": text.segments})


def _last(request: web.Request, found: list[T]) -> list[T]:
    """The last of them, as many as asked for."""
    most = count(request, "last", len(found))
    return found[-most:] if most else []
