"""What is under way to bring an agent and a person together."""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.store import keys
from ivr.store.agents import ReservationState
from ivr.store.connection import wording
from ivr.store.line import Person, PlaceKind
from ivr.store.scripts import Reply, Script

END_CONFERENCE = "end_conference"
"""A kind of due record; the subject is the conference's name."""
STOP_RINGING = "stop_ringing"
"""A kind of due record: an agent's telephone may ring for a reservation that is over."""


class Ringing(Struct, frozen=True):
    """A reservation with its agent and its person. Times are seconds since 1970."""

    id: str
    state: ReservationState
    agent: str
    place: str
    queue: str
    kind: PlaceKind
    leg: str
    """The agent's call, once they have accepted."""
    talk: str
    """The talk that the person is in already, when a colleague passes them on."""
    dialling: float | None
    """Since when the agent's telephone is being rung; None before it is."""
    rung: str
    """The call that rings it, where that is known."""
    brought: float | None
    """Since when the person is being brought."""
    address: str
    waits_on: str
    """The call that the agent waits on, where they have rung us."""
    is_held: bool
    """Whether the agent is still reserved for this, or busy with it."""
    person_call: str
    person: Person

    @property
    def conference(self) -> str:
        """Where the two meet."""
        return self.talk or self.id


_decode_person = msgspec.json.Decoder(Person).decode


class RingingStore:
    """Every method takes one round trip and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._read = Script(redis, "read_ringing-0")
        self._begin = Script(redis, "begin_dialling-0")
        self._note = Script(redis, "note_rung-0")
        self._lose = Script(redis, "lose_person-0")

    def read(self, reservation_id: str) -> Ringing | None:
        """How it stands; None for a reservation that is not known (any more)."""
        found = cast("list[bytes | None]", self._read((), (reservation_id,)))
        if not found:
            return None
        told = [value.decode() if value is not None else "" for value in found]
        return Ringing(
            id=reservation_id,
            state=cast("ReservationState", told[0]),
            agent=told[1],
            place=told[2],
            queue=told[3],
            kind=cast("PlaceKind", told[4]),
            leg=told[5],
            talk=told[6],
            dialling=float(told[7]) if told[7] else None,
            rung=told[8],
            brought=float(told[9]) if told[9] else None,
            address=told[10],
            waits_on=told[11],
            is_held=told[12] == reservation_id,
            person_call=told[13],
            person=_decode_person(told[14]) if told[14] else Person(),
        )

    def begin_dialling(self, reservation_id: str, now: float, ends: float) -> bool:
        """Write that the agent's telephone is going to be rung, and that the reservation then ends
        at `ends`. False when somebody else rings it, or the reservation is over."""
        return bool(self._begin((), (reservation_id, now, ends)) == Reply.DONE)

    def not_dialled(self, reservation_id: str) -> None:
        """Nothing was rung after all."""
        with wording(self._redis):
            self._redis.hdel(keys.reservation(reservation_id), "dialling")

    def note_rung(self, reservation_id: str, call: str) -> bool:
        """Write which call rings the agent; False when they are not wanted any more."""
        return bool(self._note((), (reservation_id, call)) == Reply.DONE)

    def note_brought(self, reservation_id: str, now: float) -> None:
        """Write that the person is being brought, before the carrier is asked."""
        with wording(self._redis):
            self._redis.hset(keys.reservation(reservation_id), "brought", str(now))

    def lose_person(self, reservation_id: str, now: float) -> bool:
        """The person was gone before they met the agent; False when the talk is over."""
        return bool(self._lose((), (reservation_id, now)) == Reply.DONE)
