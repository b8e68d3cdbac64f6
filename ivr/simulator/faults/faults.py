"""The faults in force: which request each of them strikes, counted and written down."""

import asyncio
import random
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from ivr.simulator.clock import Clock
from ivr.simulator.faults.fault import Fault, FaultError, Request
from ivr.simulator.faults.reading import read_fault
from ivr.simulator.journal import Journal, Note

LEVEL = "fault"
"""The level of the journal's notes about faults that struck."""


class Standing:
    """A fault in force, and what became of it so far."""

    def __init__(self, name: str, fault: Fault) -> None:
        self.name = name
        self.fault = fault
        self.met = 0
        """How many requests fitted it."""
        self.struck = 0
        self._dice = random.Random(fault.seed)  # noqa: S311  (it guards nothing)

    def strikes(self, request: Request) -> bool:
        """Whether this request is struck; counts it."""
        fault = self.fault
        if fault.times is not None and self.struck >= fault.times:
            return False
        if not fault.fits(request):
            return False
        self.met += 1
        if self.met % fault.every or self._dice.random() >= fault.chance:
            return False
        self.struck += 1
        return True

    def as_json(self) -> dict[str, Any]:
        """Its name, its counts, and its rule."""
        return {"name": self.name, "met": self.met, "struck": self.struck, **asdict(self.fault)}


class Faults:
    """Faults on demand. The first that strikes a request wins; the later ones do not see it."""

    def __init__(self, clock: Clock, journal: Journal, faults: Iterable[Fault] = ()) -> None:
        self._clock = clock
        self._journal = journal
        self._standing: dict[str, Standing] = {}
        self._numbered = 0
        self.closing = asyncio.Event()
        """Set when the company closes: nobody waits any longer for an answer that never comes."""
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault | Mapping[str, Any]) -> Standing:
        """Put a fault in force, after those that are; raises FaultError."""
        if not isinstance(fault, Fault):
            fault = read_fault(fault)
        self._numbered += 1
        standing = Standing(f"F{self._numbered}", fault)
        self._standing[standing.name] = standing
        return standing

    def all(self) -> list[Standing]:
        """Every fault in force, in the order in which they are asked."""
        return list(self._standing.values())

    def clear(self, name: str = "") -> None:
        """Take one fault away, or all of them; FaultError when there is none of that name."""
        if not name:
            self._standing.clear()
        elif self._standing.pop(name, None) is None:
            raise FaultError(f"there is no fault {name!r}")

    def strike(self, request: Request) -> Fault | None:
        """The fault that this request meets with, if any."""
        for standing in self._standing.values():
            if standing.strikes(request):
                self._tell(standing, request)
                return standing.fault
        return None

    def __bool__(self) -> bool:
        return bool(self._standing)

    def _tell(self, standing: Standing, request: Request) -> None:
        fault = standing.fault
        text = (
            f"{standing.name} ({fault.does}, {fault.when}) strikes "
            f"{request.purpose} {request.method} {request.url}"
        )
        self._journal.note(Note(self._clock.now(), LEVEL, 0, text, request.sid))
