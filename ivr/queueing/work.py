"""What the capacity clock works with: queues, groups of agents, and steps of the roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from ivr.queueing.line import Key, Place


@dataclass(slots=True)
class Queue:
    """Who waits for one skill, in the order of service, and how long their calls occupy agents."""

    places: Sequence[Place]
    mean: float
    callback_mean: float
    variation: float = 1.0
    weight: float = inf
    """How many calls `mean` rests on."""
    floor: float = 0.0
    """At least so many agents are thought to work for it."""
    overtaking: dict[int, float] = field(default_factory=dict)
    """By priority: arrivals a second that will go ahead of those who wait with it."""


@dataclass(slots=True)
class Head:
    """The one of a queue whose turn it is next, while the clock runs; far back in a long line the
    next `count`, who are worked off together."""

    index: int = 0
    count: int = 1
    waits: bool = True
    key: Key = (0, 0.0, 0)
    priority: int = 0
    work: int = 0
    voice: float = 1.0
    """The part of them who are on the telephone; the rest are callback places."""
    share: float = 1.0
    """The probability that he is there when his turn comes; the sum, of several."""
    shares: Sequence[tuple[float, float]] = ()
    """Of several: the share and the hazard of each."""
    since: float = 0.0
    """Seconds from now from which on they are worked off."""
    left: float = 1.0
    """How much of that is not yet worked off."""
    hazard: float = 0.0
    overtaking: float = 0.0
    variance: float = 0.0
    rate: float = 0.0
    """Turns a second that are worked off for him."""
    gross: float = 0.0
    """Turns a second of all who could serve him."""


@dataclass(slots=True)
class Group:
    """Agents with the same skills (as indices of queues), and how many of them do which work:
    a voice call of queue i is work 2 i, a callback place of it 2 i + 1."""

    queues: tuple[int, ...]
    doing: list[float]
    weights: tuple[float, ...] = ()
    """What somebody has waited in each of the queues counts so many times; without them whoever
    comes first of all is served first."""
    rate: float = 0.0
    target: Head | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """After `after` seconds an agent joins a group (`comes`), free at once, or leaves it."""

    after: float
    group: int
    comes: bool
