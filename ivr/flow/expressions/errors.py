"""How an expression goes wrong: when it is read, or when it is answered."""

from __future__ import annotations

from ivr.reading.findings import WrongWithin


class BadExpression(WrongWithin):
    """An expression that cannot be read. `column` counts from 1 within its text."""

    code = "expression"


class Unanswerable(Exception):
    """An expression has no value in this call. The sentence quotes no caller's words or numbers."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)
