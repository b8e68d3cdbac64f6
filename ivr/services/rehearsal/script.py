"""Scripts of calls as people write them: what the caller does, and what the caller hears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from ivr.reading import read_tree, validate
from ivr.reading.tree import Document
from ivr.services.rehearsal.given import (
    GivenCallback,
    GivenCallbacks,
    GivenLookup,
    GivenQueue,
    Hours,
    Minutes,
    Notices,
    Part,
)

WITHHELD = "withheld"
AGAIN = " again"
"""After a moment of the night when clocks are put back: the second time that it is that late."""


def _moment(value: Any) -> Any:
    written = str(value)
    try:
        moment = datetime.fromisoformat(written.removesuffix(AGAIN))
    except ValueError:
        raise ValueError(f"`{value}` is not a moment. Write it like `2026-11-25 10:15`.") from None
    if moment.tzinfo is not None:
        raise ValueError(f"`{value}`: leave the time zone out; it is that of the schedules.")
    return moment.replace(fold=1 if written.endswith(AGAIN) else 0)


def _true(value: Any) -> Any:
    if value != "true":
        raise ValueError("Write `true`.")
    return True


class Step(Part):
    """One line of a script: exactly one of these."""

    hears: str | None = None
    """This was said since the caller's last act, after what was heard before; `...` is a gap."""
    language: str | None = None
    """What is heard is said in this language."""
    slowly: bool | None = None
    """Whether it is said slowly."""
    hears_not: str | None = None
    """This was not said since the caller's last act."""
    presses: Annotated[str, Field(pattern=r"^[0-9*#]+$")] | None = None
    says: str | None = None
    silent: Annotated[Literal[True], BeforeValidator(_true)] | None = None
    """The caller lets the time run out."""
    put_through: str | None = None
    """This number (or name of one) is rung now; `outcome` is how that ends."""
    outcome: Literal["answers", "busy", "no_answer", "failed"] | None = None
    leaves_message: Annotated[int, Field(ge=1, le=600)] | None = None
    """Speaks this many seconds after the tone; `key` ends it, or silence does."""
    key: Annotated[str, Field(pattern=r"^[0-9*#]$")] | None = None
    waits: Annotated[int, Field(ge=1, le=36_000)] | None = None
    """Waits in the line for so many seconds; from now on so many are `ahead`, so many `agents` are
    there, and the estimate is `wait_minutes`, where these are given."""
    ahead: Annotated[int, Field(ge=0)] | None = None
    agents: Annotated[int, Field(ge=0)] | None = None
    wait_minutes: Minutes | None = None
    agent: Literal["accepts", "is_gone"] | None = None
    """An agent takes the caller, and they talk; or is gone again before they meet."""
    text_sent: str | None = None
    """A text message was promised in this call, and this is in it; `to` the caller, or a number."""
    to: str | None = None
    hangs_up: Annotated[Literal[True], BeforeValidator(_true)] | None = None
    call_ends: Annotated[Literal[True], BeforeValidator(_true)] | None = None
    """We hang up, without anything more from the caller."""

    @model_validator(mode="after")
    def _one_thing(self) -> Step:
        companions = {
            "outcome": "put_through",
            "key": "leaves_message",
            "language": "hears",
            "slowly": "hears",
            "to": "text_sent",
            "ahead": "waits",
            "agents": "waits",
            "wait_minutes": "waits",
        }
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        acts = [name for name in given if name not in companions]
        if len(acts) != 1:
            raise ValueError("A step is one thing: begin each with `- ` on a line of its own.")
        for companion, owner in companions.items():
            if companion in given and acts != [owner]:
                raise ValueError(f"`{companion}` goes with `{owner}`.")
        if self.put_through is not None and self.outcome is None:
            raise ValueError("`put_through` needs an `outcome`, such as `answers`.")
        return self


class Call(Part):
    """One call: when, from where, and what happens."""

    call: str
    at: Annotated[datetime, PlainValidator(_moment)]
    caller: Annotated[str, Field(alias="from")] = WITHHELD
    line: str | None = None
    hours: Hours = Field(default_factory=dict)
    queues: dict[str, GivenQueue] = Field(default_factory=dict)
    callbacks: dict[str, GivenCallbacks] = Field(default_factory=dict)
    has_callback: GivenCallback | None = None
    notices: Notices = ()
    lookups: tuple[GivenLookup, ...] = ()
    script: Annotated[tuple[Step, ...], Field(min_length=1)]


class _File(Part):
    calls: Annotated[tuple[Call, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Script:
    """One call of one file; `line_of` tells where each step stands."""

    file: str
    call: Call
    document: Document
    index: int

    @property
    def title(self) -> str:
        return self.call.call

    def line_of(self, step: int) -> int:
        return self.document.mark(("calls", self.index, "script", step))[0]


def read_scripts(content: bytes, file: str) -> Iterator[Script]:
    """The calls of one file; raises `Unreadable` with everything that is wrong in it."""
    document = read_tree(content, file)
    for index, call in enumerate(validate(_File, document).calls):
        yield Script(file, call, document, index)
