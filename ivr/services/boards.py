"""How the queues stand, for turns of calls: read when asked for, at most once a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from threading import Lock

from redis import Redis

from ivr.queueing.board import Board
from ivr.store.connection import StoreDown
from ivr.store.estimates import EstimateStore

LOOK_EVERY = 1.0
"""Seconds."""


class LiveBoards(Mapping[str, Board]):
    """Every queue has a board: one of which nothing was worked out yet has an empty one. For many
    threads at once.

    Where the store is away the boards are as they were last read; before the first reading that
    raises StoreDown, as the turn itself would.
    """

    def __init__(
        self,
        redis: Redis,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = EstimateStore(redis)
        self._now = now
        self._monotonic = monotonic
        self._boards: Mapping[str, Board] = {}
        self._looked_once = False
        self._asked: frozenset[str] = frozenset()
        self._looked = float("-inf")
        self._looking = Lock()

    def __getitem__(self, queue: str) -> Board:
        self._asked |= {queue}
        return self._read(queue)[queue]

    def __contains__(self, queue: object) -> bool:
        return isinstance(queue, str)

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def _read(self, queue: str | None = None) -> Mapping[str, Board]:
        if self._has(queue) and self._is_fresh():
            return self._boards
        # Others meanwhile go on with what is known; before it is, they wait for it.
        if self._looking.acquire(blocking=not self._has(queue)):
            try:
                if not (self._has(queue) and self._is_fresh()):
                    self._look(queue)
            finally:
                self._looking.release()
        return self._boards

    def _has(self, queue: str | None) -> bool:
        return self._looked_once if queue is None else queue in self._boards

    def _is_fresh(self) -> bool:
        return self._monotonic() - self._looked < LOOK_EVERY

    def _look(self, queue: str | None) -> None:
        try:
            self._boards = self._store.boards(self._now().timestamp(), sorted(self._asked))
            self._looked_once = True
        except StoreDown:
            if not self._has(queue):
                raise
        # Whoever finds the store away need not wait for it again at once.
        self._looked = self._monotonic()
