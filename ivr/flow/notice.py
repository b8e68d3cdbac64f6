"""A notice: something that callers are told for a while, without any flow being edited."""

from __future__ import annotations

from msgspec import Struct


class Notice(Struct, frozen=True):
    """Said once in a call, before anything else that is said in the caller's language.

    `texts` are by language; where the caller's is missing, nothing is said. Times are seconds
    since 1970.
    """

    id: str
    texts: dict[str, str]
    starts: float
    ends: float
    lines: tuple[str, ...] = ()
    """The lines that it is for; none means every line."""
    closes: bool = False
    """Whether every schedule counts as closed meanwhile."""

    def holds(self, line: str, now: float) -> bool:
        """Whether it is on for this line at this moment."""
        return self.starts <= now < self.ends and (not self.lines or line in self.lines)
