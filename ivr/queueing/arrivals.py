"""How many arrive of each skill and priority: those with priority will yet go ahead of others."""

from __future__ import annotations

from math import exp
from typing import Any

MEMORY = 1800.0
"""Seconds over which arrivals are counted, the older the less."""
PRIOR_ARRIVALS = 4.0
LEAST_WATCHED = 300.0
"""Seconds: two calls in the first second are no rate of two a second."""


class Arrivals:
    def __init__(self, base: float | None = None) -> None:
        self.base = base
        """Arrivals a second that history lets expect."""
        self.began: float | None = None
        self.count = 0.0
        self.last = 0.0

    def arrived(self, now: float) -> None:
        if self.began is None:
            self.began = now
            self.last = now
        self.count = self._count(now) + 1
        self.last = now

    def rate(self, now: float, watched_since: float) -> float:
        """Arrivals a second, of one who has listened since `watched_since`."""
        seconds = MEMORY * (1 - exp(-max(now - watched_since, 0.0) / MEMORY))
        count = self.counted(now)
        if self.base is None:
            return count / max(seconds, LEAST_WATCHED)
        if self.base <= 0:
            return count / (seconds + MEMORY)
        return (count + PRIOR_ARRIVALS) / (seconds + PRIOR_ARRIVALS / self.base)

    def counted(self, now: float) -> float:
        """How many arrivals the rate rests on."""
        return self._count(now) if self.began is not None else 0.0

    def _count(self, now: float) -> float:
        return self.count * exp(-max(now - self.last, 0.0) / MEMORY)

    def snapshot(self) -> list[Any]:
        return [self.base, self.began, self.count, self.last]

    @classmethod
    def restore(cls, saved: list[Any]) -> Arrivals:
        arrivals = cls(saved[0])
        arrivals.began, arrivals.count, arrivals.last = saved[1], saved[2], saved[3]
        return arrivals
