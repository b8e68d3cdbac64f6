"""Sending texts: each once, and never blindly a second time.

Before the carrier is asked, `sending` is written. A text that is found so is looked for among the
carrier's texts first: a worker died, or an answer was lost. Of each sender's texts several are
under way at once, as many in a second as it takes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from ivr import log
from ivr.carrier.rest import BusyError, CarrierError
from ivr.promises.outbox_rules import kind_rule, validity
from ivr.services.due import Done
from ivr.services.texts import outcomes
from ivr.services.texts.looking import Looking, TextCarrier
from ivr.services.texts.noting import Noting
from ivr.store.consent import ConsentStore
from ivr.store.due import DueRecord
from ivr.store.outbox import Change, OutboxStore, StoredText, Waits
from ivr.store.senders import EVERY, SenderStore
from ivr.text_settings import TextSettings

logger = logging.getLogger(__name__)

AT_ONCE = 16
"""Requests of one process that are under way at once."""
SPELL = 1.0
"""Seconds after which no further texts are begun: somebody may wait for something else."""
STARTED_IN_TIME = 20.0
"""Seconds since a text was taken after which its request is not begun any more."""
HOLD_OFF = 5.0
"""Seconds for which a sender is left alone of whose last texts none came through."""
LOOK_WHILE_STOPPED = 60.0
REFUSALS = frozenset({"stopped", "started", "help"})
"""Kinds that answer a STOP: they go to whoever has just said so."""
_TOO_BUSY = 429


class Sending:
    """Handles the due records of the kind send_texts.

    `status_url` is the address that is told how a text comes on; `clock` tells the time.
    """

    def __init__(
        self,
        outbox: OutboxStore,
        senders: SenderStore,
        consents: ConsentStore,
        noting: Noting,
        carrier: TextCarrier,
        settings: TextSettings,
        zone: ZoneInfo,
        status_url: Callable[[str], str],
        clock: Callable[[], float],
    ) -> None:
        self._outbox = outbox
        self._senders = senders
        self._consents = consents
        self._noting = noting
        self._looking = Looking(outbox, noting, carrier)
        self._carrier = carrier
        self._settings = settings
        self._zone = zone
        self._status_url = status_url
        self._clock = clock

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        # Made by the process that sends: threads do not survive a fork.
        return ThreadPoolExecutor(AT_ONCE, "texts")

    def send(self, record: DueRecord, now: float) -> Done:
        """Send what a sender has to send, for a while. Raises StoreDown."""
        sender, rate = record.subject, self._settings.rate(record.subject)
        began = time.monotonic()
        while True:
            now = self._clock()
            stopped = self._senders.stopped()
            if sender in stopped or EVERY in stopped:
                # First: whoever lifts it meanwhile writes another time.
                self._senders.rest_until(sender, now + LOOK_WHILE_STOPPED)
                self._while_stopped(sender, now)
                return Done()
            ids = self._senders.claim(sender, now, AT_ONCE, rate)
            if not ids:
                # The claim has written when there is more to do.
                return Done()
            if not self._see_to(sender, ids, now):
                self._senders.hold_off(sender, self._clock() + HOLD_OFF)
            if time.monotonic() > began + SPELL:
                self._senders.rest(sender, self._clock(), rate)
                return Done()

    def _while_stopped(self, sender: str, now: float) -> None:
        """Only what became of those under way is found out, and what is too late is dropped."""
        for stored in self._outbox.read_all(self._senders.due(sender, now)):
            if stored.state == "sending":
                self._looking.look_for(stored, now)
            elif validity(now, stored.text.useful_until) is None:
                late = outcomes.dropped(stored, now, "its sender is stopped")
                self._outbox.write(stored, late, now)

    def _see_to(self, sender: str, ids: Sequence[str], now: float) -> bool:
        """Send some texts, or find out about them; False when the carrier did nothing for any."""
        known = {stored.id: stored for stored in self._outbox.read_all(ids)}
        for text_id in ids:
            if text_id not in known:
                self._senders.forget(sender, text_id)
        tasks: list[Callable[[], bool]] = []
        for stored in self._allowed([*known.values()], now):
            match stored.state:
                case "wanted":
                    begun = self._outbox.write(stored, outcomes.sending(stored, now), now)
                    if begun is not None:
                        tasks.append(partial(self._ask, begun, now))
                case "sending":
                    tasks.append(partial(self._looking.look_for, stored, now))
                case _:
                    self._senders.forget(sender, stored.id)
        if len(tasks) == 1:
            done = [tasks[0]()]
        else:
            done = list(self._threads.map(lambda task: task(), tasks))
        return any(done) or not done

    def _allowed(self, texts: Sequence[StoredText], now: float) -> list[StoredText]:
        """Those that are (still) to be sent now; what becomes of the others is written."""
        consents = dict(
            zip(
                (one.text.to for one in texts),
                self._consents.read_all(tuple(one.text.to for one in texts)),
                strict=True,
            )
        )
        allowed = []
        for stored in texts:
            text = stored.text
            stop = consents[text.to].stopped
            change: Change | None = None
            if stored.state == "wanted":
                quiet = self._quiet_until(stored, now)
                if (
                    stop is not None
                    and stop.at >= text.wanted_at
                    and not consents[text.to].may_text
                    and text.kind not in REFUSALS
                ):
                    change = outcomes.stopped(stored, now, "the person has stopped our texts")
                elif validity(now, text.useful_until) is None:
                    change = outcomes.dropped(stored, now, "it would come too late")
                elif quiet is not None:
                    change = (
                        Change(stored.stands, Waits("later", quiet))
                        if quiet < text.useful_until
                        else outcomes.dropped(stored, now, "nobody is disturbed at this hour")
                    )
            if change is None:
                allowed.append(stored)
            else:
                self._outbox.write(stored, change, now)
        return allowed

    def _quiet_until(self, stored: StoredText, now: float) -> float | None:
        if self._settings.quiet is None or not kind_rule(stored.text.kind).quiet:
            return None
        return self._settings.quiet.until(now, self._zone)

    def _ask(self, stored: StoredText, taken: float) -> bool:
        """Ask the carrier to send a text; whether it said anything about it."""
        text, stands = stored.text, stored.stands
        with log.about_call(text.call):
            now = self._clock()
            seconds = validity(now, text.useful_until)
            if now > taken + STARTED_IN_TIME or seconds is None:
                # By now somebody else may be looking for it, and must not look in vain.
                return False
            try:
                told_as = self._carrier.send_text(
                    stands.sender, text.to, text.text,
                    status_url=self._status_url(text.id), validity=seconds,
                )  # fmt: skip
            except CarrierError as error:
                return self._refused(stored, error)
            self._noting.heard(text.id, told_as, "queued", None, self._clock(), stored)
            return True

    def _refused(self, stored: StoredText, error: CarrierError) -> bool:
        status = error.status
        if isinstance(error, BusyError) and status is None:
            # Nobody was reached: that is as good as being told to come later.
            status = _TOO_BUSY
        outcome = self._noting.refused(stored, error.code, status, self._clock())
        return outcome is None or (
            outcome.verdict is not None
            and outcome.verdict.error not in ("unknown", "busy", "temporary", "full")
        )
