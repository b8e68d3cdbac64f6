"""`ask`: let the caller give something, by keys or in words, to be remembered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ivr.flow import entries
from ivr.flow.actions import Prompt
from ivr.flow.actions import Say as Speak
from ivr.flow.entries import CheckDigit, Form, Takes
from ivr.flow.inputs import Pressed, Said
from ivr.flow.kinds.node import AGAIN, FIRST, Node, Path, worded
from ivr.flow.moves import Ask as AskMove
from ivr.flow.moves import Choice, Entry, Go, Move, Question, ToPerson
from ivr.flow.names import Name, Target, Texts, Told
from ivr.flow.scene import Scene
from ivr.flow.spoken import Filled, say_value
from ivr.flow.values import Value
from ivr.flow.variables import Variable, variable

CONFIRM, RETRY, CONFIRM_RETRY = "confirm", "retry", "confirm_retry"
"""After the first question: is it right? Once more. Is it right now?"""
WITHOUT_KEY = "*"
HIDDEN = "•••"


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Length(BaseModel):
    """How many digits there may be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: Annotated[int, Field(ge=1, le=entries.MOST_DIGITS)] = 1
    most: Annotated[int, Field(ge=1, le=entries.MOST_DIGITS)] = entries.MOST_DIGITS


def _length(value: object) -> object:
    if isinstance(value, str) and not value.isdecimal():
        raise ValueError(f"`{value}` is not a length. Write a number, or `{{least: 6, most: 10}}`.")
    return {"least": value, "most": value} if isinstance(value, str | int) else value


class Ask(Node):
    """Let the caller give something, by keys or in words, to be remembered.

    What does not fit is a miss, as in a menu. With `confirm` it is read back: a caller who says
    twice that it is wrong is led to a person.

    ```yaml
    customer_number:
      kind: ask
      variable: customer_number
      takes: digits
      length: 8
      check_digit: luhn
      confirm: true
      private: true
      text:
        en: Please key in or say your customer number. It has eight digits.
      without: topics
      to: topics
    ```
    """

    has_stages: ClassVar[bool] = True

    kind: Literal["ask"]
    variable: Name
    """The name under which it is remembered."""
    text: Texts
    """The question."""
    again: Texts | None = None
    """The question in other words, after a miss; the same when left out."""
    takes: Takes = "digits"
    """`digits`, an `amount`, a `date` (day, month and year in eight digits) or `words`."""
    length: Annotated[Length, BeforeValidator(_length)] | None = None
    """How many digits: a number, or `{least: 6, most: 10}`."""
    pattern: Annotated[tuple[Form, ...], BeforeValidator(_one_or_more)] = ()
    """What digits look like, `#` for any: `"4#######"`; one of them must fit."""
    check_digit: CheckDigit | None = None
    """How the last digit is worked out: `luhn`, `mod11` or `731` (Finnish reference numbers)."""
    confirm: Literal["true", "false"] = "false"
    """Whether it is read back, to be confirmed."""
    private: Literal["true", "false"] = "false"
    """Whether it is kept out of logs, traces and everything else that is written."""
    without: Target | None = None
    """Where the call goes when the caller does not have it, and says so or presses `*`."""
    to: Target
    """Where the call goes on with it."""

    @model_validator(mode="after")
    def _digits_only(self) -> Ask:
        for name in ("length", "pattern", "check_digit"):
            if self.takes != "digits" and getattr(self, name):
                raise ValueError(f"`{name}` goes with `takes: digits`.")
        if self.length is not None and self.length.least > self.length.most:
            raise ValueError("`least` is more than `most`.")
        return self

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("to",), self.to
        if self.without is not None:
            yield ("without",), self.without

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        yield ("text",), self.text
        if self.again is not None:
            yield ("again",), self.again

    def assigns(self) -> Iterator[tuple[Path, str]]:
        yield ("variable",), self.variable

    def enter(self, scene: Scene) -> Move:
        return AskMove()

    def ask(self, scene: Scene, wording: int) -> Question:
        if scene.stage in (CONFIRM, CONFIRM_RETRY) and scene.pending is not None:
            return self._is_it_right(scene, wording, scene.pending.value)
        # Asked for another time it begins with its other words, and goes on as after a miss.
        misses = wording + 1 if scene.stage == RETRY else wording
        text = worded(self.text, self.again, misses)
        prompts: list[Prompt] = list(scene.say(text, slow=wording > AGAIN))
        code, phrases = scene.language.code, scene.language.phrases
        most = self._most_keys
        if most > self._least_keys:
            prompts.append(Speak(phrases.end_with_hash, code, wording > AGAIN))
        choices: tuple[Choice, ...] = ()
        if self.without is not None:
            prompts.append(Speak(phrases.without, code, wording > AGAIN))
            choices = (Choice("without", WITHOUT_KEY, scene.language.without),)
        entry = Entry(keys=most, words=self.takes == "words")
        return Question(tuple(prompts), choices, (scene.language,), entry=entry)

    def _is_it_right(self, scene: Scene, wording: int, value: Value) -> Question:
        language = scene.language
        phrases = language.phrases
        sentence = (phrases.right, phrases.right_again, phrases.right_slowly)[min(wording, 2)]
        said = say_value(
            language, value, entries.SPOKEN_AS[self.takes], scene.local_now, scene.around.currency
        )
        text = sentence.replace("{value}", said)
        shown = sentence.replace("{value}", HIDDEN) if self.is_private else text
        choices = (Choice("yes", "1", language.yes), Choice("no", "2", language.no))
        prompt = scene.speak(Filled(text, shown), slow=wording > AGAIN)
        return Question((prompt,), choices, (language,), offers_person=wording != FIRST)

    @property
    def is_private(self) -> bool:
        return self.private == "true"

    @property
    def _least_keys(self) -> int:
        return self.length.least if self.length is not None else self._lengths()[0]

    @property
    def _most_keys(self) -> int:
        return self.length.most if self.length is not None else self._lengths()[1]

    def _lengths(self) -> tuple[int, int]:
        if self.pattern:
            sizes = [len(form) for form in self.pattern]
            return min(sizes), max(sizes)
        return entries.KEYS[self.takes]

    def entered(self, scene: Scene, heard: Pressed | Said) -> Move | None:
        if isinstance(heard, Pressed) and heard.keys == WITHOUT_KEY and self.without is not None:
            return Go(self.without)
        value = entries.read(self.takes, heard, scene.language, scene.local_now)
        if value is None or not self._fits(value):
            return None
        kept = variable(value, private=self.is_private)
        if self.confirm == "true":
            stage = CONFIRM_RETRY if scene.stage == RETRY else CONFIRM
            return AskMove(stage=stage, pending=kept)
        return self._given(kept)

    def _fits(self, value: Value) -> bool:
        if self.takes != "digits":
            return True
        digits = str(value)
        return (
            self._least_keys <= len(digits) <= self._most_keys
            and (not self.pattern or any(entries.has_form(digits, form) for form in self.pattern))
            and (self.check_digit is None or entries.checks(digits, self.check_digit))
        )

    def _given(self, kept: Variable) -> Move:
        return Go(self.to, assigned={self.variable: kept}, progress=False)

    def chosen(self, scene: Scene, name: str) -> Move:
        if name == "without" and self.without is not None:
            return Go(self.without)
        if name == "yes" and scene.pending is not None:
            return self._given(scene.pending)
        return ToPerson("misses") if scene.stage == CONFIRM_RETRY else AskMove(stage=RETRY)
