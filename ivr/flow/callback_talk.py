"""What a call asks of whoever keeps callbacks, and what they answer.

Nodes and the engine know no windows, limits or numbering plans: they ask, and say what comes back.
Times are seconds since 1970. What is `said` is in the caller's language and follows `we call you`:
`today between 14:00 and 14:30`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal["place", "window"]
"""To be called when the turn comes, or at a time that suits."""
Change = Literal["move", "cancel", "wait_here"]
"""Another time; no callback at all; or the line now, at the old place."""
WhyNoOffer = Literal["", "not_busy", "closed", "share", "closing", "no_room", "not_here"]
WhyNotRung = Literal["", "withheld", "not_possible", "not_allowed", "stopped"]
"""Why a number is not rung. "not_possible": it is no ordinary telephone number. "not_allowed": we
ring none of its kind (dear, abroad, our own). "stopped": its owner asked not to be called."""
WhyNotPromised = Literal[
    "", "open_already", "no_room", "too_many", "number", "turn_came", "not_now"
]  # fmt: skip
"""Why nothing was promised; empty when it was. "too_many": the limits of the number, or of all.
"turn_came": an agent is on the way to the caller. "not_now": whatever else, it may be tried
again."""


Status = Literal["open", "on_the_way", "not_reached", "not_called", "handed_over", "cancelled"]
"""As `ivr.callbacks.returning.Status`; "handed_over": somebody of ours takes care of it instead."""


KnownChoice = Literal["keep", "move", "cancel", "wait_here"]


class UntoldText(Struct, frozen=True):
    """A text that the caller asked for in a call and that has not arrived. `said` is empty where it
    cannot be read out."""

    id: str
    language: str
    said: str = ""


class SaidWindow(Struct, frozen=True):
    """A window with room."""

    begins: float
    ends: float
    said: str


class KnownCallback(Struct, frozen=True):
    """A callback that the caller has been promised. `status` and `choices` as
    `ivr.callbacks.returning.Returning` has them; `window` where a time was promised."""

    id: str
    queue: str
    status: Status
    choices: tuple[KnownChoice, ...]
    first: float
    """When they first rang: their place in the line."""
    boost: float
    window: bool
    said: str
    """When we call; empty where no time can be told."""
    ahead: int | None = None
    """Of a place in the line: how many are served before."""


class CallbackWanted(Struct, frozen=True, tag=True):
    """What can be done for the caller in `queue`. `asked`: they, or the flow, asked for it.
    `waited`: seconds in the line so far, and `offered` after how many of them there was an offer;
    `left`: the median of what is left, where it is known. An empty queue: only what is known of the
    caller's callbacks, whatever their queue."""

    queue: str
    asked: bool = False
    waited: float = 0.0
    offered: tuple[float, ...] = ()
    left: float | None = None


class NumberWanted(Struct, frozen=True, tag=True):
    """May this number, as it was keyed in, be rung for `queue`?"""

    queue: str
    keys: str


class PromiseWanted(Struct, frozen=True, tag=True):
    """Promise it. `number` (E.164) with an `extension`; `own` when it is the one they ring from.

    `first` and `boost` are those of their place in the line. `texts`: they want texts about it;
    None where they were not asked.
    """

    queue: str
    kind: Kind
    number: str
    first: float
    boost: float = 0.0
    window: tuple[float, float] | None = None
    extension: str = ""
    own: bool = True
    texts: bool | None = None


class ChangeWanted(Struct, frozen=True, tag=True):
    """Change a callback that they have; `window` where it moves to one, None to keep the place."""

    callback: str
    change: Change
    window: tuple[float, float] | None = None


class ReasonTold(Struct, frozen=True, tag=True):
    """What it is about, told after the promise: the carrier's address of what was recorded."""

    callback: str
    recording: str
    seconds: int


class CallbackOffer(Struct, frozen=True, tag=True):
    """What can be offered. `kinds` in the order in which they are offered; none where nothing is,
    and `why_not` tells why. `number`: the caller's own (E.164) where it may be rung, empty where
    `why_number` tells why not. `said`: when the place's turn comes, where that may be told.
    `texts`: whether they can be asked for consent to texts ("ask"), gave it, or cannot get any.
    `ask_reason`: nothing is known yet of what it is about. `known`: a callback that they have.
    `untold`: what is read to them because it could not be texted; `notices`: the texts that have
    not arrived and tell no more than how the callback stands."""

    kinds: tuple[Kind, ...] = ()
    windows: tuple[SaidWindow, ...] = ()
    number: str = ""
    said: str = ""
    texts: Literal["ask", "given", "no"] = "no"
    ask_reason: bool = False
    why_not: WhyNoOffer = ""
    why_number: WhyNotRung = ""
    known: KnownCallback | None = None
    untold: tuple[UntoldText, ...] = ()
    notices: tuple[str, ...] = ()


class NumberChecked(Struct, frozen=True, tag=True):
    """The number (E.164) that was keyed in, empty where `why` tells why it is not rung."""

    number: str = ""
    extension: str = ""
    why: WhyNotRung = ""


class Promised(Struct, frozen=True, tag=True):
    """What came of a promise or a change; `why` is empty where it was done and is on disk.

    `windows`: with room now, where the one chosen has none any more. `code`: three digits to be
    told, where the queue uses them. `text`: they get a text about it.
    """

    why: WhyNotPromised = ""
    callback: str = ""
    said: str = ""
    code: str = ""
    text: bool = False
    windows: tuple[SaidWindow, ...] = ()


CallbackRequest = CallbackWanted | NumberWanted | PromiseWanted | ChangeWanted | ReasonTold
CallbackAnswer = CallbackOffer | NumberChecked | Promised
"""To `CallbackWanted`, to `NumberWanted`, and to the others."""
