"""Addresses: which are ones, and how they go over the wire."""

import base64
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, urlsplit, urlunsplit

from ivr.simulator.attempts import AttemptError

Fields = Sequence[tuple[str, str]]


def is_http_url(url: str) -> bool:
    """Whether this is an absolute http or https URL with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


@lru_cache(maxsize=1_024)
def sendable(url: str) -> str:
    """The URL as it goes over the wire; raises AttemptError 11100 when it is none."""
    if not is_http_url(url):
        raise AttemptError("", 11100, "not an absolute http or https URL")
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")


def encode(fields: Fields) -> str:
    """Fields as a form. Most values of a call come again and again, so they are remembered."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields)


@lru_cache(maxsize=8_192)
def _quoted(text: str) -> str:
    return quote_plus(text)


def with_query(url: str, fields: Fields) -> str:
    """The URL with further fields in its query."""
    if not fields:
        return url
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, encode(fields)) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


@lru_cache(maxsize=1_024)
def without_credentials(url: str) -> tuple[str, str | None]:
    """The URL without user and password, and the header that they make."""
    parts = urlsplit(url)
    userinfo, _, host = parts.netloc.rpartition("@")
    if not userinfo:
        return url, None
    encoded = base64.b64encode(unquote(userinfo).encode()).decode()
    bare = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    return bare, f"Basic {encoded}"
