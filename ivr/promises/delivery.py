"""How far a text has come, by what the carrier tells of it in any order.

Twilio's callbacks of texts bear no number, and overtake each other. So states are ranked, and the
highest that was heard of counts: whatever comes late, twice or out of order changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

from ivr.promises.events import TextState

DeliveryState = Literal[
    "wanted", "accepted", "scheduled", "queued", "sending", "sent", "canceled", "failed",
    "undelivered", "delivered", "read",
]  # fmt: skip
RANKS: Mapping[str, int] = {state: rank for rank, state in enumerate(get_args(DeliveryState))}
"""Of two ends the happier one counts: that a text arrived is known from the telephone itself."""
FIRST_END = RANKS["canceled"]

_TOLD: Mapping[str, TextState] = {
    "sent": "sent", "delivered": "delivered", "read": "delivered", "canceled": "dropped",
    "failed": "failed", "undelivered": "failed",
}  # fmt: skip


class Delivery(Struct, frozen=True, omit_defaults=True):
    """The state of a text, when that was first heard, and the error that it bears."""

    state: DeliveryState = "wanted"
    at: float = 0.0
    code: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether the carrier does nothing more about it."""
        return RANKS[self.state] >= FIRST_END

    @property
    def told(self) -> TextState | None:
        """What it is to the ledger; None where that says nothing."""
        return _TOLD.get(self.state)


def advance(delivery: Delivery, state: str, at: float, code: int | None = None) -> Delivery:
    """The delivery after one more piece of news; words that nobody knows change nothing."""
    if state not in RANKS:
        return delivery
    heard = Delivery(state, at, code)  # type: ignore[arg-type]  # it is one of RANKS
    return max(delivery, heard, key=_order)


def _order(delivery: Delivery) -> tuple[int, float, int]:
    """By rank; of the same news twice, the first, and the one that gives a reason."""
    return RANKS[delivery.state], -delivery.at, delivery.code or 0
