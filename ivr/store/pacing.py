"""How many calls a second are created, by all processes together.

The carrier places so many a second and keeps the others waiting, where we can neither take them
back nor let somebody else go first. So they wait with us.
"""

from __future__ import annotations

from redis import Redis

from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Script

KEPT = 30.0
"""Seconds after which a moment that nobody came for is given away."""


class PaceStore:
    """Moments at which a call may be created. Every method takes one round trip and raises
    StoreDown."""

    def __init__(self, redis: Redis, calls_per_second: float) -> None:
        self._redis = redis
        self._interval = 1 / calls_per_second
        self._take = Script(redis, "take_slot-2")

    def wait_until(self, whom: str, now: float) -> float | None:
        """None when a call may be created now, for which nobody else may; else when to ask again:
        that moment is kept for `whom`, the id of a due record."""
        both = (keys.SLOTS, keys.SLOTS_LAST)
        reply = self._take(both, (whom, now, self._interval, KEPT, keys.SLOT_LIFETIME))
        return float(reply) if reply else None

    def give_back(self, whom: str) -> None:
        """The moment that is kept for `whom` is not needed."""
        with wording(self._redis):
            self._redis.zrem(keys.SLOTS, whom)

    def hold_off(self, until: float) -> None:
        """No call is created before `until`: the carrier has too much to do."""
        with wording(self._redis):
            self._redis.set(keys.SLOTS_LAST, f"{until - self._interval:.6f}", ex=keys.SLOT_LIFETIME)
