"""What every kind of node has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from ivr.flow.inputs import MessageLeft, Outcome
from ivr.flow.moves import Finish, Move, Question, Scene, ToPerson

Path = tuple[str | int, ...]

FIRST, AGAIN, SLOWLY = 0, 1, 2
"""The wordings of a question: the first, other words after a miss, slowly after two."""


class Node(BaseModel):
    """One step of a flow. A kind overrides what it does; the engine does the rest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str

    gives_answer: ClassVar[bool] = False
    """The node tells the caller something that must not be told twice in a call."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        """Where a call can go from here: the setting's path within the node, and the target."""
        yield from ()

    def texts(self) -> Iterator[tuple[Path, dict[str, str]]]:
        """What is said here, to be there in every language of the flow."""
        yield from ()

    def enter(self, scene: Scene) -> Move:
        """The call has come to this node."""
        raise NotImplementedError

    def question(self, scene: Scene, wording: int) -> Question:
        """The node's question in one of its wordings, made once for each language."""
        made = self.questions_made
        known = made.get((scene.language.code, wording))
        if known is None:
            known = made[scene.language.code, wording] = self.ask(scene, wording)
        return known

    # Not one of pydantic's private attributes: each look at one of those costs microseconds.
    @cached_property
    def questions_made(self) -> dict[tuple[str, int], Question]:
        """By language and wording."""
        return {}

    def ask(self, scene: Scene, wording: int) -> Question:
        """Make the question; only for kinds whose `enter` asks. It depends on nothing of the
        scene but its languages."""
        raise NotImplementedError

    def chosen(self, scene: Scene, name: str) -> Move:
        """The caller chose this one of the question's choices."""
        return ToPerson("lost")

    def connected(self, scene: Scene, outcome: Outcome) -> Move:
        """The number that was rung answered and the talk has ended, or it did not answer."""
        return Finish() if outcome == "completed" else ToPerson("lost")

    def recorded(self, scene: Scene, message: MessageLeft | None) -> Move:
        """A message was left, or nothing was said."""
        return Finish()
