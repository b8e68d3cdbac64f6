"""Text messages, as the carrier sends them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from ivr import log
from ivr.carrier.rest import BusyError, CarrierError
from ivr.promises.consent import Consent
from ivr.promises.outbox_rules import kind_rule, validity
from ivr.services.texts import outcomes
from ivr.services.texts.looking import Looking, TextCarrier
from ivr.services.texts.noting import Noting
from ivr.services.texts.sending import AT_ONCE, STARTED_IN_TIME
from ivr.store.consent import ConsentStore
from ivr.store.outbox import Change, OutboxStore, StoredText, Waits
from ivr.store.senders import EVERY
from ivr.text_settings import TextSettings

REFUSALS = frozenset({"stopped", "started", "help"})
"""Kinds that answer a STOP: they go to whoever has just said so."""
_TOO_BUSY = 429


class ByTelephone:
    """A `Channel`. `status_url` is the address that is told how a text comes on; `clock` tells the
    time."""

    at_once = AT_ONCE

    def __init__(
        self,
        outbox: OutboxStore,
        consents: ConsentStore,
        noting: Noting,
        carrier: TextCarrier,
        settings: TextSettings,
        zone: ZoneInfo,
        status_url: Callable[[str], str],
        clock: Callable[[], float],
    ) -> None:
        self._consents = consents
        self._noting = noting
        self._looking = Looking(outbox, noting, carrier)
        self._carrier = carrier
        self._settings = settings
        self._zone = zone
        self._status_url = status_url
        self._clock = clock

    def rate(self, sender: str) -> float:
        return self._settings.rate(sender)

    def stops(self, sender: str) -> frozenset[str]:
        return frozenset({sender, EVERY})

    def instead(self, texts: Sequence[StoredText], now: float) -> list[Change | None]:
        consents = self._consents.read_all(tuple(one.text.to for one in texts))
        return [
            self._instead(stored, consent, now)
            for stored, consent in zip(texts, consents, strict=True)
        ]

    def find_out(self, stored: StoredText, now: float) -> bool:
        return self._looking.look_for(stored, now)

    def ask(self, stored: StoredText, taken: float) -> bool:
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

    def _instead(self, stored: StoredText, consent: Consent, now: float) -> Change | None:
        text, stop = stored.text, consent.stopped
        stopped = stop is not None and stop.at >= text.wanted_at and not consent.may_text
        if stopped and text.kind not in REFUSALS:
            return outcomes.stopped(stored, now, "the person has stopped our texts")
        if validity(now, text.useful_until) is None:
            return None
        quiet = self._quiet_until(stored, now)
        if quiet is None:
            return None
        if quiet < text.useful_until:
            return Change(stored.stands, Waits("later", quiet))
        return outcomes.dropped(stored, now, "nobody is disturbed at this hour")

    def _quiet_until(self, stored: StoredText, now: float) -> float | None:
        if self._settings.quiet is None or not kind_rule(stored.text.kind).quiet:
            return None
        return self._settings.quiet.until(now, self._zone)

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
