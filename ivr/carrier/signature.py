"""Twilio's request signatures: which requests really come from our carrier.

A signature is base64 of HMAC-SHA1, keyed with the account's auth token, over the URL followed by
every form field, sorted by name, as name and value. For a body that is not a form the URL carries
the body's SHA-256 as `bodySHA256`, and the URL alone is signed.

Twilio is not of one mind about the port, nor about how a query is encoded; its own libraries try
every variant, and so does `is_valid`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote

Params = Iterable[tuple[str, str]]

_FORM = "application/x-www-form-urlencoded"
_URL = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?]*)(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_PORT = re.compile(r":\d*$")
_STANDARD_PORT = {"https": ":443", "http": ":80"}


def sign(token: str, url: str, params: Params) -> str:
    """The signature of a request to `url` with these form fields; none for a GET.

    The URL's fragment is left out. Of a field that is repeated, each value counts once.
    """
    return _digest(_bytes(token), url.partition("#")[0], _joined(params))


def is_valid(
    token: str,
    signature: str | None,
    url: str,
    params: Params,
    *,
    body: bytes = b"",
    content_type: str = "",
) -> bool:
    """Whether `signature` was made with `token` for exactly this request.

    `url` is the address that the carrier was given, with its query as received. `params` are the
    fields of a form body. A body that is not a form counts only with its `bodySHA256` in the URL.
    Never raises: whatever cannot be a signed request is not valid.
    """
    if not signature or not signature.isascii():
        return False
    url = url.partition("#")[0]
    if body and content_type.partition(";")[0].strip().lower() != _FORM:
        if not _has_hash_of(body, url):
            return False
        joined = ""
    else:
        joined = _joined(params)
    key, given = _bytes(token), signature.encode()
    return any(
        hmac.compare_digest(_digest(key, variant, joined).encode(), given)
        for variant in _variants(url)
    )


def _digest(key: bytes, url: str, joined: str) -> str:
    return b64encode(hmac.digest(key, _bytes(url + joined), "sha1")).decode()


def _bytes(text: str) -> bytes:
    # Half of a surrogate pair cannot have been signed, and must not raise either.
    return text.encode("utf-8", "surrogatepass")


def _joined(params: Params) -> str:
    pairs = list(params)
    values = dict(pairs)
    if len(values) == len(pairs):
        return "".join([name + values[name] for name in sorted(values)])
    return "".join([name + value for name, value in sorted(set(pairs))])


def _has_hash_of(body: bytes, url: str) -> bool:
    query = url.partition("?")[2]
    expected = next((value for name, value in _query(query) if name == "bodySHA256"), "")
    actual = hashlib.sha256(body).hexdigest()
    return expected.isascii() and hmac.compare_digest(expected.lower(), actual)


def _variants(url: str) -> Iterator[str]:
    """The forms of one URL that Twilio may have signed, the likeliest first."""
    match = _URL.fullmatch(url)
    if match is None:
        yield url
        return
    scheme, host, rest = match["scheme"], match["host"], match["rest"]
    bare = _PORT.sub("", host)
    ported = host if bare != host else host + _STANDARD_PORT[scheme.lower()]
    hosts = (bare, ported) if scheme.lower() == "https" else (host, *({bare, ported} - {host}))
    for variant in _encodings(rest):
        for name in hosts:
            yield f"{scheme}://{name}{variant}"


def _encodings(rest: str) -> Iterator[str]:
    """A path and query as received, as a browser's URL parser writes it, and decoded and encoded.

    The last two are what Twilio's Node library tries.
    """
    yield rest
    path, mark, query = rest.partition("?")
    if not mark:
        return
    escaped = quote(query, safe="%!$&()*+,-./:;=?@[]\\^_`{|}~", errors="replace")
    if escaped != query:
        yield f"{path}?{escaped}"
    fields = [f"{_component(name)}={_component(value)}" for name, value in _query(query)]
    yield f"{path}?{'&'.join(fields)}"


def _query(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _component(text: str) -> str:
    return quote(text, safe="!'()*~", errors="replace")
