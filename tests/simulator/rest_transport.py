"""The official client's own transport, with another host in front of the path; every answer that
comes through it is judged by Twilio's description."""

import re
from typing import Any
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from tests.simulator.conformity import judge_answer

TWILIO = re.compile(r"https://[a-z0-9.-]+\.twilio\.com")


class ToCarrier(TwilioHttpClient):  # type: ignore[misc]
    def __init__(self, base: str) -> None:
        super().__init__(pool_connections=False, timeout=20)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        there = TWILIO.match(url)
        assert there
        response = super().request(method, self._base + url[there.end() :], *args, **kwargs)
        judge_answer(method.upper(), urlsplit(url).path, response.status_code, response.text)
        return response
