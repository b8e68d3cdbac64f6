"""Whether to offer a callback, and of which kind: the place in the line, or a window.

Keeping the place keeps people from hanging up but takes no work away; a later window does. So the
place comes first only when the line will have emptied soon, and only for a share of the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Literal

from ivr.callbacks.record import Window
from ivr.queueing.overload import Demand, Limits, overloaded, seconds_until_empty

Kind = Literal["place", "window"]
WhyNot = Literal["not_busy", "closed", "share", "closing", "no_room", "not_here"]
"""Why a kind is not offered. "share": enough of the line are callback places. "closing": its turn
may not come before people may not be rung any more. "no_room": no window has. "not_here": the
queue does not offer it."""


@dataclass(frozen=True)
class OfferRules:
    """Times in seconds."""

    busy: Limits = field(default_factory=Limits)
    kinds: frozenset[Kind] = frozenset({"place", "window"})
    share: float = 0.4
    """Of those in the line, so many at most are callback places."""
    place_first_within: float = 1800.0
    """The place comes first when the line will have emptied in that time."""
    before_closing: float = 900.0
    """The latest that a turn is expected to come lies so long before the end of the hours."""
    again_after: float = 240.0
    """Who did not want one is asked again after so long."""
    most_offers: int = 2
    hang_up_keeps_place: bool = True
    hang_up_after: float = 20.0
    """Who waited less than that and hung up did not mean to wait."""


@dataclass(frozen=True)
class Situation:
    """A queue now, for one who joins it or waits in it.

    `busy`: what the last `Offer` of this queue said. `places`: callback places in the line, of
    which `demand.waiting` counts those too. `latest`: seconds until the turn of a place taken now,
    at the latest: infinite when nothing is known of it. `closes_in`: seconds for which people may
    be rung, 0 when they may not. `windows`: with room.
    """

    demand: Demand
    busy: bool
    places: int
    latest: float
    closes_in: float
    windows: Sequence[Window]


@dataclass(frozen=True)
class Offer:
    """`kinds` in the order in which they are offered; none when nothing is. `busy` goes into the
    next situation of the queue."""

    kinds: tuple[Kind, ...]
    busy: bool
    why_not: dict[Kind, WhyNot]


def decide_offer(situation: Situation, rules: OfferRules, *, asked: bool = False) -> Offer:
    """What to offer; `asked`: the caller asked for it himself, or the flow offers it always."""
    is_open = situation.closes_in > 0
    busy = overloaded(situation.demand, rules.busy, situation.busy) if is_open else situation.busy
    why_not: dict[Kind, WhyNot] = {}
    for kind in ("place", "window"):
        reason = _why_not(kind, situation, rules, wanted=busy or asked or not is_open)
        if reason is not None:
            why_not[kind] = reason
    order: tuple[Kind, ...] = ("place", "window")
    if not is_open or seconds_until_empty(situation.demand) > rules.place_first_within:
        order = ("window", "place")
    return Offer(tuple(kind for kind in order if kind not in why_not), busy, why_not)


def is_time_to_offer(
    waited: float, offered: Sequence[float], left: float, rules: OfferRules
) -> bool:
    """Whether one who waits may be made an offer now: on joining, and again when it gets long.

    `offered`: after how many seconds of waiting there was one; `left`: the median of what is left.
    """
    if not offered:
        return True
    pause = waited - offered[-1]
    return (
        len(offered) < rules.most_offers and pause >= rules.again_after and left > rules.busy.wait
    )


def keeps_place(
    waited: float, situation: Situation, rules: OfferRules, *, may_be_rung: bool, said_no: bool
) -> bool:
    """Whether one who hung up after `waited` seconds gets a callback place.

    `may_be_rung`: the number is reachable, within the limits, and has no callback open. `said_no`:
    the person did not want to be called back.
    """
    if not rules.hang_up_keeps_place or waited < rules.hang_up_after or said_no or not may_be_rung:
        return False
    return situation.closes_in > 0 and _in_time(situation, rules)


def kept_place_id(call: str) -> str:
    """The id of the callback of one who hung up: however often that is told, there is one."""
    return f"{call}-kept"


def _why_not(kind: Kind, situation: Situation, rules: OfferRules, *, wanted: bool) -> WhyNot | None:
    if kind not in rules.kinds:
        return "not_here"
    if not wanted:
        return "not_busy"
    if kind == "window":
        return None if situation.windows else "no_room"
    if situation.closes_in <= 0:
        return "closed"
    most = max(1, floor(rules.share * situation.demand.waiting))
    if situation.places >= most:
        return "share"
    return None if _in_time(situation, rules) else "closing"


def _in_time(situation: Situation, rules: OfferRules) -> bool:
    return situation.latest + rules.before_closing <= situation.closes_in
