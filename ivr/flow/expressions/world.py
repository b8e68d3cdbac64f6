"""What an expression can ask about a call and the company around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from ivr.flow.values import Value


@dataclass(frozen=True, slots=True)
class QueueState:
    """How a queue stands: people waiting, agents there, and the wait estimate, if there is one."""

    waiting: int
    agents: int
    wait_minutes: Decimal | float | None = None


class World(Protocol):
    """The call and the company at one moment."""

    @property
    def now(self) -> datetime:
        """In the company's time zone."""

    @property
    def language(self) -> str:
        """The code of the caller's language."""

    @property
    def line(self) -> str:
        """The line that was rung."""

    @property
    def caller_known(self) -> bool:
        """Whether the caller's number is not withheld."""

    @property
    def caller_mobile(self) -> bool:
        """Whether it is a mobile number."""

    def variable(self, name: str) -> Value:
        """The value of a variable of the call; raises KeyError when it is not set."""

    def is_open(self, schedule: str) -> bool:
        """Whether a schedule is open now; raises KeyError when there is none of that name."""

    def queue(self, name: str) -> QueueState:
        """How a queue stands now; raises KeyError when there is none of that name, or when its
        state cannot be had."""
