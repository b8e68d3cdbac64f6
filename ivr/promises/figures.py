"""What share of promises was kept, and how fast people were answered.

A promise counts on the local day of its time, which is when it was to be kept. The speed of answer
is counted from the first ring, whether the person held the line or was called back: a callback is
no answer until somebody talks. Who hung up is no part of it, and is listed beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from msgspec import Struct

from ivr.promises.account import Kind, Promise
from ivr.promises.events import Answered, Event, Joined, Left


class Share(Struct, frozen=True):
    """How many promises ended how. What the person took back is neither kept nor broken."""

    kept: int = 0
    broken: int = 0
    withdrawn: int = 0
    open: int = 0

    @property
    def share(self) -> float | None:
        """Of those that were kept or broken; None where there are none."""
        judged = self.kept + self.broken
        return self.kept / judged if judged else None

    def __add__(self, other: Share) -> Share:
        return Share(
            self.kept + other.kept, self.broken + other.broken,
            self.withdrawn + other.withdrawn, self.open + other.open,
        )  # fmt: skip


class Speed(Struct, frozen=True):
    """Waits in seconds, from the first ring: of those who were answered, and of those who hung
    up. `waiting`: neither so far."""

    answered: tuple[float, ...] = ()
    hung_up: tuple[float, ...] = ()
    otherwise: int = 0
    """Left for a message, the menu, or because we sent them away."""
    waiting: int = 0

    @property
    def mean(self) -> float | None:
        return sum(self.answered) / len(self.answered) if self.answered else None

    @property
    def middle(self) -> float | None:
        return median(self.answered) if self.answered else None

    def within(self, seconds: float) -> float | None:
        """The share answered within so many seconds, of all who were answered or hung up."""
        all_of_them = len(self.answered) + len(self.hung_up)
        if not all_of_them:
            return None
        return sum(wait <= seconds for wait in self.answered) / all_of_them


def kept_shares(promises: Iterable[Promise], zone: ZoneInfo) -> dict[tuple[Kind, str, date], Share]:
    """By kind, queue and local day."""
    found: dict[tuple[Kind, str, date], Share] = {}
    for promise in promises:
        day = datetime.fromtimestamp(promise.until, zone).date()
        key = (promise.kind, promise.queue, day)
        found[key] = found.get(key, Share()) + _one(promise)
    return found


def total(shares: Mapping[tuple[Kind, str, date], Share], kind: Kind | None = None) -> Share:
    """All of a kind together, or all."""
    return sum((one for key, one in shares.items() if kind in (None, key[0])), Share())


def speed_of_answer(events: Iterable[Event]) -> dict[str, Speed]:
    """By queue. The events may come in any order and twice."""
    joined: dict[str, Joined] = {}
    answered: dict[str, float] = {}
    left: dict[str, Left] = {}
    for event in events:
        match event:
            case Joined():
                joined[event.subject] = min(
                    joined.get(event.subject, event), event, key=lambda one: (one.at, one.id)
                )
            case Answered():
                answered[event.subject] = min(answered.get(event.subject, event.at), event.at)
            case Left():
                last = left.get(event.subject)
                if last is None or (last.at, last.id) < (event.at, event.id):
                    left[event.subject] = event
    moved_on = {place.instead_of for place in joined.values()}
    found: dict[str, Speed] = {}
    for subject, place in joined.items():
        if subject not in moved_on:
            one = _speed(place, answered.get(subject), left.get(subject))
            found[place.queue] = _together(found.get(place.queue, Speed()), one)
    return found


def _one(promise: Promise) -> Share:
    match promise.outcome:
        case "kept":
            return Share(kept=1)
        case "broken":
            return Share(broken=1)
        case "withdrawn":
            return Share(withdrawn=1)
        case "open":
            return Share(open=1)


def _speed(place: Joined, answered: float | None, left: Left | None) -> Speed:
    if answered is not None:
        return Speed(answered=(answered - place.first_rang,))
    if left is None:
        return Speed(waiting=1)
    return Speed(hung_up=(left.at - place.first_rang,)) if left.hung_up else Speed(otherwise=1)


def _together(one: Speed, other: Speed) -> Speed:
    return Speed(
        tuple(sorted(one.answered + other.answered)), tuple(sorted(one.hung_up + other.hung_up)),
        one.otherwise + other.otherwise, one.waiting + other.waiting,
    )  # fmt: skip
