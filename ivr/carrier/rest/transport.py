"""Twilio's own transport, with a time limit and another address to send to."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

TWILIO = "https://api.twilio.com"
PATIENCE = 10.0
"""Seconds without an answer after which the outcome is unknown. Twilio's client has no limit."""

MOST_AT_ONCE = 32
"""Connections that stay open from one request to the next."""

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class Transport(TwilioHttpClient):  # type: ignore[misc]  # twilio ships no types
    """Sends to `base_url`, and waits `patience` seconds for each answer. For many threads."""

    def __init__(self, base_url: str, patience: float) -> None:
        self._of_thread = threading.local()
        super().__init__(timeout=patience)
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=MOST_AT_ONCE))
        self._base_url = "" if base_url == TWILIO else base_url.rstrip("/")
        if urlsplit(base_url).hostname in _THIS_MACHINE:
            # A proxy that the environment names cannot reach into this machine.
            self.session.trust_env = False

    @property
    def _test_only_last_response(self) -> Response | None:
        """Twilio's client keeps an answer here before it gives it: of many threads one could be
        given another's."""
        found: Response | None = getattr(self._of_thread, "response", None)
        return found

    @_test_only_last_response.setter
    def _test_only_last_response(self, response: Response | None) -> None:
        self._of_thread.response = response

    def request(self, method: str, url: str, **options: Any) -> Response:
        if self._base_url:
            url = self._base_url + urlsplit(url)._replace(scheme="", netloc="").geturl()
        return super().request(method, url, **options)
