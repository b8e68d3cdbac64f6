"""One after another, unless a fault has something wait for longer than those behind it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from ivr.simulator.clock import Clock
from ivr.simulator.faults.fault import Fault
from ivr.simulator.faults.toward_application import pause

T = TypeVar("T")
Turn = Coroutine[Any, Any, None] | None
"""To be awaited before the work is done; None when its turn is now."""
Start = Callable[[Turn], asyncio.Task[T]]


@dataclass
class _HeldBack(Generic[T]):
    overtaken: asyncio.Event
    task: asyncio.Task[T]


class Order(Generic[T]):
    """Starts pieces of work; those of one key are done one after another."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, asyncio.Task[T]] = {}
        """By key, what the next piece waits for."""
        self._held_back: dict[str, _HeldBack[T]] = {}
        """By key, what waits until the next piece has been done."""

    def send(self, key: str, fault: Fault | None, start: Start[T]) -> asyncio.Task[T]:
        """Start a piece of work when its turn has come. An empty key is in no order."""
        if fault is not None and fault.when == "before":
            if fault.does == "late":
                return start(pause(self._clock, fault.seconds, fault.real))
            if fault.does == "reordered":
                return self._hold_back(key, fault.seconds, start)
        if not key:
            return start(None)
        before = self._last.get(key)
        task = start(None if before is None else _end_of(before))
        self._follow(key, task)
        held_back = self._held_back.pop(key, None)
        if held_back is not None:
            task.add_done_callback(lambda _: held_back.overtaken.set())
            self._follow(key, held_back.task)
        return task

    def _hold_back(self, key: str, seconds: float, start: Start[T]) -> asyncio.Task[T]:
        overtaken = asyncio.Event()
        task = start(self._until(overtaken, seconds))
        held_back = self._held_back[key] = _HeldBack(overtaken, task)
        task.add_done_callback(lambda _: self._no_longer(key, held_back))
        return task

    def _no_longer(self, key: str, held_back: _HeldBack[T]) -> None:
        if self._held_back.get(key) is held_back:
            del self._held_back[key]

    def _follow(self, key: str, task: asyncio.Task[T]) -> None:
        """Let the next piece of the key wait for this one."""
        self._last[key] = task
        task.add_done_callback(partial(self._forget, key))

    def _forget(self, key: str, task: asyncio.Task[T]) -> None:
        if self._last.get(key) is task:
            del self._last[key]

    async def _until(self, overtaken: asyncio.Event, seconds: float) -> None:
        timer = self._clock.call_later(seconds, overtaken.set)
        await overtaken.wait()
        timer.cancel()


async def _end_of(task: asyncio.Task[Any]) -> None:
    if not task.done():
        await asyncio.wait([task])
