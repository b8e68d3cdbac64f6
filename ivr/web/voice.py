"""What the carrier asks of a call: /voice and below.

A caller is waiting behind every one of these requests. Whatever goes wrong with ours, the reason
goes to the log, and they hear an apology and are put through to the fallback number.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, Response, request

from ivr import log
from ivr.carrier.forms import (
    CallFacts,
    read_input,
    read_queue_result,
    read_recording,
    whole_number,
)
from ivr.carrier.numbers import caller_number
from ivr.flow.inputs import ConnectionEnded
from ivr.web.agents import agents_line
from ivr.web.incoming import Fields, parse_fields, signed_fields
from ivr.web.parts import Parts
from ivr.web.webhooks import call_of, noted

logger = logging.getLogger(__name__)

LANGUAGE = "l"
"""The query field in our own addresses that says which language the caller speaks."""
WAITING = "w"
"""The one that says that they wait in a queue, and how often this was tried in vain."""
MOST_TRIES = 12
"""About a minute: until then what failed may be there again, and the caller keeps their place."""
MOST_TURNS = 100_000
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""The answer where the carrier waits for none."""

_XML = "text/xml; charset=utf-8"

Answer = Callable[[CallFacts, Fields, str | None, datetime], str]


class Voice:
    """The voice webhooks of one application."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        # Made now: nothing that fails later may keep an apology from being made.
        self._apology = parts.apology.document(None)
        self._agents_line = agents_line(parts)

    def arrived(self) -> Response:
        """POST /voice: a call has come in."""
        fields = self._fields()
        if self._agents_line is not None and self._agents_line.is_meant(fields):
            return self._agents_line.arrived(fields)
        return self._answered(
            lambda facts, fields, caller, now: self._parts.calls.arrive(
                facts.call_id, facts.called, caller, now
            ),
            fields,
        )

    def turn(self, turn: int) -> Response:
        """POST /voice/turn/N: what the caller did, or what became of what was asked for."""
        return self._answered(
            lambda facts, fields, caller, now: self._parts.calls.take_turn(
                facts.call_id, turn, read_input(fields), facts.called, caller, now
            )
        )

    def left(self, turn: int) -> Response:
        """POST /voice/left/N: the caller is out of the queue into which turn N had put them."""

        def go_on(facts: CallFacts, fields: Fields, caller: str | None, now: datetime) -> str:
            result = read_queue_result(fields)
            if result == "over":
                return NOTHING
            return self._parts.calls.leave_queue(facts.call_id, turn, result == "failed", now)

        return self._answered(go_on)

    def meet(self, reservation: str) -> Response:
        """POST /voice/meet/R: an agent has accepted the caller."""
        return self._answered(
            lambda facts, fields, caller, now: self._parts.calls.meet(
                facts.call_id, reservation, now
            )
        )

    def status(self) -> Response:
        """POST /voice/status: how a call stands. These come in any order, repeated, or never."""

        def note(facts: CallFacts, fields: Fields, now: datetime) -> None:
            self._parts.calls.note_status(
                facts.call_id,
                facts.status,
                whole_number(fields.get("SequenceNumber")),
                whole_number(fields.get("CallDuration")),
                now,
            )

        fields = self._fields()
        if self._agents_line is not None and self._agents_line.is_meant(fields):
            return self._agents_line.status(fields)
        return self._noted(note, fields)

    def recording(self) -> Response:
        """POST /voice/recording: whether a recording can be heard."""

        def note(facts: CallFacts, fields: Fields, now: datetime) -> None:
            recording = read_recording(fields)
            if recording.url and recording.state != "under_way":
                self._parts.calls.note_recording(
                    facts.call_id, recording.url, recording.state, recording.seconds, now
                )

        return self._noted(note)

    def fallback(self) -> Response:
        """POST /voice/fallback: the carrier could not use another answer of ours."""
        fields = self._fields()
        with log.about_call(fields.get("CallSid", "")[:34]):
            failed = fields.get("ErrorUrl", "")
            logger.error(
                "the carrier could not use our answer: error %s at %s",
                fields.get("ErrorCode", "")[:10] or "unknown",
                failed[:200] or "an address that it does not tell",
            )
            language = _language_in(failed) or _language()
            return _xml(self._apologise(language, fields.get("From", "")))

    def fallback_ended(self) -> Response:
        """POST /voice/fallback/ended: the fallback number was rung, and that is over."""
        heard = read_input(self._fields())
        spoken = isinstance(heard, ConnectionEnded) and heard.outcome == "completed"
        return _xml(self._parts.apology.ended(_language(), spoken))

    def _fields(self) -> Fields:
        parts = self._parts
        return signed_fields(request, parts.public_url, parts.auth_token, parts.max_body)

    def _answered(self, answer: Answer, fields: Fields | None = None) -> Response:
        if fields is None:
            fields = self._fields()
        facts = call_of(fields)
        with log.about_call(facts.call_id):
            try:
                caller = caller_number(facts.caller, facts.country, self._parts.own_numbers)
                return _xml(answer(facts, fields, caller, self._parts.clock.now()))
            except Exception as error:
                logger.exception(
                    "the caller hears an apology: %s", error, extra={"address": request.path}
                )
                tried = _of_query(request.environ.get("QUERY_STRING", ""), WAITING)
                if tried is not None:
                    return _xml(self._parts.apology.while_waiting(self._again(tried)))
                return _xml(self._apologise(_language(), facts.caller))

    def _again(self, tried: str) -> str | None:
        """Where a caller who waits is to be sent once more; None when that was tried often."""
        times = (whole_number(tried) or 0) + 1
        if times > MOST_TRIES:
            return None
        language = _language() or ""
        told = f"{LANGUAGE}={language}&" if language.isalpha() else ""
        return f"{self._parts.public_url}{request.path}?{told}{WAITING}={times}"

    def _noted(
        self, note: Callable[[CallFacts, Fields, datetime], None], fields: Fields | None = None
    ) -> Response:
        if fields is None:
            fields = self._fields()
        facts = call_of(fields)
        return noted(logger, facts.call_id, lambda: note(facts, fields, self._parts.clock.now()))

    def _apologise(self, language: str | None, caller: str) -> str:
        try:
            return self._parts.apology.document(language or self._parts.language_of(caller))
        except Exception:
            logger.exception("the apology in %r could not be made", language)
            return self._apology


def register(app: Flask, parts: Parts) -> None:
    voice = Voice(parts)
    views: dict[str, Callable[..., Response]] = {
        "/voice": voice.arrived,
        f"/voice/turn/<int(max={MOST_TURNS}):turn>": voice.turn,
        f"/voice/left/<int(max={MOST_TURNS}):turn>": voice.left,
        "/voice/meet/<reservation>": voice.meet,
        "/voice/status": voice.status,
        "/voice/recording": voice.recording,
        "/voice/fallback": voice.fallback,
        "/voice/fallback/ended": voice.fallback_ended,
    }
    for rule, view in views.items():
        app.add_url_rule(rule, view.__name__, view, methods=["GET", "POST"])


def _language() -> str | None:
    return _of_query(request.environ.get("QUERY_STRING", ""))


def _language_in(url: str) -> str | None:
    try:
        return _of_query(urlsplit(url).query)
    except ValueError:
        return None


def _of_query(query: str, field: str = LANGUAGE) -> str | None:
    return next((value for name, value in parse_fields(query) if name == field), None)


def _xml(text: str) -> Response:
    return Response(text, content_type=_XML)
