"""REST requests that the official client cannot or would not send."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ivr.simulator import EmbeddedCarrier

Fields = dict[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answered:
    """What came back; `body` is the JSON of `text`, or nothing when there is no body."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]
    text: str

    @property
    def refusal(self) -> tuple[int, int]:
        """The status and Twilio's code."""
        return self.status, self.body["code"]


def ask(
    carrier: EmbeddedCarrier,
    method: str,
    path: str,
    fields: Fields | None = None,
    *,
    account: str = "",
    user: str = "",
    password: str = "",
    body: bytes | None = None,
    content_type: str = "application/x-www-form-urlencoded",
) -> Answered:
    """One request below the account; by its own token, unless another `user` is given."""
    settings = carrier.carrier.settings
    account = account or settings.account_sid
    url = f"{carrier.url}/2010-04-01/Accounts/{account}{path}"
    if fields is not None:
        body = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(url, data=body, method=method)
    if body is not None:
        request.add_header("Content-Type", content_type)
    pair = f"{user or settings.account_sid}:{password or settings.auth_token}"
    request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return _answered(response.status, response.read(), response.headers.items())
    except urllib.error.HTTPError as error:
        with error:
            return _answered(error.code, error.read(), error.headers.items())


def _answered(status: int, body: bytes, headers: Any) -> Answered:
    return Answered(status, json.loads(body) if body else {}, dict(headers), body.decode())
