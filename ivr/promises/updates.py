"""When somebody who waits elsewhere is told that the wait has changed.

What was told is kept as it was said: as times of day in whole steps. A text lies unread for a
while, so `five minutes left` is wrong when it is read, and `by 14.20` is not. What counts is how
far the words have moved, not the seconds behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time
from math import isfinite
from typing import Literal

from msgspec import Struct

from ivr.queueing.board import Standing

FINE, COARSE = 300, 900
"""Seconds between the times that are told: of a wait that ends within `FAR`, and of others. Every
time zone is whole steps away from every other, so they are round on every clock."""
FAR = 3600.0

Kind = Literal["first", "worse", "better", "soon"]
"""`first`: there was no time before. `soon`: the call comes within minutes."""


class Words(Struct, frozen=True):
    """A time as it was told, from `begins` to `ends` in seconds since 1970; `soon` where it was
    told as `within minutes`."""

    begins: int
    ends: int
    soon: bool = False


class Heard(Struct, frozen=True):
    """What somebody was told last, and when; `updates` counts those that were sent."""

    place: str
    words: Words | None = None
    at: float = 0.0
    updates: int = 0


class Rules(Struct, frozen=True):
    """All in seconds, except the most updates and the share."""

    worse_by: float = 300.0
    """Later by so much is told."""
    better_by: float = 600.0
    share: float = 0.25
    """But a change is none that is smaller than this share of what is left."""
    worse_after: float = 180.0
    """The shortest time from anything that was told to bad news."""
    better_after: float = 600.0
    most: int = 4
    """Updates to one person; the last is kept for bad news. The one before the call is extra."""
    soon: float = 300.0
    """When the call comes within this time, that is told."""
    fresh: float = 60.0
    """How old an estimate may be."""
    useful: float = 600.0
    """How long an update may be on its way."""


class Update(Struct, frozen=True):
    """Tell `words`; after `useful_until` it is better not said at all."""

    place: str
    kind: Kind
    words: Words
    useful_until: float


USUAL = Rules()


def in_words(now: float, begins: float, ends: float) -> Words:
    """A time from now as it is told: in whole steps, rounded outward, and never a moment.

    It begins no earlier than the next five minutes: at 14:03 nobody is told `from 14:00 on`.
    """
    step = FINE if ends - now <= FAR else COARSE
    first, last = int(begins // step) * step, int(-(-ends // step)) * step
    last = max(last, first + step)
    soonest = int(-(-now // FINE)) * FINE
    return Words(max(first, min(soonest, last - FINE)), last)


def find_update(
    now: float, standing: Standing, heard: Heard, rules: Rules = USUAL, *, quiet: bool = False
) -> Update | None:
    """What to tell one person now, or None. `quiet`: nobody is disturbed at this hour."""
    estimate = standing.estimate
    if quiet or estimate is None or not standing.sound or standing.ahead is None:
        return None
    if standing.reserved or now - standing.at > rules.fresh or not isfinite(estimate.high):
        return None
    told = heard.words
    if told is not None and now > told.ends:
        return None  # The promise is broken: an apology tells the new time.
    begins, ends = standing.at + estimate.low, standing.at + estimate.high
    if ends - now <= rules.soon:
        return None if told is not None and told.soon else _soon(now, heard, rules)
    words = in_words(now, begins, ends)
    kind = _change(now, words, heard, rules)
    if kind is None:
        return None
    return Update(heard.place, kind, words, min(now + rules.useful, words.ends))


def find_updates(
    now: float,
    people: Iterable[tuple[Standing, Heard]],
    rules: Rules = USUAL,
    *,
    quiet: bool = False,
) -> Iterator[Update]:
    """What to tell all those who wait and agreed to be told."""
    if quiet:
        return
    for standing, heard in people:
        update = find_update(now, standing, heard, rules)
        if update is not None:
            yield update


def heard_after(update: Update, heard: Heard, now: float) -> Heard:
    """What the person knows once the update was sent."""
    counted = heard.updates + (update.kind != "soon")
    return Heard(heard.place, update.words, now, counted)


def is_quiet(moment: time, begins: time, ends: time) -> bool:
    """Whether a local time of day lies in the quiet hours, which may pass midnight. Equal ends: no
    hour is quiet."""
    if begins <= ends:
        return begins <= moment < ends
    return moment >= begins or moment < ends


def _soon(now: float, heard: Heard, rules: Rules) -> Update:
    words = Words(int(now), int(now + rules.soon), soon=True)
    return Update(heard.place, "soon", words, now + rules.soon / 2)


def _change(now: float, words: Words, heard: Heard, rules: Rules) -> Kind | None:
    told = heard.words
    since = now - heard.at
    if heard.updates >= rules.most:
        return None
    if told is None:
        return "first" if since >= rules.worse_after else None
    least = rules.share * (words.ends - now)
    later = words.ends - told.ends
    if later > 0:
        due = later >= max(rules.worse_by, least) and since >= rules.worse_after
        return "worse" if due else None
    if told.soon or heard.updates >= rules.most - 1 or since < rules.better_after:
        return None
    earlier = max(-later, told.begins - words.begins)
    return "better" if earlier >= max(rules.better_by, least) else None
