"""What is wrong in a file, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint about one place in one file.

    `line` and `column` count from 1. `code` is stable: it may be quoted, searched for and silenced.
    An error keeps a flow out of service; a warning does not.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    advice: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        warning = "warning: " if self.severity == "warning" else ""
        told = f"{self.file}:{self.line}:{self.column}: {warning}{self.message}"
        return f"{told} {self.advice}".rstrip() + f" [{self.code}]"

    @property
    def place(self) -> tuple[str, int, int]:
        return (self.file, self.line, self.column)


class Unreadable(Exception):
    """A file cannot be used; `findings` says why, all reasons at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda finding: finding.place))
        super().__init__("\n".join(str(finding) for finding in self.findings))
