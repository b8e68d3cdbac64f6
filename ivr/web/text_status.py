"""How texts come on: POST /text/status/ID, told by the carrier in any order, or not at all."""

from __future__ import annotations

import logging
import re

from flask import Flask, Response, request

from ivr.services.texts.noting import Noting
from ivr.web.incoming import signed_fields
from ivr.web.parts import Parts

logger = logging.getLogger(__name__)

_ID = re.compile(r"[A-Za-z0-9_:.-]{1,200}")
_TEXT_ID = re.compile(r"[SM]M[0-9a-f]{32}")
_STATE = re.compile(r"[a-z_-]{1,30}")
_CODE = re.compile(r"[0-9]{1,6}")
_PLAIN = "text/plain; charset=utf-8"


def register(app: Flask, parts: Parts, noting: Noting) -> None:
    """The address that `Addresses.text_status` tells."""

    def text_status(text: str) -> Response:
        fields = signed_fields(request, parts.public_url, parts.auth_token, parts.max_body)
        told_as = fields.get("MessageSid") or fields.get("SmsSid", "")
        state = fields.get("MessageStatus") or fields.get("SmsStatus", "")
        code = fields.get("ErrorCode", "")
        if not (_ID.fullmatch(text) and _TEXT_ID.fullmatch(told_as) and _STATE.fullmatch(state)):
            return Response("That is no news of a text.\n", 400, content_type=_PLAIN)
        try:
            now = parts.clock.now().timestamp()
            noting.heard(text, told_as, state, int(code) if _CODE.fullmatch(code) else None, now)
        except Exception as error:
            # The carrier is asked for it later.
            logger.exception("%s was not noted: %s", request.path, error)
            return Response("This could not be noted now.\n", 503, content_type=_PLAIN)
        return Response(status=204)

    app.add_url_rule("/text/status/<text>", "text_status", text_status, methods=["POST"])
