"""Who plays in the demonstration: read from `cast.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

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
    """An agent: when they come, how long they think and talk."""

    comes: float
    thinks: float
    talks: float
    misses_first: bool
    """They do not answer the first time."""

    def person(self) -> dict[str, Any]:
        """The agent as the telephone company plays them."""
        answers = {
            "answers_after": 2,
            "accepts": {"thinks": self.thinks, "key": "1", "talks": self.talks},
        }
        return {"calls": ["no_answer", answers]} if self.misses_first else answers


def read_cast() -> tuple[tuple[Answerer, ...], tuple[Player, ...]]:
    """Agents and callers, the latter by when they ring."""
    told = yaml.safe_load(files("ivr.cli.demo").joinpath("cast.yaml").read_text(encoding="utf-8"))
    agents = tuple(
        Answerer(a["comes"], a["thinks"], a["talks"], a.get("not_at_first", False))
        for a in told["agents"]
    )
    callers = [
        Player(c["name"], c["from"], c["language"], c["rings"], c.get("gives_up_after"))
        for c in told["callers"]
    ]
    return agents, tuple(sorted(callers, key=lambda caller: caller.rings))
