"""Callbacks for tests, promised and moved on in the store."""

from __future__ import annotations

from typing import Any

import msgspec
from redis import Redis

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import Details, promise
from ivr.callbacks.record import SYSTEM, Actor, Window
from ivr.callbacks.states import Event
from ivr.callbacks.windows import Capacity
from ivr.store import keys
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.line import Person
from ivr.store.number_locks import NumberLocks

HALF_AN_HOUR = 1800.0


class Promised:
    """Whoever promises callbacks; each is for a number of its own."""

    def __init__(self, redis: Redis, now: float) -> None:
        self.redis = redis
        self.store = CallbackStore(redis)
        self.now = now
        self.count = 0

    def one(
        self, queue: str = "billing", *, window: Window | None = None, ago: float = 60.0,
        name: str = "", **how: Any,
    ) -> StoredCallback:  # fmt: skip
        """A callback of somebody who rang so many seconds `ago`, promised since then."""
        self.count += 1
        number = f"+467017406{self.count + 4:02}"
        made = promise(
            name or f"CA{self.count:08x}{0:024x}-cb2", queue, number, queue, self.now - ago,
            Actor("person"), self.now - ago, window=window,
            until=None if window else self.now + 3600, **how,
        )  # fmt: skip
        about = About(
            Person(line="main", language="sv", caller=number, name="Maria", path=("faktura",)),
            call=f"CA{self.count:032x}",
        )
        stored = self.store.promise(made, about, Asking(Limits()), self.now - ago, capacity=99)
        assert isinstance(stored, StoredCallback), stored
        return stored

    def go(
        self, stored: StoredCallback, *events: Event, at: float | None = None, **details: Any
    ) -> StoredCallback:
        """Move it on, as our own processes would."""
        when = self.now if at is None else at
        for event in events:
            fence = None
            if event == "attempt_written":
                fence = NumberLocks(self.redis, "test").take(stored.callback.number, when)
            moved = self.store.move(stored, event, SYSTEM, when, Details(**details), fence=fence)
            assert isinstance(moved, StoredCallback), moved
            stored = moved
        return stored

    def tried(self, stored: StoredCallback, **ending: Any) -> StoredCallback:
        """Dialled once; `ending` are the details of another attempt that follows."""
        call = f"CA{self.count + 900:032x}"
        rung = self.go(stored, "reserved", "attempt_written", "dialled", agent="anna", call=call)
        return self.go(rung, "try_again", **ending)

    def room(self, queue: str, first: float, rooms: tuple[int, ...]) -> tuple[Window, ...]:
        """Windows of half an hour from `first` on, with that room, as if worked out."""
        windows = tuple(
            Window(first + at * HALF_AN_HOUR, first + (at + 1) * HALF_AN_HOUR)
            for at in range(len(rooms))
        )
        known = msgspec.json.encode(Capacity(windows, rooms))
        self.redis.hset(keys.CALLBACK_ROOMS, queue, known)
        return windows
