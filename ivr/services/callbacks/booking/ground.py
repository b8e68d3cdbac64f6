"""What every decision about a callback stands on: stores, rules, and how a queue stands."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

from redis import Redis

from ivr.callbacks.hours import DAY
from ivr.callbacks.offering import Kind
from ivr.callbacks.reachable import Reachable, Unreachable, reachable
from ivr.callbacks.record import Window
from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.promises.updates import Words
from ivr.services.callbacks.booking import offers
from ivr.services.callbacks.booking.rooms import Rooms
from ivr.services.callbacks.calling.desk import CallingDesk
from ivr.services.texts.composing import Composer
from ivr.store.booking import BookingStore, Look
from ivr.store.consent import ConsentStore
from ivr.store.outbox import OutboxStore


class Ground:
    """One for each process, for many threads at once. Every method raises StoreDown.

    `opted_out`: the numbers (E.164) that asked not to be called, as the store has them when left
    out.
    """

    def __init__(
        self, config: Config, redis: Redis, opted_out: Container[str] | None = None
    ) -> None:
        self.config = config
        self.calling = CallingDesk(config, redis)
        self.rules = self.calling.rules
        self.store = BookingStore(redis)
        self.consents = ConsentStore(redis)
        self.rooms = Rooms(config, redis)
        self.composer = Composer(config, redis, load_languages())
        self.outbox = OutboxStore(redis)
        self.opted_out = opted_out
        # A numbering plan is a long thing to read, and each number is asked about several times.
        self._reachable = lru_cache(maxsize=4096)(self._reachable_of)

    def look(self, queue: str, now: float, number: str = "", callback: str = "") -> Look:
        """A queue and a number; what room its windows have is worked out where nobody has."""
        found = self.store.look(queue, now, number, callback)
        if found.capacity is None and queue in self.config.queues:
            self.rooms.work_out(queue, now)
            found = self.store.look(queue, now, number, callback)
        return found

    def windows(self, queue: str, now: float) -> tuple[Window, ...]:
        """The first windows with room; none of a queue that is not there."""
        settings = self.config.queues.get(queue)
        return () if settings is None else offers.windows_of(self.look(queue, now), settings, now)

    def kinds(self, queue: str, now: float) -> tuple[Kind, ...]:
        """What those who wait may ask for now."""
        settings = self.config.queues.get(queue)
        if settings is None:
            return ()
        left = self.rules.closes_in(queue, now)
        return offers.on_request(self.look(queue, now), settings, left, now)

    def until(self, queue: str, words: Words | None, now: float) -> float:
        """Until when a place is promised: the end of the time that they are told; of the hours,
        where they are told none."""
        if words is not None:
            return words.ends
        left = self.rules.closes_in(queue, now)
        if left > 0:
            return now + left
        opens = self.rules.opens(queue, now)
        return now + DAY if opens is None else opens + self.rules.closes_in(queue, opens)

    def check(self, number: str, *, unread: bool = False) -> Reachable | Unreachable:
        """Whether a number may be rung, as it was given; `unread`: whatever its owner wants, which
        `refuses` tells of somebody who was looked at."""
        found = self._reachable(number)
        if unread or not isinstance(found, Reachable):
            return found
        opted_out = self.consents.opted_out if self.opted_out is None else self.opted_out
        return "opted_out" if found.number in opted_out else found

    def refuses(self, number: str, look: Look) -> bool:
        """Whether its owner asked not to be called."""
        return look.refuses_calls if self.opted_out is None else number in self.opted_out

    def _reachable_of(self, number: str) -> Reachable | Unreachable:
        return reachable(number, self.rules.numbers)


def room_of(look: Look, window: Window | None) -> int:
    """How many callbacks a window has room for."""
    if look.capacity is None or window is None:
        return 0
    rooms = dict(zip(look.capacity.windows, look.capacity.room, strict=True))
    return rooms.get(window, 0)
