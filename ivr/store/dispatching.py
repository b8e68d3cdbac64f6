"""What dispatching callbacks must see of a queue, and the call by which one of them is reached."""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.callbacks.windows import Capacity
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Reply, Script

_decode_capacity = msgspec.json.Decoder(Capacity).decode
_decode_skills = msgspec.json.Decoder(tuple[tuple[str, float], ...]).decode


class QueueNow(Struct, frozen=True):
    """A queue as it is. `line`: everybody who waits, by their order. `idle` and `working` count
    agents who serve it."""

    line: tuple[tuple[str, float], ...]
    places: tuple[str, ...]
    """The callbacks that are to stand in the line, or are offered to an agent."""
    idle: int
    working: int
    wrap_ups: tuple[float, ...] = ()
    """When those who serve it and wrap up will be ready."""

    def soon_free(self, now: float, within: float) -> int:
        """How many agents will be ready within so many seconds."""
        return sum(until <= now + within for until in self.wrap_ups)


class DispatchStore:
    """Every method raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._note = Script(redis, "note_person_call-0")

    def queue(self, queue: str) -> QueueNow:
        """How a queue stands. Two round trips."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            together.zrange(keys.line(queue), 0, -1, withscores=True)
            together.zrange(keys.callback_places(queue), 0, -1)
            together.zcard(keys.idle(queue))
            together.smembers(keys.AGENTS)
            line, places, idle, agents = together.execute()
            for agent in sorted(agents):
                together.hmget(keys.agent(agent.decode()), "presence", "skills", "until")
            present = together.execute()
        serving = [
            (presence, until)
            for presence, skills, until in present
            if presence not in (None, b"away") and _serves(skills, queue)
        ]
        return QueueNow(
            tuple((place.decode(), order) for place, order in line),
            tuple(place.decode() for place in places),
            idle,
            len(serving),
            tuple(float(until) for presence, until in serving if presence == b"wrap_up" and until),
        )

    def ringing(self) -> tuple[str, ...]:
        """The callbacks that have, or may have, a call on its way. One round trip."""
        with wording(self._redis):
            found = cast("list[bytes]", self._redis.hvals("ringback:callbacks:ringing"))
        return tuple(one.decode() for one in found)

    def states(self, places: tuple[str, ...]) -> dict[str, str]:
        """The state of each place; empty where there is none. One round trip."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            for place in places:
                together.hget(keys.place(place), "state")
            found = cast("list[bytes | None]", together.execute())
        return {
            place: state.decode() if state else ""
            for place, state in zip(places, found, strict=True)
        }

    def capacity(self, queue: str) -> Capacity | None:
        """The windows of a queue and their room; None where that has not been worked out. One
        round trip."""
        with wording(self._redis):
            found = cast("bytes | None", self._redis.hget(keys.CALLBACK_ROOMS, queue))
        return None if found is None else _decode_capacity(found)

    def note_person_call(self, reservation: str, place: str, call: str) -> bool:
        """Write by which call the person is reached; False when the agent has gone."""
        return bool(self._note((), (reservation, place, call)) == Reply.DONE)


def _serves(skills: bytes | None, queue: str) -> bool:
    return any(name == queue for name, _ in _decode_skills(skills or b"[]"))
