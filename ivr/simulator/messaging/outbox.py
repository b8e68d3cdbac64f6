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
        self._segments = 0
        self._busy = False

    @property
    def backlog(self) -> float:
        """Seconds that the texts in the queue will take."""
        return self._segments / self._rate

    def would_overflow(self, segments: int, limit: float) -> bool:
        """Whether so many segments more make the queue longer than `limit` seconds."""
        return self._segments + segments > limit * self._rate

    def put(self, message: Message) -> None:
        """Queue a text. It leaves later, however free the sender is."""
        self._waiting.append(message)
        self._segments += message.segments
        if not self._busy:
            self._busy = True
            self._clock.call_later(0, self._next)

    def give_up(self, message: Message) -> None:
        """A text that is queued here will not be sent after all."""
        self._segments -= message.segments

    def _next(self) -> None:
        while self._waiting:
            message = self._waiting.popleft()
            if message.status == "queued":
                self._segments -= message.segments
                self._send(message)
                self._clock.call_later(message.segments / self._rate, self._next)
                return
        self._busy = False
