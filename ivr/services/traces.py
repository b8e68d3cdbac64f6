"""What of a turn may be shown afterwards: what was heard, what came back, and why it went on so.

Everything is made fit to be shown before it is written: numbers masked, what is private left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.turn import Turn
from ivr.flow.actions import Action, Connect, Listen, Play, Say
from ivr.flow.flow import Place, UnknownPlace
from ivr.flow.inputs import (
    Arrived,
    ConnectionEnded,
    Input,
    LeftQueue,
    LookedUp,
    MessageLeft,
    Met,
    Pressed,
    Said,
    Silent,
)
from ivr.flow.moves import TextWanted
from ivr.masking import HIDDEN, mask
from ivr.store.traces import Came, Step

LONGEST_HEARD = 600
"""Characters kept of what was said in one turn: a trace costs memory with every call."""
LONGEST_SAID = 200
"""Characters kept of what a caller said."""

_DIGITS = re.compile(r"\d(?:[\s.\-]?\d){3,}")
_mask = lru_cache(maxsize=4096)(mask)


def step_of(company: Company, before: Call, heard: Input, turn: Turn, now: datetime) -> Step:
    """The step that `turn` leaves in the trace of its call, `before` when `heard` came."""
    call = turn.call
    private = _is_private(company, before)
    came, what = _came(heard)
    if came == "silence" and before.waiting in ("lookup", "line"):
        came = "next"
    return Step(
        at=now.timestamp(),
        events=turn.events,
        turn=call.turn,
        language=call.language,
        caller=mask(call.caller) if call.turn == 1 and call.caller is not None else "",
        came=came,
        what="" if private else what,
        private=private and bool(what),
        chose=call.path[len(before.path) :],
        heard=tuple(_shortened(_spoken(turn.actions))),
        sent=tuple(_mask(text.shown) for text in turn.effects if isinstance(text, TextWanted)),
        waits=call.waiting,
        rings=_rings(company, turn.actions),
    )


def _is_private(company: Company, call: Call) -> bool:
    if call.waiting != "choice":
        return False
    try:
        return company.flows.node(Place(call.flow, call.node)).is_private
    except UnknownPlace:
        return True


def _came(heard: Input) -> tuple[Came, str]:
    match heard:
        case Arrived():
            return "call", ""
        case Pressed(keys):
            return "keys", mask(keys)
        case Said(words):
            # Nobody was asked for a number here, but people say theirs all the same.
            return "words", _DIGITS.sub(HIDDEN * 3, words[:LONGEST_SAID])
        case Silent():
            return "silence", ""
        case ConnectionEnded(outcome):
            return "connection", outcome
        case MessageLeft(_, seconds):
            return "message", str(seconds)
        case LookedUp():
            return "", ""
        case Met() | LeftQueue():
            return "next", ""


def _spoken(actions: Iterable[Action]) -> Iterator[str]:
    for action in actions:
        match action:
            case Say(text, _, _, shown):
                yield _mask(shown or text)
            case Play(url):
                yield f"[{url.rpartition('/')[2]}]"
            case Listen(prompts):
                yield from _spoken(prompts)


def _shortened(texts: Iterable[str]) -> Iterator[str]:
    left = LONGEST_HEARD
    for text in texts:
        if len(text) > left:
            yield text[:left] + "…"
            return
        left -= len(text)
        yield text


def _rings(company: Company, actions: Iterable[Action]) -> str:
    for action in actions:
        if isinstance(action, Connect):
            return _name_of(company, action.number)
    return ""


def _name_of(company: Company, number: str) -> str:
    for name, known in company.numbers.items():
        if known == number:
            return name
    return "the fallback number" if number == company.fallback else mask(number)
