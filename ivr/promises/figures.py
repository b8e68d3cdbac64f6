"""What share of promises was kept, and how fast people were answered.

A promise counts on the local day of its time, which is when it was to be kept. The speed of answer
is counted from the first ring, whether the person held the line or was called back: a callback is
no answer until somebody talks. Who hung up is no part of it, and is listed beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from ivr.promises.account import Account, Kind, Promise


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


How = Literal["waiting", "answered", "hung_up", "otherwise"]


class Waited(Struct, frozen=True, array_like=True):
    """What came of a place in the line, and when (seconds since 1970)."""

    queue: str
    first_rang: float
    callback: bool
    how: How
    ended: float = 0.0

    @property
    def seconds(self) -> float:
        """From the first ring."""
        return self.ended - self.first_rang


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


Day = tuple[Kind, str, date]
"""Promises of a kind, in a queue, whose time was on a local day."""


def kept_shares(promises: Iterable[Promise], zone: ZoneInfo) -> dict[Day, Share]:
    """By kind, queue and local day."""
    found: dict[Day, Share] = {}
    for promise in promises:
        day = datetime.fromtimestamp(promise.until, zone).date()
        key = (promise.kind, promise.queue, day)
        found[key] = found.get(key, Share()) + _one(promise)
    return found


def waited(account: Account) -> Waited | None:
    """What came of a place in the line so far; None where another account tells that, or there has
    been no place."""
    place = account.standing
    if place is None or (account.moved_on is not None and account.moved_on >= place.again):
        return None
    answered = min((one.at for one in account.facts if one.kind == "answered"), default=None)
    if answered is not None:
        return Waited(place.queue, place.first_rang, place.callback, "answered", answered)
    left = max((one for one in account.facts if one.kind == "left"), default=None)
    if left is None or left.at < place.again:
        return Waited(place.queue, place.first_rang, place.callback, "waiting")
    how: How = "hung_up" if left.hung_up else "otherwise"
    return Waited(place.queue, place.first_rang, place.callback, how, left.at)


def speed_of_answer(waits: Iterable[Waited]) -> dict[str, Speed]:
    """By queue."""
    found: dict[str, list[Waited]] = {}
    for wait in waits:
        found.setdefault(wait.queue, []).append(wait)
    return {queue: _speed(all_of_it) for queue, all_of_it in found.items()}


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


def _speed(waits: list[Waited]) -> Speed:
    def those(how: How) -> tuple[float, ...]:
        return tuple(sorted(one.seconds for one in waits if one.how == how))

    return Speed(those("answered"), those("hung_up"), len(those("otherwise")),
                 len(those("waiting")))  # fmt: skip
