"""How long people wait, as it was last worked out: one table for all, and what it was made from.

Whoever works it out reads `knowledge` and the events after it, and writes all that follows in one
step, which is refused when somebody else has written meanwhile.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from struct import Struct as Packed
from typing import Any, cast

import msgspec
from msgspec import Struct, structs
from redis import Redis

from ivr.queueing.board import Board, Standing
from ivr.queueing.needs import QueueNeeds
from ivr.queueing.protocol import Estimate
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.due import fresh_record
from ivr.store.scripts import Reply, Script

ESTIMATE = "estimate"
"""The kind of due record; its subject is always LINE."""
LINE = "line"

FRESH = 30.0
"""Seconds for which what was worked out may be told; whoever works it out comes every few."""

DEAD_AFTER = 15.0
"""Seconds: a due record's lease would leave everybody without a wait for minutes."""
SAME_CLOCK = 60.0
"""Seconds by which the server's clock and ours may differ."""

_row = Packed("<4f")
_encode = msgspec.json.Encoder().encode
_decode_needs = msgspec.json.Decoder(tuple[QueueNeeds, ...]).decode
_decode_board = msgspec.json.Decoder(Board).decode


class Knowledge(Struct, frozen=True):
    """What whoever works it out goes on from."""

    version: int = 0
    """How often it was written."""
    snapshot: bytes = b""
    """Empty before anything was known."""
    last: str = "0"
    """The id of the last event that the snapshot knows."""
    lost: bool = False
    """Events after that one may be gone already: the stream begins later."""


class Entry(Struct, frozen=True):
    """An entry of the stream of events; `events` is its JSON list, and `call` that in which they
    happened, if in any."""

    id: str
    at: float
    events: bytes
    call: str = ""


class PlaceNow(Struct, frozen=True):
    """Somebody in the line, or for whom the telephone of `agent` rings."""

    place: str
    queue: str
    order: float
    joined: float
    callback: bool
    agent: str


class AgentNow(Struct, frozen=True):
    """An agent who is there; `queue` is that of the person they have, if they have one."""

    agent: str
    queues: list[str] | dict[str, str]  # Lua writes an empty list as an object.
    leaving: bool
    idle: bool
    since: float
    queue: str
    callback: bool


class LineNow(Struct, frozen=True):
    """Who waits and who is there, just after the event `last`."""

    last: str
    places: list[PlaceNow]
    agents: list[AgentNow]


class EstimateStore:
    """Boards, waits and what they come from. Every method takes one round trip, `entries` one for
    each batch, and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._read_boards = Script(redis, "read_boards-1")
        self._ensure = Script(redis, "ensure_estimates-3")
        self._line_now = Script(redis, "line_as_it_stands-0")
        self._write = Script(redis, "write_estimates-5")

    def board(self, queue: str, now: float) -> Board:
        """How the queue stands at `now`."""
        return self.boards(now, (queue,))[queue]

    def boards(self, now: float, queues: Sequence[str] = ()) -> dict[str, Board]:
        """How all queues stand that were worked out, and these `queues` in any case.

        How many wait, and how many agents are there, is known to the second; the wait of whoever
        joins is left out where it was worked out too long ago to be told.
        """
        found = self._read_boards((keys.BOARDS,), queues)
        return {
            name.decode(): board_as_read(name.decode(), written, waiting, there, now)
            for name, written, waiting, there in found
        }

    def standing(self, place: str, queue: str, now: float) -> Standing:
        """How somebody stands in the line of `queue` at `now`."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            together.zrank(keys.line(queue), place)
            together.hget(keys.place(place), "state")
            together.hget(keys.WAITS, place)
            together.hget(keys.BOARDS, queue)
            together.scard(keys.there(queue))
            rank, state, row, written, there = together.execute()
        board = board_as_read(queue, written, 0, there, now)
        if state == b"reserved":
            return Standing(now, 0, reserved=True, sound=board.sound, agents=board.agents)
        # Between the two reads somebody may have taken them out: they do not stand there.
        if rank is None:
            return Standing(now, None, agents=board.agents)
        # Who joined since it was worked out stands at the end: theirs is the wait of a newcomer.
        wait = board.joining if row is None else Estimate(*_row.unpack(row))
        if wait is None or not _is_fresh(board, now):
            return Standing(now, rank, agents=board.agents)
        return Standing(now, rank, False, _left(wait, now - board.at), board.sound, board.agents)

    def standings(
        self, queues: Sequence[str], now: float, of: Container[str]
    ) -> dict[str, Standing]:
        """How those of these people stand who are in the lines of these queues."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            together.hgetall(keys.WAITS)
            for queue in queues:
                together.zrange(keys.line(queue), 0, -1)
                together.hget(keys.BOARDS, queue)
                together.scard(keys.there(queue))
            waits, *found = together.execute()
        standings: dict[str, Standing] = {}
        for number, queue in enumerate(queues):
            line, written, there = found[3 * number : 3 * number + 3]
            board = board_as_read(queue, written, len(line), there, now)
            fresh, sound, passed = _is_fresh(board, now), board.sound, now - board.at
            for ahead, name in enumerate(line):
                place = name.decode()
                if place not in of:
                    continue
                row = waits.get(name)
                wait = board.joining if row is None else Estimate(*_row.unpack(row))
                if wait is None or not fresh:
                    standings[place] = Standing(now, ahead, agents=there)
                else:
                    left = _left(wait, passed)
                    standings[place] = Standing(now, ahead, False, left, sound, there)
        return standings

    def knowledge(self) -> Knowledge:
        """What is known so far."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            together.hmget(keys.ESTIMATES, "version", "snapshot", "last")
            together.xrange(keys.EVENTS, count=1)
            (version, snapshot, last), oldest = together.execute()
        if version is None or snapshot is None or last is None:
            return Knowledge()
        known = last.decode()
        lost = known != "0" and any(in_order(name.decode()) > in_order(known) for name, _ in oldest)
        return Knowledge(int(version), snapshot, known, lost)

    def line_now(self, queues: Iterable[str]) -> LineNow:
        """Who waits in these queues, and who is there."""
        return msgspec.json.decode(self._line_now((), tuple(queues)), type=LineNow)

    def entries(self, after: str, batch: int) -> Iterator[list[Entry]]:
        """The entries of the stream after that id, batch by batch."""
        while True:
            with wording(self._redis):
                found = cast(
                    "list[tuple[bytes, dict[bytes, bytes]]]",
                    self._redis.xrange(keys.EVENTS, min="(" + after, count=batch),
                )
            if found:
                yield [
                    Entry(
                        name.decode(),
                        float(fields[b"at"]),
                        fields[b"events"],
                        fields[b"call"].decode(),
                    )
                    for name, fields in found
                ]
                after = found[-1][0].decode()
            if len(found) < batch:
                return

    def first_since(self, at: float) -> str:
        """An id after which all entries stand that were told since `at`. Entries are named by the
        server's clock; where theirs is another one, all are."""
        with wording(self._redis):
            newest = cast(
                "list[tuple[bytes, dict[bytes, bytes]]]",
                self._redis.xrevrange(keys.EVENTS, count=1),
            )
        for name, fields in newest:
            told = int(name.partition(b"-")[0]) / 1000
            if abs(told - float(fields[b"at"])) < SAME_CLOCK:
                return str(max(int((at - SAME_CLOCK) * 1000), 0))
        return "0"

    def write(
        self,
        read: Knowledge,
        snapshot: bytes,
        last: str,
        now: float,
        *,
        boards: Mapping[str, Board] | None = None,
        waits: Mapping[str, Estimate] | None = None,
        needs: Sequence[QueueNeeds] | None = None,
        joined: Mapping[tuple[str, int], int] | None = None,
        told: Sequence[Any] = (),
    ) -> bool:
        """Write what follows from the events up to `last`; False when somebody else has written
        since `read` was read, and nothing is changed.

        `boards` and `waits` (the remaining wait of everybody in the lines) take the place of all
        that were there; without `boards` both stay, and what is needed without `needs`. `joined`:
        by queue and half-hour since 1970, how many more joined. `told` are events.
        """
        pairs: list[str | bytes] = []
        for queue, board in (boards or {}).items():
            pairs += queue, _encode(board)
        for (queue, slot), count in (joined or {}).items():
            pairs += queue, str(slot), str(count)
        for place, estimate in (waits or {}).items():
            pairs += place, _row.pack(*estimate)
        reply = self._write(
            (keys.ESTIMATES, keys.BOARDS, keys.WAITS, keys.EVENTS, keys.NEEDS),
            (
                read.version, snapshot, last, now, _encode(told) if told else "", keys.EVENTS_KEPT,
                "0" if boards is None else "1", "" if needs is None else _encode(needs),
                len(boards or ()), len(joined or ()), *pairs,
            ),
        )  # fmt: skip
        return bool(reply == Reply.DONE)

    def needs(self) -> tuple[QueueNeeds, ...]:
        """What the queues need, as it was last worked out; empty before."""
        with wording(self._redis):
            found = cast("bytes | None", self._redis.get(keys.NEEDS))
        return () if found is None else _decode_needs(found)

    def joined(self, queue: str) -> dict[int, int]:
        """By half-hour since 1970, how many joined in it."""
        with wording(self._redis):
            found = cast("dict[bytes, bytes]", self._redis.hgetall(keys.joined(queue)))
        return {int(slot): int(count) for slot, count in found.items()}

    def ensure_due(self, now: float) -> bool:
        """Have the waits worked out from now on, unless that is due anyway; False where it is.

        Whoever claimed it and has written nothing for DEAD_AFTER seconds counts as dead.
        """
        reply = self._ensure(
            (keys.DUE, keys.DUE_RECORDS, keys.ESTIMATES),
            (keys.due_id(ESTIMATE, LINE), fresh_record(ESTIMATE, LINE), now, DEAD_AFTER),
        )
        return bool(reply == Reply.DONE)


def in_order(entry: str) -> tuple[int, int]:
    """An entry's id, such as `1800000000000-1`, to be compared."""
    milliseconds, _, number = entry.partition("-")
    return int(milliseconds), int(number or 0)


def board_as_read(name: str, written: bytes | None, waiting: int, there: int, now: float) -> Board:
    """The board that was written, with what is known to the second."""
    if written is None:
        return Board(name, now, waiting, there)
    # Nobody is to hear that nobody is there, or that somebody is, by what was true a second ago.
    board = structs.replace(_decode_board(written), waiting=waiting, agents=there)
    if _is_fresh(board, now):
        return board
    return structs.replace(board, joining=None, sound=False)


def _is_fresh(board: Board, now: float) -> bool:
    return now - board.at < FRESH


def _left(wait: Estimate, passed: float) -> Estimate:
    if passed <= 0:
        return wait
    low, median, high, mean = wait
    return Estimate(
        max(low - passed, 0.0), max(median - passed, 0.0), max(high - passed, 0.0),
        max(mean - passed, 0.0),
    )  # fmt: skip
