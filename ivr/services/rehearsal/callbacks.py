"""Callbacks in scripts of calls: what can be offered and promised is the script's, which numbers
are rung and how times are told is the company's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from ivr.callbacks.reachable import Reachable, reachable
from ivr.callbacks.record import Window
from ivr.callbacks.wording import say_window, zone_of
from ivr.config import Config
from ivr.engine.call import Call
from ivr.flow.callback_talk import (
    CallbackAnswer,
    CallbackOffer,
    CallbackRequest,
    CallbackWanted,
    ChangeWanted,
    Kind,
    KnownCallback,
    KnownChoice,
    NumberChecked,
    NumberWanted,
    Promised,
    PromiseWanted,
    SaidWindow,
    Status,
    WhyNotPromised,
)
from ivr.flow.language import load_languages
from ivr.services.callbacks.booking.wanted import not_rung
from ivr.services.callbacks.calling.rules import CallingRules

KNOWN = "known"
"""The id of the callback that the caller has."""
RANG_BEFORE = 3600.0
"""Seconds before this call in which they rang and were promised it."""


_CHOICES: Mapping[Status, tuple[KnownChoice, ...]] = {
    "open": ("keep", "move", "cancel", "wait_here"),
    "handed_over": ("cancel", "wait_here"),
    "cancelled": (),
}


class Callbacks(Struct, frozen=True):
    """What can be offered of a queue. `windows` begin then, by the company's clocks; `turn_in`:
    after so many seconds, at the earliest and at the latest, a place's turn comes. `refuses`: why
    the first promise is not made."""

    offers: tuple[Kind, ...] = ()
    windows: tuple[datetime, ...] = ()
    turn_in: tuple[float, float] | None = None
    texts: Literal["ask", "given", "no"] = "no"
    asks_reason: bool = False
    code: str = ""
    refuses: WhyNotPromised = ""


class Known(Struct, frozen=True):
    """A callback that the caller has been promised; `at`: when, where that is a time."""

    queue: str
    status: Status = "open"
    at: datetime | None = None
    ahead: int | None = None


class Given(Struct, frozen=True):
    """Of callbacks, what a script gives."""

    queues: dict[str, Callbacks] = {}
    known: Known | None = None


class ScriptedDesk:
    """Answers what a call asks as its script says; `given` tells what that is."""

    def __init__(self, config: Config, given: Callable[[], Given]) -> None:
        self._config = config
        self._zone = ZoneInfo(config.time_zone)
        self._numbers = CallingRules(config).numbers
        self._languages = load_languages()
        self._given = given

    def answer(self, request: CallbackRequest, call: Call, now: float) -> CallbackAnswer:
        """What the script lets be offered, promised or changed."""
        match request:
            case CallbackWanted(queue=queue):
                return self._offer(queue, call, now)
            case NumberWanted(keys=keys):
                found = reachable(keys, self._numbers)
                if isinstance(found, Reachable):
                    return NumberChecked(found.number, found.extension)
                return NumberChecked(why=not_rung(found))
            case PromiseWanted():
                return self._promise(request, call, now)
            case ChangeWanted(change="move", window=(begins, ends)):
                said = self._said(Window(begins, ends), call, now)
                return Promised(callback=KNOWN, said=said)
            case _:
                return Promised(callback=KNOWN)

    def _offer(self, queue: str, call: Call, now: float) -> CallbackOffer:
        given = self._given()
        known = given.known if given.known and queue in ("", given.known.queue) else None
        here = given.queues.get(known.queue if known is not None else queue, Callbacks())
        own = reachable(call.caller or "", self._numbers)
        said = ""
        if here.turn_in is not None:
            said = self._said(Window(now + here.turn_in[0], now + here.turn_in[1]), call, now)
        return CallbackOffer(
            kinds=here.offers if queue else (),
            windows=self._windows(known.queue if known is not None else queue, call, now),
            number=own.number if isinstance(own, Reachable) else "",
            said=said,
            texts=here.texts,
            ask_reason=here.asks_reason,
            why_not="" if here.offers else "not_here",
            why_number="" if isinstance(own, Reachable) else not_rung(own),
            known=None if known is None else self._known(known, call, now),
        )

    def _windows(self, queue: str, call: Call, now: float) -> tuple[SaidWindow, ...]:
        found = self._given().queues.get(queue, Callbacks())
        windows = [self._window(queue, begins) for begins in found.windows]
        return tuple(
            SaidWindow(one.begins, one.ends, self._said(one, call, now)) for one in windows
        )

    def _window(self, queue: str, begins: datetime) -> Window:
        lasts = timedelta(seconds=self._config.queues[queue].callbacks.window)
        local = begins.replace(tzinfo=self._zone)
        return Window(local.timestamp(), (local + lasts).timestamp())

    def _known(self, known: Known, call: Call, now: float) -> KnownCallback:
        said = ""
        if known.at is not None:
            said = self._said(self._window(known.queue, known.at), call, now)
        return KnownCallback(
            KNOWN, known.queue, known.status,
            _CHOICES.get(known.status, ("wait_here",)),
            call.started - RANG_BEFORE, 0.0, known.at is not None, said, known.ahead,
        )  # fmt: skip

    def _promise(self, request: PromiseWanted, call: Call, now: float) -> Promised:
        here = self._given().queues.get(request.queue, Callbacks())
        if here.refuses and (call.talk is None or not call.talk.refusals):
            windows = self._windows(request.queue, call, now)
            return Promised(here.refuses, windows=windows[1:])
        said = ""
        if request.window is not None:
            said = self._said(Window(*request.window), call, now)
        elif here.turn_in is not None:
            said = self._said(Window(now + here.turn_in[0], now + here.turn_in[1]), call, now)
        texted = request.texts is True or (request.texts is None and here.texts == "given")
        return Promised("", f"{call.id}-cb{call.turn}", said, here.code, texted)

    def _said(self, window: Window, call: Call, now: float) -> str:
        zone = zone_of(call.caller, window.begins, self._zone) if call.caller else self._zone
        return say_window(window, self._languages[call.language], now, zone)
