"""Calls between their turns, in one round trip each way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import msgspec
from redis import Redis

from ivr.engine.call import Call
from ivr.engine.events import CallEnded, Event, Voicemail
from ivr.flow.moves import JoinLine, LeaveLine, TextWanted
from ivr.flow.talk import TextsTold
from ivr.promises.outbox_rules import useful_until
from ivr.store import keys
from ivr.store.changes import changes_of
from ivr.store.connection import wording
from ivr.store.due import fresh_record
from ivr.store.outbox import OutboxText
from ivr.store.outbox import wanted as wanted_text
from ivr.store.scripts import Reply, Script
from ivr.store.traces import Step

# Seconds without news of a call until the carrier is asked whether it is still there.
CHECK_CALL_AFTER = 600.0
# Seconds without news of a recording until the carrier is asked for it.
CHECK_RECORDING_AFTER = 120.0

CHECK_CALL = "check_call"
CHECK_RECORDING = "check_recording"

# The status of a call that the carrier, when asked, does not know (any more).
GONE = "gone"
ENDED_RANK = 4
RANKS = {
    "queued": 0,
    "initiated": 1,
    "ringing": 2,
    "in-progress": 3,
    "completed": ENDED_RANK,
    "busy": ENDED_RANK,
    "failed": ENDED_RANK,
    "no-answer": ENDED_RANK,
    "canceled": ENDED_RANK,
    GONE: ENDED_RANK,
}
"""What the carrier says of a call: it never goes back to a lower rank; the first end is final."""

_encode = msgspec.json.Encoder().encode
_decode_call = msgspec.json.Decoder(Call).decode


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call as it is stored: `answer` is what its last turn told the carrier."""

    call: Call
    answer: str
    status: str | None
    """One of RANKS, or None when the carrier has told nothing yet."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The turn was written."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Another turn was written since the call was read; nothing was changed.

    `stored` is what stands there now, or None when nothing does (its lifetime ran out).
    """

    stored: StoredCall | None


class CallStore:
    """The calls under way. Every method takes one round trip and raises StoreDown."""

    def __init__(
        self,
        redis: Redis,
        *,
        check_call_after: float = CHECK_CALL_AFTER,
        check_recording_after: float = CHECK_RECORDING_AFTER,
    ) -> None:
        self._redis = redis
        self._check_call_after = check_call_after
        self._check_recording_after = check_recording_after
        self._take_turn = Script(redis, "take_turn-8")
        self._take_turn_in_line = Script(redis, "take_turn_in_line-8")
        self._note_status = Script(redis, "note_status-6")
        self._note_recording = Script(redis, "note_recording-3")

    def read(self, call_id: str) -> StoredCall | None:
        """The call, or None before its first turn and after its lifetime."""
        with wording(self._redis):
            fields = self._redis.hmget(keys.call(call_id), "state", "answer", "status")
        return _stored(cast("list[bytes | None]", fields))

    def take_turn(
        self,
        call: Call,
        *,
        answer: str,
        events: Sequence[Event],
        voicemail: Voicemail | None,
        now: float,
        texts: Sequence[TextWanted] = (),
        line: Sequence[JoinLine | LeaveLine] = (),
        step: Step | None = None,
    ) -> Taken | Lost:
        """Write the call as it is after turn `call.turn`, with everything that the turn brought.

        Only if the stored turn is the one before; where nothing is stored that is turn 0.
        """
        voicemail_key = keys.VOICEMAILS
        comes_with_it: tuple[str | bytes | float, ...] = ()
        script = self._take_turn
        if line:
            # The lines' rules are read with each call of their script: other turns go without.
            script = self._take_turn_in_line
            comes_with_it += (changes_of(call, line), ENDED_RANK)
        if call.turn == 1:
            comes_with_it += (
                keys.due_id(CHECK_CALL, call.id),
                now + self._check_call_after,
                fresh_record(CHECK_CALL, call.id),
                keys.CALL_LIFETIME,
                ENDED_RANK,
                keys.ENDED_LIFETIME,
            )
        if voicemail is not None:
            voicemail_id = keys.voicemail_id(voicemail.recording)
            voicemail_key = keys.voicemail(voicemail_id)
            comes_with_it += (
                keys.due_id(CHECK_RECORDING, voicemail_id),
                now + self._check_recording_after,
                fresh_record(CHECK_RECORDING, voicemail_id),
                _encode(voicemail),
                voicemail_id,
                voicemail.left_at,
            )
        for number, wanted in enumerate(texts, 1):
            comes_with_it += (_encode(wanted_text(_information(call, number, wanted, now))),)
        heard = [one for event in events if isinstance(event, TextsTold) for one in event.texts]
        if heard:
            comes_with_it += (_encode({"told": heard}),)
        reply = script(
            (
                keys.call(call.id),
                keys.EVENTS,
                keys.DUE,
                keys.DUE_RECORDS,
                voicemail_key,
                keys.VOICEMAILS,
                keys.trace(call.id),
                keys.CALLS,
            ),
            (
                call.id,
                call.turn,
                _encode(call),
                answer,
                now,
                _encode(events) if events else "",
                keys.EVENTS_KEPT,
                "" if step is None else _encode(step),
                keys.TRACE_LIFETIME,
                keys.CALLS_KEPT,
                *comes_with_it,
            ),
        )
        return Taken() if reply[0] == Reply.DONE else Lost(_stored(reply[1:]))

    def note_status(
        self,
        call_id: str,
        status: str,
        sequence: int | None,
        seconds: int | None,
        now: float,
        found_by: Literal["callback", "check"] = "callback",
    ) -> bool:
        """Note what the carrier says of a call; False when that is nothing new.

        `sequence` is the number of the carrier's message and `seconds` the call's length, each
        None when not told. The end of a call is told as CallEnded, once. A status that the
        carrier is not known to use changes nothing.
        """
        rank = RANKS.get(status)
        if rank is None:
            return False
        ended = CallEnded(status, seconds, found_by)
        reply = self._note_status(
            (
                keys.call(call_id),
                keys.EVENTS,
                keys.DUE,
                keys.DUE_RECORDS,
                keys.trace(call_id),
                keys.CALLS,
            ),
            (
                call_id,
                status,
                rank,
                ENDED_RANK,
                "" if sequence is None else sequence,
                "" if seconds is None else seconds,
                now,
                keys.CALL_LIFETIME,
                keys.ENDED_LIFETIME,
                keys.EVENTS_KEPT,
                keys.due_id(CHECK_CALL, call_id),
                now + self._check_call_after,
                fresh_record(CHECK_CALL, call_id),
                _encode([ended]),
                _encode(Step(now, (ended,))),
                keys.TRACE_LIFETIME,
            ),
        )
        return bool(reply == Reply.DONE)

    def note_recording(
        self,
        call_id: str,
        recording: str,
        state: Literal["ready", "failed"],
        seconds: int | None,
        now: float,
    ) -> bool:
        """Note what the carrier says of a recording; False when that is nothing new.

        `recording` is its URL or the carrier's id of it, `seconds` its length or None when not
        told. May come before the turn that keeps the voicemail, repeatedly, or never. What was
        ready stays so.
        """
        voicemail_id = keys.voicemail_id(recording)
        reply = self._note_recording(
            (keys.voicemail(voicemail_id), keys.DUE, keys.DUE_RECORDS),
            (
                state,
                "" if seconds is None else seconds,
                call_id,
                keys.EARLY_LIFETIME,
                keys.due_id(CHECK_RECORDING, voicemail_id),
                now + self._check_recording_after,
                fresh_record(CHECK_RECORDING, voicemail_id),
                recording,
            ),
        )
        return bool(reply == Reply.DONE)

    def last_news(self, call_id: str) -> float | None:
        """When the last turn or status of a call came; None when it has ended or is not known."""
        with wording(self._redis):
            at, rank = self._redis.hmget(keys.call(call_id), "at", "rank")
        return None if at is None or int(rank or 0) >= ENDED_RANK else float(at)

    def is_open(self, call_id: str) -> bool:
        """Whether the call is known and has not ended, as far as the carrier has told."""
        return self.last_news(call_id) is not None


def _information(call: Call, number: int, wanted: TextWanted, now: float) -> OutboxText:
    """The `number`th text of the call's latest turn, which the caller asked for."""
    return OutboxText(
        id=f"{call.id}-{call.turn}-{number}", to=wanted.to, kind="information",
        language=wanted.language, text=wanted.text, shown=wanted.shown, wanted_at=now,
        useful_until=useful_until("information", now), subject=call.id, call=call.id,
    )  # fmt: skip


def _stored(fields: Sequence[bytes | None]) -> StoredCall | None:
    state, answer, status = fields
    if state is None or answer is None:
        return None
    return StoredCall(_decode_call(state), answer.decode(), status.decode() if status else None)
