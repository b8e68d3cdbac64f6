"""Whether an estimate may be told: enough was seen, and what was said before came true."""

from __future__ import annotations

from dataclasses import dataclass

ENOUGH_CALLS = 30
"""So many calls of the skill ended, before a time is told."""
HELD = (0.75, 0.85)
"""Ranges of 80 % are sound if they held in a share of cases within these bounds."""
MEMORY = 400.0
"""Outcomes that the share looks back on, the older the less."""
BENEFIT_OF_DOUBT = 50.0
"""As many imagined outcomes, 80 % of which held: twenty outcomes alone would often look unsound
by chance."""


@dataclass
class Record:
    """What became of the ranges that were quoted."""

    outcomes: float = 0.0
    held: float = 0.0

    def add(self, held: bool) -> None:
        keep = 1 - 1 / MEMORY
        self.outcomes = self.outcomes * keep + 1
        self.held = self.held * keep + held

    @property
    def share(self) -> float:
        return (self.held + 0.8 * BENEFIT_OF_DOUBT) / (self.outcomes + BENEFIT_OF_DOUBT)


@dataclass(frozen=True)
class Evidence:
    calls_ended: int
    outcomes: float
    held: float
    """The share of quoted ranges in which the wait ended."""

    @property
    def enough(self) -> bool:
        low, high = HELD
        return self.calls_ended >= ENOUGH_CALLS and low <= self.held <= high
