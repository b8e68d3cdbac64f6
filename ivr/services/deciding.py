"""Deciding a turn that may need others before anything can be said: the company's own systems, and
whoever keeps callbacks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.turn import Turn, go_on, take_turn
from ivr.flow.callback_talk import (
    CallbackAnswer,
    CallbackOffer,
    CallbackRequest,
    CallbackWanted,
    NumberChecked,
    NumberWanted,
    Promised,
)
from ivr.flow.inputs import Input, LookedUp
from ivr.flow.moves import Request
from ivr.queueing.board import Standing

LookUp = Callable[[Request], LookedUp]
"""Asks the company's own systems; never raises."""

MOST_LOOKUPS = 3
"""How often a company's own systems are asked in one turn: a caller is waiting in silence."""
TOO_MANY = LookedUp("failed", reason=f"more than {MOST_LOOKUPS} in one turn")
MOST_CALLBACK_REQUESTS = 6
"""How often whoever keeps callbacks is."""


class CallbackAnswers(Protocol):
    """Whoever keeps callbacks."""

    def answer(self, request: CallbackRequest, call: Call, now: float) -> CallbackAnswer:
        """What can be offered, rung, promised or changed for the caller of `call`, whose turn is
        being decided; `now` in seconds since 1970. A turn that is decided again is answered with
        what was promised the first time. May raise StoreDown."""


class NoCallbacks:
    """Nobody keeps callbacks: none are offered."""

    def answer(self, request: CallbackRequest, call: Call, now: float) -> CallbackAnswer:
        return nothing_for(request)


no_callbacks = NoCallbacks()


def nothing_for(request: CallbackRequest) -> CallbackAnswer:
    """The answer after which the caller goes on without a callback."""
    match request:
        case CallbackWanted():
            return CallbackOffer()
        case NumberWanted():
            return NumberChecked(why="not_possible")
        case _:
            return Promised(why="not_now")


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
    desk: CallbackAnswers = no_callbacks,
) -> Turn:
    """The whole turn that follows when `heard` comes from the caller; it has no request left.

    `standing` is that of a caller who waits in a line. Raises `ivr.flow.flow.UnknownPlace` like
    `take_turn`, and what the `desk` raises.
    """
    turn = take_turn(company, call, heard, now, standing)
    looked_up = asked = 0
    while turn.request is not None:
        # It ends: the engine lets a call come to no place for ever.
        answer: LookedUp | CallbackAnswer
        if isinstance(turn.request, Request):
            looked_up += 1
            answer = look_up(turn.request) if looked_up <= MOST_LOOKUPS else TOO_MANY
        elif asked < MOST_CALLBACK_REQUESTS:
            asked += 1
            answer = desk.answer(turn.request, turn.call, now.timestamp())
        else:
            answer = nothing_for(turn.request)
        turn = go_on(company, turn, answer, now)
    return turn
