"""Somebody who has a callback rings again: what we know of it, and what can be chosen.

Whoever could not be reached keeps the old place for a while, and need not begin anew.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ivr.callbacks.hours import DAY
from ivr.callbacks.record import Attempt, Callback, State
from ivr.callbacks.states import ENDS, find_move

Choice = Literal["keep", "move", "cancel", "wait_here"]
"""To leave it as it is; another time; no callback at all; or the line now, at the old place."""

Status = Literal["open", "on_the_way", "not_reached", "not_called", "cancelled"]
"""Of "on_the_way" we are ringing this very person now, so the line they are on is the better one.
"not_reached": we rang in vain. "not_called": we could not call as agreed, or will not. "cancelled":
as they wanted it, which they have not been told so far."""

COME_BACK_WITHIN = DAY
"""Seconds for which the place of one who was not reached is kept."""


@dataclass(frozen=True, slots=True)
class Returning:
    """`callback` is the one that is spoken of; `rang_at` its place in the line."""

    callback: Callback
    status: Status
    choices: tuple[Choice, ...]

    @property
    def rang_at(self) -> float:
        return self.callback.rang_at


def recognise(
    callbacks: Iterable[Callback],
    now: float,
    come_back_within: float = COME_BACK_WITHIN,
    untold: Container[str] = (),
) -> Returning | None:
    """What to say to somebody whose number has these callbacks; None: nothing of them matters now.

    An open one comes before one that ended, and the nearest before a later one. `untold`: the ids
    of those of which the person has not been told what we sent them; they are told how it ended,
    and keep the place until they are.
    """
    known = list(callbacks)
    still_open = [one for one in known if one.state not in ENDS]
    if still_open:
        nearest = min(still_open, key=lambda one: (not one.on_the_way, one.until, one.id))
        if nearest.on_the_way:
            return Returning(nearest, "on_the_way", ("wait_here",))
        return Returning(nearest, _status(nearest), _choices(nearest))
    missed = [
        one
        for one in known
        if (one.state == "could_not_reach" and now < one.since + come_back_within)
        or (one.state in _ENDED and one.id in untold)
    ]
    if not missed:
        return None
    last = max(missed, key=lambda one: (one.state != "cancelled", one.since))
    place: tuple[Choice, ...] = () if last.state == "cancelled" else ("wait_here",)
    return Returning(last, _ENDED[last.state], place)


_ENDED: Mapping[State, Status] = {
    "could_not_reach": "not_reached", "withdrawn": "not_called", "cancelled": "cancelled",
}  # fmt: skip
"""Who was served, or waited on the line instead, knows how it ended."""


def _status(callback: Callback) -> Status:
    """Of an open one for which we are not ringing: no call is promised that will not be made."""
    match callback.state:
        case "unreached":
            return "not_reached"
        case "called_off":
            return "not_called"
        case "flagged":
            return "not_reached" if any(map(_rang_in_vain, callback.attempts)) else "not_called"
    return "open"


def _rang_in_vain(attempt: Attempt) -> bool:
    rang = attempt.call and not attempt.telling
    return bool(rang) and attempt.outcome not in ("not_dialled", "failed", "person")


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
