"""Keeps the range right four times in five: adaptive conformal inference.

Gibbs and Candès (2021): after each outcome the level that was quoted moves a little towards the
side that was missed; in the long run the range covers what it should, whatever the law of waits.
The mean is not corrected: past errors arrive late and together, and correcting by them harms.
"""

from __future__ import annotations

from ivr.queueing.gamma import normal_quantile

LOW, HIGH = 0.10, 0.90
STEP = 0.005
LOW_BOUNDS = (0.01, 0.40)
HIGH_BOUNDS = (0.60, 0.99)


class Levels:
    """The levels at which one class of callers is quoted low and high."""

    def __init__(self, low: float = LOW, high: float = HIGH) -> None:
        self.low, self.high = low, high
        self.low_z, self.high_z = normal_quantile(low), normal_quantile(high)

    def learn(self, below: bool, above: bool) -> None:
        """One wait ended: `below` the range that had been quoted, `above` it, or within."""
        low = self.low + STEP * (LOW - below)
        high = self.high + STEP * (HIGH - (not above))
        self.low = min(max(low, LOW_BOUNDS[0]), LOW_BOUNDS[1])
        self.high = min(max(high, HIGH_BOUNDS[0]), HIGH_BOUNDS[1])
        self.low_z, self.high_z = normal_quantile(self.low), normal_quantile(self.high)
