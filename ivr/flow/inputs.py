"""What can come back from the telephone: what begins a turn of a call."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ivr.flow.variables import Variable


class Arrived(Struct, frozen=True, tag=True):
    """The call has just come in."""


class Pressed(Struct, frozen=True, tag=True):
    """The caller pressed these keys (`0` to `9`, `*`, `#`)."""

    keys: str


class Said(Struct, frozen=True, tag=True):
    """The recogniser heard these words; `confidence` 0 to 1, or None when it did not tell."""

    words: str
    confidence: float | None = None


class Silent(Struct, frozen=True, tag=True):
    """Nothing came in the time given."""


Outcome = Literal["completed", "busy", "no_answer", "failed", "canceled"]


class ConnectionEnded(Struct, frozen=True, tag=True):
    """The other party was rung; `completed` means that the two have spoken."""

    outcome: Outcome
    seconds: int = 0


class MessageLeft(Struct, frozen=True, tag=True):
    """A message was recorded: `recording` is the carrier's URL, `key` what ended it, or ''."""

    recording: str
    seconds: int
    key: str = ""


class LookedUp(Struct, frozen=True, tag=True):
    """What the company's own system answered; `values` by the names of the node's variables."""

    outcome: Literal["found", "not_found", "failed"]
    values: dict[str, Variable] = {}
    reason: str = ""
    """Why it failed, for the log."""


class LeftQueue(Struct, frozen=True, tag=True):
    """The caller is out of the carrier's queue: because we wanted it, or because it failed."""

    failed: bool = False


class Met(Struct, frozen=True, tag=True):
    """An agent has accepted the caller, who comes to meet them; `there`: they still wait for it."""

    reservation: str
    there: bool = True


Input = (
    Arrived | Pressed | Said | Silent | ConnectionEnded | MessageLeft | LookedUp | LeftQueue | Met
)  # fmt: skip
