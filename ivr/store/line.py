"""Who waits: one line for each queue, in the order in which people first rang."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.flow.variables import Variable
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Reply, Script

PlaceKind = Literal["live", "callback"]
PlaceState = Literal["waiting", "reserved", "served", "left"]


class Person(Struct, frozen=True, omit_defaults=True):
    """What whoever talks to them next is told, so that nobody has to say it again."""

    line: str = ""
    """The line of `config.yaml` that they rang."""
    language: str = ""
    caller: str | None = None
    """E.164, or None when withheld."""
    name: str = ""
    """Only where it was given for that."""
    path: tuple[str, ...] = ()
    """What they chose, in words."""
    said: tuple[str, ...] = ()
    """What they said that fitted no choice."""
    given: dict[str, Variable] = {}
    """What they keyed in or what was looked up; nothing private."""
    note: str = ""
    """What a colleague says of them."""
    note_language: str = ""


class NewPlace(Struct, frozen=True):
    """Somebody who comes into a line. Times are seconds since 1970.

    `order` is `first`, when they first rang, less `boost` seconds. A live caller's `id` is their
    call's.
    """

    id: str
    queue: str
    kind: PlaceKind
    call: str
    order: float
    boost: float
    first: float
    record: str
    """JSON of Person."""
    number: str = ""
    """E.164: from which they ring, or at which they are rung; empty where that may be several
    people's. Of a number that rings, no callback stands in the same line."""


class Place(Struct, frozen=True):
    """Somebody's standing, now or lately."""

    id: str
    queue: str
    kind: PlaceKind
    state: PlaceState
    call: str
    order: float
    boost: float
    first: float
    joined: float
    person: Person
    reservation: str = ""
    back: str = ""
    """Why they came back into the line: an agent did not take them."""
    talk: str = ""
    """The talk they are in, or were in last."""


_encode = msgspec.json.Encoder().encode
_decode_person = msgspec.json.Decoder(Person).decode
PLACE_FIELDS = (
    "queue", "kind", "state", "call", "order", "boost", "first", "joined", "record", "reservation",
    "back", "talk",
)  # fmt: skip


def new_place(
    place_id: str,
    queue: str,
    person: Person,
    *,
    first: float,
    call: str = "",
    kind: PlaceKind = "live",
    boost: float = 0.0,
    number: str = "",
) -> NewPlace:
    """The place of somebody who first rang at `first`."""
    record = _encode(person).decode()
    return NewPlace(place_id, queue, kind, call, first - boost, boost, first, record, number)


class LineStore:
    """The lines. Every method takes one round trip and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._join = Script(redis, "join_line-0")
        self._leave = Script(redis, "leave_line-0")

    def join(self, place: NewPlace, now: float) -> bool:
        """Let somebody in; False when they stand there already."""
        return bool(self._join((), (_encode(place), now)) == Reply.DONE)

    def leave(self, place_id: str, why: str, now: float) -> bool:
        """Take somebody out; False when they did not wait."""
        return bool(self._leave((), (place_id, why, now)) == Reply.DONE)

    def place(self, place_id: str) -> Place | None:
        """Somebody's standing; None when it is not known (any more)."""
        with wording(self._redis):
            found = self._redis.hmget(keys.place(place_id), *PLACE_FIELDS)
        return place_as_read(place_id, cast("list[bytes | None]", found))

    def on_the_line(self, numbers: Sequence[str]) -> dict[str, Place]:
        """Of these numbers those from which somebody waits now, or is with an agent: their place.
        Two round trips, or one where nobody does."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            for number in numbers:
                together.smembers(keys.line_of(number))
            found = [
                (number, place.decode())
                for number, places in zip(numbers, together.execute(), strict=True)
                for place in sorted(places)
            ]
            if not found:
                return {}
            for _, place in found:
                together.hmget(keys.place(place), *PLACE_FIELDS)
            read = [
                (number, place_as_read(place, fields))
                for (number, place), fields in zip(found, together.execute(), strict=True)
            ]
        return {
            number: place
            for number, place in read
            if place is not None and place.kind == "live" and place.state != "left"
        }

    def ahead(self, place_id: str, queue: str) -> int | None:
        """How many are served before; None for one who does not wait."""
        with wording(self._redis):
            return cast("int | None", self._redis.zrank(keys.line(queue), place_id))

    def waiting(self, queue: str) -> tuple[str, ...]:
        """Everybody's id, the next first."""
        with wording(self._redis):
            found = cast("list[bytes]", self._redis.zrange(keys.line(queue), 0, -1))
        return tuple(place.decode() for place in found)

    def overtaken(self) -> dict[tuple[str, str], int]:
        """How often somebody who came later was served first, by queue and reason."""
        with wording(self._redis):
            found = cast("dict[bytes, bytes]", self._redis.hgetall(keys.OVERTAKEN))
        counts: dict[tuple[str, str], int] = {}
        for name, count in found.items():
            queue, _, why = name.decode().rpartition(":")
            counts[queue, why] = int(count)
        return counts


def place_as_read(place_id: str, found: list[bytes | None]) -> Place | None:
    """The place of which PLACE_FIELDS were read."""
    if found[0] is None:
        return None
    told = [value.decode() if value is not None else "" for value in found]
    return Place(
        id=place_id,
        queue=told[0],
        kind=cast("PlaceKind", told[1]),
        state=cast("PlaceState", told[2]),
        call=told[3],
        order=float(told[4]),
        boost=float(told[5]),
        first=float(told[6]),
        joined=float(told[7]),
        person=_decode_person(told[8]),
        reservation=told[9],
        back=told[10],
        talk=told[11],
    )
