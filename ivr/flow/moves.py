"""What a node wants to happen next.

A node never touches the call: it returns a move, and the engine, which keeps the rules that hold
for every call, carries it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from msgspec import Struct

from ivr.flow.actions import Prompt
from ivr.flow.language import Language
from ivr.flow.talk import InLine, Talk, TalkEvent
from ivr.flow.variables import Variable

Why = Literal[
    "asked", "complaint", "misses", "told_already", "not_helped", "going_round", "too_many_steps",
    "lost", "no_answer_found",
]  # fmt: skip
"""Why a caller is led to a person."""


class Talking(Struct, frozen=True, kw_only=True):
    """A move in a talk about callbacks: what is remembered of it from here on, and what has
    happened in it."""

    talk: Talk | None = None
    happened: tuple[TalkEvent, ...] = ()


class Go(Talking, frozen=True):
    """Go on at `target`, having said these prompts; `progress` when the caller got somewhere.

    `assigned` is remembered from here on, and `effects` are written down to be done. `because`
    tells, in the flow's own words, what decided it where the caller did not.
    """

    target: str
    said: tuple[Prompt, ...] = ()
    language: str | None = None
    progress: bool = False
    assigned: Mapping[str, Variable] = {}
    effects: tuple[Effect, ...] = ()
    because: str = ""


class Ask(Talking, frozen=True):
    """Say the prompts, then put the node's question (`Node.ask`) and wait for the caller.

    A node that asks several things tells them apart by `stage`; `pending` is what the caller has
    given so far, to be confirmed. They may stand `in_line` meanwhile.
    """

    said: tuple[Prompt, ...] = ()
    stage: str = ""
    pending: Variable | None = None
    in_line: InLine | None = None


class Reading(Struct, frozen=True):
    """Where a value stands in the JSON that comes back (`customer.balance`), and what it is.

    Where there is a `consent`, the value may be used only if the JSON has true there. What is
    `private` is written nowhere.
    """

    at: str
    takes: Literal["text", "number", "date", "time", "yes_no"] | None = None
    private: bool = False
    consent: str | None = None


class Request(Struct, frozen=True):
    """What to ask the company's own system, and what to `read`, by variable, from the answer.

    `body` is sent as JSON. Times are seconds.
    """

    method: Literal["GET", "POST"]
    url: str
    body: Mapping[str, str]
    timeout: float
    remember_for: float
    read: Mapping[str, Reading]


class LookUp(Struct, frozen=True):
    """Say the prompts, then ask the company's own system, as the node's `request` tells."""

    said: tuple[Prompt, ...] = ()


class AskDesk(Talking, frozen=True):
    """Ask whoever keeps callbacks, as the node's `request` tells at this `stage`, and go on with
    the answer (`Node.answered`) at once; the prompts are said with what follows it."""

    stage: str
    said: tuple[Prompt, ...] = ()


class Ring(Struct, frozen=True):
    """Say the prompts, then ring `number` and wait for how that ends."""

    number: str
    timeout: int
    said: tuple[Prompt, ...] = ()


class Record(Talking, frozen=True):
    """Say the prompts, then record a message, or whatever the node's `stage` is about."""

    longest: int
    silence: int
    said: tuple[Prompt, ...] = ()
    stage: str = ""


class ToPerson(Struct, frozen=True):
    """Lead the caller to the flow's person."""

    why: Why


class Finish(Talking, frozen=True):
    """Say the prompts and end the call."""

    said: tuple[Prompt, ...] = ()


WhyLeft = Literal["message", "back", "person", "closed", "nobody", "failed", "callback"]
"""Why somebody leaves the line: for a message, for the menu, for the flow's person where there is
nobody left; because it has closed, all have gone, or the carrier could not keep them in it; for a
callback, of which is talked while they stand in the line."""


class Wait(Talking, frozen=True):
    """Say the prompts, then let the caller wait in the line of `queue`, as if they had rung `boost`
    seconds sooner; with `first`, as one who first rang then."""

    queue: str
    boost: float = 0.0
    said: tuple[Prompt, ...] = ()
    first: float | None = None


class WaitOn(Struct, frozen=True):
    """Wait for another round. `asked`: the caller wants to know where they stand; `choices`: they
    are to hear what else they can do. `alone`: it looks as if nobody were left to wait for."""

    asked: bool = False
    choices: bool = False
    alone: bool = False


class GiveUpPlace(Struct, frozen=True):
    """Leave the line; the node says where to (`Node.left`)."""

    why: WhyLeft


class MeetAgent(Struct, frozen=True):
    """Join the agent who has accepted, in the conference of this reservation."""

    reservation: str


Move = (
    Go | Ask | LookUp | AskDesk | Ring | Record | ToPerson | Finish
    | Wait | WaitOn | GiveUpPlace | MeetAgent
)  # fmt: skip


class WayOut(Struct, frozen=True):
    """What somebody who waits can choose instead: by `key`; `wordings` tell of it in turns."""

    why: WhyLeft
    key: str
    wordings: tuple[str, ...]


class Choice(Struct, frozen=True):
    """One thing a caller can choose: by `key`, or by saying one of `words`.

    `name` is what the node is told; `label` is what a person who takes over is told.
    """

    name: str
    key: str
    words: tuple[str, ...]
    label: str = ""


class Entry(Struct, frozen=True):
    """What a question takes besides its choices: up to so many `keys`, or any words.

    The node itself says what they mean (`Node.entered`). Where more than one key is taken, the
    caller ends them with `finish` or a pause.
    """

    keys: int = 0
    finish: str = "#"
    words: bool = False


class Question(Struct, frozen=True, dict=True):
    """One wording of a question. `languages` are those in which an answer may be said; `silence`
    is the choice of whoever says nothing, where that is an answer."""

    prompts: tuple[Prompt, ...]
    choices: tuple[Choice, ...]
    languages: tuple[Language, ...]
    offers_person: bool = True
    entry: Entry | None = None
    silence: str = ""
    one_matter: bool = False
    """Words that fit several choices, each in a part of its own, are several matters: no answer."""

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """What the caller is likely to say, each once, in the order of the choices."""
        words = [word for choice in self.choices for word in choice.words]
        words += [word for language in self.languages for word in language.person]
        return tuple(dict.fromkeys(words))


class TextWanted(Struct, frozen=True):
    """A text to be sent to the number `to` (E.164), which asked for it."""

    to: str
    language: str
    text: str
    shown: str
    """The same with nothing private in it."""


class JoinLine(Struct, frozen=True):
    """The caller is to stand in the line of `queue` as one who rang at `first` less `boost`, in
    seconds. `again`: only if they stand nowhere and nobody has taken them."""

    queue: str
    first: float
    boost: float = 0.0
    again: bool = False


class LeaveLine(Struct, frozen=True):
    """The caller is to stand there no longer."""

    why: WhyLeft


Effect = TextWanted | JoinLine | LeaveLine
