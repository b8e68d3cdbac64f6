"""Texts: sending one, and finding out whether one was sent."""

from __future__ import annotations

from ivr.carrier.rest.account import SKEW, Account, text_of
from ivr.carrier.rest.errors import told_apart

FEW_TEXTS = 50
"""Texts to one number that are looked at, the newest first."""


class Texts(Account):
    """Texts at the carrier."""

    def send_text(self, sender: str, to: str, text: str) -> str:
        """Send a text from our number; the carrier's id of it. Raises CarrierError."""
        with told_apart("a text"):
            return text_of(self._client.messages.create(to=to, from_=sender, body=text).sid)

    def find_text(self, to: str, text: str, since: float) -> str | None:
        """The id of the newest such text that was created since then, in seconds since 1970; None
        when there is none. Raises CarrierError."""
        with told_apart("the texts that were sent"):
            for message in self._client.messages.list(to=to, limit=FEW_TEXTS):
                if message.date_created.timestamp() < since - SKEW:
                    return None
                if message.body == text:
                    return text_of(message.sid)
        return None
