"""Somebody who has a callback rings again: what we know of it, and what can be chosen.

Whoever could not be reached keeps the old place for a while, and need not begin anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ivr.callbacks.hours import DAY
from ivr.callbacks.record import Callback
from ivr.callbacks.states import ENDS, find_move

Choice = Literal["keep", "move", "cancel", "wait_here"]
"""To leave it as it is; another time; no callback at all; or the line now, at the old place."""

COME_BACK_WITHIN = DAY
"""Seconds for which the place of one who was not reached is kept."""


@dataclass(frozen=True, slots=True)
class Returning:
    """`callback` is the one that is spoken of; `rang_at` its place in the line.

    "on_the_way": we are ringing this very person now, so the line they are on is the better one.
    """

    callback: Callback
    status: Literal["open", "on_the_way", "not_reached"]
    choices: tuple[Choice, ...]

    @property
    def rang_at(self) -> float:
        return self.callback.rang_at


def recognise(
    callbacks: Iterable[Callback], now: float, come_back_within: float = COME_BACK_WITHIN
) -> Returning | None:
    """What to say to somebody whose number has these callbacks; None: nothing of them matters now.

    An open one comes before one that ended, and the nearest before a later one.
    """
    known = list(callbacks)
    still_open = [one for one in known if one.state not in ENDS]
    if still_open:
        nearest = min(still_open, key=lambda one: (not one.on_the_way, one.until, one.id))
        if nearest.on_the_way:
            return Returning(nearest, "on_the_way", ("wait_here",))
        return Returning(nearest, "open", _choices(nearest))
    missed = [
        one
        for one in known
        if one.state == "could_not_reach" and now < one.since + come_back_within
    ]
    if not missed:
        return None
    return Returning(max(missed, key=lambda one: one.since), "not_reached", ("wait_here",))


def _choices(callback: Callback) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    if callback.state in ("waiting", "booked", "due", "reserved", "retry"):
        choices.append("keep")
    if _may_person(callback, "moved"):
        choices.append("move")
    if _may_person(callback, "cancelled"):
        choices.append("cancel")
    return (*choices, "wait_here")


def _may_person(callback: Callback, event: Literal["moved", "cancelled"]) -> bool:
    found = find_move(event, callback.state)
    return found is not None and "person" in found.by
