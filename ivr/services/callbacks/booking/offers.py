"""What can be offered in a queue as it stands: its demand, its windows, and which kinds.

Whether the queue is overloaded is decided with a memory (`Board.overloaded`), which whoever works
the boards out keeps in the store.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from ivr.callbacks.hours import DAY
from ivr.callbacks.offering import Offer, OfferRules, Situation, decide_offer, is_time_to_offer
from ivr.callbacks.record import Window
from ivr.callbacks.windows import WindowRules, free_windows
from ivr.flow.callback_talk import CallbackWanted, Kind, WhyNoOffer
from ivr.promises.updates import Words, in_words
from ivr.queueing.board import Board
from ivr.queueing.overload import Demand, Limits
from ivr.queueing.protocol import Estimate
from ivr.staff import QueueSettings
from ivr.store.booking import Look
from ivr.store.estimates import FRESH

BEYOND = 2.0
"""Where nobody has worked out how long a wait can be, it is so many times the usual one."""

NOT_SHORT = 0.5
"""Of the wait from which on a queue is busy, so much is not short any more."""


def offer_rules(settings: QueueSettings) -> OfferRules:
    """By which rules a queue offers callbacks."""
    told = settings.callbacks
    return OfferRules(
        busy=Limits(settings.overload.wait, settings.overload.empties_within),
        kinds=frozenset(told.kinds if told.offer else ()),
        share=told.share / 100,
        before_closing=told.before_closing,
        again_after=told.again_after,
        most_offers=told.most_offers,
        hang_up_keeps_place=told.hang_up_keeps_place,
        hang_up_after=told.hang_up_keeps_place_after,
    )


def window_rules(settings: QueueSettings) -> WindowRules:
    """Which windows of a queue may be promised."""
    told = settings.callbacks
    return WindowRules(told.window, told.ahead, told.furthest * DAY, told.windows)


def situation(look: Look, settings: QueueSettings, closes_in: float, now: float) -> Situation:
    """A queue for one who joins it; `closes_in`: seconds for which people may be rung."""
    wait = joining(look.board, settings, now)
    return Situation(
        demand=demand(look.board, settings, now),
        busy=look.board.overloaded,
        places=look.places,
        latest=wait.high,
        closes_in=closes_in,
        windows=windows_of(look, settings, now),
    )


def windows_of(look: Look, settings: QueueSettings, now: float) -> tuple[Window, ...]:
    """The first windows with room."""
    if look.capacity is None:
        return ()
    return free_windows(look.capacity, look.booked, now, window_rules(settings))


def joining(board: Board, settings: QueueSettings, now: float) -> Estimate:
    """The wait of whoever joins now; where it is not known, roughly. Infinite where nobody
    works."""
    if _worked_out(board, now):
        return board.joining or Estimate(inf, inf, inf, inf)
    if not board.agents:
        return Estimate(inf, inf, inf, inf)
    usual = board.waiting * settings.handling / board.agents
    return Estimate(0.0, usual, BEYOND * usual, usual)


def demand(board: Board, settings: QueueSettings, now: float) -> Demand:
    """What is known of a queue now."""
    known = _worked_out(board, now)
    return Demand(
        waiting=board.waiting,
        median_wait=joining(board, settings, now).median,
        rate=board.rate if known else 0.0,
        rate_variation=board.rate_variation,
        handling=board.handling if known else settings.handling,
        hang_ups=board.hang_ups,
        agents=board.staff if known else ((0.0, float(board.agents)),),
    )


def decide(
    look: Look, settings: QueueSettings, closes_in: float, now: float, *, asked: bool = False
) -> Offer:
    """Which kinds can be offered to somebody who joins or waits."""
    return decide_offer(
        situation(look, settings, closes_in, now), offer_rules(settings), asked=asked
    )


def on_request(
    look: Look, settings: QueueSettings, closes_in: float, now: float
) -> tuple[Kind, ...]:
    """The kinds that somebody who waits may ask for: where the wait is not short, of which nobody
    would be told otherwise."""
    short = joining(look.board, settings, now).median < NOT_SHORT * settings.overload.wait
    if short and not look.board.overloaded:
        return ()
    return decide(look, settings, closes_in, now, asked=True).kinds


class Offered(NamedTuple):
    """What is offered, with the `windows` that have room; or why nothing is."""

    kinds: tuple[Kind, ...]
    windows: tuple[Window, ...] = ()
    why_not: WhyNoOffer = ""


def offered(
    wanted: CallbackWanted, look: Look, settings: QueueSettings, closes_in: float, now: float,
    everybody_an_hour: int,
) -> Offered:  # fmt: skip
    """What to offer now."""
    rules = offer_rules(settings)
    left = wanted.left or 0.0
    if not wanted.asked and not is_time_to_offer(wanted.waited, wanted.offered, left, rules):
        return Offered((), (), "not_busy")
    here = situation(look, settings, closes_in, now)
    found = decide_offer(here, rules, asked=wanted.asked)
    if found.kinds and look.asked >= everybody_an_hour:
        return Offered((), (), "no_room")
    if found.kinds:
        return Offered(found.kinds, tuple(here.windows) if "window" in found.kinds else ())
    reasons = [found.why_not[kind] for kind in ("place", "window") if kind in found.why_not]
    # Of two reasons the one that says something of now, not of how the queue is set up.
    return Offered((), (), next((one for one in reasons if one != "not_here"), "not_here"))


def told_words(board: Board, now: float) -> Words | None:
    """When the turn of a place taken now comes, as it may be told; None where it may not."""
    if not board.sound or board.joining is None or not _worked_out(board, now):
        return None
    return words_of(board.joining, now)


def words_of(wait: Estimate, now: float) -> Words | None:
    """A wait as a time between whole steps; None for one without an end."""
    return None if wait.high == inf else in_words(now, now + wait.low, now + wait.high)


def _worked_out(board: Board, now: float) -> bool:
    return bool(board.staff) and now - board.at < FRESH
