"""The HTTP API: who is there, who waits, presence, and promises. docs/api.yaml describes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import msgspec
from flask import Flask, Response, request
from msgspec import Struct

from ivr.services.agents import UnknownAgent
from ivr.services.agents.listening import CannotListen
from ivr.services.agents.overview import AgentView, Overview
from ivr.services.agents.service import AgentService
from ivr.web.api_door import Door, Refused
from ivr.web.parts import Parts

_PRESENCES = ("available", "away")


class _Wish(Struct, frozen=True):
    presence: str


class _Listener(Struct, frozen=True):
    to: str
    coach: bool = False


class Api:
    """The answers of one application."""

    def __init__(self, parts: Parts, service: AgentService) -> None:
        self._parts = parts
        self._service = service
        self._overview = Overview(service)
        self._door = Door(parts, {UnknownAgent: 404, CannotListen: 409})

    def agents(self) -> Response:
        """GET /api/agents"""
        return self._door.answered(lambda now: {"agents": [*map(_shown, self._overview.agents())]})

    def agent(self, name: str) -> Response:
        """GET /api/agents/NAME"""
        return self._door.answered(lambda now: _shown(self._overview.agent(name)))

    def presence(self, name: str) -> Response:
        """PUT /api/agents/NAME/presence"""

        def change(now: datetime) -> object:
            wish = self._door.body(_Wish, '{"presence": "available"}')
            if wish.presence not in _PRESENCES:
                raise Refused(422, f"`presence` must be {' or '.join(_PRESENCES)}.")
            (self._service.come if wish.presence == "available" else self._service.go)(name, now)
            return _shown(self._overview.agent(name))

        return self._door.answered(change)

    def ready(self, name: str) -> Response:
        """POST /api/agents/NAME/ready"""

        def change(now: datetime) -> object:
            if not self._service.ready(name, now):
                found = self._overview.agent(name)
                if found.presence not in ("available", "reserved"):
                    raise Refused(409, f"The agent {name} is {found.presence}, not in wrap-up.")
            return _shown(self._overview.agent(name))

        return self._door.answered(change)

    def listen(self, name: str) -> Response:
        """POST /api/agents/NAME/listen"""

        def ring(now: datetime) -> object:
            wish = self._door.body(_Listener, '{"to": "+46701740660"}')
            self._service.staff.agent(name)
            if self._parts.listening is None:
                raise Refused(503, "No carrier is set: TWILIO_ACCOUNT_SID is missing.")
            return {"call": self._parts.listening.listen(name, wish.to, coaches=wish.coach)}

        return self._door.answered(ring, status=202)

    def queues(self) -> Response:
        """GET /api/queues"""
        return self._door.answered(
            lambda now: {"queues": [msgspec.to_builtins(one) for one in self._overview.queues(now)]}
        )

    def promises(self) -> Response:
        """GET /api/promises"""

        def report(now: datetime) -> object:
            known = self._parts.promises
            assert known is not None
            queue, written = request.args.get("queue", ""), request.args.get("day", "")
            if queue and queue not in {one.name for one in self._overview.queues(now)}:
                raise Refused(404, f"There is no queue `{queue}` in config.yaml.")
            try:
                day = date.fromisoformat(written) if written else known.today(now)
            except ValueError:
                raise Refused(
                    400, f"`day` must be a date such as 2026-11-22, not `{written}`."
                ) from None
            return msgspec.to_builtins(known.day(day, now, queue))

        return self._door.answered(report)


def _shown(view: AgentView) -> dict[str, object]:
    return {name.rstrip("_"): value for name, value in msgspec.to_builtins(view).items()}


def register(app: Flask, parts: Parts, service: AgentService) -> None:
    api = Api(parts, service)
    views: tuple[tuple[str, str, Callable[..., Response]], ...] = (
        ("GET", "/api/agents", api.agents),
        ("GET", "/api/agents/<name>", api.agent),
        ("PUT", "/api/agents/<name>/presence", api.presence),
        ("POST", "/api/agents/<name>/ready", api.ready),
        ("POST", "/api/agents/<name>/listen", api.listen),
        ("GET", "/api/queues", api.queues),
        ("GET", "/api/promises", api.promises),
    )
    for method, rule, view in views:
        app.add_url_rule(rule, f"api_{view.__name__}", view, methods=[method])
