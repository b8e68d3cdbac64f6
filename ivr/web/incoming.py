"""A request of the carrier: who sent it, and its fields.

The address that was signed is our public one, never what `Host` or `X-Forwarded-*` claim, with the
path and query exactly as they were received.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_plus

from flask import Request
from werkzeug.exceptions import BadRequest, Forbidden, RequestEntityTooLarge

from ivr.carrier.signature import is_valid

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

logger = logging.getLogger(__name__)

MOST_FIELDS = 300
"""Twilio sends about thirty."""

LONGEST_REMEMBERED = 64

SIGNATURE = "X-Twilio-Signature"
_FORM = "application/x-www-form-urlencoded"

Pairs = list[tuple[str, str]]
Fields = Mapping[str, str]


def signed_fields(request: Request, public_url: str, auth_token: str, max_body: int) -> Fields:
    """The fields of a request that the carrier signed: of its form, or for a GET of its query.

    Of a field that is repeated the first counts. Raises Forbidden for any other request, and
    RequestEntityTooLarge.
    """
    environ = request.environ
    if environ["REQUEST_METHOD"] == "POST":
        body = _body(environ, max_body)
        content_type = environ.get("CONTENT_TYPE", "")
        is_form = content_type.partition(";")[0].strip().lower() == _FORM
        signed = pairs = _few_fields(body.decode("utf-8", "replace")) if is_form else []
    else:
        body, content_type = b"", ""
        signed, pairs = [], _few_fields(environ.get("QUERY_STRING", ""))
    signature = environ.get("HTTP_X_TWILIO_SIGNATURE")
    url = public_url + _target(environ)
    if not is_valid(auth_token, signature, url, signed, body=body, content_type=content_type):
        logger.warning(
            "refused: %s of %s",
            "no signature" if signature is None else "a wrong signature",
            environ.get("PATH_INFO"),
        )
        raise Forbidden(
            f"The request does not bear the carrier's signature ({SIGNATURE}) for this address."
        )
    return dict(reversed(pairs))


def parse_fields(text: str) -> Pairs:
    """The fields of a form or query, in their order. Nothing is an error."""
    pairs = []
    for piece in text.split("&"):
        name, _, value = piece.partition("=")
        if "%" in value or "+" in value:
            value = _decoded(value)
        if "%" in name or "+" in name:
            name = _decoded(name)
        if piece:
            pairs.append((name, value))
    return pairs


def _few_fields(text: str) -> Pairs:
    if text.count("&") >= MOST_FIELDS:
        raise RequestEntityTooLarge(f"The request has more than {MOST_FIELDS} fields.")
    return parse_fields(text)


def _decoded(text: str) -> str:
    return _decoded_before(text) if len(text) < LONGEST_REMEMBERED else unquote_plus(text)


# Each number comes twice in a request, and again with every turn of its call.
_decoded_before = lru_cache(maxsize=2048)(unquote_plus)


def _body(environ: WSGIEnvironment, max_body: int) -> bytes:
    """The body, of which no more than `max_body` bytes are ever read."""
    told = environ.get("CONTENT_LENGTH")
    if told:
        length = int(told) if told.isascii() and told.isdigit() else -1
        if length < 0:
            raise BadRequest("The request does not tell its length in bytes.")
        body = _read(environ, length) if length <= max_body else None
    elif environ.get("wsgi.input_terminated"):
        body = _read(environ, max_body + 1)
    else:
        body = b""
    if body is None or len(body) > max_body:
        raise RequestEntityTooLarge(f"The request is larger than {max_body} bytes.")
    return body


def _read(environ: WSGIEnvironment, length: int) -> bytes:
    try:
        body: bytes = environ["wsgi.input"].read(length)
    except Exception:
        # Each server has errors of its own for a client that breaks off or sends nonsense.
        raise BadRequest("The body of the request breaks off or makes no sense.") from None
    return body


def _target(environ: WSGIEnvironment) -> str:
    # gunicorn and Werkzeug both keep the request line's own words, which no standard key does.
    raw: str | None = environ.get("RAW_URI")
    if raw is not None:
        return raw
    query = environ.get("QUERY_STRING", "")
    return quote(environ.get("PATH_INFO", "")) + (f"?{query}" if query else "")
