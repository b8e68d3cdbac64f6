"""One text message: what it says, how it stands, and who is told."""

from dataclasses import dataclass, field
from datetime import datetime

RANK = {
    "accepted": 0, "scheduled": 0, "receiving": 0, "queued": 1, "sending": 2, "sent": 3,
    "delivered": 4, "undelivered": 4, "failed": 4, "canceled": 4, "received": 4,
}  # fmt: skip
"""How far along a message is; it never goes back, and nothing follows the last rank."""
FINAL = 4
IN_PROGRESS = frozenset({"accepted", "queued", "sending", "receiving"})
"""States in which Twilio neither deletes nor redacts a message."""


@dataclass(eq=False)
class Message:
    """A message either way. `sender` is empty until a Messaging Service has chosen one."""

    sid: str
    direction: str
    sender: str
    to: str
    body: str
    status: str
    created_at: datetime
    updated_at: datetime
    media: tuple[str, ...] = ()
    service_sid: str = ""
    segments: int = 0
    status_callback: str = ""
    validity: float = 36_000.0
    smart: bool = False
    send_at: datetime | None = None
    sent_at: datetime | None = None
    done_at: datetime | None = None
    error: int | None = None
    history: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.history.append((self.created_at, self.status))

    @property
    def is_over(self) -> bool:
        """Whether nothing more will become of it."""
        return RANK[self.status] == FINAL

    def move(self, status: str, at: datetime, error: int | None = None) -> bool:
        """Go on to a later status; false, and nothing happens, when that would be a step back."""
        if RANK[status] <= RANK[self.status]:
            return False
        self.status, self.updated_at, self.error = status, at, error
        if status == "sent":
            self.sent_at = at
        if RANK[status] == FINAL:
            self.done_at = at
        self.history.append((at, status))
        return True
