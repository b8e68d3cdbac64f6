"""Who plays in the demonstration: read from `cast.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

import yaml


@dataclass(frozen=True)
class Player:
    """A caller. Times in seconds of the story."""

    name: str
    number: str
    language: str
    rings: float
    gives_up_after: float | None

    def person(self, keys: str) -> dict[str, Any]:
        """The person as the telephone company plays them, who presses these keys, one by one."""
        script: dict[str, Any] = {"then": [{"presses": key} for key in keys]}
        if self.gives_up_after is not None:
            script["gives_up_after"] = self.gives_up_after
        return script


@dataclass(frozen=True)
class Answerer:
    """An agent: how long they think and talk. Times in seconds."""

    comes: tuple[float, ...]
    """When they say that they are there."""
    thinks: float
    talks: float
    first: Literal["takes", "declines", "does_not_answer"]
    """What they do about the first person."""

    def person(self) -> dict[str, Any]:
        """The agent as the telephone company plays them."""
        answers = {
            "answers_after": 2,
            "accepts": {"thinks": self.thinks, "key": "1", "talks": self.talks},
        }
        match self.first:
            case "declines":
                declines = {"answers_after": 2, "refuses": {"thinks": self.thinks, "key": "2"}}
                return {"calls": [declines, answers]}
            case "does_not_answer":
                return {"calls": ["no_answer", answers]}
        return answers


def read_cast() -> tuple[tuple[Answerer, ...], tuple[Player, ...]]:
    """Agents and callers, the latter by when they ring."""
    told = yaml.safe_load(files("ivr.cli.demo").joinpath("cast.yaml").read_text(encoding="utf-8"))
    agents = tuple(
        Answerer(tuple(a["comes"]), a["thinks"], a["talks"], a.get("first", "takes"))
        for a in told["agents"]
    )
    callers = [
        Player(c["name"], c["from"], c["language"], c["rings"], c.get("gives_up_after"))
        for c in told["callers"]
    ]
    return agents, tuple(sorted(callers, key=lambda caller: caller.rings))
