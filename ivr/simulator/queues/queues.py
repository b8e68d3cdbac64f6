"""Every queue of the account, by identifier and by name."""

from ivr.simulator.clock import Clock
from ivr.simulator.queues.queue import Queue


class Queues:
    """The queues. `default_size` is that of queues made without a size."""

    def __init__(self, clock: Clock, default_size: int) -> None:
        self._clock = clock
        self._default_size = default_size
        self._queues: dict[str, Queue] = {}

    def all(self) -> list[Queue]:
        """Every queue, oldest first."""
        return list(self._queues.values())

    def get(self, sid: str) -> Queue | None:
        """The queue of that identifier."""
        return self._queues.get(sid)

    def named(self, name: str) -> Queue | None:
        """The queue of that name; names differ by case."""
        return next((queue for queue in self._queues.values() if queue.name == name), None)

    def create(self, name: str, max_size: int | None = None) -> Queue:
        """A new queue; the caller has made sure that no other has the name."""
        queue = Queue(name, max_size or self._default_size, self._clock)
        self._queues[queue.sid] = queue
        return queue

    def delete(self, queue: Queue) -> None:
        """Forget a queue; the caller has made sure that nobody waits in it."""
        del self._queues[queue.sid]
        queue.close()
