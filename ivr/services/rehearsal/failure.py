"""Where a call went otherwise than its script says."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.services.rehearsal.hearing import difference


@dataclass(frozen=True)
class Failure:
    """Where a call went otherwise than its script says."""

    file: str
    line: int
    title: str
    problem: str
    expected: str = ""
    heard: str = ""

    def __str__(self) -> str:
        told = f"{self.file}:{self.line}: {self.title}: {self.problem}"
        if self.expected:
            told += f"\n  expected: {self.expected}"
        if self.heard or self.expected:
            told += f"\n  heard:    {self.heard or '(nothing)'}"
        where = difference(self.expected, self.heard)
        if where:
            told += f"\n  differs:  {where}"
        return told
