"""Telephony time: real, or stepped by what happens.

Everything that takes time on the telephone (ringing, speech, silence) asks this clock. Time limits
of real HTTP requests do not.
"""

import asyncio
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Protocol

SETTLING_PASSES = 8
"""Event-loop passes without a hold before stepped time moves on. One pass runs everything that is
ready; what became ready meanwhile runs in the next. The longest chain of wake-ups here is 4."""


FEW = 100
"""Cancelled timers that are not worth looking for."""


class Timer(Protocol):
    """Something that will happen, unless cancelled."""

    def cancel(self) -> None:
        """Make it not happen."""


class Hold:
    """While it is held, stepped time stands still. Release it once, or use it with ``with``."""

    def __init__(self, release: Callable[[], None] | None = None) -> None:
        self._release = release

    def release(self) -> None:
        """Let time go on; a second release does nothing."""
        release, self._release = self._release, None
        if release is not None:
            release()

    def __enter__(self) -> "Hold":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


class Clock(Protocol):
    """What the telephone company needs of a clock."""

    def now(self) -> datetime:
        """The date and time, in UTC."""

    def seconds(self) -> float:
        """Seconds on a scale that only goes forward."""

    def call_later(self, seconds: float, action: Callable[[], object]) -> Timer:
        """Do `action` when so many seconds have passed."""

    def hold(self) -> Hold:
        """Keep stepped time from moving, e.g. while a real HTTP request is under way."""

    async def advance(self, seconds: float) -> None:
        """Come back when so many seconds have passed."""


class RealClock:
    """The time of day; or, with a `speed`, one that goes so many times as fast, and was `at` when
    the machine's was `began`."""

    def __init__(
        self,
        speed: float = 1.0,
        began: datetime = datetime(1970, 1, 1, tzinfo=UTC),
        at: datetime = datetime(1970, 1, 1, tzinfo=UTC),
    ) -> None:
        self._speed, self._began, self._at = speed, began, at

    def now(self) -> datetime:
        return (self._at + self._speed * (datetime.now(UTC) - self._began)).astimezone(UTC)

    def seconds(self) -> float:
        return self._speed * asyncio.get_running_loop().time()

    def call_later(self, seconds: float, action: Callable[[], object]) -> Timer:
        return asyncio.get_running_loop().call_later(seconds / self._speed, action)

    def hold(self) -> Hold:
        return Hold()

    async def advance(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


class _SteppedTimer:
    __slots__ = ("_cancelled", "action")

    def __init__(self, action: Callable[[], object], cancelled: Callable[[], None]) -> None:
        self.action: Callable[[], object] | None = action
        self._cancelled = cancelled

    def cancel(self) -> None:
        if self.action is not None:
            self.action = None
            self._cancelled()


class SteppedClock:
    """Time that jumps to the next timer as soon as nothing holds it.

    Timers run one by one, in the order in which they are due and, when due together, in the order
    in which they were set. With ``auto=False`` time moves only inside `advance`.
    """

    def __init__(
        self, start: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC), *, auto: bool = True
    ) -> None:
        self._start = start
        self._elapsed = 0.0
        self._auto = auto
        self._timers: list[tuple[float, int, _SteppedTimer]] = []
        self._order = 0
        self._cancelled = 0
        self._holds = 0
        self._advancing = 0
        self._settling = False
        self._passes_left = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def seconds(self) -> float:
        return self._elapsed

    def call_later(self, seconds: float, action: Callable[[], object]) -> Timer:
        timer = _SteppedTimer(action, self._one_cancelled)
        self._order += 1
        heapq.heappush(self._timers, (self._elapsed + max(seconds, 0.0), self._order, timer))
        self._consider()
        return timer

    def hold(self) -> Hold:
        self._holds += 1
        return Hold(self._let_go)

    async def advance(self, seconds: float) -> None:
        """Let so many seconds pass, timers and all; waits while something holds time."""
        arrived = asyncio.get_running_loop().create_future()
        self._advancing += 1
        try:
            self.call_later(seconds, partial(_arrive, arrived))
            await arrived
        finally:
            self._advancing -= 1

    def _let_go(self) -> None:
        self._holds -= 1
        self._consider()

    def _consider(self) -> None:
        if not self._may_move() or not self._timers:
            return
        # Counted afresh for every timer and every hold let go: whoever has only just set a timer
        # still gets all the passes in which to take a hold.
        self._passes_left = SETTLING_PASSES
        if not self._settling:
            self._settling = True
            asyncio.get_running_loop().call_soon(self._settle)

    def _may_move(self) -> bool:
        return not self._holds and (self._auto or self._advancing > 0)

    def _settle(self) -> None:
        if not self._may_move():
            self._settling = False
        elif self._passes_left:
            self._passes_left -= 1
            asyncio.get_running_loop().call_soon(self._settle)
        else:
            self._settling = False
            self._step()

    def _step(self) -> None:
        while self._timers:
            due, _, timer = heapq.heappop(self._timers)
            action, timer.action = timer.action, None
            if action is None:
                self._cancelled -= 1
                continue
            self._elapsed = max(self._elapsed, due)
            try:
                action()
            finally:
                self._consider()
            return

    def _one_cancelled(self) -> None:
        """Forget cancelled timers before they are most of those remembered."""
        self._cancelled += 1
        if self._cancelled > FEW and self._cancelled * 2 > len(self._timers):
            self._timers = [entry for entry in self._timers if entry[2].action is not None]
            heapq.heapify(self._timers)
            self._cancelled = 0


def _arrive(arrived: "asyncio.Future[None]") -> None:
    if not arrived.done():
        arrived.set_result(None)
