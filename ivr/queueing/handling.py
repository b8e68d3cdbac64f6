"""How long an agent is occupied by one call, of each kind of work: ring, talk and wrap-up.

A slow mean: a fast one follows chance, and costs more than it gains.
"""

from __future__ import annotations

from typing import Any

PRIOR_SECONDS = 270.0
"""Of a call in a queue of which nothing is known."""
LEAST_SECONDS = 1.0
PRIOR_CALLS = 25.0
SPREAD_PRIOR_CALLS = 8.0
"""How much calls differ is soon known: while a wrong first guess of the mean lasts, it is no part
of it, or all ranges would be too wide for days."""
MEMORY_CALLS = 250.0
VARIATION = (0.1, 3.0)
"""Bounds of the squared coefficient of variation."""
CALLBACK_PRIOR_CALLS = 10.0


class Handling:
    """Of one skill's handling time, in seconds: a running mean, and the first two moments, which
    forget their first guess sooner."""

    def __init__(self, prior: float = PRIOR_SECONDS) -> None:
        self.mean = max(prior, LEAST_SECONDS)
        self.moments = self.mean, 2 * self.mean * self.mean
        self.ended = 0
        self.callback_seconds = 0.0
        self.callbacks = 0.0

    def ended_after(self, seconds: float) -> None:
        self.ended += 1
        share = 1 / min(PRIOR_CALLS + self.ended, MEMORY_CALLS)
        self.mean = max(self.mean + share * (seconds - self.mean), LEAST_SECONDS)
        share = 1 / min(SPREAD_PRIOR_CALLS + self.ended, MEMORY_CALLS)
        first, second = self.moments
        self.moments = (
            first + share * (seconds - first), second + share * (seconds * seconds - second),
        )  # fmt: skip

    def callback_ended_after(self, seconds: float) -> None:
        """An agent was occupied with a callback place for so long, answered or not."""
        keep = 1 - 1 / MEMORY_CALLS
        self.callback_seconds = self.callback_seconds * keep + seconds
        self.callbacks = self.callbacks * keep + 1

    @property
    def callback_mean(self) -> float:
        """Seconds that a callback place takes of an agent: ring, and talk if it is picked up."""
        return (CALLBACK_PRIOR_CALLS * self.mean + self.callback_seconds) / (
            CALLBACK_PRIOR_CALLS + self.callbacks
        )

    @property
    def variation(self) -> float:
        """Squared coefficient of variation."""
        low, high = VARIATION
        first, second = self.moments
        return min(max(second / (first * first) - 1, low), high) if first > 0 else high

    @property
    def weight(self) -> float:
        """How many calls the mean rests on."""
        return min(PRIOR_CALLS + self.ended, MEMORY_CALLS)

    def snapshot(self) -> list[float]:
        return [self.mean, *self.moments, self.ended, self.callback_seconds, self.callbacks]

    @classmethod
    def restore(cls, saved: list[Any]) -> Handling:
        handling = cls()
        handling.mean, handling.moments, handling.ended = (
            saved[0],
            (saved[1], saved[2]),
            int(saved[3]),
        )
        handling.callback_seconds, handling.callbacks = saved[4], saved[5]
        return handling
