"""Sending texts: each once, and never blindly a second time.

Before whoever sends it is asked, `sending` is written. What is found so is found out about first: a
worker died, or an answer was lost. Of each sender's texts several are under way at once, as many in
a second as it takes. What is different by telephone and by mail is a `Channel`'s.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import Protocol

from ivr.callbacks.states import ENDS
from ivr.promises.outbox_rules import validity
from ivr.services.due import Done
from ivr.services.texts import outcomes
from ivr.store.callbacks import CallbackStore
from ivr.store.due import DueRecord
from ivr.store.heard import UPDATES
from ivr.store.outbox import Change, OutboxStore, StoredText
from ivr.store.senders import SenderStore

AT_ONCE = 16
"""Requests of one process that are under way at once, at most."""
SPELL = 1.0
"""Seconds after which no further texts are begun: somebody may wait for something else."""
STARTED_IN_TIME = 20.0
"""Seconds since a text was taken after which its request is not begun any more."""
HOLD_OFF = 5.0
"""Seconds for which a sender is left alone of whose last texts none came through."""
LOOK_WHILE_STOPPED = 60.0
OVERTAKEN = UPDATES | {"soon"}
"""Kinds that tell of a promise, and of no other that was made since."""


class Channel(Protocol):
    """A way on which texts go to people. For many threads; every method raises StoreDown."""

    at_once: int
    """How many are under way at once, AT_ONCE at most."""

    def rate(self, sender: str) -> float:
        """Texts that a sender sends in a second; 0: as many as may be."""

    def stops(self, sender: str) -> frozenset[str]:
        """Whose stops hold for a sender."""

    def instead(self, texts: Sequence[StoredText], now: float) -> list[Change | None]:
        """What is written of each instead of its being sent now; None where it is."""

    def find_out(self, stored: StoredText, now: float) -> bool:
        """Find out about a text of which it is not known whether it was sent; whether anybody
        answered."""

    def ask(self, stored: StoredText, taken: float) -> bool:
        """Have a text sent, and write what came of it; whether anybody answered. It is ours since
        `taken`: STARTED_IN_TIME later it is left to others."""


class Sending:
    """Handles the due records of the kind send_texts: `channel` is that of a sender, `callbacks`
    are what texts are about, and `clock` tells the time."""

    def __init__(
        self,
        outbox: OutboxStore,
        senders: SenderStore,
        callbacks: CallbackStore,
        channel: Callable[[str], Channel],
        clock: Callable[[], float],
    ) -> None:
        self._outbox = outbox
        self._senders = senders
        self._callbacks = callbacks
        self._channel = channel
        self._clock = clock

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        # Made by the process that sends: threads do not survive a fork.
        return ThreadPoolExecutor(AT_ONCE, "texts")

    def send(self, record: DueRecord, now: float) -> Done:
        """Send what a sender has to send, for a while. Raises StoreDown."""
        sender, channel = record.subject, self._channel(record.subject)
        rate, most = channel.rate(sender), min(channel.at_once, AT_ONCE)
        began = time.monotonic()
        while True:
            now = self._clock()
            if channel.stops(sender) & self._senders.stopped().keys():
                # First: whoever lifts it meanwhile writes another time.
                self._senders.rest_until(sender, now + LOOK_WHILE_STOPPED)
                self._while_stopped(channel, sender, now)
                return Done()
            ids = self._senders.claim(sender, now, most, rate)
            if not ids:
                # The claim has written when there is more to do.
                return Done()
            if not self._see_to(channel, sender, ids, now):
                self._senders.hold_off(sender, self._clock() + HOLD_OFF)
            if time.monotonic() > began + SPELL:
                self._senders.rest(sender, self._clock(), rate)
                return Done()

    def _while_stopped(self, channel: Channel, sender: str, now: float) -> None:
        """Only what became of those under way is found out, and what is too late is dropped."""
        for stored in self._outbox.read_all(self._senders.due(sender, now)):
            if stored.state == "sending":
                channel.find_out(stored, now)
            elif validity(now, stored.text.useful_until) is None:
                late = outcomes.dropped(stored, now, "its sender is stopped")
                self._outbox.write(stored, late, now)

    def _see_to(self, channel: Channel, sender: str, ids: Sequence[str], now: float) -> bool:
        """Send some texts, or find out about them; False when nobody answered for any."""
        known = {stored.id: stored for stored in self._outbox.read_all(ids)}
        for text_id in ids:
            if text_id not in known:
                self._senders.forget(sender, text_id)
        tasks: list[Callable[[], bool]] = []
        for stored in self._allowed(channel, [*known.values()], now):
            match stored.state:
                case "wanted":
                    begun = self._outbox.write(stored, outcomes.sending(stored, now), now)
                    if begun is not None:
                        tasks.append(partial(channel.ask, begun, now))
                case "sending":
                    tasks.append(partial(channel.find_out, stored, now))
                case _:
                    self._senders.forget(sender, stored.id)
        if len(tasks) == 1:
            done = [tasks[0]()]
        else:
            done = list(self._threads.map(lambda task: task(), tasks))
        return any(done) or not done

    def _allowed(
        self, channel: Channel, texts: Sequence[StoredText], now: float
    ) -> list[StoredText]:
        """Those that are (still) to be sent now; what becomes of the others is written."""
        allowed = []
        overtaken = self._overtaken(texts)
        for stored, change in zip(texts, channel.instead(texts, now), strict=True):
            if stored.state != "wanted":
                allowed.append(stored)
                continue
            if change is None and validity(now, stored.text.useful_until) is None:
                change = outcomes.dropped(stored, now, "it would come too late")
            if change is None and stored.id in overtaken:
                change = outcomes.dropped(stored, now, "something else was promised since")
            if change is None:
                allowed.append(stored)
            else:
                self._outbox.write(stored, change, now)
        return allowed

    def _overtaken(self, texts: Sequence[StoredText]) -> frozenset[str]:
        """Of the texts those that nobody should get any more: since they were written, a call was
        promised for another time, or is not to come."""
        telling = {one.id: one.text for one in texts if one.text.kind in OVERTAKEN}
        if not telling:
            return frozenset()
        subjects = dict.fromkeys(text.subject for text in telling.values())
        now = {one.id: one.callback for one in self._callbacks.read_all(subjects)}
        return frozenset(
            name
            for name, text in telling.items()
            if text.subject in now
            and (now[text.subject].promised_at > text.wanted_at or now[text.subject].state in ENDS)
        )
