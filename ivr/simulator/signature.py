"""X-Twilio-Signature, as Twilio computes it: for texts a little otherwise than for calls."""

import base64
import hmac
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit


@lru_cache(maxsize=1_024)
def signed_url(url: str, *, about_text: bool = False) -> str:
    """The URL as it is signed: no user and password, and no fragment.

    Over HTTPS it has no port either, unless the request is about a text.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and parts.port is not None and not about_text:
        host = host.rpartition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def sign(
    token: str, url: str, fields: Iterable[tuple[str, str]] = (), *, about_text: bool = False
) -> str:
    """The signature of a request: fields sorted by name, repeated values once each and sorted."""
    text = signed_url(url, about_text=about_text) + "".join(
        name + value for name, value in sorted(set(fields))
    )
    digest = hmac.digest(token.encode(), text.encode(), "sha1")
    return base64.b64encode(digest).decode()
