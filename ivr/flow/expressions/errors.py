"""How an expression goes wrong: when it is read, or when it is answered."""

from __future__ import annotations


class BadExpression(ValueError):
    """An expression that cannot be read. `column` counts from 1 within its text."""

    def __init__(self, sentence: str, column: int, advice: str = "") -> None:
        self.sentence = sentence
        self.column = column
        self.advice = advice
        super().__init__(f"{sentence} {advice}".rstrip())


class Unanswerable(Exception):
    """An expression has no value in this call. The sentence quotes no caller's words or numbers."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)
