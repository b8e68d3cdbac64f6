"""How callers stand in the lines, as turns of their calls need it."""

from __future__ import annotations

from typing import Protocol

from redis import Redis

from ivr.queueing.board import Standing
from ivr.store.agents import AgentStore
from ivr.store.estimates import EstimateStore


class Lines(Protocol):
    """Both may raise StoreDown."""

    def standing(self, place: str, queue: str, now: float) -> Standing | None:
        """How somebody stands in the line of `queue`; None where that is not known."""

    def is_accepted(self, reservation: str) -> bool:
        """Whether the agent has accepted the caller and is still there for them."""


class LiveLines:
    """The lines as they are in the store; one round trip each."""

    def __init__(self, redis: Redis) -> None:
        self._estimates = EstimateStore(redis)
        self._agents = AgentStore(redis)

    def standing(self, place: str, queue: str, now: float) -> Standing | None:
        return self._estimates.standing(place, queue, now)

    def is_accepted(self, reservation: str) -> bool:
        known = self._agents.reservation(reservation)
        return known is not None and known.state == "accepted"


class NoLines:
    """Where there are no lines: nobody waits."""

    def standing(self, place: str, queue: str, now: float) -> Standing | None:
        return None

    def is_accepted(self, reservation: str) -> bool:
        return True
