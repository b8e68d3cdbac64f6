"""How a text with values goes wrong: when it is read, or when it is to be said."""

from __future__ import annotations


class BadTemplate(ValueError):
    """A text with values that cannot be read. `column` counts from 1 within the text."""

    def __init__(self, sentence: str, column: int, advice: str = "") -> None:
        self.sentence = sentence
        self.column = column
        self.advice = advice
        super().__init__(f"{sentence} {advice}".rstrip())


class Unsayable(Exception):
    """A value is missing, or is nothing that its form can say. The sentence quotes no value."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)
