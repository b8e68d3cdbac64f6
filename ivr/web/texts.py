"""Texts that people send us: POST /text/incoming, at Twilio the address of each number of ours that
receives texts.

It is answered with an empty document: what we write back comes from the outbox, like all texts.
"""

from __future__ import annotations

import logging
import re
from typing import Protocol

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from ivr.carrier.numbers import caller_number
from ivr.services.texts.writers import Inbound
from ivr.web.incoming import Fields, signed_fields
from ivr.web.parts import Parts

logger = logging.getLogger(__name__)

LONGEST_BODY = 1600
"""Characters: the carrier takes no longer texts."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_XML = "text/xml; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"


class Listener(Protocol):
    def hear(self, text: Inbound, now: float) -> None:
        """Do what a text wants, and answer it. May raise anything."""


class IncomingTextsView:
    """The webhook of texts to us."""

    def __init__(self, parts: Parts, texts: Listener) -> None:
        self._parts = parts
        self._texts = texts

    def incoming(self) -> Response:
        """POST /text/incoming: somebody has written."""
        parts = self._parts
        fields = signed_fields(request, parts.public_url, parts.auth_token, parts.max_body)
        message = fields.get("MessageSid") or fields.get("SmsSid", "")
        if not _ID.fullmatch(message):
            raise BadRequest("The request names no text (MessageSid).")
        sender = caller_number(
            fields.get("From", ""), fields.get("FromCountry", ""), parts.own_numbers
        )
        if sender is None:
            # A company's short number or name: programs write from there, and read nothing.
            logger.info("A text came from no telephone's number; nobody answers it.")
            return Response(_EMPTY, content_type=_XML)
        try:
            self._texts.hear(_text(message, sender, fields), parts.clock.now().timestamp())
        except Exception as error:
            logger.exception("A text was not answered: %s", error)
            return Response("This could not be done now.\n", 503, content_type=_PLAIN)
        return Response(_EMPTY, content_type=_XML)


def register(app: Flask, parts: Parts, texts: Listener) -> None:
    view = IncomingTextsView(parts, texts)
    app.add_url_rule("/text/incoming", "text_incoming", view.incoming, methods=["GET", "POST"])


def _text(message: str, sender: str, fields: Fields) -> Inbound:
    media = fields.get("NumMedia", "")
    return Inbound(
        message,
        sender,
        fields.get("Body", "")[:LONGEST_BODY],
        fields.get("OptOutType", ""),
        int(media) if media.isascii() and media.isdigit() and len(media) < 3 else 0,
    )
