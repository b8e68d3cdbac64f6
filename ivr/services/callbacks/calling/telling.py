"""Telling people how it ended, or that their time has changed: nothing expires in silence.

A text, or mail to whoever gave an address, written with the move that says that they were told;
where none can be sent, a short call if the queue wants that (`tell_by_call`), written before it is
dialled like any attempt; else a supervisor. Who rings again is told in any case.
"""

from __future__ import annotations

import logging

from ivr.callbacks.moves import Details, Refused
from ivr.callbacks.record import SYSTEM
from ivr.callbacks.states import TOLD_BY_CALL
from ivr.promises.wordings import TextKind
from ivr.services.callbacks.calling.desk import CallingDesk
from ivr.services.callbacks.calling.dialling import Dialler, Failed, Never, NotDialled, NotNow, Wait
from ivr.services.due import Done, PutOff
from ivr.services.texts.composing import Composer, Span
from ivr.store.callbacks import StoredCallback
from ivr.store.due import DueRecord

logger = logging.getLogger(__name__)


class Telling:
    """Every method raises StoreDown."""

    def __init__(self, desk: CallingDesk, dialler: Dialler, composer: Composer) -> None:
        self._desk = desk
        self._dialler = dialler
        self._composer = composer

    def end(self, record: DueRecord, stored: StoredCallback, now: float) -> Done | PutOff:
        """Tell somebody who was not reached, or will not be called."""
        desk, callback = self._desk, stored.callback
        kind: TextKind = "not_reached" if callback.state == "unreached" else "withdrawn"
        if self._by_text(kind, stored, now) is not None:
            return Done()
        if not desk.rules.of(callback.queue).tell_by_call:
            return self._not_told(stored, "no text can be sent to this number", now)
        if callback.message_left:
            return self._not_told(stored, "a machine answers, and has had its message", now)
        match self._dialler.dial(record, stored, "telling_written", now):
            case Wait(until, attempts):
                return PutOff(until, attempts)
            case NotNow(reason):
                opens = desk.rules.opens(callback.queue, now + 1.0)
                if opens is None:
                    return self._not_told(stored, reason, now)
                return PutOff(opens)
            case NotDialled(written, reason, at):
                # It is tried again, at the carrier's pace and when people may be rung.
                desk.advance_as_read(written, "telling_undone", at, Details(reason))
            case Never(reason):
                return self._not_told(stored, reason, now)
            case Failed(_, result):
                return self._not_told(stored, result.reason or result.outcome, now)
        return Done()

    def new_time(
        self, stored: StoredCallback, now: float, *, broken: bool = False
    ) -> StoredCallback:
        """Tell somebody whose time we have changed, if a text can; how the callback stands then.
        `broken`: what was promised had not been kept."""
        window = stored.callback.window
        if window is None:
            return self._by_text("receipt_place", stored, now) or stored
        when = (window.begins, window.ends)
        kind: TextKind = "sorry" if broken else "receipt_window"
        return self._by_text(kind, stored, now, when) or stored

    def _by_text(
        self, kind: TextKind, stored: StoredCallback, now: float, when: Span | None = None
    ) -> StoredCallback | None:
        text = self._composer.write(kind, stored, now, when=when)
        if text is None:
            return None
        details = Details("by mail" if text.by_mail else "by text")
        try:
            told = self._desk.callbacks.move(stored, "told", SYSTEM, now, details, texts=(text,))
        except Refused as error:
            logger.warning("%s", error)
            return None
        return told if isinstance(told, StoredCallback) else None

    def _not_told(self, stored: StoredCallback, reason: str, now: float) -> Done:
        """Somebody must decide how."""
        details = Details(reason, outcome="not_dialled")
        self._desk.advance(stored.id, TOLD_BY_CALL, "not_told", now, details)
        return Done()
