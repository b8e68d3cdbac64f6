"""Talks: a person with the agents who are there for them, on hold, and passed on.

The states and who is responsible in each stand in `scripts/parts/talk.lua`.
"""

from __future__ import annotations

from typing import Literal, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.line import Person
from ivr.store.scripts import Script

TalkState = Literal["talking", "held", "offering", "introducing", "alone", "over"]
Offered = Literal["offering", "busy", "not_now"]

SETTLE_HOLD = "settle_hold"
"""A kind of due record: the carrier is told whether the person of a talk is on hold."""


class Talk(Struct, frozen=True):
    """A talk as it is now; `since` in seconds since 1970. Its id is its conference's name."""

    id: str
    state: TalkState
    since: float
    place: str
    queue: str
    call: str
    """The person's."""
    agent: str
    """Who is responsible, or was the last to be."""
    reservation: str
    """Of that agent."""
    other: str = ""
    """The reservation of the colleague who takes over, while both are there."""
    held: bool = False
    to: str = ""
    """`queue` or `agent`, while it is passed on."""
    refused: str = ""
    """Why nobody took the person when they were passed on last."""


_encode = msgspec.json.Encoder().encode
_TALK = (
    "state", "since", "place", "queue", "call", "agent", "reservation", "other", "held", "to",
    "refused",
)  # fmt: skip


class TalkStore:
    """Every method takes one round trip and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._hold = Script(redis, "hold_talk-0")
        self._resume = Script(redis, "resume_talk-0")
        self._offer = Script(redis, "offer_talk-0")

    def read(self, talk_id: str) -> Talk | None:
        """The talk; None when it is not known (any more)."""
        with wording(self._redis):
            found = cast("list[bytes | None]", self._redis.hmget(keys.talk(talk_id), *_TALK))
        if found[0] is None:
            return None
        told = [value.decode() if value is not None else "" for value in found]
        return Talk(
            id=talk_id,
            state=cast("TalkState", told[0]),
            since=float(told[1]),
            place=told[2],
            queue=told[3],
            call=told[4],
            agent=told[5],
            reservation=told[6],
            other=told[7],
            held=told[8] == "1",
            to=told[9],
            refused=told[10],
        )

    def hold(self, reservation: str, now: float) -> TalkState | None:
        """The agent puts the person on hold; the state after it, None without a talk. Only from
        `talking`."""
        return _state(self._hold((), (reservation, now)))

    def resume(self, reservation: str, now: float, refused: str = "") -> TalkState | None:
        """The agent goes back to the person, also while they are passed on; the state after it.
        `refused`: why nobody took them, where that is the reason."""
        return _state(self._resume((), (reservation, now, refused)))

    def offer_to_queue(self, reservation: str, queue: str, person: Person, now: float) -> Offered:
        """The person on hold stands in the line of `queue`, in the order in which they rang."""
        return self._offered(reservation, queue, "", person, now)

    def offer_to_agent(self, reservation: str, agent: str, person: Person, now: float) -> Offered:
        """The person on hold is reserved for that colleague; `busy` when they are not available."""
        return self._offered(reservation, "", agent, person, now)

    def _offered(
        self, reservation: str, queue: str, agent: str, person: Person, now: float
    ) -> Offered:
        reply: bytes = self._offer((), (reservation, queue, agent, _encode(person), now))
        state = reply.decode()
        return cast("Offered", state) if state in ("offering", "busy") else "not_now"


def _state(reply: bytes) -> TalkState | None:
    return cast("TalkState", reply.decode()) if reply else None
