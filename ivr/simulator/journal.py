"""What went over the wire, what was heard and done on each leg, and what the carrier's debugger
would show; bounded, in memory."""

import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

log = logging.getLogger(__name__)

BODY_KEPT = 4_000
"""Characters of an answer that are remembered."""
HAPPENINGS = 5
"""How many entries of the timeline are remembered for each exchange."""
IN_THE_JOURNAL_ALREADY = frozenset({"request", "warning", "error"})


@dataclass(frozen=True)
class Exchange:
    """One HTTP request and what was answered. `direction` is "out" for webhooks, "in" for REST."""

    at: datetime
    direction: str
    purpose: str
    method: str
    url: str
    call_sid: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    status: int | None = None
    milliseconds: float = 0.0
    attempts: int = 1
    error: int | None = None
    detail: str = ""
    body: str = ""
    fault: str = ""
    """What a fault on demand did to it, if one struck."""


@dataclass(frozen=True)
class Note:
    """A warning or an error of the carrier's debugger."""

    at: datetime
    level: str
    code: int
    text: str
    call_sid: str = ""


class Happening(NamedTuple):
    """Something heard, seen or done on one leg; the kinds are those of handset_api.py, and "did"
    for what the person does."""

    at: datetime
    call_sid: str
    kind: str
    details: dict[str, Any]


Entry = Exchange | Note | Happening


@dataclass
class Journal:
    """The last exchanges and notes, and one timeline of these and of what happened on the legs."""

    limit: int
    exchanges: deque[Exchange] = field(init=False)
    notes: deque[Note] = field(init=False)
    timeline: deque[Entry] = field(init=False)
    """In the order in which they came about: times alone do not tell it with a stepped clock."""

    entries: int = 0
    """How many entries the timeline has been given, the forgotten ones too."""

    def __post_init__(self) -> None:
        self.exchanges = deque(maxlen=self.limit)
        self.notes = deque(maxlen=self.limit)
        self.timeline = deque(maxlen=self.limit * HAPPENINGS)

    def record(self, exchange: Exchange) -> None:
        """Remember an exchange."""
        self.exchanges.append(exchange)
        self._add(exchange)
        log.info(
            "%s %s %s -> %s in %.0f ms%s", exchange.purpose, exchange.method, exchange.url,
            exchange.status or "no answer", exchange.milliseconds,
            f" ({exchange.error} {exchange.detail})" if exchange.error else "",
        )  # fmt: skip

    def note(self, note: Note) -> None:
        """Remember a warning or an error."""
        self.notes.append(note)
        self._add(note)
        log.info("%s %s %s", note.level, note.code, note.text)

    def happened(self, at: datetime, call_sid: str, kind: str, details: dict[str, Any]) -> None:
        """Remember what was heard, seen or done on a leg."""
        if kind not in IN_THE_JOURNAL_ALREADY:
            self._add(Happening(at, call_sid, kind, details))

    def requests(self, call_sid: str = "", purpose: str = "") -> list[Exchange]:
        """The exchanges that match, oldest first."""
        return [
            exchange
            for exchange in self.exchanges
            if (not call_sid or exchange.call_sid == call_sid)
            and (not purpose or exchange.purpose == purpose)
        ]

    def codes(self, call_sid: str = "") -> list[int]:
        """The codes of all warnings and errors, oldest first."""
        return [note.code for note in self.notes if not call_sid or note.call_sid == call_sid]

    def _add(self, entry: Entry) -> None:
        self.timeline.append(entry)
        self.entries += 1
