"""Questions about recordings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ivr.carrier.forms import RecordingState, recording_state
from ivr.carrier.rest.account import Account, seconds_of, text_of
from ivr.carrier.rest.errors import GoneError, told_apart

_RECORDING_ID = re.compile(r"RE[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """Whether a recording can be heard; `seconds` is None until it is known."""

    state: RecordingState
    seconds: int | None


class Recordings(Account):
    """Recordings at the carrier."""

    def recording_status(self, recording_id: str) -> RecordingStatus:
        """How the recording stands. Raises CarrierError."""
        if not _RECORDING_ID.match(recording_id):
            raise GoneError(f"`{recording_id[:40]}` cannot be a recording.")
        with told_apart(f"the recording {recording_id}"):
            recording = self._client.recordings(recording_id).fetch()
            state = recording_state(text_of(recording.status))
            return RecordingStatus(state, seconds_of(recording.duration))
