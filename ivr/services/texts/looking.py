"""Finding out whether a text was sent, where a worker died or an answer was lost."""

from __future__ import annotations

import logging
from typing import Protocol

from ivr import log
from ivr.carrier.rest import CarrierError, FoundText
from ivr.services.texts import outcomes
from ivr.services.texts.noting import Noting
from ivr.store.outbox import Change, OutboxStore, StoredText, Waits
from ivr.store.senders import COMES_AGAIN

logger = logging.getLogger(__name__)

LOOK_BEHIND = 5.0
"""Seconds after which a text is looked for that comes after another with the same words."""
LOOKED_FOR = 3600.0
"""Seconds after its time for which a text of unknown outcome is looked for."""


class TextCarrier(Protocol):
    """What is asked of the carrier; ivr.carrier.rest.Carrier answers it."""

    def send_text(
        self, sender: str, to: str, text: str, *, status_url: str = "", validity: int | None = None
    ) -> str: ...

    def find_texts(self, to: str, text: str, since: float) -> tuple[FoundText, ...]: ...

    def text_status(self, text_id: str) -> FoundText: ...


class Looking:
    """Looks for texts among the carrier's. For many threads."""

    def __init__(self, outbox: OutboxStore, noting: Noting, carrier: TextCarrier) -> None:
        self._outbox = outbox
        self._noting = noting
        self._carrier = carrier

    def look_for(self, stored: StoredText, now: float) -> bool:
        """Find out whether a text was sent of which that is not known; whether the carrier said."""
        text, stands = stored.text, stored.stands
        with log.about_call(text.call):
            if now < stands.since + COMES_AGAIN:
                later = Waits("later", stands.since + COMES_AGAIN)
                self._outbox.write(stored, Change(stands, later), now)
                return True
            try:
                found = self._carrier.find_texts(text.to, text.text, stands.since)
            except CarrierError as error:
                logger.warning("Whether the text %s was sent is not known: %s", text.id, error)
                if now > text.useful_until + LOOKED_FOR:
                    self._outbox.write(stored, outcomes.lost(stored, now), now)
                else:
                    later = Waits("later", now + COMES_AGAIN)
                    self._outbox.write(stored, Change(stands, later), now)
                return False
            # Read after the list: what is in it is somebody's by now, or is being sent.
            others = [one for one in self._outbox.to(text.to) if one.id != text.id]
            if any(_may_be_its(one, stored, now) for one in others):
                self._outbox.write(stored, Change(stands, Waits("later", now + LOOK_BEHIND)), now)
                return True
            theirs = {
                told_as
                for one in (*others, stored)
                for told_as in (*one.stands.before, one.stands.told_as)
            }
            ours = next((one for one in found if one.id not in theirs), None)
            if ours is not None:
                self._noting.heard(text.id, ours.id, ours.state, ours.code, now)
            else:
                self._outbox.write(stored, outcomes.not_found(stored, now), now)
            return True


def _may_be_its(other: StoredText, stored: StoredText, now: float) -> bool:
    """Whether what is found for a text may be another's with the same words: one that is being
    sent just now, or is looked for as well and comes first."""
    if other.state != "sending" or other.text.text != stored.text.text:
        return False
    return now < other.stands.since + COMES_AGAIN or other.id < stored.id
