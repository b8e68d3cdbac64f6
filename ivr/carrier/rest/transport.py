"""Twilio's own transport, with a time limit and another address to send to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

TWILIO = "https://api.twilio.com"
PATIENCE = 10.0
"""Seconds without an answer after which the outcome is unknown. Twilio's client has no limit."""

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class Transport(TwilioHttpClient):  # type: ignore[misc]  # twilio ships no types
    """Sends to `base_url`, and waits `patience` seconds for each answer."""

    def __init__(self, base_url: str, patience: float) -> None:
        super().__init__(timeout=patience)
        self._base_url = "" if base_url == TWILIO else base_url.rstrip("/")
        if urlsplit(base_url).hostname in _THIS_MACHINE:
            # A proxy that the environment names cannot reach into this machine.
            self.session.trust_env = False

    def request(self, method: str, url: str, **options: Any) -> Response:
        if self._base_url:
            url = self._base_url + urlsplit(url)._replace(scheme="", netloc="").geturl()
        return super().request(method, url, **options)
