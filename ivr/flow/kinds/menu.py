"""`menu`: let the caller choose, by a key or by saying it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ivr.flow.actions import Pause, Prompt
from ivr.flow.actions import Say as Speak
from ivr.flow.kinds.node import FIRST, SLOWLY, Node, Path
from ivr.flow.moves import Ask, Choice, Go, Move, Question, ToPerson
from ivr.flow.names import Key, Target, Texts, Told, WordLists
from ivr.flow.scene import Scene


class Option(BaseModel):
    """One option of a menu."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    """The key to press, 1 to 9. 0 always leads to a person."""
    label: Texts
    """What the option is about, as it stands in the sentence "For ..., press 1"."""
    words: WordLists = {}
    """Words that choose it when they are said; those of the label count too."""
    to: Target
    """Where the call goes on."""


class Menu(Node):
    """Let the caller choose, by a key or by saying it.

    The sentences ("For an invoice, press 1") are made from the options, so what is said and what
    the keys do cannot differ. How to reach a person is always added. After silence or a wrong key
    the options are said in other words, then slowly one by one, then a person takes over.

    ```yaml
    topics:
      kind: menu
      text:
        en: What is it about?
      options:
        - key: 1
          label: {en: an invoice}
          words: {en: [invoice, bill, payment]}
          to: invoices/
        - key: 2
          label: {en: a power cut}
          words: {en: [power cut, outage, no power]}
          to: outages/
    ```
    """

    kind: Literal["menu"]
    text: Texts
    """The question, said before the options."""
    again: Texts | None = None
    """The question in other words, after a miss; left out when there is none."""
    options: Annotated[tuple[Option, ...], Field(min_length=1, max_length=9)]
    """What can be chosen, in the order in which it is said."""

    @model_validator(mode="after")
    def _keys_differ(self) -> Menu:
        seen: set[str] = set()
        for option in self.options:
            if option.key in seen:
                raise ValueError(f"Key {option.key} is used by two options of this menu.")
            seen.add(option.key)
        return self

    def targets(self) -> Iterator[tuple[Path, str]]:
        for index, option in enumerate(self.options):
            yield ("options", index, "to"), option.to

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        yield ("text",), self.text
        if self.again is not None:
            yield ("again",), self.again
        for index, option in enumerate(self.options):
            yield ("options", index, "label"), option.label

    def words(self) -> Iterator[tuple[Path, WordLists]]:
        for index, option in enumerate(self.options):
            yield ("options", index, "words"), option.words

    def enter(self, scene: Scene) -> Move:
        return Ask()

    def ask(self, scene: Scene, wording: int) -> Question:
        code = scene.language.code
        choices = tuple(
            Choice(
                option.key,
                option.key,
                (*option.words.get(code, ()), scene.text(option.label)),
                scene.text(option.label),
            )
            for option in self.options
        )
        return Question(self._prompts(scene, wording), choices, (scene.language,))

    def _prompts(self, scene: Scene, wording: int) -> tuple[Prompt, ...]:
        phrases, code = scene.language.phrases, scene.language.code
        if wording >= SLOWLY or scene.calm:
            slow: list[Prompt] = []
            if wording >= SLOWLY:
                slow.append(Speak(phrases.one_at_a_time, code, slow=True))
            else:
                slow += scene.say(self.text if wording == FIRST else self.again, slow=True)
            for option in self.options:
                slow.append(Pause(1))
                slow.append(Speak(_fill(phrases.option_slowly, scene, option), code, slow=True))
            return tuple(slow)
        if wording == FIRST:
            lead, template = scene.say(self.text), phrases.option
        else:
            lead, template = scene.say(self.again), phrases.option_again
        options = [_fill(template, scene, option) for option in self.options]
        return (*lead, Speak(" ".join(options), code))

    def chosen(self, scene: Scene, name: str) -> Move:
        for option in self.options:
            if option.key == name:
                return Go(option.to)
        return ToPerson("lost")


def _fill(template: str, scene: Scene, option: Option) -> str:
    sentence = template.replace("{key}", option.key).replace("{label}", scene.text(option.label))
    return sentence[:1].upper() + sentence[1:]
