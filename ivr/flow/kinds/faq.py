"""`faq`: let the caller say what it is about, and find the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ivr.flow.inputs import Pressed, Said
from ivr.flow.kinds.node import AGAIN, Node, Path, worded
from ivr.flow.moves import Ask, Choice, Entry, Go, Move, Question, ToPerson
from ivr.flow.names import Target, Texts, Told, WordLists
from ivr.flow.scene import Scene


class Matter(BaseModel):
    """One thing that callers ask about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Texts
    """What it is about, in a few words, for the person who may take over."""
    words: WordLists
    """What callers say who ask about it, in every language of the flow; those of the label count
    too."""
    to: Target
    """Where the call goes, an `answer` usually."""


class Faq(Node):
    """Let the caller say in their own words what it is about, and find the answer.

    Somebody with several matters, with words that fit none, or with a complaint comes to a person
    at once: nobody is asked to say it again in other words.

    ```yaml
    what_is_it:
      kind: faq
      text:
        en: Tell me in a few words what your call is about.
      matters:
        - label: {en: when an invoice is due}
          words: {en: [due date, when do I pay, last day of payment]}
          to: due_date
        - label: {en: a meter reading}
          words: {en: [meter reading, read the meter]}
          to: meter
    ```
    """

    kind: Literal["faq"]
    text: Texts
    """The question."""
    again: Texts | None = None
    """The question in other words, after silence; the same when left out."""
    matters: Annotated[tuple[Matter, ...], Field(min_length=1, max_length=200)]
    """What can be asked about."""
    otherwise: Target | None = None
    """Where the call goes when nothing fits; the flow's person when left out."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        for index, matter in enumerate(self.matters):
            yield ("matters", index, "to"), matter.to
        if self.otherwise is not None:
            yield ("otherwise",), self.otherwise

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        yield ("text",), self.text
        if self.again is not None:
            yield ("again",), self.again
        for index, matter in enumerate(self.matters):
            yield ("matters", index, "label"), matter.label

    def words(self) -> Iterator[tuple[Path, WordLists]]:
        for index, matter in enumerate(self.matters):
            yield ("matters", index, "words"), matter.words

    def enter(self, scene: Scene) -> Move:
        return Ask() if scene.around.speech else self._nothing_fits()

    def ask(self, scene: Scene, wording: int) -> Question:
        code = scene.language.code
        choices = tuple(
            Choice(str(index), "", (*matter.words.get(code, ()), scene.text(matter.label)),
                   scene.text(matter.label))
            for index, matter in enumerate(self.matters)
        )  # fmt: skip
        prompts = scene.say(worded(self.text, self.again, wording), slow=wording > AGAIN)
        return Question(
            prompts, choices, (scene.language,), entry=Entry(words=True), one_matter=True
        )

    def chosen(self, scene: Scene, name: str) -> Move:
        return Go(self.matters[int(name)].to)

    def entered(self, scene: Scene, heard: Pressed | Said) -> Move | None:
        return None if isinstance(heard, Pressed) else self._nothing_fits()

    def _nothing_fits(self) -> Move:
        return ToPerson("no_answer_found") if self.otherwise is None else Go(self.otherwise)
