"""One leader among several processes, by a lease that ends by itself when the leader dies.

A leader that was held up (a stopped process, a long pause) may believe that it leads still. So
what it writes goes through `write`, which the server refuses when the lead has changed hands.
"""

from __future__ import annotations

from collections.abc import Callable

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import WatchError

from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Reply, Script


class Lead:
    """The lead of the clocks as one of them sees it, whose `name` no other has.

    Every method raises StoreDown.
    """

    def __init__(self, redis: Redis, name: str) -> None:
        self._redis = redis
        self._name = name
        self._fence: int | None = None
        self._lead = Script(redis, "lead-2")
        self._resign = Script(redis, "resign-1")

    def hold(self) -> int | None:
        """Take the lead when nobody has it, or keep it for another LEADER_LEASE seconds.

        Gives its fence, which grows with every taking, or None when another leads.
        """
        reply = self._lead(
            (keys.CLOCK_LEADER, keys.CLOCK_FENCE),
            (self._name, keys.LEADER_LEASE * 1000),
        )
        self._fence = None if reply == Reply.LOST else int(reply)
        return self._fence

    def write(self, commands: Callable[[Pipeline], object]) -> bool:
        """Have the server carry out the commands at once, if we lead; False when we do not."""
        with wording(self._redis), self._redis.pipeline() as together:
            together.watch(keys.CLOCK_LEADER)  # type: ignore[no-untyped-call]
            if together.get(keys.CLOCK_LEADER) != self._token.encode():
                return False
            together.multi()
            commands(together)
            try:
                together.execute()
            except WatchError:
                return False
            return True

    def resign(self) -> None:
        """Let another lead at once; nothing happens when we do not lead."""
        self._resign((keys.CLOCK_LEADER,), (self._token,))
        self._fence = None

    @property
    def _token(self) -> str:
        return f"{self._fence}:{self._name}"
