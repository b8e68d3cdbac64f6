"""The engine's own sentences, and how sentences are put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ivr.flow.actions import Prompt, Say
from ivr.flow.kinds.node import AGAIN, FIRST, SLOWLY
from ivr.flow.language import Language

Reached = Literal["person", "message"]
"""Where the way to a person ends: at one, or at a voicemail."""


def speak(language: Language, sentence: str, *, slow: bool = False) -> Say:
    return Say(sentence, language.code, slow)


def closing(language: Language, wording: int, reached: Reached) -> Say:
    """How to reach a person or, while none can be reached, to leave a message."""
    phrases = language.phrases
    sentences = {
        ("person", FIRST): phrases.person,
        ("person", AGAIN): phrases.person_again,
        ("person", SLOWLY): phrases.person_slowly,
        ("message", FIRST): phrases.message,
        ("message", AGAIN): phrases.message_again,
        ("message", SLOWLY): phrases.message_slowly,
    }
    return speak(language, sentences[reached, wording], slow=wording == SLOWLY)


def joined(prompts: Sequence[Prompt]) -> tuple[Prompt, ...]:
    """The prompts with neighbouring sentences of one language and pace said in one breath."""
    together: list[Prompt] = []
    last: Prompt | None = None
    for prompt in prompts:
        if (
            isinstance(last, Say)
            and isinstance(prompt, Say)
            and prompt.slow is last.slow
            and prompt.language == last.language
        ):
            shown = None
            if last.shown is not None or prompt.shown is not None:
                shown = f"{last.shown or last.text} {prompt.shown or prompt.text}"
            prompt = Say(f"{last.text} {prompt.text}", last.language, last.slow, shown)
            together.pop()
        together.append(prompt)
        last = prompt
    return tuple(together)


def slowed(prompts: Sequence[Prompt]) -> tuple[Prompt, ...]:
    """The same, said slowly."""
    return tuple(
        Say(prompt.text, prompt.language, True, prompt.shown) if isinstance(prompt, Say) else prompt
        for prompt in prompts
    )
