"""What the carrier asks of an agent's call: /agent and below.

Whatever goes wrong with ours, the reason goes to the log and the agent hears a sentence: never
silence. The person stays where they are: in the line, or on hold with somebody responsible.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from ivr import log
from ivr.carrier.forms import CallFacts, read_input
from ivr.carrier.numbers import caller_number
from ivr.flow.inputs import Said
from ivr.services.agents import AgentService, Reception
from ivr.services.agents.service import ENDED
from ivr.web.incoming import Fields, signed_fields
from ivr.web.parts import Parts
from ivr.web.webhooks import add_webhooks, call_of, noted, of_query, tell_failure

logger = logging.getLogger(__name__)

LONGEST_ID = 32
LONGEST_QUERY = 1_000
LONGEST_NOTE = 300
"""Characters of what an agent says of somebody."""
_XML = "text/xml; charset=utf-8"
_NOT_KEYS = str.maketrans("", "", "0123456789*#")

Answer = Callable[[CallFacts, Fields, str, datetime], str]


class AgentCalls:
    """The webhooks of agents' calls."""

    def __init__(self, parts: Parts, service: AgentService) -> None:
        self._parts = parts
        self._service = service

    def whisper(self, reservation: str) -> Response:
        """POST /agent/whisper/R: the agent has picked up, or is to be told on the call they wait
        on."""
        return self.answered(
            lambda facts, fields, language, now: self._service.whisper(
                _id(reservation), facts.call_id, now, language
            )
        )

    def decision(self, reservation: str) -> Response:
        """POST /agent/decision/R: they pressed a key, or, with `silent`, none in time."""
        silent = of_query("silent") == "1"
        return self.answered(
            lambda facts, fields, language, now: self._service.decide(
                _id(reservation), facts.call_id, keys_of(fields), silent, now, language
            )
        )

    def ended(self, reservation: str) -> Response:
        """POST /agent/ended/R: they are out of the conference."""
        surely = of_query("surely") == "1"
        return self.answered(
            lambda facts, fields, language, now: self._service.ended(
                _id(reservation), facts.call_id, facts.status, surely, now, language
            )
        )

    def after(self, reservation: str) -> Response:
        """POST /agent/after/R: after a talk they pressed a key."""
        return self.answered(
            lambda facts, fields, language, now: self._service.after(
                _id(reservation), facts.call_id, keys_of(fields), now, language
            )
        )

    def gone(self, reservation: str) -> Response:
        """POST /agent/gone/R: the person has left before they decided."""
        return self.answered(
            lambda facts, fields, language, now: self._service.gone(
                _id(reservation), facts.call_id, now, language
            )
        )

    def hold(self, step: str, reservation: str) -> Response:
        """POST /agent/hold/STEP/R: they have the person on hold, and chose something."""
        query = {name: of_query(name, LONGEST_QUERY) for name in ("o", "to", "n")}
        return self.answered(
            lambda facts, fields, language, now: self._service.passing.step(
                step, _id(reservation), facts.call_id, keys_of(fields), words_of(fields), query,
                now, language,
            )
        )  # fmt: skip

    def music(self, talk: str) -> Response:
        """POST /agent/music/R: what the person on hold hears. They are never told to hang up."""
        facts = call_of(self._fields())
        passing = self._service.passing
        with log.about_call(facts.call_id):
            try:
                told = of_query("told") == "1"
                text = passing.music(_id(talk), told, self._parts.clock.now())
            except Exception as error:
                tell_failure(logger, "hold music without what is known of the talk", error)
                text = passing.hold_document(_id(talk), "")
            return Response(text, content_type=_XML)

    def status(self, reservation: str) -> Response:
        """POST /agent/status/R: how the call to an agent stands."""
        return self.noted(
            lambda facts, now: self._service.status(
                _id(reservation), facts.call_id, facts.status, now
            )
        )

    def line(self, step: str) -> Response:
        """POST /agent/line/STEP: somebody on the agents' line keyed something in."""
        reception = self._parts.agents_line
        if reception is None:
            raise NotFound
        name, times = of_query("a", LONGEST_QUERY), of_query("n")
        return self.answered(
            lambda facts, fields, language, now: reception.step(
                step, name, keys_of(fields), times, facts.call_id, now, language
            )
        )

    def answered(self, answer: Answer, fields: Fields | None = None) -> Response:
        if fields is None:
            fields = self._fields()
        facts = call_of(fields)
        language = of_query("l")
        with log.about_call(facts.call_id):
            try:
                text = answer(facts, fields, language, self._parts.clock.now())
            except Exception as error:
                tell_failure(logger, "the agent hears an apology", error)
                text = self._service.apology(language, facts.called)
            return Response(text, content_type=_XML)

    def noted(
        self, note: Callable[[CallFacts, datetime], None], fields: Fields | None = None
    ) -> Response:
        facts = call_of(self._fields() if fields is None else fields)
        return noted(logger, facts.call_id, lambda: note(facts, self._parts.clock.now()))

    def _fields(self) -> Fields:
        parts = self._parts
        return signed_fields(request, parts.public_url, parts.auth_token, parts.max_body)


class AgentsLine:
    """Calls to the number that agents ring: they come in where all calls do."""

    def __init__(self, calls: AgentCalls, reception: Reception, own: frozenset[str]) -> None:
        self._calls = calls
        self._reception = reception
        self._own = own

    def is_meant(self, fields: Fields) -> bool:
        """Whether this number was rung."""
        return fields.get("To") == self._reception.number

    def arrived(self, fields: Fields) -> Response:
        """POST /voice: somebody rings the agents' line."""
        return self._calls.answered(
            lambda facts, fields, language, now: self._reception.arrived(
                facts.call_id, self._address(facts), now
            ),
            fields,
        )

    def status(self, fields: Fields) -> Response:
        """POST /voice/status: how a call to the agents' line stands."""

        def note(facts: CallFacts, now: datetime) -> None:
            if facts.status in ENDED:
                self._reception.leg_ended(facts.call_id, now)

        return self._calls.noted(note, fields)

    def _address(self, facts: CallFacts) -> str:
        if facts.caller.startswith(("client:", "sip:", "sips:")):
            return facts.caller
        return caller_number(facts.caller, facts.country, self._own) or ""


def agents_line(parts: Parts) -> AgentsLine | None:
    """Where calls to the agents' line go; None when there is none."""
    if parts.agents is None or parts.agents_line is None:
        return None
    return AgentsLine(AgentCalls(parts, parts.agents), parts.agents_line, parts.own_numbers)


def register(app: Flask, parts: Parts, service: AgentService) -> None:
    calls = AgentCalls(parts, service)
    views: dict[str, Callable[..., Response]] = {
        "/agent/whisper/<reservation>": calls.whisper,
        "/agent/decision/<reservation>": calls.decision,
        "/agent/ended/<reservation>": calls.ended,
        "/agent/after/<reservation>": calls.after,
        "/agent/gone/<reservation>": calls.gone,
        "/agent/hold/<step>/<reservation>": calls.hold,
        "/agent/music/<talk>": calls.music,
        "/agent/status/<reservation>": calls.status,
        "/agent/line/<step>": calls.line,
    }
    add_webhooks(app, "agent", views)


def keys_of(fields: Fields) -> str:
    """The keys that were pressed; nothing where the field holds anything else."""
    keys = fields.get("Digits", "")[:LONGEST_ID]
    return "" if keys.translate(_NOT_KEYS) else keys


def words_of(fields: Fields) -> str:
    """What was said; nothing when a key was pressed instead."""
    words = read_input(fields)
    return words.words[:LONGEST_NOTE] if isinstance(words, Said) else ""


def _id(text: str) -> str:
    return text if len(text) <= LONGEST_ID and text.isascii() and text.isalnum() else ""
