"""What happened, as far as promises are concerned: each is one event of the stream, in fewer words.

    Joined      LineJoined; a callback's first move (place_promised, window_promised)
    MovedOn     the place of a live caller for whom a callback was promised
    TimeTold    WaitTold of a time; a text about the wait that was sent
    CallPromised  a callback's moves place_promised, window_promised, moved, put_in_line
    Dialled, NotRung   a callback's move dialled, and one after it that tells that nothing rang
    Rang        a callback's moves person_answered, machine_answered
    Answered    Connected; a callback's move agent_joined
    Left        LineLeft; a callback's moves cancelled, superseded, called_off, given_up
    TextPromised, TextStood   a text in the outbox, and what the carrier tells of it
    Apologising, NotApologised   a text with an apology was written; it cannot be sent or came back
    Apologised  an apology was sent or spoken
    TimePassed  the clock came by: nothing else makes a promise late

`id` is the stream's, and the same event twice has the same. `subject` is the place in the line (a
call's id), the callback or the text; `at` seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

By = Literal["person", "us"]
"""Who ended or moved something. What an agent does with the person on the telephone is the
person's; so is being served in another way."""

CALLBACK_ENDS: Mapping[str, By] = {
    "cancelled": "person", "superseded": "person", "called_off": "us", "given_up": "us",
}  # fmt: skip
"""Moves of a callback that end it, and by whom."""
ACTORS: Mapping[str, By] = {
    "person": "person", "agent": "person", "supervisor": "us", "system": "us",
}  # fmt: skip
LEAVING: Mapping[str, By] = {
    "hung_up": "person", "vanished": "person",
    "message": "person", "back": "person", "callback": "person",
    "person": "us", "closed": "us", "nobody": "us", "failed": "us",
}  # fmt: skip
"""Why people leave the line, and by whose doing."""
HANGING_UP: frozenset[str] = frozenset({"hung_up", "vanished"})
"""Those without anything else having been agreed."""

TextState = Literal["sent", "delivered", "failed", "dropped", "opted_out"]


class _Event(Struct, frozen=True, kw_only=True):
    id: str
    at: float
    subject: str


class Joined(_Event, frozen=True, tag=True, kw_only=True):
    """Somebody stands in the line of `queue`, and first rang at `first_rang`."""

    queue: str
    first_rang: float
    callback: bool = False


class MovedOn(_Event, frozen=True, tag=True, kw_only=True):
    """What became of the person is told of another place: a callback, promised instead of it."""


class TimeTold(_Event, frozen=True, tag=True, kw_only=True):
    """It was told that the turn comes by `until`."""

    queue: str
    until: float


class CallPromised(_Event, frozen=True, tag=True, kw_only=True):
    """A call by `until`, in a `window` or when the turn comes; what was promised before counts no
    more."""

    queue: str
    until: float
    window: bool
    by: By = "person"


class Dialled(_Event, frozen=True, tag=True, kw_only=True):
    """The carrier dials the person's number: it rings, unless something tells that it did not."""


class NotRung(_Event, frozen=True, tag=True, kw_only=True):
    """Nothing that was dialled so far has rung."""


class Rang(_Event, frozen=True, tag=True, kw_only=True):
    """The person's telephone rang."""


class Answered(_Event, frozen=True, tag=True, kw_only=True):
    """The person talks to an agent."""


class Left(_Event, frozen=True, tag=True, kw_only=True):
    """The person waits no more. `hung_up`: without anything else having been agreed."""

    by: By
    hung_up: bool = False


class TextPromised(_Event, frozen=True, tag=True, kw_only=True):
    """The person was told that a text comes."""

    queue: str
    until: float


class TextStood(_Event, frozen=True, tag=True, kw_only=True):
    state: TextState


class Apologising(_Event, frozen=True, tag=True, kw_only=True):
    """A text with an apology is on its way."""


class NotApologised(_Event, frozen=True, tag=True, kw_only=True):
    """No such text reaches the person: it is theirs to be heard when they ring or are rung."""


class Apologised(_Event, frozen=True, tag=True, kw_only=True):
    pass


class TimePassed(_Event, frozen=True, tag=True, kw_only=True):
    pass


Event = (
    Joined | MovedOn | TimeTold | CallPromised | Dialled | NotRung | Rang | Answered | Left
    | TextPromised | TextStood | Apologising | NotApologised | Apologised | TimePassed
)  # fmt: skip
