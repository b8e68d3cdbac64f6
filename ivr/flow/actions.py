"""What the telephone is asked to do: the vendor-free words between the engine and a carrier.

A turn of a call ends in a short list of these, carried out in order. Every list ends in one action
that either waits for the caller or ends the call.
"""

from __future__ import annotations

from msgspec import Struct


class Say(Struct, frozen=True, tag=True):
    """Speak `text` in the language with this code (`fi`); `slow` for someone who needs time.

    `shown` is the text for logs and for people, where it is not the same: nothing private.
    """

    text: str
    language: str
    slow: bool = False
    shown: str | None = None


class Play(Struct, frozen=True, tag=True):
    """Play the recording at an absolute `url`, so many `times`."""

    url: str
    times: int = 1


class Pause(Struct, frozen=True, tag=True):
    """Silence of this many whole seconds."""

    seconds: int


Prompt = Say | Play | Pause


class Listen(Struct, frozen=True, tag=True):
    """Speak the prompts while listening for keys and words; either may interrupt them.

    `timeout` counts seconds of silence after the prompts. When it has passed: with
    `reports_silence` the next turn is taken with `Silent`; without, the action after this one
    is carried out.
    `keys` is how many keys make an answer, and `finish` the key that ends one of fewer. `hints`
    are words the caller is likely to say.
    """

    prompts: tuple[Prompt, ...]
    language: str
    timeout: int = 5
    keys: int = 1
    finish: str = ""
    speech: bool = True
    hints: tuple[str, ...] = ()
    reports_silence: bool = True


class Connect(Struct, frozen=True, tag=True):
    """Ring `number` (E.164) for `timeout` seconds and join the two; then `ConnectionEnded`."""

    number: str
    timeout: int = 25


class TakeMessage(Struct, frozen=True, tag=True):
    """Beep and record, at most `longest` seconds, until `silence` seconds of quiet or a key.

    Then `MessageLeft`, or `Silent` when nothing was recorded.
    """

    longest: int = 120
    silence: int = 5


class GoOn(Struct, frozen=True, tag=True):
    """Take the next turn, with `Silent`, as soon as what was said before is over."""


class Enqueue(Struct, frozen=True, tag=True):
    """Let the caller wait in the carrier's `queue`: the next turn is taken as soon as they do, and
    what they hear there is its answer. When they are out of it, `LeftQueue`."""

    queue: str


class LeaveQueue(Struct, frozen=True, tag=True):
    """Take the caller out of the carrier's queue; then `LeftQueue`."""


class Meet(Struct, frozen=True, tag=True):
    """Let the caller meet whoever is, or comes, in the conference `room`; when it is over for
    them, `ConnectionEnded`."""

    room: str


class HangUp(Struct, frozen=True, tag=True):
    """End the call."""


Action = (
    Say | Play | Pause | Listen | Connect | TakeMessage | GoOn
    | Enqueue | LeaveQueue | Meet | HangUp
)  # fmt: skip
