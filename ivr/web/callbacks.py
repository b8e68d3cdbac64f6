"""What the carrier asks of a call to somebody who is rung back: /callback and below.

Whatever goes wrong with ours, the reason goes to the log and the person hears a sentence. Nothing
is lost by that: the attempt is written, and what became of it is looked up.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from ivr import log
from ivr.services.callbacks.calling.answering import Answering
from ivr.services.callbacks.calling.documents import Leg
from ivr.web.agents import keys_of
from ivr.web.incoming import Fields, signed_fields
from ivr.web.parts import Parts
from ivr.web.webhooks import add_webhooks, call_of, noted, of_query, tell_failure

logger = logging.getLogger(__name__)

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_XML = "text/xml; charset=utf-8"


class CallbackCalls:
    """The webhooks of calls to those who are rung back."""

    def __init__(self, parts: Parts, service: Answering) -> None:
        self._parts = parts
        self._service = service

    def document(self, step: str, callback: str, attempt: int) -> Response:
        """POST /callback/STEP/CALLBACK/ATTEMPT: what is heard at a step of the call."""
        fields = self._fields()
        facts = call_of(fields)
        language = of_query("l")
        with log.about_call(facts.call_id):
            try:
                leg = Leg(_id(callback), attempt, facts.call_id, self._now(), language)
                text = self._answer(step, leg, keys_of(fields))
            except NotFound:
                raise
            except Exception as error:
                tell_failure(logger, "whoever is rung back hears an apology", error)
                text = self._service.documents.apology(language)
            return Response(text, content_type=_XML)

    def status(self, callback: str, attempt: int) -> Response:
        """POST /callback/status/CALLBACK/ATTEMPT: how the call stands."""
        fields = self._fields()
        facts = call_of(fields)
        return noted(
            logger,
            facts.call_id,
            lambda: self._service.news.status(
                _id(callback), attempt, facts.call_id, facts.status, self._now(),
                sip=_number(fields, "SipResponseCode"), error=_number(fields, "ErrorCode"),
            ),
        )  # fmt: skip

    def detection(self, callback: str, attempt: int) -> Response:
        """POST /callback/detection/CALLBACK/ATTEMPT: who has answered."""
        fields = self._fields()
        call = fields.get("CallSid", "")
        return noted(
            logger,
            call,
            lambda: self._service.news.detection(
                _id(callback), attempt, call, fields.get("AnsweredBy", ""), self._now()
            ),
        )

    def _answer(self, step: str, leg: Leg, keys: str) -> str:
        service = self._service
        match step:
            case "answered":
                return service.answered(leg)
            case "join":
                return service.join(leg, _times())
            case "key":
                return service.key(leg, keys)
            case "window":
                return service.window(leg, keys, of_query("w"))
            case "number":
                return service.number(leg, keys)
            case "message":
                return service.message(leg)
            case "meet":
                return service.meet(leg, _id(of_query("r")))
            case "over":
                return service.over(leg)
            case "told":
                return service.told(leg)
        raise NotFound

    def _now(self) -> float:
        return self._parts.clock.now().timestamp()

    def _fields(self) -> Fields:
        parts = self._parts
        return signed_fields(request, parts.public_url, parts.auth_token, parts.max_body)


def register(app: Flask, parts: Parts, service: Answering) -> None:
    calls = CallbackCalls(parts, service)
    views: dict[str, Callable[..., Response]] = {
        "/callback/status/<callback>/<int:attempt>": calls.status,
        "/callback/detection/<callback>/<int:attempt>": calls.detection,
        "/callback/<step>/<callback>/<int:attempt>": calls.document,
    }
    add_webhooks(app, "callback", views)


def _id(text: str) -> str:
    return text if _ID.fullmatch(text) else ""


def _number(fields: Fields, name: str) -> int | None:
    text = fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _times() -> int:
    text = of_query("n")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
