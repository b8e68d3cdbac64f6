"""The last turns that this process took: what it need not ask the store for again.

A turn that was taken never changes; the store only adds the next one, and whoever writes on top of
an old one is told so. That makes what stands here true for ever, if perhaps no longer the newest.
"""

from __future__ import annotations

from threading import Lock

from ivr.store.calls import StoredCall

MOST_CALLS = 2_000
"""As many as one process may have under way, with room; a few megabytes."""


class Recent:
    """The last turn of each of the latest calls. For many threads at once."""

    def __init__(self, most: int = MOST_CALLS) -> None:
        self._most = most
        self._calls: dict[str, StoredCall] = {}
        self._lock = Lock()

    def before(self, call_id: str, turn: int) -> StoredCall | None:
        """The turn before `turn`, if it was taken here not long ago."""
        known = self._calls.get(call_id)
        return known if known is not None and known.call.turn == turn - 1 else None

    def remember(self, taken: StoredCall) -> None:
        with self._lock:
            self._calls.pop(taken.call.id, None)
            self._calls[taken.call.id] = taken
            if len(self._calls) > self._most:
                del self._calls[next(iter(self._calls))]
