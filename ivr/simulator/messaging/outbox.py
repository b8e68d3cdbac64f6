"""One sender's queue: texts leave at the rate that Twilio allows the sender."""

from collections import deque
from collections.abc import Callable

from ivr.simulator.clock import Clock
from ivr.simulator.messaging.message import Message


class Outbox:
    """Queued texts of one sender. `rate` is in segments a second."""

    def __init__(self, clock: Clock, rate: float, send: Callable[[Message], None]) -> None:
        self._clock = clock
        self._rate = rate
        self._send = send
        self._waiting: deque[Message] = deque()
        self._busy = False

    @property
    def backlog(self) -> float:
        """Seconds that the texts in the queue will take."""
        return sum(m.segments for m in self._waiting if m.status == "queued") / self._rate

    def would_overflow(self, segments: int, limit: float) -> bool:
        """Whether so many segments more make the queue longer than `limit` seconds."""
        # The sum is only worked out when the number of texts alone cannot rule it out.
        if len(self._waiting) * MOST_SEGMENTS + segments <= limit * self._rate:
            return False
        return self.backlog + segments / self._rate > limit

    def put(self, message: Message) -> None:
        """Queue a text. It leaves later, however free the sender is."""
        self._waiting.append(message)
        if not self._busy:
            self._busy = True
            self._clock.call_later(0, self._next)

    def _next(self) -> None:
        while self._waiting:
            message = self._waiting.popleft()
            if message.status == "queued":
                self._send(message)
                self._clock.call_later(message.segments / self._rate, self._next)
                return
        self._busy = False


MOST_SEGMENTS = 25
"""More than the longest body can have."""
