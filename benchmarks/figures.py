"""Figures: what was measured of Ringback, of whom it is compared with, and their ratio."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

RINGBACK = "Ringback"


@dataclass(frozen=True)
class Spread:
    """The median of several rounds, with the least and the most of them."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True)
class Aim:
    """What a figure should come to: of Ringback's own value, or of its ratio to the other."""

    of: Literal["value", "ratio"]
    kind: Literal["at least", "under"]
    bound: float

    def is_met(self, figure: Figure) -> bool:
        reached = figure.ours.median if self.of == "value" else figure.ratio.median
        return reached >= self.bound if self.kind == "at least" else reached < self.bound


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ratio` is Ringback's value divided by the other's, round by round."""

    what: str
    unit: str
    ours: Spread
    other: str
    theirs: Spread
    ratio: Spread
    better: Literal["more", "less"]
    aim: Aim | None = None

    def against(self, other: str) -> Figure:
        """The same figure, with the other named otherwise."""
        return replace(self, other=other)


Values = Mapping[str, Sequence[float]]
"""By contestant, one value a round."""


def compare(
    what: str, unit: str, values: Values, other: str, better: Literal["more", "less"],
    aim: Aim | None = None, ours: str = RINGBACK,
) -> Figure:  # fmt: skip
    """The figure of `ours` against `other`, both of which are in `values`."""
    pairs = zip(values[ours], values[other], strict=True)
    return Figure(
        what, unit, Spread.of(values[ours]), other, Spread.of(values[other]),
        Spread.of([mine / theirs for mine, theirs in pairs]), better, aim,
    )  # fmt: skip


def in_turns(
    contestants: Mapping[str, Callable[[], float]], rounds: int, tell: Callable[[str], None]
) -> dict[str, list[float]]:
    """Measure each contestant once a round, one after another; the values by contestant."""
    values: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(1, rounds + 1):
        for name, measure in contestants.items():
            tell(f"round {number} of {rounds}: {name}")
            values[name].append(measure())
    return values
