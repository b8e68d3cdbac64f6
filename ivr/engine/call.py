"""A call between two turns: all that must be remembered of it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ivr.flow.talk import Talk
from ivr.flow.variables import Variable
from ivr.queueing.telling import Told

Waiting = Literal[
    "start", "choice", "lookup", "line", "leaving", "connection", "message", "goodbye", "nothing",
]  # fmt: skip
"""What a call waits for: its first turn, an answer to a question, what the company's own system
answers, an agent, the carrier's letting it out of its queue, the end of a connection, a message,
the end of the last words (0 still works), or nothing any more."""


class Visit(Struct, frozen=True, array_like=True):
    """How often a place was come to since the caller last got somewhere."""

    place: str
    times: int


class Stay(Struct, frozen=True, array_like=True):
    """A caller's standing in a line, and what they were told of it."""

    queue: str
    first: float
    """When they first rang, as the line counts it."""
    boost: float
    joined: float
    turn: int
    """The turn in which they joined."""
    rounds: int = 0
    said: int = 0
    """How often something was said to them."""
    spoke: float = 0.0
    """When that was last."""
    told: Told | None = None
    alone: bool = False
    """In the last round there was nobody left to wait for."""
    until: float | None = None
    """Until when the place of one who went back to the menu is kept."""
    reservation: str = ""
    """Of the agent whom they meet, since `met`."""
    met: float = 0.0
    talking: bool = False
    """They stand in the line, but not in the carrier's queue: a callback is talked of."""


class Call(Struct, frozen=True, omit_defaults=True):
    """The state of a call after `turn` turns. Times are seconds since 1970 (UTC)."""

    id: str
    line: str
    """The line of `config.yaml` that was rung."""
    version: str
    """The set of flows that the call began with."""
    language: str
    started: float
    caller: str | None = None
    """E.164, or None when withheld or impossible."""
    turn: int = 0
    flow: str = ""
    node: str = ""
    waiting: Waiting = "start"
    misses: int = 0
    """Silences and unfitting answers to the question that is open."""
    visits: tuple[Visit, ...] = ()
    answered: tuple[str, ...] = ()
    """Places whose answer was given."""
    path: tuple[str, ...] = ()
    """What the caller chose, in words, for the person who takes over."""
    said: tuple[str, ...] = ()
    """What the caller said that fitted no choice: kept for the person who takes over."""
    variables: dict[str, Variable] = {}
    """What the caller gave and what was looked up, by name."""
    stage: str = ""
    """Which of its questions the node has put, and what was given so far, to be confirmed."""
    pending: Variable | None = None
    notices: tuple[str, ...] = ()
    """The notices that were told."""
    calm: bool = False
    """The caller needs time: everything is said slowly, one thing at a time."""
    stay: Stay | None = None
    """In the line, or lately."""
    talk: Talk | None = None
    """About callbacks, so far."""
    last_resort: bool = False
    """The fallback number is being, or has been, rung."""

    @property
    def place(self) -> str:
        return f"{self.flow}/{self.node}"
