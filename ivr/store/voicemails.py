"""The messages that callers left, until somebody has heard them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

import msgspec
from redis import Redis

from ivr.engine.events import Voicemail
from ivr.store import keys
from ivr.store.calls import CHECK_RECORDING
from ivr.store.connection import wording
from ivr.store.scripts import Reply, Script

RecordingState = Literal["under_way", "ready", "failed"]
"""Whether a recording can be heard: not yet or not told yet, from now on, or never."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Voicemail).decode


@dataclass(frozen=True, slots=True)
class Heard:
    """Who has heard a message, and when."""

    by: str
    at: float


@dataclass(frozen=True, slots=True)
class StoredVoicemail:
    """A message that was left. `recording` tells whether it can be heard, as far as is known."""

    id: str
    message: Voicemail
    recording: RecordingState
    seconds: int
    heard: Heard | None


@dataclass(frozen=True, slots=True)
class Recording:
    """What is known of a recording: of which call it is and what its URL is (each None when the
    carrier has not told), its state as in StoredVoicemail, its length in seconds, and whether a
    voicemail was kept for it."""

    call: str | None
    url: str | None
    state: RecordingState
    seconds: int
    is_kept: bool


class VoicemailStore:
    """Every method raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._keep = Script(redis, "keep_voicemail-4")
        self._mark_heard = Script(redis, "mark_heard-1")

    def all(self, *, heard: bool = False) -> list[StoredVoicemail]:
        """The messages nobody has heard, with `heard` the others too; the oldest first."""
        with wording(self._redis):
            ids = [
                one.decode()
                for one in cast(list[bytes], self._redis.zrange(keys.VOICEMAILS, 0, -1))
            ]
            with self._redis.pipeline(transaction=False) as each:
                for one in ids:
                    each.hgetall(keys.voicemail(one))
                hashes: list[dict[bytes, bytes]] = each.execute()
            forgotten = [one for one, fields in zip(ids, hashes, strict=True) if not fields]
            if forgotten:
                self._redis.zrem(keys.VOICEMAILS, *forgotten)
        stored = [_stored(one, of) for one, of in zip(ids, hashes, strict=True) if of]
        return [one for one in stored if heard or one.heard is None]

    def read(self, voicemail_id: str) -> StoredVoicemail | None:
        """One message, or None when there is none of this id."""
        fields = self._fields(voicemail_id)
        return _stored(voicemail_id, fields) if b"message" in fields else None

    def recording(self, voicemail_id: str) -> Recording | None:
        """What is known of a recording, or None when nothing is."""
        fields = self._fields(voicemail_id)
        if not fields:
            return None
        call, url = fields.get(b"call"), fields.get(b"told_as")
        return Recording(
            call.decode() if call else None,
            url.decode() if url else None,
            _state(fields),
            int(fields.get(b"seconds", 0)),
            b"message" in fields,
        )

    def keep(self, voicemail: Voicemail) -> bool:
        """Keep a message that no turn has kept; False when one has after all."""
        voicemail_id = keys.voicemail_id(voicemail.recording)
        reply = self._keep(
            (keys.voicemail(voicemail_id), keys.VOICEMAILS, keys.DUE, keys.DUE_RECORDS),
            (
                _encode(voicemail),
                voicemail_id,
                voicemail.left_at,
                keys.due_id(CHECK_RECORDING, voicemail_id),
            ),
        )
        return bool(reply == Reply.DONE)

    def mark_heard(self, voicemail_id: str, by: str, now: float) -> Reply:
        """Reply.DONE, NOTHING_NEW when somebody had heard it before (who stays noted), or
        UNKNOWN when there is no such message."""
        key = keys.voicemail(voicemail_id)
        return Reply(self._mark_heard((key,), (by, now, keys.HEARD_LIFETIME)))

    def _fields(self, voicemail_id: str) -> dict[bytes, bytes]:
        with wording(self._redis):
            return cast(dict[bytes, bytes], self._redis.hgetall(keys.voicemail(voicemail_id)))


def _stored(voicemail_id: str, fields: dict[bytes, bytes]) -> StoredVoicemail:
    message = _decode(fields[b"message"])
    by = fields.get(b"heard_by")
    return StoredVoicemail(
        id=voicemail_id,
        message=message,
        recording=_state(fields),
        seconds=int(fields.get(b"seconds", message.seconds)),
        heard=Heard(by.decode(), float(fields[b"heard_at"])) if by is not None else None,
    )


def _state(fields: dict[bytes, bytes]) -> RecordingState:
    told = fields.get(b"recording")
    return "under_way" if told is None else "ready" if told == b"ready" else "failed"
