"""New texts are given a sender each, and their turn in its queue."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from msgspec import structs

from ivr import log
from ivr.promises.senders import Senders, choose_sender
from ivr.services.due import Done
from ivr.services.texts import outcomes
from ivr.store.due import DueRecord
from ivr.store.outbox import Change, OutboxStore, StoredText, Waits
from ivr.store.senders import SenderStore

logger = logging.getLogger(__name__)

MANY = 500
"""Texts that are given a sender before something else is done."""


class Routing:
    """Handles the due record of the kind route_texts."""

    def __init__(
        self, outbox: OutboxStore, senders: SenderStore, by_country: Iterable[Senders]
    ) -> None:
        self._outbox = outbox
        self._senders = senders
        self._by_country = tuple(by_country)

    def route(self, record: DueRecord, now: float) -> Done:
        """Give new texts a sender. Raises StoreDown."""
        ids = self._outbox.new(MANY, now)
        stopped = frozenset(self._senders.stopped())
        known = {one.id: one for one in self._outbox.read_all(ids)}
        for text_id in ids:
            stored = known.get(text_id)
            if stored is None or stored.state != "wanted":
                self._outbox.forget_new(text_id)
            else:
                with log.about_call(stored.text.call):
                    self._outbox.write(stored, self._change(stored, stopped, now), now)
        self._outbox.rest_routing(now)
        return Done()

    def _change(self, stored: StoredText, stopped: frozenset[str], now: float) -> Change:
        text, stands = stored.text, stored.stands
        tried = frozenset(stands.tried)
        for unusable in (stopped | tried, tried):
            sender = choose_sender(
                text.to, self._by_country, answer_needed=text.answer, stopped=unusable
            )
            if sender is not None:
                # One that is stopped may be lifted while the text is still useful.
                return Change(structs.replace(stands, sender=sender.value), Waits("queue"))
        logger.error("No sender of `texts.senders` can send the text %s.", stored.id)
        return outcomes.unsendable(stored, now, "no sender of ours reaches this number")
