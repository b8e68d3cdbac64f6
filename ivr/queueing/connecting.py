"""From an agent being found to both talking: the ring, the whisper, and the key that accepts."""

from __future__ import annotations

from typing import Any

PRIOR_SECONDS = 15.0
PRIOR_CALLS = 5.0
MEMORY_CALLS = 100.0


class Connecting:
    """Running mean and second moment, in seconds; nothing at all where no such time was ever seen:
    then an agent who is found talks at once."""

    def __init__(self) -> None:
        self.mean = PRIOR_SECONDS
        self.square = 2 * PRIOR_SECONDS**2
        self.seen = 0

    def took(self, seconds: float) -> None:
        self.seen += 1
        share = 1 / min(PRIOR_CALLS + self.seen, MEMORY_CALLS)
        self.mean += share * (seconds - self.mean)
        self.square += share * (seconds * seconds - self.square)

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and variance."""
        if not self.seen:
            return 0.0, 0.0
        return self.mean, max(self.square - self.mean**2, 0.0)

    def snapshot(self) -> list[float]:
        return [self.mean, self.square, self.seen]

    @classmethod
    def restore(cls, saved: list[Any]) -> Connecting:
        connecting = cls()
        connecting.mean, connecting.square, connecting.seen = saved[0], saved[1], int(saved[2])
        return connecting
