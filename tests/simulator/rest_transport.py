"""The official client's own transport, with another host in front of the path."""

from typing import Any

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

TWILIO = "https://api.twilio.com"


class ToCarrier(TwilioHttpClient):  # type: ignore[misc]
    def __init__(self, base: str) -> None:
        super().__init__(pool_connections=False, timeout=20)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        assert url.startswith(TWILIO)
        return super().request(method, self._base + url.removeprefix(TWILIO), *args, **kwargs)
