"""Whoever keeps callbacks, as tests need them: one that answers what it is told to, and one that
answers anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal, TypeVar, get_args

from ivr.engine.call import Call
from ivr.flow.callback_talk import (
    CallbackAnswer,
    CallbackOffer,
    CallbackRequest,
    CallbackWanted,
    ChangeWanted,
    Kind,
    KnownCallback,
    NumberChecked,
    NumberWanted,
    Promised,
    PromiseWanted,
    SaidWindow,
    Status,
    UntoldText,
    WhyNotPromised,
    WhyNotRung,
)
from tests.support import MOBILE

T = TypeVar("T")
TODAY = (
    SaidWindow(1_000.0, 2_800.0, "today between 14:00 and 14:30"),
    SaidWindow(4_600.0, 6_400.0, "today between 15:00 and 15:30"),
)
BOTH = CallbackOffer(("place", "window"), TODAY, MOBILE, "in about twenty minutes")


@dataclass
class Desk:
    """Answers each request with what `says` it, and remembers what it was asked."""

    says: Callable[[CallbackRequest], CallbackAnswer | None] = lambda _: None
    offer: CallbackOffer = BOTH
    asked: list[CallbackRequest] = field(default_factory=list)

    def answer(self, request: CallbackRequest, call: Call, now: float) -> CallbackAnswer:
        self.asked.append(request)
        said = self.says(request)
        if said is not None:
            return said
        match request:
            case CallbackWanted():
                return self.offer
            case NumberWanted(keys=keys):
                number, _, extension = keys.partition("*")
                return NumberChecked("+46" + number.removeprefix("0"), extension)
            case PromiseWanted(kind=kind, window=window):
                told = next((one.said for one in TODAY if (one.begins, one.ends) == window), "")
                said_when = told if kind == "window" else self.offer.said
                return Promised(callback=f"{call.id}-cb{call.turn}", said=said_when)
            case ChangeWanted(callback=callback, window=window):
                told = next((one.said for one in TODAY if (one.begins, one.ends) == window), "")
                return Promised(callback=callback, said=told)
            case _:
                return Promised(callback="any")

    def asked_for(self, kind: type[T]) -> list[T]:
        return [request for request in self.asked if isinstance(request, kind)]


@dataclass
class RandomDesk:
    """Answers anything that can be answered. `made`: what was promised, and how it was told."""

    chance: Random
    made: dict[str, str] = field(default_factory=dict)

    def answer(self, request: CallbackRequest, call: Call, now: float) -> CallbackAnswer:
        chance = self.chance
        match request:
            case CallbackWanted(queue=queue):
                return self._offer(queue)
            case NumberWanted():
                return chance.choice(
                    [
                        NumberChecked(MOBILE),
                        NumberChecked("+442079460123", "12"),
                        NumberChecked(why=chance.choice(_WHYS_NOT_RUNG)),
                    ]
                )
            case PromiseWanted():
                if chance.random() < 0.4:
                    return Promised(chance.choice(_WHYS), windows=self._windows())
                callback = f"{call.id}-cb{call.turn}"
                self.made[callback] = f"at the time numbered {len(self.made) + 1}"
                code = chance.choice(["", "471"])
                return Promised("", callback, self.made[callback], code, chance.random() < 0.5)
            case _:
                why = chance.choice(["", "", "", *_WHYS])
                return Promised(why, "C1", "some day", windows=self._windows() if why else ())

    def _offer(self, queue: str) -> CallbackOffer:
        chance = self.chance
        kinds = chance.choice(_KINDS)
        known = None
        if chance.random() < 0.3:
            known = KnownCallback(
                "C1", queue or "support", chance.choice(_STATES), chance.choice(_CHOICES),
                chance.choice([0.0, 5e8]), 60.0,
                window=chance.random() < 0.5, said=chance.choice(["", "soon"]),
                ahead=chance.choice([None, 0, 3]),
            )  # fmt: skip
        windows = self._windows() if "window" in kinds or known is not None else ()
        number = chance.choice(["", MOBILE])
        return CallbackOffer(
            kinds, windows, number, chance.choice(["", "in about an hour"]),
            chance.choice(["ask", "given", "no"]), ask_reason=chance.random() < 0.5, known=known,
            why_number="" if number else chance.choice(_WHYS_NOT_RUNG),
            untold=chance.choice([(), _UNTOLD]),
            notices=chance.choice([(), ("T3",)]),
        )  # fmt: skip

    def _windows(self) -> tuple[SaidWindow, ...]:
        number = self.chance.choice([0, 1, 2, 3, 5])
        return tuple(SaidWindow(i * 1e3, i * 1e3 + 900, f"window {i}") for i in range(number))


_KINDS: list[tuple[Kind, ...]] = [
    (), ("place",), ("window",), ("place", "window"), ("window", "place"),
]  # fmt: skip
_UNTOLD = (UntoldText("T1", "sv", "Hej."), UntoldText("T2", "en"))
_STATES: list[Status] = list(get_args(Status))
_CHOICES: list[tuple[Literal["keep", "move", "cancel", "wait_here"], ...]] = [
    ("keep", "move", "cancel", "wait_here"), ("wait_here",), (),
]  # fmt: skip
_WHYS: list[WhyNotPromised] = [why for why in get_args(WhyNotPromised) if why]
_WHYS_NOT_RUNG: list[WhyNotRung] = [why for why in get_args(WhyNotRung) if why]
