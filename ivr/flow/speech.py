"""How long a text takes to be said, by a rate measured for each language.

`tools/measure_speech.py` measures the rates on rendered speech and writes the table that tests hold
them against (`tests/flow/speech_durations.json`): on texts that it was not fitted to, the model is
within 10 % on average, and closer the longer a text is. The voice was espeak-ng's at its usual
pace of 175 words a minute, which is about that of a carrier's voices.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(r"[.!?]+\s")
_COMMA = re.compile(r"[,:;]\s")

SLOW = 0.85
"""How fast slow speech is, of the usual."""

Seconds = Annotated[float, Field(ge=-1, le=2)]


class SpeechRate(BaseModel):
    """Seconds for each letter, digit, word, pause at the end of a sentence, pause at a comma, and
    for a text as such."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    letter: Seconds
    digit: Seconds
    word: Seconds
    sentence: Seconds
    comma: Seconds
    text: Seconds

    def seconds(self, text: str, *, slow: bool = False) -> float:
        """How long `text` takes."""
        letters, digits, words, ends, commas = counts(text)
        said = (
            letters * self.letter + digits * self.digit + words * self.word
            + ends * self.sentence + commas * self.comma + (self.text if words else 0.0)
        )  # fmt: skip
        return max(said, 0.0) / (SLOW if slow else 1.0)


def counts(text: str) -> tuple[int, int, int, int, int]:
    """Letters, digits, words, ends of sentences and commas within a text."""
    return (
        len(_LETTER.findall(text)),
        len(_DIGIT.findall(text)),
        len(text.split()),
        len(_SENTENCE_END.findall(text)),
        len(_COMMA.findall(text)),
    )
