"""`choose_language`: let the caller choose a language, each offered in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ivr.flow.actions import Pause, Prompt
from ivr.flow.actions import Say as Speak
from ivr.flow.kinds.node import FIRST, SLOWLY, Node, Path
from ivr.flow.moves import Ask, Choice, Go, Move, Question
from ivr.flow.names import Key, Target, Texts, Told
from ivr.flow.scene import Scene


class ChooseLanguage(Node):
    """Let the caller choose a language; each is offered in its own words and voice.

    ```yaml
    language:
      kind: choose_language
      keys: {1: fi, 2: sv, 3: nb, 4: en}
      to: greeting
    ```
    """

    kind: Literal["choose_language"]
    keys: Annotated[dict[Key, str], Field(min_length=2)]
    """Which key chooses which language."""
    text: Texts | None = None
    """Said before the choice, in the line's first language: the company's name, for example."""
    to: Target
    """Where the call goes on, in the language chosen."""

    @model_validator(mode="after")
    def _languages_differ(self) -> ChooseLanguage:
        if len(set(self.keys.values())) < len(self.keys):
            raise ValueError("Two keys choose the same language.")
        return self

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("to",), self.to

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        if self.text is not None:
            yield ("text",), self.text

    def enter(self, scene: Scene) -> Move:
        return Ask(scene.say(self.text))

    def ask(self, scene: Scene, wording: int) -> Question:
        packs = {key: scene.around.languages[code] for key, code in self.keys.items()}
        choices = tuple(Choice(pack.code, key, pack.choose) for key, pack in packs.items())
        prompts: list[Prompt] = []
        for key, pack in packs.items():
            phrases = pack.phrases
            if wording == FIRST:
                sentence = phrases.choose_language
            elif wording < SLOWLY:
                sentence = phrases.choose_language_again
            else:
                sentence = phrases.choose_language_slowly
                prompts.append(Pause(1))
            prompts.append(Speak(sentence.replace("{key}", key), pack.code, slow=wording >= SLOWLY))
        return Question(tuple(prompts), choices, tuple(packs.values()), offers_person=False)

    def chosen(self, scene: Scene, name: str) -> Move:
        return Go(self.to, language=name)
