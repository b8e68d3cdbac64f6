"""What the carrier asks of a call to somebody who is rung back: /callback and below.

Whatever goes wrong with ours, the reason goes to the log and the person hears a sentence. Nothing
is lost by that: the attempt is written, and what became of it is looked up.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from ivr import log
from ivr.carrier.forms import BadFormError, CallFacts, read_call
from ivr.services.callbacks.calling.answering import Answering
from ivr.web.agents import keys_of
from ivr.web.incoming import Fields, parse_fields, signed_fields
from ivr.web.parts import Parts

logger = logging.getLogger(__name__)

LONGEST_QUERY = 200
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_XML = "text/xml; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"


class CallbackCalls:
    """The webhooks of calls to those who are rung back."""

    def __init__(self, parts: Parts, service: Answering) -> None:
        self._parts = parts
        self._service = service

    def document(self, step: str, callback: str, attempt: int) -> Response:
        """POST /callback/STEP/CALLBACK/ATTEMPT: what is heard at a step of the call."""
        fields = self._fields()
        facts = _facts(fields)
        language = _query("l")
        with log.about_call(facts.call_id):
            try:
                text = self._answer(step, _id(callback), attempt, facts, fields, language)
            except NotFound:
                raise
            except Exception as error:
                logger.exception("whoever is rung back hears an apology: %s", error)
                text = self._service.apology(language)
            return Response(text, content_type=_XML)

    def status(self, callback: str, attempt: int) -> Response:
        """POST /callback/status/CALLBACK/ATTEMPT: how the call stands."""
        fields = self._fields()
        facts = _facts(fields)
        return self._noted(
            facts,
            lambda now: self._service.note_status(
                _id(callback), attempt, facts.call_id, facts.status, now.timestamp(),
                _number(fields, "SipResponseCode"), _number(fields, "ErrorCode"),
            ),
        )  # fmt: skip

    def detection(self, callback: str, attempt: int) -> Response:
        """POST /callback/detection/CALLBACK/ATTEMPT: who has answered."""
        fields = self._fields()
        call = fields.get("CallSid", "")
        return self._noted(
            None,
            lambda now: self._service.note_detection(
                _id(callback), attempt, call, fields.get("AnsweredBy", ""), now.timestamp()
            ),
        )

    def _answer(
        self, step: str, callback: str, attempt: int, facts: CallFacts, fields: Fields,
        language: str,
    ) -> str:  # fmt: skip
        service, call, keys = self._service, facts.call_id, keys_of(fields)
        now = self._parts.clock.now().timestamp()
        match step:
            case "answered":
                return service.answered(callback, attempt, call, now, language)
            case "join":
                return service.join(callback, attempt, call, _times(), now, language)
            case "key":
                return service.key(callback, attempt, call, keys, now, language)
            case "window":
                offered = _query("w")
                return service.window(callback, attempt, call, keys, offered, now, language)
            case "number":
                return service.number(callback, attempt, call, keys, now, language)
            case "message":
                return service.message(callback, attempt, call, now, language)
            case "meet":
                return service.meet(callback, attempt, call, _id(_query("r")), now, language)
            case "over":
                return service.over(callback, attempt, call, now, language)
        raise NotFound

    def _noted(self, facts: CallFacts | None, note: Callable[[datetime], None]) -> Response:
        with log.about_call(facts.call_id if facts is not None else ""):
            try:
                note(self._parts.clock.now())
            except Exception as error:
                logger.exception("%s was not noted: %s", request.path, error)
                return Response("This could not be noted now.\n", 503, content_type=_PLAIN)
        return Response(status=204)

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
    for rule, view in views.items():
        app.add_url_rule(rule, f"callback_{view.__name__}", view, methods=["GET", "POST"])


def _id(text: str) -> str:
    return text if _ID.fullmatch(text) else ""


def _facts(fields: Fields) -> CallFacts:
    try:
        return read_call(fields)
    except BadFormError as error:
        raise BadRequest(str(error)) from None


def _number(fields: Fields, name: str) -> int | None:
    text = fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _times() -> int:
    text = _query("n")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _query(name: str) -> str:
    pairs = parse_fields(request.environ.get("QUERY_STRING", ""))
    return next((value for key, value in pairs if key == name), "")[:LONGEST_QUERY]
