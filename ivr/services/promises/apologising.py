"""Apologising for a callback that did not come in time: a text with a new time, once.

Where none can be sent the person hears it when they are rung or ring: the store says so from the
break on (`PromiseStore.owed`), until somebody has said it or a text is on its way.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from ivr.callbacks.states import ENDS, ON_THE_WAY, TOLD_BY_CALL
from ivr.promises.updates import in_words
from ivr.services.due import Done, Handler, PutOff
from ivr.services.texts.composing import Composer, Span
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.due import DueRecord
from ivr.store.estimates import EstimateStore
from ivr.store.outbox import OutboxStore
from ivr.store.promises import APOLOGISE, PromiseStore

SORRY = ("sorry", "sorry_open")


class Apologies:
    """`handlers` for `ivr.services.due.drain`."""

    def __init__(
        self,
        store: PromiseStore,
        callbacks: CallbackStore,
        estimates: EstimateStore,
        outbox: OutboxStore,
        composer: Composer,
    ) -> None:
        self._store = store
        self._callbacks = callbacks
        self._estimates = estimates
        self._outbox = outbox
        self._composer = composer

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {APOLOGISE: self.apologise}

    def apologise(self, record: DueRecord, now: float) -> Done | PutOff:
        """Have the text sent, if the person still waits for it. Raises StoreDown."""
        broken = self._store.owed(record.subject)
        stored = self._callbacks.read(record.subject)
        if broken is None or stored is None or not _waits(stored):
            return Done()
        assert broken.ended is not None
        if any(
            one.text.kind in SORRY and one.text.wanted_at >= broken.ended
            for one in self._outbox.of(stored.id)
        ):
            return Done()  # A worker died after it had written the text.
        serial = "-" + broken.source
        text = self._composer.write(
            "sorry", stored, now, when=self._new_time(stored, now), serial=serial
        )
        if text is not None:
            self._outbox.put(text, now)
        return Done()

    def _new_time(self, stored: StoredCallback, now: float) -> Span | None:
        """None where nobody can tell."""
        standing = self._estimates.standing(stored.id, stored.callback.queue, now)
        wait = standing.estimate
        if wait is None or not standing.sound or not (isfinite(wait.low) and isfinite(wait.high)):
            return None
        words = in_words(now, now + wait.low, now + wait.high)
        return float(words.begins), float(words.ends)


def _waits(stored: StoredCallback) -> bool:
    """Whoever is being rung hears it then; how it ended is told by whoever ends it."""
    return stored.callback.state not in (*ENDS, *ON_THE_WAY, *TOLD_BY_CALL)
