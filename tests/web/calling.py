"""The carrier's side of the webhook: signed requests over a real socket."""

from __future__ import annotations

import http.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

from ivr.carrier.signature import sign
from tests.carrier.grammar import complaints, parse

TOKEN = "the token of the account"
CALL = "CA" + "1" * 32
CALLER = "+46701740605"
LINE = "+46846500400"
FALLBACK = "+46846500499"
PUBLIC = "https://voice.example.com"
FORM = "application/x-www-form-urlencoded"

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def verbs(self) -> list[Element]:
        """The verbs of the TwiML, which is one that Twilio knows."""
        assert (self.status, self.headers["content-type"]) == (200, "text/xml; charset=utf-8")
        assert complaints(self.text) == []
        return list(parse(self.text))

    @property
    def spoken(self) -> str:
        return " ".join("".join(verb.itertext()).strip() for verb in self.verbs)


def fields_of(call_id: str = CALL, **fields: str) -> list[tuple[str, str]]:
    """The fields that every request about a call bears, and these."""
    usual = {
        "CallSid": call_id,
        "AccountSid": "AC" + "0" * 32,
        "ApiVersion": "2010-04-01",
        "From": CALLER,
        "To": LINE,
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "FromCountry": "SE",
    }
    return list((usual | fields).items())


@dataclass(frozen=True)
class Carrier:
    """Sends requests to the web at `address` as if it were at `public_url`."""

    address: str
    public_url: str = PUBLIC
    token: str = TOKEN

    def post(self, path: str, fields: Fields | None = None, **more: str) -> Reply:
        """A signed request about the call, with the fields given besides the usual ones."""
        sent = fields_of(**more) if fields is None else list(fields)
        return self.send(
            "POST", path, urlencode(sent).encode(), FORM, sign(self.token, self.url(path), sent)
        )

    def get(self, path: str, **more: str) -> Reply:
        """The same as a GET: all is in the query, and the URL alone is signed."""
        whole = path + ("&" if "?" in path else "?") + urlencode(fields_of(**more))
        return self.send("GET", whole, b"", None, sign(self.token, self.url(whole), []))

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        content_type: str | None = None,
        signature: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Exactly this request."""
        at = urlsplit(self.address)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=20)
        sent = dict(headers or {})
        if content_type is not None:
            sent["Content-Type"] = content_type
        if signature is not None:
            sent["X-Twilio-Signature"] = signature
        try:
            connection.request(method, path, body or None, sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())
        finally:
            connection.close()

    def url(self, path: str) -> str:
        return self.public_url + path


def is_sentence(text: str) -> bool:
    """Whether a person can read it: one line, no page, no traceback."""
    return text.endswith(".\n") and text.count("\n") == 1 and "<" not in text
