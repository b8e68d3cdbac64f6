"""Which callbacks there are, and what happened to one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import Struct
from redis import Redis

from ivr.callbacks.record import State
from ivr.callbacks.states import ENDS, OPEN
from ivr.services.callbacks.views import CallbackView, Story, callback_view, move_view, note_view
from ivr.store.callback_moves import moves_of
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.conversations import ConversationStore
from ivr.store.line import LineStore

BATCH = 500


@dataclass(frozen=True)
class Filter:
    """Which callbacks are wanted. Empty: all. `number`: how a number ends, theirs or the one that
    they rang from. `since`: those that have ended only from then on (seconds since 1970)."""

    queue: str = ""
    states: Collection[State] = field(default=OPEN)
    number: str = ""
    since: float = 0.0

    def fits(self, stored: StoredCallback) -> bool:
        callback = stored.callback
        if self.queue not in ("", callback.queue) or callback.state not in self.states:
            return False
        numbers = (callback.number, stored.about.person.caller or "")
        return any(one.endswith(self.number) for one in numbers)


class Listed(Struct, frozen=True):
    """`callbacks` are the newest promises of `total`."""

    callbacks: list[CallbackView]
    total: int


class CallbackOverview:
    """One for each process. Every method raises StoreDown. `numbers`: show them whole."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._callbacks = CallbackStore(redis)
        self._lines = LineStore(redis)
        self._conversations = ConversationStore(redis)

    def list(self, wanted: Filter, now: float, most: int, *, numbers: bool = False) -> Listed:
        """The callbacks, the newest promise first, `most` of them."""
        found = sorted(
            (one for one in self._all(wanted) if wanted.fits(one)),
            key=lambda one: (-one.callback.promised_at, one.id),
        )
        shown = found[:most]
        positions = self.positions({one.callback.queue for one in shown})
        views = [
            callback_view(
                one, now, position=positions.get(one.id), why=self._why(one), numbers=numbers
            )
            for one in shown
        ]
        return Listed(views, len(found))

    def view(self, stored: StoredCallback, now: float, *, numbers: bool = False) -> CallbackView:
        """How one callback stands."""
        position = self.positions((stored.callback.queue,)).get(stored.id)
        return callback_view(stored, now, position=position, why=self._why(stored), numbers=numbers)

    def story(self, stored: StoredCallback, now: float, *, numbers: bool = False) -> Story:
        """How it stands, and how it came to that."""
        moves = [move_view(one) for one in moves_of(self._redis, stored.id)]
        notes = [note_view(one) for one in self._conversations.notes(stored.id)]
        return Story(self.view(stored, now, numbers=numbers), moves, notes)

    def positions(self, queues: Iterable[str]) -> dict[str, int]:
        """Who stands in the lines of these queues, and where, from 1. One round trip each."""
        return {
            place: at for queue in queues for at, place in enumerate(self._lines.waiting(queue), 1)
        }

    def _all(self, wanted: Filter) -> Iterator[StoredCallback]:
        ids: list[str] = []
        if any(state not in ENDS for state in wanted.states):
            ids += self._callbacks.open_ids()
        if any(state in ENDS for state in wanted.states):
            ids += self._callbacks.ended_ids(wanted.since)
        yield from read_many(self._callbacks, ids)

    def _why(self, stored: StoredCallback) -> str:
        if stored.callback.state != "flagged":
            return ""
        return next((one.moved.why for one in reversed(moves_of(self._redis, stored.id))), "")


def read_many(store: CallbackStore, ids: list[str]) -> Iterator[StoredCallback]:
    """Those of them that are known, read some hundreds at a time."""
    for begin in range(0, len(ids), BATCH):
        yield from store.read_all(ids[begin : begin + BATCH])
