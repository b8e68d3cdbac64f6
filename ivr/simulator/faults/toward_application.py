"""What a fault does to one request to the application."""

import asyncio
from collections.abc import Awaitable, Callable

from ivr.simulator.attempts import AttemptError
from ivr.simulator.clock import Clock
from ivr.simulator.faults.fault import Fault
from ivr.simulator.wire import Answer

Send = Callable[[], Awaitable[Answer]]
"""Sends the request once and waits for its answer; raises AttemptError."""
Cut = Callable[[], Awaitable[None]]
"""Sends the request and closes the connection at once; raises AttemptError."""

NO_ANSWER = "no answer in time"


async def wait_before(fault: Fault, clock: Clock) -> None:
    """Let the time pass by which the request itself is late."""
    if fault.does in ("late", "reordered") and fault.when == "before":
        await pause(clock, fault.seconds, fault.real)


async def pause(clock: Clock, seconds: float, real: bool) -> None:
    """Let so many seconds pass, of telephony time or (while that stands still) really."""
    if real:
        with clock.hold():
            await asyncio.sleep(seconds)
    else:
        await clock.advance(seconds)


class StruckAttempt:
    """One attempt of a request that a fault strikes.

    `read` is how many seconds the attempt may wait for its answer; when nothing answers they pass
    on the telephone's clock.
    """

    def __init__(self, fault: Fault, clock: Clock, send: Send, cut: Cut, read: float) -> None:
        self._fault = fault
        self._clock = clock
        self._send = send
        self._cut = cut
        self._read = read

    async def carry_out(self) -> Answer:
        """The answer that the carrier gets to see; raises AttemptError when that is none."""
        doings = {
            "late": self._late,
            "lost": self._lost,
            "cut": self._cut_off,
            "refused": self._refused,
            "repeated": self._repeated,
        }
        return await doings.get(self._fault.does, self._held_send)()

    async def _held_send(self) -> Answer:
        with self._clock.hold():
            return await self._send()

    async def _do_the_work(self) -> None:
        """Let the application do all of it; what it answers does not matter."""
        try:
            await self._held_send()
        except AttemptError:
            return

    async def _late(self) -> Answer:
        answer = await self._held_send()
        if self._fault.when == "after":
            late = self._fault.seconds
            await pause(self._clock, min(late, self._read), self._fault.real)
            if late >= self._read:
                raise AttemptError("rt", 11200, NO_ANSWER)
        return answer

    async def _lost(self) -> Answer:
        if self._fault.when == "after":
            await self._do_the_work()
        await self._clock.advance(self._read)
        raise AttemptError("rt", 11200, NO_ANSWER)

    async def _cut_off(self) -> Answer:
        if self._fault.when == "before":
            raise AttemptError("ct", 11205, "the connection was cut before anything was sent")
        with self._clock.hold():
            await self._cut()
        raise AttemptError("", 11200, "the connection was cut before the answer")

    async def _refused(self) -> Answer:
        if self._fault.when == "after":
            await self._do_the_work()
        status = self._fault.status
        raise AttemptError(f"{status // 100}xx", 11200, f"status {status}", status)

    async def _repeated(self) -> Answer:
        if not self._fault.at_once:
            for _ in range(self._fault.copies - 1):
                await self._do_the_work()
            return await self._held_send()
        others = [asyncio.ensure_future(self._do_the_work()) for _ in range(self._fault.copies - 1)]
        try:
            return await self._held_send()
        except asyncio.CancelledError:
            for other in others:
                other.cancel()
            raise
        finally:
            await asyncio.gather(*others, return_exceptions=True)
