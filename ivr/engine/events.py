"""What can be told to have happened in a turn. Small typed records, written with the change."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ivr.flow.inputs import Outcome
from ivr.flow.moves import Why, WhyLeft
from ivr.flow.talk import TalkEvent


class CallStarted(Struct, frozen=True, tag=True):
    line: str
    flow: str
    version: str
    withheld: bool


class PlaceReached(Struct, frozen=True, tag=True, omit_defaults=True):
    """The call came to a node; `because` tells what decided that where the caller did not."""

    place: str
    because: str = ""


class ChoiceMade(Struct, frozen=True, tag=True):
    place: str
    choice: str
    by: Literal["key", "word", "silence"]


class Missed(Struct, frozen=True, tag=True):
    """Silence, or an answer that fitted nothing; `times` in a row."""

    place: str
    heard: Literal["nothing", "key", "words"]
    times: int


class NoticeTold(Struct, frozen=True, tag=True):
    """The caller heard a notice."""

    notice: str


class CalmedDown(Struct, frozen=True, tag=True):
    """The caller asked for it to go more slowly."""

    place: str


class LookedUp(Struct, frozen=True, tag=True):
    """The company's own system was asked; `reason` says why that failed."""

    place: str
    outcome: Literal["found", "not_found", "failed"]
    reason: str = ""


class LanguageChosen(Struct, frozen=True, tag=True):
    language: str


class AnswerGiven(Struct, frozen=True, tag=True):
    place: str


class AnswerHelped(Struct, frozen=True, tag=True):
    place: str


class PersonSought(Struct, frozen=True, tag=True):
    """The caller is led to a person."""

    place: str
    why: Why


class NumberRung(Struct, frozen=True, tag=True):
    """A number is being rung for the caller; `last_resort` when it is the fallback number."""

    place: str
    last_resort: bool


class NumberEnded(Struct, frozen=True, tag=True):
    place: str
    outcome: Outcome
    seconds: int


class WaitTold(Struct, frozen=True, tag=True):
    """Something was told of the wait, or could not be (`nothing`): `low` and `high` in minutes,
    `ahead` people. The estimate is what was left of it then, in seconds."""

    queue: str
    place: str
    """In the line: the id of the call."""
    kind: Literal["soon", "minutes", "ahead", "nothing"]
    low: int = 0
    high: int = 0
    ahead: int | None = None
    longer: bool = False
    estimate_low: float | None = None
    estimate_median: float | None = None
    estimate_high: float | None = None


class PlaceGivenUp(Struct, frozen=True, tag=True):
    """The caller leaves the line."""

    place: str
    why: WhyLeft


class AgentMet(Struct, frozen=True, tag=True):
    """The caller is put into the conference with the agent who accepted them."""

    place: str
    reservation: str


class VoicemailLeft(Struct, frozen=True, tag=True):
    place: str
    seconds: int


class Unexpected(Struct, frozen=True, tag=True):
    """Something came back that the call was not waiting for; the open question was put again."""

    place: str
    came: str


class WentWrong(Struct, frozen=True, tag=True):
    """Something of ours failed; the caller was put through to the fallback number."""

    place: str
    reason: str


class CallEnded(Struct, frozen=True, tag=True):
    """The carrier says that the call is over. `seconds` is its length, None when not told."""

    status: str
    seconds: int | None = None
    found_by: Literal["callback", "check"] = "callback"


Event = (
    CallStarted | PlaceReached | ChoiceMade | Missed | NoticeTold | CalmedDown | LookedUp
    | LanguageChosen | AnswerGiven | AnswerHelped | PersonSought
    | NumberRung | NumberEnded | WaitTold | PlaceGivenUp | AgentMet | VoicemailLeft
    | Unexpected | WentWrong | CallEnded | TalkEvent
)  # fmt: skip


class Voicemail(Struct, frozen=True):
    """A message that was left: an effect of a turn, kept until somebody has heard it.

    `recording` is the carrier's URL; `path` and `said` are what the caller chose and said before.
    """

    call: str
    line: str
    place: str
    language: str
    recording: str
    seconds: int
    left_at: float
    caller: str | None = None
    path: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
