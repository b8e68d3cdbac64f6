"""The door of the HTTP API: who is let in, what they sent, and how everything is answered.

Whoever asks bears the token of RINGBACK_API_TOKEN; without one in the environment there is no API.
Every answer is JSON, every refusal `{"error": "one sentence"}`.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

import msgspec
from flask import Response, request
from werkzeug.exceptions import HTTPException

from ivr.carrier.rest import CarrierError
from ivr.store.connection import StoreDown
from ivr.web.parts import Parts

logger = logging.getLogger(__name__)

Wanted = TypeVar("Wanted")

PREFIX = "/api/"
OFF = "The API is off: set RINGBACK_API_TOKEN in the environment of the web process."


class Refused(Exception):
    """The request is answered with a status and one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Door:
    """One for each application. `refusals`: the exceptions that are told as they are, with their
    status."""

    def __init__(self, parts: Parts, refusals: Mapping[type[Exception], int]) -> None:
        self._clock = parts.clock
        self._token = parts.api_token.encode()
        self._max_body = parts.max_body
        self._refusals = dict(refusals)

    def answered(self, answer: Callable[[datetime], object], status: int = 200) -> Response:
        """What `answer` makes at this time, as JSON, for whoever may ask."""
        try:
            self._let_in()
            return _json(answer(self._clock.now()), status)
        except Refused as error:
            return refusal(str(error), error.status)
        except StoreDown as error:
            logger.error("the API cannot answer: %s", error)
            return refusal(str(error), 503)
        except CarrierError as error:
            logger.error("the API cannot do it: %s", error)
            return refusal(str(error), 502)
        except HTTPException:
            raise
        except Exception as error:
            for kind, refused in self._refusals.items():
                if isinstance(error, kind):
                    return refusal(str(error), refused)
            logger.exception("the API failed: %s", error)
            return refusal("Something of ours failed; the log says what.", 500)

    def body(self, model: type[Wanted], example: str) -> Wanted:
        """What was sent. Raises Refused where it is not like `example`."""
        length = request.content_length
        if length is None or length > self._max_body:
            sentence = f"The body must be JSON of at most {self._max_body} bytes."
            raise Refused(411 if length is None else 413, sentence)
        try:
            return msgspec.json.decode(request.get_data(), type=model)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Refused(400, f"The body must be JSON like {example}.") from None

    def _let_in(self) -> None:
        if not self._token:
            raise Refused(503, OFF)
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        # Compared in constant time: how long a refusal takes tells nothing of the token.
        known = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._token)
        if kind.lower() != "bearer" or not known:
            raise Refused(401, "The request does not bear the token: `Authorization: Bearer ...`.")


def refusal(sentence: str, status: int) -> Response:
    """A refusal as the API words it."""
    response = _json({"error": sentence}, status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _json(content: object, status: int) -> Response:
    response = Response(msgspec.json.encode(content), status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
