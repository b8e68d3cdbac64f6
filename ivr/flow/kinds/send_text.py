"""`send_text`: offer to send the caller a text message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ivr.flow.actions import Say
from ivr.flow.kinds.node import AGAIN, FIRST, SLOWLY, Node, Path, worded
from ivr.flow.moves import Ask, Choice, Go, Move, Question, TextWanted, ToPerson
from ivr.flow.names import Target, Texts, Told
from ivr.flow.scene import Scene, is_mobile


class SendText(Node):
    """Offer to send the caller a text message, and send it to those who say yes.

    It is only offered to a caller with a mobile number; the others go on at `otherwise` without a
    word about it.

    ```yaml
    text_the_address:
      kind: send_text
      text:
        en: Shall I text you the address?
      message:
        en: "Northern Lights Energy, Box 12, 951 00 Kalix. example.com/moving"
      to: on_its_way
      otherwise: anything_else
    ```
    """

    kind: Literal["send_text"]
    text: Texts
    """The question whether to send it."""
    again: Texts | None = None
    """The question in other words, after a miss; the same when left out."""
    message: Texts
    """What is sent."""
    to: Target
    """Where the call goes when it is to be sent."""
    otherwise: Target
    """Where it goes when the caller would rather not, or has no mobile number."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("to",), self.to
        yield ("otherwise",), self.otherwise

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        yield ("text",), self.text
        if self.again is not None:
            yield ("again",), self.again

    def messages(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        yield ("message",), self.message

    def enter(self, scene: Scene) -> Move:
        if scene.caller is None or not is_mobile(scene.caller):
            return Go(self.otherwise, because="no mobile number")
        return Ask()

    def ask(self, scene: Scene, wording: int) -> Question:
        language = scene.language
        phrases = language.phrases
        sentences = (phrases.yes_or_no, phrases.yes_or_no_again, phrases.yes_or_no_slowly)
        text = worded(self.text, self.again, wording)
        slow = wording > AGAIN
        prompts = (*scene.say(text, slow=slow),
                   Say(sentences[min(wording, SLOWLY)], language.code, slow))  # fmt: skip
        choices = (Choice("yes", "1", language.yes), Choice("no", "2", language.no))
        return Question(prompts, choices, (language,), offers_person=wording != FIRST)

    def chosen(self, scene: Scene, name: str) -> Move:
        if name == "no":
            return Go(self.otherwise)
        if scene.caller is None:
            return ToPerson("lost")
        filled = scene.filled(self.message)
        wanted = TextWanted(scene.caller, scene.language.code, filled.text, filled.shown)
        return Go(self.to, effects=(wanted,))
