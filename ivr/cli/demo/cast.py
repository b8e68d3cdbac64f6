"""Who plays in the demonstration: read from `cast.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ivr.cli.problem import Problem

LANGUAGES = {"fi": "1", "sv": "2", "nb": "3", "en": "4"}
"""What callers press to choose their language."""
MATTER = "122"
"""And then, when they ring for the first time: an invoice, when it is due, and that this did not
help."""
ANSWERS_AFTER = 4
"""Seconds for which the telephone of a caller rings."""
Does = Literal["takes", "declines", "does_not_answer"]


@dataclass(frozen=True)
class Ring:
    """A call of somebody, as the telephone company plays it. `at` is in seconds of the story."""

    at: float
    person: Mapping[str, Any]


@dataclass(frozen=True)
class Player:
    """A caller. `rung`: what they do when they are called, at `number` or `rung_at`."""

    name: str
    number: str
    rung_at: str
    calls: tuple[Ring, ...]
    rung: Mapping[str, Any]

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple({self.number: None, self.rung_at: None})


@dataclass(frozen=True)
class Cast:
    agents: tuple[Answerer, ...]
    callers: tuple[Player, ...]


@dataclass(frozen=True)
class Answerer:
    """An agent: how long they think and talk. Times in seconds."""

    comes: tuple[float, ...]
    """When they say that they are there."""
    goes: tuple[float, ...]
    """When they say that they are away."""
    thinks: float
    talks: float
    does: tuple[Does, ...] = ()
    """What they do about the first people, one after the other. Later on they take everybody."""

    def person(self) -> dict[str, Any]:
        """The agent as the telephone company plays them."""
        answers = {
            "answers_after": 2,
            "accepts": {"thinks": self.thinks, "key": "1", "talks": self.talks},
        }
        declines = {"answers_after": 2, "refuses": {"thinks": self.thinks, "key": "2"}}
        ways = {"takes": answers, "declines": declines, "does_not_answer": "no_answer"}
        return {"calls": [*(ways[one] for one in self.does), answers]}


def read_cast(file: Path | None = None) -> Cast:
    """The usual people, or those of a file; callers by when they ring. Raises Problem."""
    named = files("ivr.cli.demo").joinpath("cast.yaml") if file is None else file
    try:
        told = _Cast.model_validate(yaml.safe_load(named.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Problem(f"{named} cannot be read: {error}") from None
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(map(str, wrong["loc"])) or "all of it"
        raise Problem(f"{named}: {where}: {wrong['msg']}.") from None
    callers = tuple(_player(one) for one in told.callers)
    agents = tuple(
        Answerer(one.comes, one.goes, one.thinks, one.talks, one.does) for one in told.agents
    )
    return Cast(agents, tuple(sorted(callers, key=lambda player: player.calls[0].at)))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Agent(_Part):
    comes: tuple[float, ...]
    goes: tuple[float, ...] = ()
    thinks: float
    talks: float
    does: tuple[Does, ...] = ()


class _Call(_Part):
    rings: float
    then: tuple[dict[str, Any], ...] = ()
    gives_up_after: float | None = None


class _Caller(_Part):
    name: str
    number: str = Field(alias="from")
    language: Literal["fi", "sv", "nb", "en"]
    calls: Annotated[tuple[_Call, ...], Field(min_length=1)]
    rung_at: str = ""
    rung: dict[str, Any] = {}
    texts: dict[str, Any] = {}


class _Cast(_Part):
    agents: tuple[_Agent, ...]
    callers: tuple[_Caller, ...]


def _player(told: _Caller) -> Player:
    rung: dict[str, Any] = dict(told.rung)
    if "calls" not in rung:
        rung = {"answers_after": ANSWERS_AFTER} | rung
    if told.texts:
        rung["texts"] = told.texts
    first, *others = told.calls
    key = LANGUAGES[told.language]
    calls = (_ring(first, key + MATTER), *(_ring(call, key) for call in others))
    return Player(told.name, told.number, told.rung_at or told.number, calls, rung)


def _ring(told: _Call, keys: str) -> Ring:
    person: dict[str, Any] = {"then": [*({"presses": key} for key in keys), *told.then]}
    if told.gives_up_after is not None:
        person["gives_up_after"] = told.gives_up_after
    return Ring(told.rings, person)
