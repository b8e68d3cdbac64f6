"""Deciding a turn that may need the company's own systems before anything can be said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.turn import Turn, go_on, take_turn
from ivr.flow.inputs import Input, LookedUp
from ivr.flow.moves import Request
from ivr.queueing.board import Standing

LookUp = Callable[[Request], LookedUp]
"""Asks the company's own systems; never raises."""

MOST_LOOKUPS = 3
"""How often a company's own systems are asked in one turn: a caller is waiting in silence."""
TOO_MANY = LookedUp("failed", reason=f"more than {MOST_LOOKUPS} in one turn")


def no_lookups(request: Request) -> LookedUp:
    """Where there are no systems to ask."""
    return LookedUp("failed", reason="there is nothing to look up here")


def decide(
    company: Company,
    call: Call,
    heard: Input,
    now: datetime,
    look_up: LookUp,
    standing: Standing | None = None,
) -> Turn:
    """The whole turn that follows when `heard` comes from the caller; it has no request left.

    `standing` is that of a caller who waits in a line. Raises `ivr.flow.flow.UnknownPlace` like
    `take_turn`.
    """
    turn = take_turn(company, call, heard, now, standing)
    asked = 0
    while turn.request is not None:
        # It ends: the engine lets a call come to no place for ever.
        asked += 1
        answer = look_up(turn.request) if asked <= MOST_LOOKUPS else TOO_MANY
        turn = go_on(company, turn, answer, now)
    return turn
