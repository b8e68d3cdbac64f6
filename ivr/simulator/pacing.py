"""Calls per second: the calls that an account creates are placed in turn, so many a second."""

import asyncio
from collections import deque

from ivr.simulator.call import Call
from ivr.simulator.clock import Clock
from ivr.simulator.errors import SimulatorError

LONGEST_WAIT = 24 * 3600.0


class CallQueueFullError(SimulatorError):
    """More calls wait than can be placed within a day (22005)."""


class Pacing:
    """The queue of created calls. A rate of 0 places every call at once."""

    def __init__(self, clock: Clock, rate: float) -> None:
        self._clock = clock
        self._interval = 1 / rate if rate else 0.0
        self._queue: deque[tuple[Call, asyncio.Future[None]]] = deque()
        self._free_at = float("-inf")
        self._running = False

    def estimate(self) -> float:
        """Seconds that a call created now will wait; raises CallQueueFullError over a day."""
        if not self._interval:
            return 0.0
        ahead = max(self._free_at - self._clock.seconds(), 0.0)
        wait = ahead + len(self._queue) * self._interval
        if wait > LONGEST_WAIT:
            raise CallQueueFullError("more than 24 hours of calls wait already")
        return wait

    async def turn(self, call: Call) -> None:
        """Come back when it is this call's turn; raises Interrupted when it is canceled before."""
        if not self._interval:
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        place = (call, turn)
        self._queue.append(place)
        self._next()
        try:
            await call.during(_until(turn))
        finally:
            if not turn.done():
                turn.cancel()
                self._queue.remove(place)

    def _next(self) -> None:
        """Let the first go on if it may, else look again when it may."""
        if self._running or not self._queue:
            return
        left = self._free_at - self._clock.seconds()
        if left > 0:
            self._running = True
            self._clock.call_later(left, self._again)
            return
        _, turn = self._queue.popleft()
        self._free_at = self._clock.seconds() + self._interval
        turn.set_result(None)
        self._next()

    def _again(self) -> None:
        self._running = False
        self._next()


async def _until(turn: "asyncio.Future[None]") -> None:
    await turn
