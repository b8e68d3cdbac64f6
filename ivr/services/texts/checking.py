"""Texts of which the carrier tells nothing more: it is asked, before their time is over."""

from __future__ import annotations

import logging

from ivr import log
from ivr.carrier.rest import CarrierError, GoneError
from ivr.services.due import Done, PutOff
from ivr.services.texts import outcomes
from ivr.services.texts.looking import TextCarrier
from ivr.services.texts.noting import Noting
from ivr.store.due import DueRecord
from ivr.store.outbox import Change, OutboxStore, StoredText

logger = logging.getLogger(__name__)

FEW = 20
"""Texts that are asked for before something else is done."""
ASK_AGAIN_AFTER = 60.0


class Checking:
    """Handles the due record of the kind check_texts."""

    def __init__(self, outbox: OutboxStore, noting: Noting, carrier: TextCarrier) -> None:
        self._outbox = outbox
        self._noting = noting
        self._carrier = carrier

    def check(self, record: DueRecord, now: float) -> Done | PutOff:
        """Ask for those whose time has come. Raises StoreDown."""
        ids = self._outbox.to_check(now, FEW)
        known = {one.id: one for one in self._outbox.read_all(ids)}
        for text_id in ids:
            stored = known.get(text_id)
            if stored is None or stored.state != "sent":
                self._outbox.forget_check(text_id)
                continue
            with log.about_call(stored.text.call):
                self._check(stored, now)
        # What is written meanwhile writes the record anew where it is due sooner.
        following = self._outbox.next_check()
        return Done() if following is None else PutOff(max(following, now))

    def _check(self, stored: StoredText, now: float) -> None:
        try:
            found = self._carrier.text_status(stored.stands.told_as)
        except GoneError as error:
            logger.warning("The text %s: %s", stored.id, error)
            self._outbox.write(stored, outcomes.not_told(stored, now), now)
            return
        except CarrierError as error:
            logger.warning("How the text %s stands is not known: %s", stored.id, error)
            later = Change(stored.stands, check_at=now + ASK_AGAIN_AFTER)
            self._outbox.write(stored, later, now)
            return
        after = self._noting.heard(stored.id, found.id, found.state, found.code, now)
        if after is not None and after.state == "sent":
            self._outbox.write(after, outcomes.not_told(after, now), now)
