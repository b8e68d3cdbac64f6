"""`answer`: give an answer, then ask whether it helped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import model_validator

from ivr.flow.actions import Prompt
from ivr.flow.actions import Say as Speak
from ivr.flow.kinds.node import FIRST, SLOWLY, Node, Path
from ivr.flow.moves import Ask, Choice, Go, Move, Question, ToPerson
from ivr.flow.names import Files, Target, Texts, Told
from ivr.flow.scene import Scene


class Answer(Node):
    """Give an answer, spoken or recorded, then ask whether it helped.

    An answer is given once in a call. A caller who comes back to it, or whom it did not help,
    is led to a person.

    ```yaml
    due_date:
      kind: answer
      text:
        en: An invoice is due fourteen days after its date.
      helped: anything_else
      not_helped: billing_team      # the flow's person when left out
    ```
    """

    gives_answer: ClassVar[bool] = True

    kind: Literal["answer"]
    text: Texts | None = None
    """The answer, to be spoken."""
    audio: Files | None = None
    """The answer as recordings: file names under `flows/audio/`, or https addresses."""
    helped: Target
    """Where the call goes when the answer helped."""
    not_helped: Target | None = None
    """Where it goes when it did not; the flow's person when left out."""

    @model_validator(mode="after")
    def _says_something(self) -> Answer:
        if (self.text is None) == (self.audio is None):
            raise ValueError("An answer has either `text` or `audio`.")
        return self

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("helped",), self.helped
        if self.not_helped is not None:
            yield ("not_helped",), self.not_helped

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        if self.text is not None:
            yield ("text",), self.text

    def recordings(self) -> Iterator[tuple[Path, dict[str, str]]]:
        if self.audio is not None:
            yield ("audio",), self.audio

    def enter(self, scene: Scene) -> Move:
        if self.audio is not None:
            return Ask(scene.play(self.audio))
        return Ask(scene.say(self.text))

    def ask(self, scene: Scene, wording: int) -> Question:
        language = scene.language
        phrases = language.phrases
        choices = (Choice("yes", "1", language.yes), Choice("no", "2", language.no))
        if wording == FIRST:
            sentence = phrases.helped
        elif wording < SLOWLY:
            sentence = phrases.helped_again
        else:
            sentence = phrases.helped_slowly
        prompts: tuple[Prompt, ...] = (Speak(sentence, language.code, slow=wording >= SLOWLY),)
        return Question(prompts, choices, (language,), offers_person=wording != FIRST)

    def chosen(self, scene: Scene, name: str) -> Move:
        if name == "yes":
            return Go(self.helped, progress=True)
        return ToPerson("not_helped") if self.not_helped is None else Go(self.not_helped)
