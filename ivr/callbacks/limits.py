"""How many callbacks may be asked for, and how many calls made: decided from counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TooMany = Literal["open_already", "number_today", "calls_today", "others_today", "everybody_now"]
"""The limit that is reached: there is an open callback for this number and matter; the number has
had enough callbacks, or calls of ours, today; this caller has given enough other numbers today;
all have asked for enough this hour."""


@dataclass(frozen=True)
class Limits:
    number_a_day: int = 4
    """Callbacks that one number is promised."""
    calls_a_day: int = 8
    """Attempts at one number, of all its callbacks."""
    others_a_day: int = 2
    """Numbers other than his own that one caller can have rung."""
    everybody_an_hour: int = 300
    """Callbacks promised in all; about twice a busy hour's is a good choice."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the last 24 hours, except `everybody_now`, of the last hour; without the one asked for."""

    number_today: int = 0
    calls_today: int = 0
    others_today: int = 0
    everybody_now: int = 0
    open_already: bool = False


def too_many(counts: Counts, limits: Limits, *, other_number: bool = False) -> TooMany | None:
    """The limit that stands against one more callback; None if there is none.

    `other_number`: it is for another number than the one that the caller rings from, or the request
    comes from a web page, where nobody has proved to have the number.
    """
    if counts.open_already:
        return "open_already"
    if counts.number_today >= limits.number_a_day:
        return "number_today"
    if counts.calls_today >= limits.calls_a_day:
        return "calls_today"
    if other_number and counts.others_today >= limits.others_a_day:
        return "others_today"
    if counts.everybody_now >= limits.everybody_an_hour:
        return "everybody_now"
    return None


def may_ring(calls_today: int, limits: Limits) -> bool:
    """Whether one more attempt at a number may be made today, whatever was promised."""
    return calls_today < limits.calls_a_day
