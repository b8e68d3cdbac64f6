"""Who answers: agents, whether they are there, and whom they are about to talk to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.line import PlaceKind
from ivr.store.scripts import Reply, Script

Presence = Literal["available", "reserved", "busy", "wrap_up", "away"]
WhyNot = Literal["declined", "no_answer", "failed"]
ReservationState = Literal[
    "offered", "accepted", "declined", "no_answer", "failed", "person_left", "over"
]

RING_AGENT = "ring_agent"
RESERVATION_ENDS = "reservation_ends"
RELEASE_AGENT = "release_agent"
BRING_PERSON = "bring_person"
WATCH_TALK = "watch_talk"
WRAP_UP_ENDS = "wrap_up_ends"
"""The kinds of due records that the scripts write: the subject of the last is an agent's name,
that of the others a reservation's id."""

WATCH_AFTER = 60.0
"""Seconds until a talk is looked up of which nothing was heard."""


class Agent(Struct, frozen=True):
    """An agent as they are now. Times are seconds since 1970."""

    name: str
    presence: Presence
    since: float
    skills: tuple[tuple[str, float], ...] = ()
    """Queue and weight, the most preferred first."""
    address: str = ""
    leg: str = ""
    """The call that they wait on, where they have rung us."""
    reservation: str = ""
    until: float | None = None
    """When their wrap-up ends."""
    leaving: bool = False
    """They are away after this call."""
    guest: bool = False
    """Not registered: they rang the agents' line."""


class Reservation(Struct, frozen=True):
    """One person, reserved for one agent."""

    id: str
    agent: str
    place: str
    queue: str
    kind: PlaceKind
    state: ReservationState
    at: float
    leg: str = ""
    """The agent's call, once they have accepted."""
    talk: str = ""
    """The talk that the person is in already, when a colleague passes them on."""

    @property
    def conference(self) -> str:
        """Where the agent and the person meet: named after the talk's first reservation."""
        return self.talk or self.id


_encode = msgspec.json.Encoder().encode
_decode_skills = msgspec.json.Decoder(tuple[tuple[str, float], ...]).decode
_AGENT = (
    "presence", "since", "skills", "address", "leg", "reservation", "until", "leaving", "guest",
)  # fmt: skip
_RESERVATION = ("agent", "place", "queue", "kind", "state", "at", "leg", "talk")


class AgentStore:
    """The agents and their reservations. Every method but `everybody` takes one round trip; all
    raise StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._set_presence = Script(redis, "set_presence-0")
        self._accept = Script(redis, "accept-0")
        self._end_reservation = Script(redis, "end_reservation-0")
        self._release = Script(redis, "release_agent-0")
        self._end_talk = Script(redis, "end_talk-0")
        self._end_wrap_up = Script(redis, "end_wrap_up-0")

    def arrive(
        self,
        name: str,
        skills: Mapping[str, float],
        now: float,
        *,
        address: str = "",
        leg: str = "",
        guest: bool = False,
    ) -> Presence:
        """They are there, or ready for the next person; their presence after it.

        Who talks to somebody goes on, and is available after it. `leg`: the call they wait on.
        """
        ordered = sorted(skills.items(), key=lambda skill: -skill[1])
        reply = self._set_presence(
            (), (name, "available", _encode(ordered), address, leg, "1" if guest else "0", now)
        )
        return cast("Presence", reply[1].decode())

    def depart(self, name: str, now: float) -> Presence:
        """They go away: at once, or after the talk they are in; their presence after it."""
        reply = self._set_presence((), (name, "away", "[]", "", "", "0", now))
        return cast("Presence", reply[1].decode())

    def accept(self, reservation: str, leg: str, now: float) -> bool:
        """The agent takes the person, by this call; False when the reservation is over."""
        return bool(self._accept((), (reservation, leg, now, WATCH_AFTER)) == Reply.DONE)

    def end_reservation(
        self, reservation: str, why: WhyNot, now: float, pause_until: float | None = None
    ) -> bool:
        """The agent did not take the person, who keeps their place. The agent is left alone until
        `pause_until`, or is away. False when it was over before."""
        until = "" if pause_until is None else pause_until
        return bool(self._end_reservation((), (reservation, why, until, now)) == Reply.DONE)

    def release(self, reservation: str, now: float) -> bool:
        """The agent knows that the person has left, and is free."""
        return bool(self._release((), (reservation, now)) == Reply.DONE)

    def end_talk(
        self, reservation: str, wrap_up_until: float, now: float, *, dismisses: bool = False
    ) -> bool:
        """The agent is out of the talk; False when they were before. A person whom they had on
        hold stands in the line again, unless the agent `dismisses` them."""
        ends = "1" if dismisses else "0"
        return bool(self._end_talk((), (reservation, wrap_up_until, now, ends)) == Reply.DONE)

    def end_wrap_up(self, name: str, now: float, *, asked: bool = False) -> bool:
        """They are ready for the next person: because they say so, or because it is time."""
        return bool(self._end_wrap_up((), (name, now, "1" if asked else "0")) == Reply.DONE)

    def read(self, name: str) -> Agent | None:
        """The agent; None for one who has never been there."""
        with wording(self._redis):
            found = self._redis.hmget(keys.agent(name), *_AGENT)
        return _agent(name, cast("list[bytes | None]", found))

    def waits_on(self, call: str) -> str | None:
        """The agent who waits, or waited, on that call."""
        with wording(self._redis):
            found = cast("bytes | None", self._redis.get(keys.leg(call)))
        return None if found is None else found.decode()

    def everybody(self) -> tuple[Agent, ...]:
        """All who have been there, by name. Two round trips."""
        with wording(self._redis):
            names = sorted(
                name.decode() for name in cast("set[bytes]", self._redis.smembers(keys.AGENTS))
            )
            pipeline = self._redis.pipeline(transaction=False)
            for name in names:
                pipeline.hmget(keys.agent(name), *_AGENT)
            found = pipeline.execute()
        agents = (_agent(name, fields) for name, fields in zip(names, found, strict=True))
        return tuple(agent for agent in agents if agent is not None)

    def reservation(self, reservation_id: str) -> Reservation | None:
        """The reservation; None when it is not known (any more)."""
        with wording(self._redis):
            found = cast(
                "list[bytes | None]",
                self._redis.hmget(keys.reservation(reservation_id), *_RESERVATION),
            )
        if found[0] is None:
            return None
        told = [value.decode() if value is not None else "" for value in found]
        return Reservation(
            id=reservation_id,
            agent=told[0],
            place=told[1],
            queue=told[2],
            kind=cast("PlaceKind", told[3]),
            state=cast("ReservationState", told[4]),
            at=float(told[5]),
            leg=told[6],
            talk=told[7],
        )


def _agent(name: str, found: list[bytes | None]) -> Agent | None:
    if found[0] is None:
        return None
    told = [value.decode() if value is not None else "" for value in found]
    return Agent(
        name=name,
        presence=cast("Presence", told[0]),
        since=float(told[1]),
        skills=_decode_skills(told[2] or "[]"),
        address=told[3],
        leg=told[4],
        reservation=told[5],
        until=float(told[6]) if told[6] else None,
        leaving=told[7] == "1",
        guest=told[8] == "1",
    )
