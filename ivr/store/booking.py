"""What deciding about a callback must see of a queue and of a number: in one round trip, and one
more where the number has callbacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct, structs
from redis import Redis

from ivr.callbacks.windows import Capacity, Overbooked
from ivr.promises.consent import Consent
from ivr.queueing.board import Board
from ivr.store import keys
from ivr.store.callbacks import CallbackStore, StoredCallback, stored_as_read
from ivr.store.connection import wording
from ivr.store.consent import CallsWish
from ivr.store.estimates import board_as_read
from ivr.store.line import PLACE_FIELDS, Place, place_as_read
from ivr.store.scripts import Reply, Script

WORK_OUT_WINDOWS = "work_out_windows"
"""The kind of due record; its subject is a queue: for how many callbacks its windows have room."""
KEEP_PLACE = "keep_place"
"""The kind of due record; its subject is the call of somebody who hung up while they waited."""
AN_HOUR = 3600.0

_encode = msgspec.json.Encoder().encode
_decode_capacity = msgspec.json.Decoder(Capacity).decode
_decode_consent = msgspec.json.Decoder(Consent).decode
_decode_wish = msgspec.json.Decoder(CallsWish).decode


class Look(Struct, frozen=True):
    """A queue and a number. `capacity` None: it has not been worked out. `asked`: how many
    callbacks were promised in the last hour, of all queues."""

    board: Board
    capacity: Capacity | None
    booked: Mapping[float, int]
    """How many callbacks need room in each window, by its beginning."""
    places: int
    asked: int
    known: Sequence[StoredCallback] = ()
    """The callbacks of the number, ended ones of late too."""
    before: StoredCallback | None = None
    """The callback that was wanted by its id."""
    consent: Consent = Consent()
    refuses_calls: bool = False
    untold: tuple[str, ...] = ()
    """The texts to the number that have not arrived and whose news is to be told by voice."""
    keeping: str = ""
    """The call in which they hung up while they waited, where nobody has kept their place yet."""


class HungUp(Struct, frozen=True):
    """Somebody who hung up while they waited. `place` None: they had come back to the line from the
    callback `back`, and did not stand there yet. Times are seconds since 1970."""

    call: str
    place: Place | None
    ended: float
    back: str = ""


class BookingStore:
    """Every method raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._callbacks = CallbackStore(redis)
        self._note_reason = Script(redis, "note_reason-0")
        self._note_kept = Script(redis, "note_kept-3")
        self._kept: dict[str, tuple[bytes, Capacity]] = {}

    def look(self, queue: str, now: float, number: str = "", callback: str = "") -> Look:
        """How things stand; `number` (E.164) and the id of a `callback` where they are wanted. One
        round trip, and one more where the number has callbacks and no `callback` is wanted."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            self._ask(together, queue)
            together.zcount(keys.CALLBACKS_ASKED, f"({now - AN_HOUR:.6f}", "+inf")
            together.hmget(keys.callback(callback), "record", "about")
            if number:
                together.hget(keys.CONSENTS, number)
                together.hget(keys.CALLS_WISHES, number)
                together.get(keys.keeping(number))
                together.zrange(keys.callbacks_of(number), 0, -1)
                together.zrange(keys.texts_untold(number), 0, -1)
            found = together.execute()
        consent, wish, keeping, ids, untold = found[8:] or (None, None, None, (), ())
        board, capacity, booked, places = self._seen(queue, found, now)
        return Look(
            board, capacity, booked, places, found[6],
            () if callback else self._callbacks.read_all([one.decode() for one in ids]),
            None if found[7][0] is None else stored_as_read(*found[7]),
            Consent() if consent is None else _decode_consent(consent),
            wish is not None and _decode_wish(wish).refused,
            tuple(one.decode() for one in untold),
            "" if keeping is None else keeping.decode(),
        )  # fmt: skip

    def knows(self, number: str) -> bool:
        """Whether the number (E.164) has, or had of late, a callback, hung up while it waited, or
        is to be told what a text could not tell. One round trip."""
        if not number:
            return False
        kept = (keys.keeping(number), keys.callbacks_of(number), keys.texts_untold(number))
        with wording(self._redis):
            return bool(self._redis.exists(*kept))

    def hung_up(self, call: str) -> HungUp | None:
        """What is known of a call whose place is to be kept; None where that is decided, or the
        place was given up otherwise. One round trip."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            together.hmget(keys.place(call), *PLACE_FIELDS)
            together.hmget(keys.place(call), "why", "ended", "seen_to")
            together.hmget(keys.call(call), "back", "at")
            fields, (why, ended, seen_to), (back, at) = together.execute()
        place = place_as_read(call, fields)
        if place is None:
            return None if back is None else HungUp(call, None, float(at or 0), back.decode())
        if place.state != "left" or why != b"hung_up" or seen_to is not None:
            return None
        return HungUp(call, place, float(ended), "" if back is None else back.decode())

    def note_kept(self, call: str, number: str) -> None:
        """The place of whoever hung up in this call, and has this number, is kept or is not: that
        is decided. One round trip."""
        self._note_kept((keys.place(call), keys.call(call), keys.keeping(number)), (call,))

    def note_reason(self, stored: StoredCallback, recording: str) -> bool:
        """Note what it is about, as it was recorded; False when somebody has moved it since. One
        round trip."""
        about = structs.replace(stored.about, reason=recording)
        reply = self._note_reason(
            (),
            (stored.id, stored.callback.moves, _encode(about), keys.voicemail_id(recording)),
        )
        return bool(reply == Reply.DONE)

    def queues(self, queues: Sequence[str], now: float) -> dict[str, Look]:
        """How these queues stand. One round trip."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            for queue in queues:
                self._ask(together, queue)
            together.zcount(keys.CALLBACKS_ASKED, f"({now - AN_HOUR:.6f}", "+inf")
            *found, asked = together.execute()
        return {
            queue: Look(*self._seen(queue, found[at : at + 6], now), asked)
            for at, queue in zip(range(0, len(found), 6), queues, strict=True)
        }

    def write_rooms(
        self, queue: str, known: Capacity, over: Sequence[Overbooked], now: float
    ) -> None:
        """The windows of a queue, and those that have more callbacks than room. One round trip."""
        with wording(self._redis):
            self._redis.hset(
                keys.CALLBACK_ROOMS,
                mapping={
                    queue: _encode(known), f"{queue}:at": now, f"{queue}:over": _encode(over),
                },
            )  # fmt: skip

    def overbooked(self, queue: str) -> tuple[Overbooked, ...]:
        """Its windows that had more callbacks than room when that was last worked out. One round
        trip."""
        with wording(self._redis):
            found: Any = self._redis.hget(keys.CALLBACK_ROOMS, f"{queue}:over")
        return () if found is None else msgspec.json.decode(found, type=tuple[Overbooked, ...])

    def _ask(self, together: Any, queue: str) -> None:
        together.hget(keys.BOARDS, queue)
        together.zcard(keys.line(queue))
        together.scard(keys.there(queue))
        together.zcard(keys.callback_places(queue))
        together.hget(keys.CALLBACK_ROOMS, queue)
        together.hgetall(keys.callbacks_booked(queue))

    def _seen(
        self, queue: str, found: Sequence[Any], now: float
    ) -> tuple[Board, Capacity | None, dict[float, int], int]:
        written, waiting, there, places, rooms, booked = found[:6]
        return (
            board_as_read(queue, written, waiting, there, now),
            self._capacity(queue, rooms),
            {float(begins): int(count) for begins, count in booked.items()},
            places,
        )

    def _capacity(self, queue: str, rooms: bytes | None) -> Capacity | None:
        """Hundreds of windows that change a few times an hour are not read for each caller."""
        if rooms is None:
            return None
        kept = self._kept.get(queue)
        if kept is None or kept[0] != rooms:
            kept = self._kept[queue] = rooms, _decode_capacity(rooms)
        return kept[1]
