"""What is compared with the carrier: who should wait, who should talk, who should be free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast

from msgspec import Struct, json
from redis import Redis

from ivr.store import keys
from ivr.store.agents import Agent, AgentStore
from ivr.store.connection import wording
from ivr.store.line import PlaceState
from ivr.store.scripts import Script

MEND_LINE = "mend_line"
"""The kind of the due record; its subject is EVERYTHING."""
EVERYTHING = "all"

What = Literal["vanished", "not_in_line", "talk", "reserved", "busy", "wrap_up", "forgotten"]


class LineMended(Struct, frozen=True, tag=True):
    """Our line and the carrier's differed, or the line had lost something.

    `vanished`: a call was over, and nobody had told. `not_in_line`: somebody waited at the carrier
    who stood in no line. `talk`: a talk was over. `reserved`, `busy`, `wrap_up`: an agent was, for
    nobody. `forgotten`: what must happen for a reservation was not due. `about`: a call, a
    reservation or an agent.
    """

    what: What
    about: str


class Standing(Struct, frozen=True):
    """Somebody's place, as far as it is compared. Times are seconds since 1970."""

    state: PlaceState
    kind: str
    joined: float
    ended: float | None


_encode = json.Encoder().encode
_STANDING = ("state", "kind", "joined", "ended")


class MendStore:
    """Raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._agents = AgentStore(redis)
        self._free = Script(redis, "free_agent-0")

    def waiting(self, queues: Iterable[str]) -> frozenset[str]:
        """The places in the lines of these queues. One round trip."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as lines:
            for queue in queues:
                lines.zrange(keys.line(queue), 0, -1)
            found = cast("list[list[bytes]]", lines.execute())
        return frozenset(place.decode() for line in found for place in line)

    def standings(self, places: Iterable[str]) -> dict[str, Standing]:
        """The places that are known. One round trip."""
        asked = tuple(places)
        with wording(self._redis), self._redis.pipeline(transaction=False) as each:
            for place in asked:
                each.hmget(keys.place(place), *_STANDING)
            found = cast("list[list[bytes | None]]", each.execute())
        return {
            place: _standing(fields)
            for place, fields in zip(asked, found, strict=True)
            if fields[0] is not None
        }

    def engaged(self) -> tuple[Agent, ...]:
        """The agents who are neither available nor away. Two round trips."""
        everybody = self._agents.everybody()
        return tuple(one for one in everybody if one.presence not in ("available", "away"))

    def free(self, agent: str, now: float, grace: float) -> What | None:
        """Free an agent who has been engaged for nobody for `grace` seconds, or have done what was
        forgotten for them; what was wrong. One round trip."""
        reply: bytes = self._free((), (agent, now, grace))
        return cast("What", reply.decode()) if reply else None

    def tell(self, mended: LineMended, call: str, now: float) -> None:
        """Write the event. One round trip."""
        with wording(self._redis):
            self._redis.xadd(
                keys.EVENTS,
                {"at": now, "call": call, "events": _encode([mended])},
                maxlen=keys.EVENTS_KEPT,
                approximate=True,
            )


def _standing(fields: list[bytes | None]) -> Standing:
    state, kind, joined, ended = (value.decode() if value else "" for value in fields)
    return Standing(
        cast("PlaceState", state), kind, float(joined or 0), float(ended) if ended else None
    )
