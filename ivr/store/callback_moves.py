"""What happened to a callback: its moves, as the stream of events has them."""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.store import keys
from ivr.store.callbacks import CallbackMoved
from ivr.store.connection import wording


class ToldMove(Struct, frozen=True):
    """A move, and when it was made (seconds since 1970)."""

    at: float
    moved: CallbackMoved


_decode = msgspec.json.Decoder(list[CallbackMoved]).decode


def moves_of(redis: Redis, callback_id: str) -> list[ToldMove]:
    """The moves of a callback that the stream still holds, in order. Takes two round trips.

    Raises StoreDown.
    """
    with wording(redis):
        told = cast("bytes | None", redis.hget(keys.callback(callback_id), "told"))
        entries = [] if told is None else told.decode().split()
        with redis.pipeline(transaction=False) as together:
            for entry in entries:
                together.xrange(keys.EVENTS, entry, entry)
            found = together.execute()
    return [
        ToldMove(float(fields[b"at"]), moved)
        for entry in found
        for _, fields in entry
        for moved in _decode(fields[b"events"])
    ]
