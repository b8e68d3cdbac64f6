"""What went over the wire and what the carrier's debugger would show; bounded, in memory."""

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

log = logging.getLogger(__name__)

BODY_KEPT = 4_000
"""Characters of an answer that are remembered."""


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


@dataclass(frozen=True)
class Note:
    """A warning or an error of the carrier's debugger."""

    at: datetime
    level: str
    code: int
    text: str
    call_sid: str = ""


@dataclass
class Journal:
    """The last exchanges and notes."""

    limit: int
    exchanges: deque[Exchange] = field(init=False)
    notes: deque[Note] = field(init=False)

    def __post_init__(self) -> None:
        self.exchanges = deque(maxlen=self.limit)
        self.notes = deque(maxlen=self.limit)

    def record(self, exchange: Exchange) -> None:
        """Remember an exchange."""
        self.exchanges.append(exchange)
        log.info(
            "%s %s %s -> %s in %.0f ms%s", exchange.purpose, exchange.method, exchange.url,
            exchange.status or "no answer", exchange.milliseconds,
            f" ({exchange.error} {exchange.detail})" if exchange.error else "",
        )  # fmt: skip

    def note(self, note: Note) -> None:
        """Remember a warning or an error."""
        self.notes.append(note)
        log.info("%s %s %s", note.level, note.code, note.text)

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


def as_json(items: Iterable[Exchange | Note]) -> list[dict[str, Any]]:
    """Plain objects; times as ISO 8601."""
    return [asdict(item) | {"at": item.at.isoformat()} for item in items]
