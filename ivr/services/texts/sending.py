"""Sending the texts that flows promised: each once, and never blindly a second time.

Before the carrier is asked, `sending` is written. A worker that finds it so does not know what came
of it (a worker died, an answer was lost), and looks among the carrier's texts first.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from ivr import log
from ivr.carrier.rest import CarrierError, PermanentError, RefusedError, UnknownError
from ivr.services.due import Done, Handler, PutOff, failed_attempt
from ivr.store import keys
from ivr.store.due import DueRecord
from ivr.store.texts import SEND_TEXT, StoredText, TextStore

logger = logging.getLogger(__name__)

USEFUL_FOR = 3600.0
"""Seconds after which a text that was promised on the telephone is not sent any more."""
LOOK_AGAIN_AFTER = 60.0
"""Seconds until a text of unknown outcome is surely among the carrier's, if it ever will be."""


class Sender(Protocol):
    """What is asked of the carrier; ivr.carrier.rest.Carrier answers it."""

    def send_text(self, sender: str, to: str, text: str) -> str:
        """The carrier's id of it. Raises CarrierError."""

    def find_text(self, to: str, text: str, since: float) -> str | None:
        """The id of the newest such text since that moment. Raises CarrierError."""


class Texts:
    """Handles the due records of the kind send_text. `sender` is our number (E.164)."""

    def __init__(self, store: TextStore, carrier: Sender, sender: str) -> None:
        self._store = store
        self._carrier = carrier
        self._sender = sender

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {SEND_TEXT: self.send}

    def send(self, record: DueRecord, now: float) -> Done | PutOff:
        """Send a text that is wanted, or see what came of it. Raises StoreDown."""
        text = self._store.read(record.subject)
        if text is None:
            return Done()
        with log.about_call(text.call):
            match text.state:
                case "wanted":
                    return self._send(record, text, now)
                case "sending":
                    return self._see(record, text, now)
                case "sent" | "failed":
                    return self._keep(text, now)

    def _send(self, record: DueRecord, text: StoredText, now: float) -> Done | PutOff:
        if now > text.wanted_at + USEFUL_FOR:
            return self._failed(text, now, "it would have come too late")
        sending = self._store.settle(text, "sending", now)
        try:
            told_as = self._carrier.send_text(self._sender, text.to, text.text)
        except UnknownError as error:
            logger.warning("Whether a text was sent is not known: %s", error)
            return PutOff(now + LOOK_AGAIN_AFTER, record.attempts + 1)
        except RefusedError as error:
            self._store.settle(text, "wanted", now)
            return _later(record, now, error)
        except PermanentError as error:
            return self._failed(text, now, str(error))
        except CarrierError as error:
            # Nothing was done: it is still only wanted.
            self._store.settle(text, "wanted", now)
            return _later(record, now, error)
        return self._sent(sending, now, told_as)

    def _see(self, record: DueRecord, text: StoredText, now: float) -> Done | PutOff:
        if now < text.since + LOOK_AGAIN_AFTER:
            return PutOff(text.since + LOOK_AGAIN_AFTER, record.attempts)
        try:
            told_as = self._carrier.find_text(text.to, text.text, text.since)
        except CarrierError as error:
            return _later(record, now, error)
        if told_as is not None:
            return self._sent(text, now, told_as)
        return self._send(record, self._store.settle(text, "wanted", now), now)

    def _sent(self, text: StoredText, now: float, told_as: str) -> Done | PutOff:
        logger.info("The text that was promised is sent.")
        return self._keep(self._store.settle(text, "sent", now, told_as=told_as), now)

    def _failed(self, text: StoredText, now: float, reason: str) -> Done | PutOff:
        logger.warning("A text that was promised is not sent: %s", reason)
        return self._keep(self._store.settle(text, "failed", now, reason=reason), now)

    def _keep(self, text: StoredText, now: float) -> Done | PutOff:
        """The record stands until the text need not be known any more."""
        until = text.since + keys.TEXT_LIFETIME
        if now < until:
            return PutOff(until)
        self._store.forget(text.id)
        return Done()


def _later(record: DueRecord, now: float, error: CarrierError) -> PutOff:
    later = failed_attempt(record, now)
    logger.warning("%s Tried again in %d seconds.", error, later.until - now)
    return later
