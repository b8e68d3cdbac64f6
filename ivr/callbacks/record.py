"""What is kept of a callback: the record, its attempts, and what tells of every move of it.

Every time is in seconds since 1970, so that neither midnight nor a change of clocks moves one.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

State = Literal[
    "waiting", "booked", "due", "reserved", "attempt_written", "dialling", "answered",
    "at_machine", "talking", "retry", "unreached", "called_off", "flagged",
    "done", "cancelled", "superseded", "could_not_reach", "withdrawn",
]  # fmt: skip
"""What each means is told in `ivr.callbacks.states`."""

ActorKind = Literal["person", "agent", "supervisor", "system"]
"""The person is the one to be called."""

Outcome = Literal[
    "unknown", "not_dialled", "person", "machine", "fax", "busy", "no_answer", "failed",
    "hung_up", "wrong_person",
]  # fmt: skip
"""What came of an attempt. "unknown": under way, or not looked up yet. "not_dialled": the carrier
rang nobody. "hung_up": answered, but gone before an agent was there."""


class Window(Struct, frozen=True, order=True):
    """From `begins` until just before `ends`."""

    begins: float
    ends: float


class Actor(Struct, frozen=True):
    """Who did something; `name` is empty where none is known or needed."""

    kind: ActorKind
    name: str = ""


SYSTEM = Actor("system")


class Attempt(Struct, frozen=True, omit_defaults=True):
    """One call to the person. It is written down before the carrier is asked to dial.

    `call` is the carrier's name for the call, empty until it is known.
    """

    at: float
    number: str
    outcome: Outcome = "unknown"
    call: str = ""
    ended: float | None = None
    telling: bool = False
    """It was to tell the end, not to bring them to an agent."""


class Callback(Struct, frozen=True, omit_defaults=True):
    """A callback that was promised. Only `ivr.callbacks.moves` makes and changes one."""

    id: str
    queue: str
    number: str
    """E.164."""
    matter: str
    """What it is about: there is one open callback for a number and a matter."""
    rang_at: float
    """When the person first rang: the place in the line, which nothing changes."""
    state: State
    since: float
    """When it came into its state."""
    promised_at: float
    """When the promise that holds now was made; a move to another time makes a new one."""
    until: float
    """The call is promised by then: the end of the window, where there is one."""
    window: Window | None = None
    """None: the place in the line was kept."""
    extension: str = ""
    agent_first: bool = True
    """An agent has accepted it before the person is rung."""
    agent: str = ""
    not_before: float = 0.0
    """The person is not rung before."""
    forward: float | None = None
    """Somebody wants the call made now: it stands in the line, before its window, and so many
    seconds before its place. None again as soon as an attempt has reached nobody."""
    attempts: tuple[Attempt, ...] = ()
    message_left: bool = False
    """A message was begun on an answering machine: there is never a second one."""
    untold: float | None = None
    """Since when there has been a new time that the person has not been told of."""
    moves: int = 0
    """How many there have been: the version of the record."""

    @property
    def attempt(self) -> Attempt | None:
        """The last one."""
        return self.attempts[-1] if self.attempts else None

    @property
    def on_the_way(self) -> bool:
        """Whether there is a call of ours, or may be one, whose outcome is not written."""
        return self.attempt is not None and self.attempt.outcome == "unknown"


class Moved(Struct, frozen=True, tag=True, omit_defaults=True):
    """A callback came from one state into another; `before` is None for the promise itself."""

    callback: str
    number: int
    """1 for the promise, and on."""
    event: str
    before: State | None
    after: State
    at: float
    actor: Actor
    reason: str = ""
