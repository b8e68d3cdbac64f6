"""What all questions to the carrier share: the client, and how answers are read."""

from __future__ import annotations

import re
from typing import Any

from twilio.rest import Client

from ivr.carrier.rest.errors import GoneError

SKEW = 300.0
"""Seconds by which the carrier's clock may be behind ours; it tells whole seconds besides."""

_CALL_ID = re.compile(r"CA[0-9a-f]{32}\Z")


class Account:
    """Twilio's client for one account."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def _call(self, call_id: str) -> Any:
        """The call as a resource; raises GoneError for what cannot be one's id."""
        if not _CALL_ID.match(call_id):
            raise GoneError(f"`{call_id[:40]}` cannot be a call.")
        return self._client.calls(call_id)


def text_of(value: object) -> str:
    """A word of an answer. Raises TypeError for anything else."""
    if not isinstance(value, str) or not value:
        raise TypeError("a word is missing")
    return value


def seconds_of(duration: object) -> int | None:
    """A length; None for one that is not known yet."""
    text = str(duration)
    return int(text) if text.isascii() and text.isdigit() else None
