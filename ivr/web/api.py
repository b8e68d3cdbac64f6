"""The HTTP API: who is there, who waits, presence, and promises. docs/api.yaml describes it.

Whoever asks bears the token of RINGBACK_API_TOKEN; without one in the environment there is no API.
Every answer is JSON, every refusal `{"error": "one sentence"}`.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import msgspec
from flask import Flask, Response, request
from msgspec import Struct
from werkzeug.exceptions import HTTPException

from ivr.carrier.rest import CarrierError
from ivr.services.agents import UnknownAgent
from ivr.services.agents.listening import CannotListen, Listening
from ivr.services.agents.overview import AgentView, Overview
from ivr.services.agents.service import AgentService
from ivr.store.connection import StoreDown
from ivr.web.parts import Parts

logger = logging.getLogger(__name__)

Wanted = TypeVar("Wanted")

PREFIX = "/api/"
OFF = "The API is off: set RINGBACK_API_TOKEN in the environment of the web process."
_PRESENCES = ("available", "away")


class _Refused(Exception):
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class _Wish(Struct, frozen=True):
    presence: str


class _Listener(Struct, frozen=True):
    to: str
    coach: bool = False


class Api:
    """The answers of one application."""

    def __init__(
        self, parts: Parts, service: AgentService, token: str, listening: Listening | None
    ) -> None:
        self._parts = parts
        self._service = service
        self._overview = Overview(service)
        self._token = token.encode()
        self._listening = listening

    def agents(self) -> Response:
        """GET /api/agents"""
        return self._answered(lambda now: {"agents": [*map(_shown, self._overview.agents())]})

    def agent(self, name: str) -> Response:
        """GET /api/agents/NAME"""
        return self._answered(lambda now: _shown(self._overview.agent(name)))

    def presence(self, name: str) -> Response:
        """PUT /api/agents/NAME/presence"""

        def change(now: datetime) -> object:
            wish = self._body(_Wish, '{"presence": "available"}')
            if wish.presence not in _PRESENCES:
                raise _Refused(422, f"`presence` must be {' or '.join(_PRESENCES)}.")
            (self._service.come if wish.presence == "available" else self._service.go)(name, now)
            return _shown(self._overview.agent(name))

        return self._answered(change)

    def ready(self, name: str) -> Response:
        """POST /api/agents/NAME/ready"""

        def change(now: datetime) -> object:
            if not self._service.ready(name, now):
                found = self._overview.agent(name)
                if found.presence not in ("available", "reserved"):
                    raise _Refused(409, f"The agent {name} is {found.presence}, not in wrap-up.")
            return _shown(self._overview.agent(name))

        return self._answered(change)

    def listen(self, name: str) -> Response:
        """POST /api/agents/NAME/listen"""

        def ring(now: datetime) -> object:
            wish = self._body(_Listener, '{"to": "+46701740660"}')
            self._service.staff.agent(name)
            if self._listening is None:
                raise _Refused(503, "No carrier is set: TWILIO_ACCOUNT_SID is missing.")
            return {"call": self._listening.listen(name, wish.to, coaches=wish.coach)}

        return self._answered(ring, status=202)

    def queues(self) -> Response:
        """GET /api/queues"""
        return self._answered(
            lambda now: {"queues": [msgspec.to_builtins(one) for one in self._overview.queues(now)]}
        )

    def promises(self) -> Response:
        """GET /api/promises"""

        def report(now: datetime) -> object:
            known = self._parts.promises
            assert known is not None
            queue, written = request.args.get("queue", ""), request.args.get("day", "")
            if queue and queue not in {one.name for one in self._overview.queues(now)}:
                raise _Refused(404, f"There is no queue `{queue}` in config.yaml.")
            try:
                day = date.fromisoformat(written) if written else known.today(now)
            except ValueError:
                raise _Refused(
                    400, f"`day` must be a date such as 2026-11-22, not `{written}`."
                ) from None
            return msgspec.to_builtins(known.day(day, now, queue))

        return self._answered(report)

    def _answered(self, answer: Callable[[datetime], object], status: int = 200) -> Response:
        try:
            self._let_in()
            return _json(answer(self._parts.clock.now()), status)
        except _Refused as error:
            return refusal(str(error), error.status)
        except UnknownAgent as error:
            return refusal(str(error), 404)
        except CannotListen as error:
            return refusal(str(error), 409)
        except StoreDown as error:
            logger.error("the API cannot answer: %s", error)
            return refusal(str(error), 503)
        except CarrierError as error:
            logger.error("the API cannot do it: %s", error)
            return refusal(str(error), 502)
        except HTTPException:
            raise
        except Exception as error:
            logger.exception("the API failed: %s", error)
            return refusal("Something of ours failed; the log says what.", 500)

    def _let_in(self) -> None:
        if not self._token:
            raise _Refused(503, OFF)
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        # Compared in constant time: how long a refusal takes tells nothing of the token.
        known = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._token)
        if kind.lower() != "bearer" or not known:
            raise _Refused(401, "The request does not bear the token: `Authorization: Bearer ...`.")

    def _body(self, model: type[Wanted], example: str) -> Wanted:
        length = request.content_length
        if length is None or length > self._parts.max_body:
            sentence = f"The body must be JSON of at most {self._parts.max_body} bytes."
            raise _Refused(411 if length is None else 413, sentence)
        try:
            return msgspec.json.decode(request.get_data(), type=model)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _Refused(400, f"The body must be JSON like {example}.") from None


def _shown(view: AgentView) -> dict[str, object]:
    return {name.rstrip("_"): value for name, value in msgspec.to_builtins(view).items()}


def _json(content: object, status: int) -> Response:
    response = Response(msgspec.json.encode(content), status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def refusal(sentence: str, status: int) -> Response:
    """A refusal as the API words it."""
    response = _json({"error": sentence}, status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def register(app: Flask, parts: Parts, service: AgentService) -> None:
    api = Api(parts, service, parts.api_token, parts.listening)
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
