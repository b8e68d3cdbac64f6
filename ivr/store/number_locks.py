"""Who may dial a number: one process at a time, on all machines together.

How a callback is dialled without ever being dialled twice:

1. `take` the lock, read the callback, move it by "attempt_written" with the lock's fence: nobody
   without the lock can, and nobody whose lease has run out.
2. `may_dial` right before the carrier is asked. The lease is longer than the carrier may take to
   answer, and whoever was held up meanwhile dials nothing.
3. Write what the carrier said. If that is refused ("changed"), somebody has come to the conclusion
   that this attempt was lost: the call is to be ended at once.
4. `give_back`.

Whoever finds an attempt whose outcome is not written takes the lock as well, before the carrier is
asked for its calls: until the old lease has run out nobody can. Beside this, no number is rung for
two callbacks at once, however long that takes: such an attempt is refused as "on_the_way".
"""

from __future__ import annotations

from redis import Redis

from ivr.store.scripts import Script

LEASE = 40.0
"""Seconds: longer than the carrier may take to answer."""


class NumberLocks:
    """The locks. Every method takes one round trip and raises StoreDown."""

    def __init__(self, redis: Redis, who: str) -> None:
        """`who`: this process, for people who look."""
        self._who = who
        self._lock = Script(redis, "lock_number-2")

    def take(self, number: str, now: float, lease: float = LEASE) -> int | None:
        """The fence of the lock, which is ours for `lease` seconds; None while it is another's."""
        return self._try(number, "", now + lease, now)

    def may_dial(self, number: str, fence: int, now: float) -> bool:
        """Whether the lock is still ours; then it is so for LEASE seconds more."""
        return self._try(number, fence, now + LEASE, now) is not None

    def give_back(self, number: str, fence: int, now: float) -> None:
        """Let it go, if it is ours."""
        self._try(number, fence, now, now)

    def _try(self, number: str, fence: int | str, until: float, now: float) -> int | None:
        both = ("ringback:callbacks:lock:" + number, "ringback:callbacks:fence")
        reply = int(self._lock(both, (self._who, fence, until, now)))
        return reply or None
