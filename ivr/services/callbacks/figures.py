"""How a queue's callbacks stand, in figures: what is booked, what waits, what was kept today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct
from redis import Redis

from ivr.callbacks.record import Outcome
from ivr.callbacks.states import ENDS
from ivr.callbacks.windows import Booked, Capacity, Overbooked, overbooked
from ivr.config import Config
from ivr.promises.account import Kind
from ivr.promises.figures import Share
from ivr.services.callbacks.overview import read_many
from ivr.services.callbacks.views import at
from ivr.store.booking import BookingStore, Look
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.promises import PromiseStore

KINDS: tuple[Kind, ...] = ("window", "call_back")
"""Of promises: those of a call."""


class WindowFigures(Struct, frozen=True):
    """`booked` callbacks need room in it, of `room`; `over`: so many more than it has."""

    begins: str
    ends: str
    booked: int
    room: int
    over: int


class Kept(Struct, frozen=True):
    """Promises of a call whose time was today. `share`: kept, of those that were kept or broken;
    None where there are none. `withdrawn` by the person."""

    kept: int
    broken: int
    withdrawn: int
    share: float | None


class Oldest(Struct, frozen=True):
    """Of those that wait: who rang first, `age` seconds ago."""

    id: str
    rang_at: str
    age: float


class QueueFigures(Struct, frozen=True, kw_only=True):
    """A queue's callbacks.

    `open`: all that have not ended. `places`: those that stand in the line, or are offered to an
    agent just now; `line`: all who stand in it; `share` of it and the `most_share` that is promised
    before it is full. `supervisor`: how many wait for a decision; `handed_over`: somebody else sees
    to them. `windows`: those to come of today (or of the next day that has some), and all others
    with callbacks. `attempts` of today, by what came of them.
    """

    queue: str
    open: int
    places: int
    line: int
    share: float | None
    most_share: float
    oldest: Oldest | None
    supervisor: int
    handed_over: int
    overbooked: int
    windows: list[WindowFigures]
    kept: Kept
    attempts: dict[Outcome, int]


class CallbackFigures:
    """One for each process."""

    def __init__(self, config: Config, redis: Redis) -> None:
        self._config = config
        self._zone = ZoneInfo(config.time_zone)
        self._callbacks = CallbackStore(redis)
        self._looks = BookingStore(redis)
        self._promises = PromiseStore(redis)

    def queues(self, now: float) -> list[QueueFigures]:
        """All queues, in the order of config.yaml. Raises StoreDown."""
        today, midnight = self._day(now), self.midnight(now)
        ids = [*self._callbacks.open_ids(), *self._callbacks.ended_ids(midnight)]
        by_queue: dict[str, list[StoredCallback]] = {name: [] for name in self._config.queues}
        for stored in read_many(self._callbacks, ids):
            by_queue.setdefault(stored.callback.queue, []).append(stored)
        looks = self._looks.queues(tuple(by_queue), now)
        kept = self._promises.shares(today)
        return [
            self._queue(queue, found, looks[queue], _kept(kept, queue), midnight, now)
            for queue, found in by_queue.items()
        ]

    def midnight(self, now: float) -> float:
        """When today began."""
        return datetime.combine(self._day(now), time(), self._zone).timestamp()

    def _queue(
        self, queue: str, found: Sequence[StoredCallback], look: Look, kept: Kept,
        midnight: float, now: float,
    ) -> QueueFigures:  # fmt: skip
        still_open = [one for one in found if one.callback.state not in ENDS]
        flagged = [one for one in still_open if one.callback.state == "flagged"]
        handed = sum(bool(one.about.handed_to) for one in flagged)
        waiting, settings = look.board.waiting, self._config.queues.get(queue)
        over = overbooked(look.capacity, look.booked, now) if look.capacity is not None else ()
        return QueueFigures(
            queue=queue,
            open=len(still_open),
            places=look.places,
            line=waiting,
            share=round(min(look.places / waiting, 1.0), 3) if waiting else None,
            most_share=settings.callbacks.share / 100 if settings is not None else 0.0,
            oldest=_oldest(still_open, now),
            supervisor=len(flagged) - handed,
            handed_over=handed,
            overbooked=sum(one.by for one in over),
            windows=self._windows(look.capacity, look.booked, over, now),
            kept=kept,
            attempts=_attempts(found, midnight),
        )

    def _windows(
        self, known: Capacity | None, booked: Booked, over: Sequence[Overbooked], now: float
    ) -> list[WindowFigures]:
        if known is None:
            return []
        too_many = {one.window: one.by for one in over}
        rooms = zip(known.windows, known.room, strict=True)
        coming = [(window, room) for window, room in rooms if window.ends > now]
        next_day = self._day(coming[0][0].begins) if coming else None
        return [
            WindowFigures(
                at(window.begins), at(window.ends), booked.get(window.begins, 0), room,
                too_many.get(window, 0),
            )
            for window, room in coming
            if booked.get(window.begins, 0) or self._day(window.begins) == next_day
        ]  # fmt: skip

    def _day(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._zone).date()


def _oldest(still_open: Sequence[StoredCallback], now: float) -> Oldest | None:
    """Of those for whom nobody is there yet."""
    waiting = [one.callback for one in still_open if one.callback.state != "talking"]
    if not waiting:
        return None
    first = min(waiting, key=lambda one: (one.rang_at, one.id))
    return Oldest(first.id, at(first.rang_at), round(max(now - first.rang_at, 0.0), 1))


def _attempts(found: Sequence[StoredCallback], midnight: float) -> dict[Outcome, int]:
    return dict(
        Counter(
            attempt.outcome
            for one in found
            for attempt in one.callback.attempts
            if attempt.at >= midnight and not attempt.telling
        ).most_common()
    )


def _kept(shares: Mapping[tuple[Kind, str], Share], queue: str) -> Kept:
    found = sum((shares.get((kind, queue), Share()) for kind in KINDS), Share())
    return Kept(found.kept, found.broken, found.withdrawn, found.share)
