"""Asking the carrier when it has told nothing: a callback that was lost loses nothing.

A call without news is asked for until it has ended. A recording without news is asked for until it
can be heard or never will; and a recording whose turn never came is kept as a voicemail here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from ivr import log
from ivr.carrier.rest import (
    CallStatus,
    CarrierError,
    GoneError,
    RecordingStatus,
    TemporaryError,
)
from ivr.engine.events import Voicemail
from ivr.services.due import Done, Handler, PutOff, failed_attempt
from ivr.store.calls import CHECK_CALL, CHECK_RECORDING, GONE, CallStore
from ivr.store.due import DueRecord
from ivr.store.voicemails import Recording, VoicemailStore

logger = logging.getLogger(__name__)


class Carrier(Protocol):
    """What is asked of the carrier; ivr.carrier.rest.Carrier answers it."""

    def call_status(self, call_id: str) -> CallStatus:
        """Raises CarrierError."""
        ...

    def recording_status(self, recording_id: str) -> RecordingStatus:
        """Raises CarrierError."""
        ...


class Reconciler:
    """Handles the due records of the kinds check_call and check_recording.

    `check_call_after` and `check_recording_after` are the seconds until the next question when
    the carrier says that it goes on.
    """

    def __init__(
        self,
        calls: CallStore,
        voicemails: VoicemailStore,
        carrier: Carrier,
        *,
        check_call_after: float,
        check_recording_after: float,
    ) -> None:
        self._calls = calls
        self._voicemails = voicemails
        self._carrier = carrier
        self._check_call_after = check_call_after
        self._check_recording_after = check_recording_after

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {CHECK_CALL: self.check_call, CHECK_RECORDING: self.check_recording}

    def check_call(self, record: DueRecord, now: float) -> Done | PutOff:
        """Ask how a call stands, and note it. Raises StoreDown."""
        call_id = record.subject
        with log.about_call(call_id):
            last_news = self._calls.last_news(call_id)
            if last_news is None:
                return Done()
            if now < last_news + self._check_call_after:
                return PutOff(last_news + self._check_call_after)
            try:
                found = self._carrier.call_status(call_id)
            except GoneError:
                logger.warning("The carrier does not know this call; it counts as ended.")
                found = CallStatus(GONE, None)
            except CarrierError as error:
                return _not_told(record, now, error)
            self._calls.note_status(call_id, found.status, None, found.seconds, now, "check")
            if self._calls.is_open(call_id):
                return PutOff(now + self._check_call_after)
            logger.info("Nobody told that this call has ended (%s); found by asking.", found.status)
            return Done()

    def check_recording(self, record: DueRecord, now: float) -> Done | PutOff:
        """Ask whether a recording can be heard, note it, and keep it if no turn has.

        Raises StoreDown.
        """
        recording_id = record.subject
        known = self._voicemails.recording(recording_id)
        if known is None:
            return Done()
        if known.state == "under_way":
            return self._ask_for_recording(record, now)
        if known.state == "ready" and not known.is_kept:
            self._keep(recording_id, known, now)
        return Done()

    def _ask_for_recording(self, record: DueRecord, now: float) -> Done | PutOff:
        kept = self._voicemails.read(record.subject)
        call_id = kept.message.call if kept is not None else ""
        try:
            found = self._carrier.recording_status(record.subject)
        except GoneError:
            found = RecordingStatus("failed", None)
        except CarrierError as error:
            return _not_told(record, now, error)
        if found.state == "under_way":
            return PutOff(now + self._check_recording_after)
        self._calls.note_recording(call_id, record.subject, found.state, found.seconds, now)
        if found.state == "failed":
            logger.warning("The message %s was left, but cannot be heard.", record.subject)
        return Done()

    def _keep(self, recording_id: str, known: Recording, now: float) -> None:
        stored = self._calls.read(known.call or "")
        call = stored.call if stored is not None else None
        voicemail = Voicemail(
            call=known.call or "",
            line=call.line if call else "",
            place=call.place if call else "",
            language=call.language if call else "",
            recording=known.url or recording_id,
            seconds=known.seconds,
            left_at=now,
            caller=call.caller if call else None,
            path=call.path if call else (),
            said=call.said if call else (),
        )
        if self._voicemails.keep(voicemail):
            logger.warning(
                "The turn that should have kept the message %s never came; it is kept now.",
                recording_id,
            )


def _not_told(record: DueRecord, now: float, error: CarrierError) -> PutOff:
    later = failed_attempt(record, now)
    level = logging.WARNING if isinstance(error, TemporaryError) else logging.ERROR
    logger.log(level, "%s Asked again in %d seconds.", error, later.until - now)
    return later
