"""What the page `Call me back` signs: its form, the link to a callback, and addresses of the web.

Nobody is given a cookie. A form bears a token that says when and in which language it was given
out; a callback's link says which it is. Neither can be made without RINGBACK_FORM_KEY.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from typing import Literal

from itsdangerous import BadData, URLSafeSerializer

LIFETIME = 4 * 3600.0
"""Seconds for which a form can be sent."""
SHORTEST_KEY = 32
"""Characters."""
HOW_TO_MAKE_A_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
_IPV6_NETWORK = 64
"""Bits that whoever has an IPv6 address cannot choose."""


class BadToken(Exception):
    """A form that was not given out here, or too long ago."""

    def __init__(self, why: Literal["old", "forged"]) -> None:
        super().__init__(why)
        self.why: Literal["old", "forged"] = why


@dataclass(frozen=True)
class Form:
    """One form that was given out; `nonce` is its own."""

    nonce: str
    language: str
    at: float

    @property
    def callback(self) -> str:
        """The id of the callback that it asks for: sent twice, there is one."""
        return f"web-{self.nonce}"


class FormTokens:
    """Signs with one key, each kind of thing apart."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self._forms = self._signer("form")
        self._links = self._signer("link")

    def issue(self, language: str, now: float) -> str:
        """The token of a new form."""
        return _text(self._forms.dumps([int(now), secrets.token_hex(8), language]))

    def read(self, token: str, now: float) -> Form:
        """The form of a token. Raises BadToken."""
        try:
            at, nonce, language = self._forms.loads(token)
        except (BadData, UnicodeError):
            raise BadToken("forged") from None
        if now > at + LIFETIME:
            raise BadToken("old")
        return Form(nonce, language, at)

    def link(self, callback: str) -> str:
        """What leads to a callback: whoever has it may move and cancel it."""
        return _text(self._links.dumps(callback))

    def linked(self, link: str) -> str | None:
        """The callback that a link leads to."""
        try:
            return str(self._links.loads(link))
        except (BadData, UnicodeError):
            return None

    def who(self, address: str) -> str:
        """Whoever asks from an address of the web, without telling the address."""
        try:
            known = ipaddress.ip_address(address)
        except ValueError:
            network = address
        else:
            if isinstance(known, ipaddress.IPv6Address):
                known = known.ipv4_mapped or known
            bits = _IPV6_NETWORK if known.version == 6 else known.max_prefixlen
            network = str(ipaddress.ip_network(f"{known}/{bits}", strict=False))
        return "web-" + hmac.new(self._key, network.encode(), hashlib.sha256).hexdigest()[:20]

    def _signer(self, what: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._key, f"ringback callback {what}", signer_kwargs={"digest_method": hashlib.sha256}
        )


def key_trouble(queues: tuple[str, ...], key: str) -> str:
    """Why there is no page though `config.yaml` names queues for it, in a sentence; empty where all
    is well."""
    if not queues or len(key) >= SHORTEST_KEY:
        return ""
    what = (
        "RINGBACK_FORM_KEY is not set"
        if not key
        else f"RINGBACK_FORM_KEY has fewer than {SHORTEST_KEY} characters"
    )
    return (
        f"The page `Call me back` (callbacks.form) is off: {what}; "
        f"make a key with {HOW_TO_MAKE_A_KEY}."
    )


def _text(signed: str | bytes) -> str:
    return signed.decode() if isinstance(signed, bytes) else signed
