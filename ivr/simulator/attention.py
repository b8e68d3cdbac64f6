"""What a leg waits for: what its person does, other legs, time, and its own end."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from ivr.simulator.far_end import FarEnd
from ivr.simulator.inputs import BargedIn, Input, Interrupt, Interrupted

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

T = TypeVar("T")


class Attention:
    """The part of a leg that waits. One verb at a time waits on it."""

    def __init__(self, carrier: "Carrier", far_end: FarEnd) -> None:
        self.carrier = carrier
        self.far_end = far_end
        self.listening = False
        self.waited = 0.0
        """Seconds in which this leg heard or awaited something; requests are not among them."""
        self.inputs: deque[Input] = deque()
        self.interrupt: Interrupt | None = None
        self._waiter: asyncio.Future[None] | None = None

    def nudge(self, item: Input) -> None:
        """Something another leg has to say to this one."""
        self._deliver(item)

    async def wait(self, seconds: float | None) -> None:
        """Come back when something has arrived in `inputs`, or after so many seconds.

        Raises Interrupted when the call ends or is to do something else.
        """
        self.check()
        if self.inputs:
            return
        woken = self._waiter = asyncio.get_running_loop().create_future()
        began = self.carrier.clock.seconds()
        timer = None
        if seconds is not None:
            timer = self.carrier.clock.call_later(seconds, self._wake)
        try:
            await woken
        finally:
            self._waiter = None
            self.waited += self.carrier.clock.seconds() - began
            if timer is not None:
                timer.cancel()
        self.check()

    async def pass_time(self, seconds: float) -> None:
        """Let telephony time pass at this leg's pace.

        Raises BargedIn when the leg listens and the person does something, Interrupted as `wait`.
        """
        end = self.carrier.clock.seconds() + seconds * self.far_end.pace
        while True:
            if self.inputs:
                if self.listening:
                    raise BargedIn
                self.inputs.clear()
            left = end - self.carrier.clock.seconds()
            if left <= 0:
                self.check()
                return
            await self.wait(left)

    async def next_input(
        self, seconds: float | None, waiting_for: str, **details: object
    ) -> Input | None:
        """The next thing the person does, or nothing when the time runs out."""
        if not self.inputs:
            self.far_end.ask(waiting_for, **details)
            try:
                await self.wait(None if self.far_end.patient else seconds)
            finally:
                self.far_end.stop_asking()
        return self.inputs.popleft() if self.inputs else None

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, unless the call is interrupted before it is there."""
        task = self.carrier.spawn(work)
        while not task.done():
            woken = self._waiter = asyncio.get_running_loop().create_future()
            task.add_done_callback(lambda _: self._wake())
            await woken
            self._waiter = None
            self.check()
        return task.result()

    def listen(self, on: bool) -> None:
        """Begin or stop taking in what the person does; stopping forgets what was not used."""
        self.listening = on
        if not on:
            self.inputs.clear()

    def check(self) -> None:
        """Raise Interrupted when the call is over or is to do something else."""
        if self.interrupt is not None:
            raise Interrupted(self.interrupt)

    def _deliver(self, item: Input) -> None:
        self.inputs.append(item)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
