"""What is asked for, and why it was not done: for whoever asks, on whatever way."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ivr.callbacks.reachable import Unreachable
from ivr.callbacks.record import Actor, Window
from ivr.flow.callback_talk import Kind, WhyNotPromised, WhyNotRung
from ivr.store import callbacks as store
from ivr.store.callbacks import Source
from ivr.store.line import Person

PERSON = Actor("person")

Cause = Unreachable | store.NotPromised | Literal["unknown_queue", "closed", "closing", "not_here"]
"""What exactly stands against it. "closed": nobody is rung now. "closing": its turn could come too
late. "not_here": this queue has no such callbacks."""


class Wanted(Struct, frozen=True, kw_only=True):
    """A callback that somebody wants. Whoever asks twice with the same `id` gets one.

    `number` as it was given; `window` where `kind` is one. `first` and `boost`: their place in the
    line, now where they had none; `instead_of`: the place of a live caller that is given up.
    `caller`: the number that they ring from, where they do; `who`: whom to count besides (an
    address of the web). `other_number`: nobody has proved that the number is theirs. `person`: what
    an agent is to know, otherwise made of `path` and `first_name`. `texts`: they want texts, or
    none; None where they were not asked. `owed`: they had a callback already, and gave it up for
    the line: no limit and no hour stands against it.
    """

    id: str
    queue: str
    kind: Kind
    number: str
    language: str
    line: str = ""
    window: Window | None = None
    extension: str = ""
    first: float | None = None
    boost: float = 0.0
    caller: str | None = None
    call: str = ""
    source: Source = "web"
    actor: Actor = PERSON
    person: Person | None = None
    path: tuple[str, ...] = ()
    reason: str = ""
    first_name: str = ""
    who: str = ""
    other_number: bool = False
    instead_of: str = ""
    texts: bool | None = None
    email: str = ""
    owed: bool = False


class NotBooked(Struct, frozen=True):
    """Nothing was promised. `sentence` is for an operator; `windows` have room now."""

    why: WhyNotPromised
    cause: Cause
    sentence: str
    windows: tuple[Window, ...] = ()


class NotMoved(Struct, frozen=True):
    """Nothing was changed. "refused": a rule of the states, told by the sentence."""

    why: store.NotMoved | Literal["refused"]
    sentence: str
    windows: tuple[Window, ...] = ()


_UNREACHABLE: dict[Unreachable, tuple[WhyNotRung, str]] = {
    "withheld": ("withheld", "The number is withheld."),
    "not_a_telephone": ("not_possible", "That is no telephone number."),
    "not_a_number": ("not_possible", "That is no telephone number."),
    "emergency": ("not_allowed", "That is an emergency number."),
    "short_number": ("not_possible", "That is a short number, not a telephone's."),
    "does_not_exist": ("not_possible", "There is no such number."),
    "satellite": ("not_allowed", "Satellite telephones are not rung."),
    "premium_rate": ("not_allowed", "Premium-rate numbers are not rung."),
    "shared_cost": ("not_allowed", "Shared-cost numbers are not rung."),
    "special_number": ("not_allowed", "That is no ordinary number: such ones are not rung."),
    "country_not_allowed": (
        "not_allowed", "Numbers of that country are not rung (`callbacks.countries`)."
    ),
    "own_number": ("not_allowed", "That is one of our own numbers."),
    "opted_out": ("stopped", "Whoever has this number asked not to be called."),
}  # fmt: skip
_WHY: dict[str, tuple[WhyNotPromised, str]] = {
    "open_already": ("open_already", "There is an open callback for this number and matter."),
    "number_today": (
        "too_many", "This number has been promised its most callbacks of 24 hours "
        "(`callbacks.limits.number_a_day`)."
    ),
    "calls_today": (
        "too_many", "This number has been rung its most times in 24 hours "
        "(`callbacks.limits.calls_a_day`)."
    ),
    "others_today": (
        "too_many", "Whoever asks has had enough other numbers rung in 24 hours "
        "(`callbacks.limits.others_a_day`)."
    ),
    "everybody_now": (
        "too_many", "In the last hour as many callbacks were promised as may be "
        "(`callbacks.limits.everybody_an_hour`)."
    ),
    "no_room": ("no_room", "That window has no room."),
    "share": ("no_room", "Enough of those in the line are callbacks (`callbacks.share`)."),
    "closed": ("no_room", "Nobody is rung at this hour: a place cannot be kept, a window can."),
    "closing": ("no_room", "Its turn could come too near the end of the hours: take a window."),
    "turn_came": ("turn_came", "An agent is on the way to them."),
    "changed": ("not_now", "Somebody else has changed it meanwhile: try again."),
    "on_the_way": ("not_now", "That number is being rung just now."),
    "promised_before": ("not_now", "It was promised before."),
    "unknown_queue": ("not_now", "There is no such queue."),
    "not_here": ("not_now", "This queue offers no callbacks (`callbacks.offer`)."),
}  # fmt: skip
_MOVED: dict[str, str] = {
    "changed": "Somebody else has changed it meanwhile: look again.",
    "open_already": "There is another open callback for that number and matter.",
    "no_room": "That window has no room.",
    "share": "Enough of those in the line are callbacks.",
    "lock_lost": "That number is being rung by another process.",
    "on_the_way": "That number is being rung just now.",
    "on_the_line": "They are on the telephone with us just now.",
    "calls_today": "That number has been rung its most times in 24 hours.",
    "others_today": "Enough other numbers were given in 24 hours "
    "(`callbacks.limits.others_a_day`).",
}


def not_rung(cause: Unreachable) -> WhyNotRung:
    """Why a number is not rung, as callers are told."""
    return _UNREACHABLE[cause][0]


def number_not_rung(cause: Unreachable) -> NotBooked:
    return NotBooked("number", cause, _UNREACHABLE[cause][1])


def not_booked(cause: Cause, windows: tuple[Window, ...] = ()) -> NotBooked:
    """`cause` is none of a number's."""
    why, sentence = _WHY[cause]
    return NotBooked(why, cause, sentence, windows)


def not_moved(why: store.NotMoved, windows: tuple[Window, ...] = ()) -> NotMoved:
    return NotMoved(why, _MOVED[why], windows)
