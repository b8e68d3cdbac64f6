"""Times as whoever looks after callbacks reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ivr.callbacks.record import Window


@dataclass(frozen=True)
class Times:
    """In the company's time, seen from `now`. All take seconds since 1970 or ISO 8601."""

    zone: ZoneInfo
    now: float

    def time(self, at: str | float) -> str:
        """`14:30`, with its day where that is not today."""
        day = self.day(at)
        return self.clock(at) if day == "Today" else f"{day} {self.clock(at)}"

    def clock(self, at: str | float) -> str:
        """`14:30`, whatever the day."""
        return f"{self.local(at):%H:%M}"

    def day(self, at: str | float) -> str:
        """`Today`, `Mon` or `2026-12-03`."""
        local = self.local(at)
        days = (local.date() - self.local(self.now).date()).days
        return "Today" if not days else f"{local:%a}" if 0 < days < 7 else f"{local:%Y-%m-%d}"

    def span(self, begins: str | float, ends: str | float) -> str:
        """`14:00-14:30`, with the day on which it begins."""
        return f"{self.time(begins)}-{self.clock(ends)}"

    def spans(self, windows: Iterable[Window]) -> str:
        """The same of several."""
        return ", ".join(self.span(one.begins, one.ends) for one in windows)

    def second(self, at: str | float) -> str:
        """`2026-11-25 14:30:05`."""
        return f"{self.local(at):%Y-%m-%d %H:%M:%S}"

    def ago(self, at: str | float) -> str:
        """`12 min`: how long ago something was."""
        return length(self.now - self.local(at).timestamp())

    def local(self, at: str | float) -> datetime:
        if isinstance(at, str):
            return datetime.fromisoformat(at).astimezone(self.zone)
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone)


def length(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 05 min` or `4 days`."""
    whole = max(round(seconds), 0)
    if whole < 120:
        return f"{whole} s"
    if whole < 7200:
        return f"{whole // 60} min"
    if whole < 2 * 86_400:
        return f"{whole // 3600} h {whole // 60 % 60:02} min"
    return f"{whole // 86_400} days"
