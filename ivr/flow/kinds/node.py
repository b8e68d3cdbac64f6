"""What every kind of node has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from msgspec import structs
from pydantic import BaseModel, ConfigDict

from ivr.flow.callback_talk import CallbackAnswer, CallbackRequest
from ivr.flow.expressions import Expression
from ivr.flow.inputs import LookedUp, MessageLeft, Outcome, Pressed, Said
from ivr.flow.moves import (
    Finish,
    Move,
    Question,
    Record,
    Request,
    ToPerson,
    WayOut,
    Why,
    WhyLeft,
)
from ivr.flow.names import Texts, Told, WordLists
from ivr.flow.scene import Scene
from ivr.flow.talk import InLine
from ivr.queueing.board import Standing

Path = tuple[str | int, ...]

FIRST, AGAIN, SLOWLY = 0, 1, 2
"""The wordings of a question: the first, other words after a miss, slowly after two."""


def worded(text: Texts, again: Texts | None, wording: int) -> Texts:
    """The question, its other words after a miss, its own slowly after two: whoever is spoken to
    slowly anyway, in the calm lane, would otherwise hear the same words twice."""
    return text if again is None or wording % 2 == 0 else again


class Node(BaseModel):
    """One step of a flow. A kind overrides what it does; the engine does the rest."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    kind: str

    gives_answer: ClassVar[bool] = False
    """The node tells the caller something that must not be told twice in a call."""
    has_stages: ClassVar[bool] = False
    """The node asks several things, one after another."""
    assigns_towards: ClassVar[str] = "to"
    """The way on which its variables have been set; on others they may not be."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        """Where a call can go from here: the setting's path within the node, and the target."""
        yield from ()

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        """What is said here, to be there in every language of the flow."""
        yield from ()

    def enter(self, scene: Scene) -> Move:
        """The call has come to this node."""
        raise NotImplementedError

    def words(self) -> Iterator[tuple[Path, WordLists]]:
        """What callers may say here, besides yes and no."""
        yield from ()

    def messages(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        """What is sent from here as a text message."""
        yield from ()

    def templates(self) -> Iterator[tuple[Path, str]]:
        """What has values in it and is not said."""
        yield from ()

    def queues(self) -> Iterator[tuple[Path, str]]:
        """The queues that the node names."""
        yield from ()

    def recordings(self) -> Iterator[tuple[Path, dict[str, str]]]:
        """What is played here, by language: file names under `flows/audio/`, or addresses."""
        yield from ()

    def assigns(self) -> Iterator[tuple[Path, str]]:
        """The variables that the node sets: the setting's path, and the name."""
        yield from ()

    def expressions(self) -> Iterator[tuple[Path, Expression]]:
        """The expressions that the node works out."""
        yield from ()

    def question(self, scene: Scene, wording: int) -> Question:
        """The node's question in one of its wordings; made once, where it is always the same."""
        if not self.asks_the_same:
            return self.ask(scene, wording)
        made = self.questions_made
        key = (scene.language.code, wording, scene.calm)
        known = made.get(key)
        if known is None:
            known = made[key] = self.ask(scene, wording)
        return known

    # Not pydantic's private attributes: each look at one of those costs microseconds.
    @property
    def is_private(self) -> bool:
        """Whether what the caller gives here is written nowhere."""
        return False

    @cached_property
    def asks_the_same(self) -> bool:
        """Whether the question depends on nothing of the scene but language and calm."""
        return not self.has_stages and not any(
            isinstance(text, str) and "{" in text
            for _, texts in self.texts()
            for text in texts.values()
        )

    @cached_property
    def questions_made(self) -> dict[tuple[str, int, bool], Question]:
        """By language, wording and calm."""
        return {}

    def ask(self, scene: Scene, wording: int) -> Question:
        """Make the question; only for kinds whose `enter` asks."""
        raise NotImplementedError

    def chosen(self, scene: Scene, name: str) -> Move:
        """The caller chose this one of the question's choices."""
        return ToPerson("lost")

    def entered(self, scene: Scene, heard: Pressed | Said) -> Move | None:
        """The caller gave this to a question with an `Entry`; None when it cannot be taken."""
        return None

    def request(self, scene: Scene) -> Request | CallbackRequest:
        """What to ask the company's own system, or whoever keeps callbacks; only for kinds that
        do."""
        raise NotImplementedError

    def answered(self, scene: Scene, answer: CallbackAnswer) -> Move:
        """What whoever keeps callbacks answered."""
        return ToPerson("lost")

    def in_line(self, scene: Scene) -> InLine | None:
        """The line in which callers stand while this node asks them something."""
        return None

    def instead_of_person(self, scene: Scene, why: Why) -> Move | None:
        """What follows here where a person is asked for, or none other is left; None: the person
        of the flow."""
        return None

    def looked_up(self, scene: Scene, answer: LookedUp) -> Move:
        """What the company's own system answered."""
        return ToPerson("lost")

    def connected(self, scene: Scene, outcome: Outcome) -> Move:
        """The number that was rung answered and the talk has ended, or it did not answer."""
        return Finish() if outcome == "completed" else ToPerson("lost")

    def ways_out(self, scene: Scene) -> tuple[WayOut, ...]:
        """What somebody who waits in a line can choose instead."""
        return ()

    def sent_away(self, scene: Scene, standing: Standing) -> WhyLeft | None:
        """Why somebody who stands so in the line can wait no longer; None when they can."""
        return None

    def left(self, scene: Scene, why: WhyLeft) -> Move:
        """The caller has left the line."""
        return ToPerson("lost")

    def before_tone(self, scene: Scene, heard: Pressed | Said) -> Move:
        """They pressed or spoke before the tone, and did not ask for a person: the tone, now."""
        move = self.enter(scene)
        return structs.replace(move, said=()) if isinstance(move, Record) else ToPerson("lost")

    def keeps_message(self, scene: Scene) -> bool:
        """Whether what is recorded is a message that somebody has to hear."""
        return True

    def recorded(self, scene: Scene, message: MessageLeft | None) -> Move:
        """A message was left, or nothing was said."""
        return Finish()
