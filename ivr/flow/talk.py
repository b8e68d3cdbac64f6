"""What a call remembers of its talk about callbacks, and what can be told to have happened."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ivr.flow.callback_talk import (
    CallbackOffer,
    Change,
    Kind,
    KnownCallback,
    SaidWindow,
    Status,
    WhyNotPromised,
    WhyNotRung,
)


class Talk(Struct, frozen=True, omit_defaults=True):
    """Of `queue`, with its newest `offer`. Times are seconds since 1970.

    `kind`, `window`, `number`, `extension`, `own` and `texts` are what the caller has chosen so
    far, `keys` what they keyed in last. `numbers` counts those, `wrong` those that are not rung,
    `refusals` what could not be promised after all.
    """

    queue: str = ""
    offer: CallbackOffer = CallbackOffer()
    kind: Kind | None = None
    window: SaidWindow | None = None
    number: str = ""
    extension: str = ""
    own: bool = True
    texts: bool | None = None
    keys: str = ""
    numbers: int = 0
    wrong: int = 0
    refusals: int = 0
    offered: tuple[float, ...] = ()
    """When something was offered, in this call."""
    told: str = ""
    """The callback of which they were told how it stands."""
    heard: tuple[str, ...] = ()
    """Texts that have not arrived, of which they were told by voice in this call."""
    back: KnownCallback | None = None
    """They want the line instead, at the place of this callback, and do not stand there yet."""
    change: Change | None = None
    promised: str = ""
    """The callback that was promised in this call."""
    recording: str = ""
    seconds: int = 0
    """What it is about: the carrier's address of what was recorded, and its length."""


NO_TALK = Talk()


class InLine(Struct, frozen=True):
    """While they talk, they stand in the line of `queue`."""

    queue: str
    boost: float = 0.0


class Place(Struct, frozen=True):
    """Their place there: `first` is when they first rang, `joined` when they joined."""

    queue: str
    first: float
    boost: float
    joined: float


class CallbackOffered(Struct, frozen=True, tag=True):
    queue: str
    kinds: tuple[Kind, ...]


class CallbackDeclined(Struct, frozen=True, tag=True):
    """They would rather not; in a line they keep their place."""

    queue: str


class CallbackPromised(Struct, frozen=True, tag=True):
    queue: str
    callback: str
    kind: Kind


class CallbackRefused(Struct, frozen=True, tag=True):
    """What they had chosen could not be promised."""

    queue: str
    why: WhyNotPromised


class NumberRefused(Struct, frozen=True, tag=True):
    """The number that they ring from, or gave (`own` tells), is not rung."""

    queue: str
    why: WhyNotRung
    own: bool


class CallbackRecognised(Struct, frozen=True, tag=True):
    """They heard how their callback stands."""

    callback: str
    status: Status


class TextsTold(Struct, frozen=True, tag=True):
    """They heard by voice what these texts, which have not arrived, were to tell them."""

    texts: tuple[str, ...]


class CallbackChanged(Struct, frozen=True, tag=True):
    """They changed it, or kept it as it was; `why` tells why it could not be done, empty where it
    was."""

    callback: str
    change: Change | Literal["keep"]
    why: WhyNotPromised = ""


class ReasonGiven(Struct, frozen=True, tag=True):
    """They told what it is about."""

    callback: str
    seconds: int


TalkEvent = (
    CallbackOffered | CallbackDeclined | CallbackPromised | CallbackRefused | NumberRefused
    | CallbackRecognised | CallbackChanged | ReasonGiven | TextsTold
)  # fmt: skip
