"""How a text with values goes wrong: when it is read, or when it is to be said."""

from __future__ import annotations

from ivr.reading.findings import WrongWithin


class BadTemplate(WrongWithin):
    """A text with values that cannot be read. `column` counts from 1 within the text."""

    code = "template"


class Unsayable(Exception):
    """A value is missing, or is nothing that its form can say. The sentence quotes no value."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)
