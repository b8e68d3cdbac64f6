"""Texts: sending one, finding out whether one was sent, and how far it has come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ivr.carrier.rest.account import SKEW, Account, text_of
from ivr.carrier.rest.errors import GoneError, told_apart

FEW_TEXTS = 50
"""Texts to one number that are looked at, the newest first."""

_SERVICE = re.compile(r"MG[0-9a-f]{32}\Z")
_TEXT_ID = re.compile(r"[SM]M[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text at the carrier: its id, its state in the carrier's words, and its error."""

    id: str
    state: str
    code: int | None = None


class Texts(Account):
    """Texts at the carrier."""

    def send_text(
        self,
        sender: str,
        to: str,
        text: str,
        *,
        status_url: str = "",
        validity: int | None = None,
    ) -> str:
        """Send a text; the carrier's id of it. Raises CarrierError.

        `sender` is a number of ours, a name, or the SID of a Messaging Service. `status_url` is
        told how far it has come; `validity` is for how many seconds the carrier tries to send it.
        """
        wishes: dict[str, Any] = {}
        if _SERVICE.match(sender):
            # A service may write letters in another way: the text would not be found again.
            wishes |= {"messaging_service_sid": sender, "smart_encoded": False}
        else:
            wishes |= {"from_": sender}
        if status_url:
            wishes |= {"status_callback": status_url}
        if validity is not None:
            wishes |= {"validity_period": validity}
        with told_apart("a text"):
            return text_of(self._client.messages.create(to=to, body=text, **wishes).sid)

    def find_texts(self, to: str, text: str, since: float) -> tuple[FoundText, ...]:
        """All such texts that were created since then, in seconds since 1970, the newest first.
        Raises CarrierError."""
        found = []
        with told_apart("the texts that were sent"):
            for message in self._client.messages.list(to=to, limit=FEW_TEXTS):
                if message.date_created.timestamp() < since - SKEW:
                    break
                if message.body == text:
                    found.append(_found(message))
        return tuple(found)

    def text_status(self, text_id: str) -> FoundText:
        """How far a text has come. Raises GoneError for one that is not known, and CarrierError."""
        if not _TEXT_ID.match(text_id):
            raise GoneError(f"`{text_id[:40]}` cannot be a text.")
        with told_apart(f"the text {text_id}"):
            return _found(self._client.messages(text_id).fetch())


def _found(message: Any) -> FoundText:
    code = message.error_code
    return FoundText(
        text_of(message.sid), text_of(message.status), int(code) if code is not None else None
    )
