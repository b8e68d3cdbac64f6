"""Texts that are to be sent, written with the turn that wanted them, and what came of each."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct, structs
from redis import Redis

from ivr.engine.call import Call
from ivr.flow.moves import TextWanted
from ivr.store import keys
from ivr.store.connection import wording

SEND_TEXT = "send_text"
"""The kind of their due records."""

State = Literal["wanted", "sending", "sent", "failed"]
"""`sending` is written before the carrier is asked: found again, its outcome is unknown."""


class StoredText(Struct, frozen=True):
    """One text. Times are seconds since 1970; `since` is when its state began."""

    id: str
    call: str
    to: str
    """E.164."""
    language: str
    text: str
    wanted_at: float
    state: State = "wanted"
    since: float = 0.0
    told_as: str = ""
    """The carrier's id of it, once sent."""
    reason: str = ""
    """Why it failed."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(StoredText).decode


def stored_text(call: Call, number: int, wanted: TextWanted, now: float) -> StoredText:
    """The `number`th text of the call's latest turn."""
    text_id = f"{call.id}-{call.turn}-{number}"
    return StoredText(text_id, call.id, wanted.to, wanted.language, wanted.text, now, since=now)


class TextStore:
    """Only whoever has claimed the due record of a text changes it. Raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def read(self, text_id: str) -> StoredText | None:
        """The text, or None when it is no longer kept."""
        with wording(self._redis):
            found = self._redis.hget(keys.TEXTS, text_id)
        return None if found is None else _decode(found)

    def of_call(self, call_id: str) -> tuple[StoredText, ...]:
        """The texts that were promised in a call, in their order."""
        with wording(self._redis):
            found = [_decode(text) for text in self._redis.hvals(keys.TEXTS)]
        mine = [text for text in found if text.call == call_id]
        return tuple(sorted(mine, key=lambda text: [int(n) for n in text.id.split("-")[-2:]]))

    def settle(
        self, text: StoredText, state: State, now: float, *, told_as: str = "", reason: str = ""
    ) -> StoredText:
        """Write what is known of it now."""
        after = structs.replace(text, state=state, since=now, told_as=told_as, reason=reason)
        with wording(self._redis):
            self._redis.hset(keys.TEXTS, text.id, _encode(after))
        return after

    def forget(self, text_id: str) -> None:
        """Take it out."""
        with wording(self._redis):
            self._redis.hdel(keys.TEXTS, text_id)
