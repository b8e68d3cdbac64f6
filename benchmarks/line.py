"""Ten thousand in the line and a thousand agents: what joining, leaving, matching cost the server.

Each is one round trip. The time is the server's own (`INFO commandstats`), so that neither the
client nor other work on the machine counts. The other is a bare `ZADD` and `HSET` of the same
fields, which keeps no order with agents, tells nobody and matches nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from redis import Redis

from benchmarks.figures import RINGBACK, Aim, Figure, compare
from ivr.flow.variables import Variable
from ivr.store import keys
from ivr.store.agents import AgentStore
from ivr.store.connection import connect
from ivr.store.line import LineStore, NewPlace, Person, new_place
from ivr.store.server import private_server

BARE = "bare ZADD and HSET"
QUEUE = "support"
NOW = 1_795_420_800.0
MOST_MILLISECONDS = 1.0
MOST_BYTES = 3_000.0
PERSON = Person(
    line="main",
    language="fi",
    caller="+46701740605",
    name="Aino Virtanen",
    path=("an invoice", "the sum is wrong", "to talk to a person"),
    said=("I have paid it already",),
    given={"invoice": Variable("text", "20394857")},
)


@dataclass(frozen=True)
class Size:
    rounds: int
    waiting: int
    agents: int
    each: int
    """How often each is done in a round."""


FULL = Size(rounds=5, waiting=10_000, agents=1_000, each=500)
QUICK = Size(rounds=1, waiting=100, agents=10, each=5)


def measure(_config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """Milliseconds of the server for each, and bytes for each who waits."""
    with _server() as redis:
        hall = Hall(redis, size)
        tell(f"{size.waiting:,} people join, {size.agents:,} agents come")
        hall.fill()
        values: dict[str, dict[str, list[float]]] = {
            what: {RINGBACK: [], BARE: []} for what in ("join", "leave", "match")
        }
        for number in range(1, size.rounds + 1):
            tell(f"round {number} of {size.rounds}")
            for what, ours, theirs in hall.round(number):
                values[what][RINGBACK].append(ours)
                values[what][BARE].append(theirs)
        memory = {RINGBACK: [hall.bytes_each()], BARE: [hall.bare_bytes_each()]}
    size_told = f"{size.waiting:,} in the line, {size.agents:,} agents"
    named = {
        "join": f"joining, {size_told}",
        "leave": f"leaving, {size_told}",
        "match": f"an agent comes free and gets the next, {size_told}",
    }
    aim = Aim("value", "under", MOST_MILLISECONDS)
    figures = [
        compare(named[what], "ms of the server", of_what, BARE, "less", aim)
        for what, of_what in values.items()
    ]
    told = "memory of the store for each who waits"
    in_bytes = compare(told, "bytes", memory, BARE, "less", Aim("value", "under", MOST_BYTES))
    return [*figures, in_bytes]


class Hall:
    """The line, its agents, and the same number of bare places beside them."""

    def __init__(self, redis: Redis, size: Size) -> None:
        self._redis = redis
        self._size = size
        self._lines, self._agents = LineStore(redis), AgentStore(redis)
        self._busy: list[str] = []
        self._newest = 0

    def fill(self) -> None:
        for _ in range(self._size.agents + self._size.waiting):
            self._join(self._next())
        for number in range(self._size.agents):
            name = f"agent{number}"
            self._agents.arrive(name, {QUEUE: 1.0, "sales": 0.7}, NOW, address="client:agent")
        for number in range(self._size.agents):
            reservation = f"R{number + 1}"
            assert self._agents.accept(reservation, "CA" + "0" * 32, NOW)
            self._busy.append(reservation)
        for number in range(self._size.waiting):
            self._bare(number)

    def round(self, number: int) -> Iterator[tuple[str, float, float]]:
        """Each is done so often: what, and the milliseconds of ours and of the bare one."""
        at = NOW + number
        each = range(self._size.each)
        places = [self._next() for _ in each]
        bare = self._milliseconds("zadd", "hset", do=lambda: [self._bare(10**6 + n) for n in each])
        yield "join", self._script(lambda: [self._join(place) for place in places]), bare
        gone = self._milliseconds("zrem", "del", do=lambda: [self._forget(10**6 + n) for n in each])
        yield (
            "leave",
            self._script(lambda: [self._lines.leave(place.id, "hung_up", at) for place in places]),
            gone,
        )
        # Whoever is free gets the next, who is replaced by somebody new.
        talks = [self._busy.pop(0) for _ in each if self._busy]
        first = int(cast("bytes", self._redis.get("ringback:reservations")))
        took = self._script(lambda: [self._agents.end_talk(talk, at, at) for talk in talks])
        for taken in range(len(talks)):
            reservation = f"R{first + taken + 1}"
            assert self._agents.accept(reservation, "CA" + "0" * 32, at)
            self._busy.append(reservation)
            self._join(self._next())
        yield "match", took, bare

    def bytes_each(self) -> float:
        """Of the place, and its share of the line and of the waits."""
        place = self._lines.waiting(QUEUE)[0]
        line = self._usage(keys.line(QUEUE)) / len(self._lines.waiting(QUEUE))
        return self._usage(keys.place(place)) + line

    def bare_bytes_each(self) -> float:
        return self._usage("bare:0") + self._usage("bare") / self._size.waiting

    def _usage(self, key: str) -> float:
        return float(cast("int", self._redis.memory_usage(key, samples=0)))

    def _next(self) -> NewPlace:
        self._newest += 1
        call = f"CA{self._newest:032x}"
        return new_place(call, QUEUE, PERSON, first=NOW + self._newest / 1000, call=call)

    def _join(self, place: NewPlace) -> bool:
        joined = self._lines.join(place, NOW)
        assert joined
        return joined

    def _bare(self, number: int) -> list[Any]:
        place = new_place(f"B{number}", QUEUE, PERSON, first=NOW + number / 1000)
        fields: dict[Any, Any] = {
            "state": "waiting", "queue": QUEUE, "kind": "live", "call": place.call,
            "order": place.order, "boost": 0, "first": place.first, "joined": NOW,
            "record": place.record,
        }  # fmt: skip
        with self._redis.pipeline() as both:
            both.zadd("bare", {place.id: place.order})
            both.hset(f"bare:{number}", mapping=fields)
            return both.execute()

    def _forget(self, number: int) -> list[Any]:
        with self._redis.pipeline() as both:
            both.zrem("bare", f"B{number}")
            both.delete(f"bare:{number}")
            return both.execute()

    def _script(self, do: Callable[[], object]) -> float:
        return self._milliseconds("evalsha", do=do)

    def _milliseconds(self, *commands: str, do: Callable[[], object]) -> float:
        """Of the server, for each time that these commands were called together."""
        self._redis.config_resetstat()
        do()
        told = cast("dict[str, dict[str, float]]", self._redis.info("commandstats"))
        return sum(told[f"cmdstat_{command}"]["usec_per_call"] for command in commands) / 1000


@contextmanager
def _server() -> Iterator[Redis]:
    with (
        tempfile.TemporaryDirectory() as folder,
        private_server(Path(folder) / "store", appendfsync="no") as url,
        connect(url) as redis,
    ):
        yield redis
