"""What Twilio's requests say, as the words of the engine.

The signature has proved who sends a form, not that it is sensible: whatever cannot be understood
becomes silence, and nothing long or strange gets any further than here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ivr.flow.inputs import (
    ConnectionEnded,
    Input,
    MessageLeft,
    Outcome,
    Pressed,
    Said,
    Silent,
)

LONGEST_KEYS = 32
"""More keys than this are cut off."""
LONGEST_WORDS = 1_000
"""Characters of speech that are read; the recogniser listens for a minute at most."""
LONGEST_URL = 2_000

RecordingState = Literal["under_way", "ready", "failed"]
"""Whether a recording can be heard: not yet, now, or never."""

QueueResult = Literal["leave", "failed", "over"]
"""They left it, could not come into or stay in it, or there is nothing more to do for them here:
they have hung up, or were sent elsewhere."""

_QUEUE_RESULTS: Mapping[str, QueueResult] = {
    "queue-full": "failed",
    "error": "failed",
    "system-error": "failed",
    "hangup": "over",
    "bridged": "over",
    "bridging-in-process": "over",
    "redirected": "over",
    "redirected-from-bridged": "over",
}

_CALL_ID = re.compile(r"CA[0-9a-f]{32}\Z")
_WORD = re.compile(r"[a-z-]{1,20}\Z")
_NOT_KEYS = re.compile(r"[^0-9*#]+")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f]+\Z")
_RECORDING_ID = re.compile(r"RE[0-9a-f]{32}\Z")
_OUTCOMES: Mapping[str, Outcome] = {
    "completed": "completed",
    "answered": "completed",
    "busy": "busy",
    "no-answer": "no_answer",
    "canceled": "canceled",
    "failed": "failed",
}

_RECORDING_STATES: Mapping[str, RecordingState] = {
    "completed": "ready",
    "absent": "failed",
    "failed": "failed",
    "deleted": "failed",
}

Form = Mapping[str, str]


class BadFormError(ValueError):
    """A request that cannot be about a call of ours; says in one sentence why."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What every request says of its call.

    `caller` is as the carrier wrote it, and may be withheld: see `numbers.caller_number`.
    """

    call_id: str
    caller: str
    called: str
    status: str
    country: str = ""
    forwarded_from: str = ""


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What is told of a recording when its file is ready, or will never be."""

    recording_id: str
    url: str
    state: RecordingState
    seconds: int | None


def read_call(form: Form) -> CallFacts:
    """What the form says of its call. Raises `BadFormError` when it names none."""
    call_id = form.get("CallSid", "")
    if not _CALL_ID.match(call_id):
        raise BadFormError(
            "The request names no call: CallSid must be CA and 32 hexadecimal digits."
        )
    return CallFacts(
        call_id,
        _short(form, "From"),
        _short(form, "To"),
        _status(form, "CallStatus"),
        _short(form, "FromCountry") or _short(form, "CallerCountry"),
        _short(form, "ForwardedFrom"),
    )


def read_input(form: Form) -> Input:
    """What the caller did, or what became of what was asked for; silence when nothing came."""
    outcome = form.get("DialCallStatus")
    if outcome:
        return ConnectionEnded(
            _OUTCOMES.get(outcome, "failed"), whole_number(form.get("DialCallDuration")) or 0
        )
    recording = form.get("RecordingUrl")
    if recording:
        return _message(form, recording)
    keys = _keys(form.get("Digits", ""))
    if keys:
        return Pressed(keys)
    words = _BLANK.sub(" ", form.get("SpeechResult", "")[:LONGEST_WORDS]).strip()
    if words:
        return Said(words, _confidence(form.get("Confidence", "")))
    return Silent()


def read_queue_result(form: Form) -> QueueResult:
    """How a caller got out of a queue. What is not known is taken for our own doing."""
    return _QUEUE_RESULTS.get(form.get("QueueResult", ""), "leave")


def read_recording(form: Form) -> RecordingFacts:
    """What a recording's callback says. Raises `BadFormError` when it names no recording."""
    recording_id = form.get("RecordingSid", "")
    if not _RECORDING_ID.match(recording_id):
        raise BadFormError(
            "The request names no recording: RecordingSid must be RE and 32 hexadecimal digits."
        )
    return RecordingFacts(
        recording_id,
        _web_address(form.get("RecordingUrl", "")),
        recording_state(form.get("RecordingStatus", "")),
        whole_number(form.get("RecordingDuration")),
    )


def recording_state(status: str) -> RecordingState:
    """What the carrier's word for a recording means; an unknown one is not the end of it."""
    return _RECORDING_STATES.get(status, "under_way")


def whole_number(text: str | None) -> int | None:
    """A count or a number of seconds, at most nine digits; None for anything else."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 9):
        return None
    return int(text)


def _message(form: Form, recording: str) -> Input:
    url = _web_address(recording)
    if not url:
        return Silent()
    ended_by = form.get("Digits", "")
    key = "" if ended_by == "hangup" else _keys(ended_by)[:1]
    return MessageLeft(url, whole_number(form.get("RecordingDuration")) or 0, key)


def _keys(text: str) -> str:
    if len(text) <= LONGEST_KEYS and text.isdecimal() and text.isascii():
        return text
    return _NOT_KEYS.sub("", text[:LONGEST_KEYS])


def _confidence(text: str) -> float | None:
    try:
        value = float(text[:20])
    except ValueError:
        return None
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else None


def _web_address(text: str) -> str:
    return text if len(text) <= LONGEST_URL and _WEB_ADDRESS.match(text) else ""


def _status(form: Form, name: str) -> str:
    status = form.get(name, "")
    return status if _WORD.match(status) else ""


def _short(form: Form, name: str) -> str:
    value = form.get(name, "")
    if len(value) > 256:
        value = value[:256]
    return value if value.isprintable() else _BLANK.sub("", value)
