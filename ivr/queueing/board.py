"""How a queue stands for whoever joins it, and how somebody stands in it: plain figures."""

from __future__ import annotations

from msgspec import Struct

from ivr.queueing.protocol import Estimate


class Board(Struct, frozen=True):
    """A queue. Times are seconds since 1970.

    `agents` counts those who are there, idle or not. `next_agent_at` is when the roster has the
    next one, None when within an hour it has none. `joining` is the wait of somebody who joins now;
    it may be told only if `sound`: enough was seen, and what was told before came true.
    """

    queue: str
    at: float
    waiting: int = 0
    agents: int = 0
    next_agent_at: float | None = None
    joining: Estimate | None = None
    sound: bool = False
    overloaded: bool = False
    handling: float = 270.0
    """Seconds that a call takes an agent."""
    rate: float = 0.0
    """Calls that come, a second; `rate_variation`: the squared coefficient of variation of it."""
    rate_variation: float = 0.0
    hang_ups: float = 0.0
    """The share of those who join that hang up before they are served."""
    staff: tuple[tuple[float, float], ...] = ()
    """How many agents will work on it: from when on (seconds after `at`), how many, the first from
    0. Empty where nothing has been worked out yet."""
    callbacks: tuple[str, ...] = ()
    """The kinds of callback that those who wait may ask for now, in the order of an offer."""


class Standing(Struct, frozen=True):
    """Somebody in the line, at the time `at`.

    `ahead`: how many are served before; 0 for one for whom an agent's telephone rings (`reserved`).
    None when they do not stand there (any more). `estimate` is what is left of their wait.
    """

    at: float
    ahead: int | None
    reserved: bool = False
    estimate: Estimate | None = None
    sound: bool = False
    agents: int = 0
    """Of the queue, idle or not."""
