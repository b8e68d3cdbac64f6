"""What is wrong in a file, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]

PAGE = "docs/findings.md"
"""Where every code is explained, under a heading of its own."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint about one place in one file.

    `line` and `column` count from 1. `code` is stable: it may be quoted, searched for and silenced.
    An error keeps a flow out of service; a warning or a note does not.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    advice: str = ""
    severity: Severity = "error"
    concerns: tuple[str, ...] = ()
    """Other files that an error here keeps out of service: flows that use a bad prompt."""
    call: str = ""
    """A call in which it is met, as a script to be played; "" where none is needed."""

    def __str__(self) -> str:
        severity = "" if self.severity == "error" else f"{self.severity}: "
        told = f"{self.file}:{self.line}:{self.column}: {severity}{self.message}"
        return f"{told} {self.advice}".rstrip() + f" [{self.code}]"

    @property
    def place(self) -> tuple[str, int, int]:
        return (self.file, self.line, self.column)

    @property
    def page(self) -> str:
        """Where the code is explained."""
        return f"{PAGE}#{self.code}"


class Unreadable(Exception):
    """A file cannot be used; `findings` says why, all reasons at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda finding: finding.place))
        super().__init__("\n".join(str(finding) for finding in self.findings))


class WrongWithin(ValueError):
    """A text that is wrong at one of its characters: an expression, a text with values.

    `column` counts from 1 within the text; `code` is that of the finding it becomes.
    """

    code = "value"
    at: tuple[str, ...] = ()
    """Where the text stands within what was read."""

    def __init__(self, sentence: str, column: int, advice: str = "") -> None:
        self.sentence = sentence
        self.column = column
        self.advice = advice
        super().__init__(f"{sentence} {advice}".rstrip())
