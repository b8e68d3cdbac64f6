"""Calling somebody now, before their time: whether that may be, and before whom they stand."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from ivr.callbacks.hours import DAY, closes_in, next_open
from ivr.callbacks.moves import Details
from ivr.callbacks.record import Callback
from ivr.flow.schedule import Schedule

RINGING = 60.0
"""Seconds that must be left of the hours: it must ring, and be answered."""
FAR_AHEAD = 14 * DAY


class NotNow(Struct, frozen=True):
    """Nobody may be rung; `opens`: when it can be again, None if not for two weeks."""

    opens: float | None


def bring_forward(
    callback: Callback,
    boost: float,
    line: Sequence[float],
    hours: Sequence[Schedule],
    now: float,
    reason: str,
) -> Details | NotNow:
    """What the move "brought_forward" needs for the next agent to be theirs.

    `boost`: the seconds by which they stand ahead already. `line`: the orders of all who wait.
    """
    if closes_in(hours, now, 2 * RINGING) < RINGING:
        return NotNow(next_open(hours, now, RINGING, FAR_AHEAD))
    order = callback.rang_at - boost
    first = min(line, default=order)
    return Details(reason=reason, forward=max(0.0, order - first + 1.0))
