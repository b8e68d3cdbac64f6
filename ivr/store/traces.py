"""What each call went through, turn by turn: kept apart from the call itself, and for longer.

The list of a call is written with its turns (`take_turn`) and its end (`note_status`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.engine.call import Waiting
from ivr.engine.events import Event
from ivr.store import keys
from ivr.store.connection import wording

Came = Literal["", "call", "keys", "words", "silence", "next", "connection", "message"]
"""What began a turn; `next` when nothing was waited for, empty where that was not written down and
at the end of a call."""

READ_AT_ONCE = 100
"""Traces in one round trip."""
ENTRIES_AT_ONCE = 1_000
"""Entries of the stream in one round trip."""


class Step(Struct, frozen=True, omit_defaults=True):
    """One turn as it may be shown: numbers masked, nothing private. `at` is seconds since 1970."""

    at: float
    events: tuple[Event, ...] = ()
    turn: int = 0
    """Which turn; 0 for the end of the call, and where it was not written down."""
    language: str = ""
    """The caller's, after the turn."""
    caller: str = ""
    """With the first turn: the masked number, or empty when it was withheld."""
    came: Came = ""
    what: str = ""
    """The keys, the words, the outcome of a connection, or the seconds of a message."""
    private: bool = False
    """What came is written nowhere, so `what` is empty."""
    chose: tuple[str, ...] = ()
    """What the caller chose, by its label."""
    heard: tuple[str, ...] = ()
    """What was said to the caller: texts, and recordings as `[file]`."""
    sent: tuple[str, ...] = ()
    """Texts that were promised in this turn."""
    waits: Waiting = "start"
    """What the call waits for after the turn."""
    rings: str = ""
    """Who is rung: a name of `config.yaml`, or a masked number."""


class Trace(Struct, frozen=True):
    """One call's steps in their order."""

    call: str
    steps: tuple[Step, ...]


_decode_step = msgspec.json.Decoder(Step).decode
_decode_events = msgspec.json.Decoder(tuple[Event, ...]).decode


class TraceStore:
    """The traces of calls. Every method raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def read(self, call_id: str) -> Trace | None:
        """The trace of a call; None when there is none (any more)."""
        with wording(self._redis):
            found = cast("list[bytes]", self._redis.lrange(keys.trace(call_id), 0, -1))
        return _trace(call_id, found)

    def newest(self) -> Iterator[Trace]:
        """Every call that has a trace, the one that began last first."""
        first = 0
        while True:
            with wording(self._redis):
                found = cast(
                    "list[bytes]",
                    self._redis.zrevrange(keys.CALLS, first, first + READ_AT_ONCE - 1),
                )
                if not found:
                    return
                calls = [call.decode() for call in found]
                with self._redis.pipeline(transaction=False) as pipe:
                    for call in calls:
                        pipe.lrange(keys.trace(call), 0, -1)
                    lists = pipe.execute()
            for call, steps in zip(calls, lists, strict=True):
                trace = _trace(call, steps)
                if trace is not None:
                    yield trace
            first += len(calls)

    def begun(self, earliest: float = 0, before: float = float("inf")) -> list[str]:
        """The ids of the calls that began in this time, the newest first."""
        with wording(self._redis):
            found = cast(
                "list[bytes]", self._redis.zrevrangebyscore(keys.CALLS, f"({before}", earliest)
            )
        return [call.decode() for call in found]

    def from_events(self, most: int) -> Iterator[tuple[str, Step]]:
        """What the stream of events tells, the newest first, of at most so many entries: all that
        there is of calls from before there were traces."""
        last, seen = "+", 0
        while seen < most:
            with wording(self._redis):
                entries = cast(
                    "list[tuple[bytes, dict[bytes, bytes]]]",
                    self._redis.xrevrange(
                        keys.EVENTS, max=last, count=min(ENTRIES_AT_ONCE, most - seen)
                    ),
                )
            if not entries:
                return
            for _, fields in entries:
                try:
                    events = _decode_events(fields[b"events"])
                except msgspec.ValidationError:
                    # What happened to the line or to an agent is no step of a call.
                    continue
                yield fields[b"call"].decode(), Step(float(fields[b"at"]), events)
            seen += len(entries)
            last = "(" + entries[-1][0].decode()


def _trace(call: str, found: Sequence[bytes]) -> Trace | None:
    # The news of the end can overtake the turn before it.
    steps = sorted(map(_decode_step, found), key=lambda step: (step.turn or 1 << 30, step.at))
    return Trace(call, tuple(steps)) if steps else None
