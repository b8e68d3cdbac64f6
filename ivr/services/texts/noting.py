"""Writing what became of a text, and all that follows from it for its person and its sender."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable

from ivr import log
from ivr.promises.consent import Stopped
from ivr.services.texts import outcomes
from ivr.services.texts.outcomes import Outcome
from ivr.store.consent import ConsentStore
from ivr.store.outbox import OutboxStore, StoredText
from ivr.store.senders import EVERY, SenderStore, Stop, Unreachable

logger = logging.getLogger(__name__)

FULL_FOR = 60.0
"""Seconds for which a sender is left alone whose queue at the carrier is full."""
BUSY_FOR = 1.0
"""The same where the carrier has too much to do."""


class Noting:
    """What is told of texts is written here. For many threads; raises StoreDown.

    `chance` gives shares (0 to 1) by which tries are spread.
    """

    def __init__(
        self,
        outbox: OutboxStore,
        senders: SenderStore,
        consents: ConsentStore,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._outbox = outbox
        self._senders = senders
        self._consents = consents
        self._chance = chance

    def heard(
        self,
        text_id: str,
        told_as: str,
        state: str,
        code: int | None,
        now: float,
        known: StoredText | None = None,
    ) -> StoredText | None:
        """The carrier says how far a text has come, in whatever order it says so; how it stands
        then, or None where it is not known. `known`: as it was read just now."""
        while True:
            stored = self._outbox.read(text_id) if known is None else known
            known = None
            if stored is None:
                return None
            with log.about_call(stored.text.call):
                before = stored.stands.told_as
                if before and told_as not in (before, *stored.stands.before):
                    logger.error(
                        "The text %s is at the carrier twice: as %s and as %s.",
                        text_id, before, told_as,
                    )  # fmt: skip
                outcome = outcomes.heard(stored, now, told_as, state, code, self._chance())
                if outcome is None:
                    return stored
                after = self.note(stored, outcome, now)
                if after is not None:
                    return after

    def refused(
        self, stored: StoredText, code: int | None, status: int | None, now: float
    ) -> Outcome | None:
        """The carrier did not take it, or did not answer; None where there was news meanwhile."""
        outcome = outcomes.refused(stored, now, code, status, self._chance())
        return outcome if self.note(stored, outcome, now) is not None else None

    def note(self, stored: StoredText, outcome: Outcome, now: float) -> StoredText | None:
        """Write an outcome, with what follows; None where somebody else has written meanwhile."""
        verdict, sender = outcome.verdict, stored.stands.sender
        if verdict is not None and verdict.treatment.stop in ("sender", "all"):
            # Before the text is given another sender.
            whose = sender if verdict.treatment.stop == "sender" else EVERY
            self._stop(whose, stored, outcome, now)
        after = self._outbox.write(stored, outcome.change, now)
        if after is None:
            return None
        if verdict is not None:
            self._follow(after, outcome, now)
        elif after.state == "sent" and stored.state != "sent":
            logger.info("The text that was promised is sent.")
        return after

    def _follow(self, text: StoredText, outcome: Outcome, now: float) -> None:
        verdict = outcome.verdict
        assert verdict is not None
        treatment, stands = verdict.treatment, text.stands
        if verdict.error in ("permanent", "landline"):
            why = Unreachable(now, verdict.error, verdict.meaning)
            self._senders.note_unreachable(text.text.to, why)
        if treatment.stop == "consent":
            self._consents.note(text.text.to, Stopped(now, "carrier"))
        if verdict.error in ("full", "busy"):
            wait = FULL_FOR if verdict.error == "full" else BUSY_FOR
            self._senders.hold_off(stands.sender, now + wait)
        level = logging.ERROR if treatment.alarm else logging.WARNING
        what_now = {
            "": "It is not sent.", "new": "It goes by another sender.",
            "queue": "It waits.", "later": "It is tried again.",
        }[outcome.change.waits.where]  # fmt: skip
        if stands.state == "sending":
            what_now = "The carrier's texts are looked through for it."
        logger.log(
            level, "The text %s from %s: %s%s. %s", text.id, stands.sender, verdict.meaning,
            f" (error {stands.code})" if stands.code else "", what_now,
        )  # fmt: skip

    def _stop(self, sender: str, text: StoredText, outcome: Outcome, now: float) -> None:
        verdict, code = outcome.verdict, outcome.change.stands.code
        assert verdict is not None
        if not self._senders.stop(Stop(sender, now, code, verdict.meaning)):
            return
        logger.error(
            "No more texts are sent%s until somebody has looked: %s%s. "
            "`ringback texts resume %s` lifts that.",
            "" if sender == EVERY else f" by {sender}", verdict.meaning,
            f" (error {code})" if code else "", "all" if sender == EVERY else f"'{sender}'",
        )  # fmt: skip
        if sender != EVERY:
            self._senders.reroute(sender, now)
