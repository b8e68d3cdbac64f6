"""What a node wants to happen next, and what it can see when it decides.

A node never touches the call: it returns a move, and the engine, which keeps the rules that hold
for every call, carries it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from ivr.flow.actions import Prompt, Say
from ivr.flow.language import Language
from ivr.flow.names import in_language
from ivr.flow.schedule import Schedule

Why = Literal[
    "asked", "complaint", "misses", "told_already", "not_helped", "going_round", "too_many_steps",
    "lost",
]  # fmt: skip
"""Why a caller is led to a person."""


@dataclass(frozen=True, slots=True)
class Go:
    """Go on at `target`, having said these prompts; `progress` when the caller got somewhere."""

    target: str
    said: tuple[Prompt, ...] = ()
    language: str | None = None
    progress: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Say the prompts, then put the node's question (`Node.ask`) and wait for the caller."""

    said: tuple[Prompt, ...] = ()


@dataclass(frozen=True, slots=True)
class Ring:
    """Say the prompts, then ring `number` and wait for how that ends."""

    number: str
    timeout: int
    said: tuple[Prompt, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """Say the prompts, then record a message."""

    longest: int
    silence: int
    said: tuple[Prompt, ...] = ()


@dataclass(frozen=True, slots=True)
class ToPerson:
    """Lead the caller to the flow's person."""

    why: Why


@dataclass(frozen=True, slots=True)
class Finish:
    """Say the prompts and end the call."""

    said: tuple[Prompt, ...] = ()


Move = Go | Ask | Ring | Record | ToPerson | Finish


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a caller can choose: by `key`, or by saying one of `words`.

    `name` is what the node is told; `label` is what a person who takes over is told.
    """

    name: str
    key: str
    words: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True)
class Question:
    """One wording of a question. `languages` are those in which an answer may be said."""

    prompts: tuple[Prompt, ...]
    choices: tuple[Choice, ...]
    languages: tuple[Language, ...]
    offers_person: bool = True

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """What the caller is likely to say, each once, in the order of the choices."""
        words = [word for choice in self.choices for word in choice.words]
        words += [word for language in self.languages for word in language.person]
        return tuple(dict.fromkeys(words))


@dataclass(frozen=True, slots=True)
class Scene:
    """What a node can see: the caller's language, the time, and the company around it."""

    language: Language
    now: datetime
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, Language] = field(default_factory=dict)

    def text(self, texts: dict[str, str]) -> str:
        return in_language(texts, self.language.code)

    def say(self, texts: dict[str, str] | None) -> tuple[Prompt, ...]:
        """The prompts for these texts, in the caller's language; none for None."""
        return () if texts is None else (Say(self.text(texts), self.language.code),)
