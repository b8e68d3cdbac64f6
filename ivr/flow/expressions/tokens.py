"""The text of an expression cut into numbers, texts, names and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ivr.flow.expressions.errors import BadExpression
from ivr.flow.expressions.limits import LONGEST, MOST_PARTS

Sort = Literal["number", "text", "name", "sign", "end"]

WORDS = ("and", "or", "not", "in", "true", "false", "nothing")
"""Names that are part of the language."""


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what was written; of a text, what stands between its quotes."""

    sort: Sort
    text: str
    column: int


_TOKEN = re.compile(
    r"""(?P<blank>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>[^\W\d]\w*)
      | "(?P<double>[^"]*)" | '(?P<single>[^']*)'
      | (?P<sign><=|>=|!=|==|[=<>+\-*/()\[\],.])
    """,
    re.VERBOSE,
)

_LIKELY_MEANT = {
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": "not",
    "<>": "!=",
    "=<": "<=",
    "=>": ">=",
    "===": "=",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
}
"""What people write for an operator, and how it is written here."""

_CURLY_QUOTES = "“”„‟«»‘’‚‛"
_LONGEST_NUMBER = 15


def tokens_of(text: str) -> list[Token]:
    """Every token, and one that marks the end; raises `BadExpression`."""
    if len(text) > LONGEST:
        raise BadExpression(
            f"The expression has {len(text)} characters; at most {LONGEST} are read.",
            LONGEST + 1,
            "Compute a part of it in a `set` before.",
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        _refuse_likely(text, at)
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unknown(text, at)
        token = _token(match, at + 1)
        if token is not None:
            found.append(token)
        at = match.end()
        if match["number"] is not None:
            _refuse_number(match["number"], text, at)
    if len(found) > 2 * MOST_PARTS:
        raise BadExpression(
            "The expression has too many parts.",
            found[2 * MOST_PARTS].column,
            "Compute a part of it in a `set` before.",
        )
    found.append(Token("end", "", len(text.rstrip()) + 1))
    return found


def _token(match: re.Match[str], column: int) -> Token | None:
    if match["number"] is not None:
        return Token("number", match["number"], column)
    if match["name"] is not None:
        return Token("name", match["name"], column)
    if match["sign"] is not None:
        return Token("sign", "=" if match["sign"] == "==" else match["sign"], column)
    for quoted in (match["double"], match["single"]):
        if quoted is not None:
            return Token("text", quoted, column)
    return None


def _refuse_likely(text: str, at: int) -> None:
    for size in (3, 2, 1):
        written = text[at : at + size]
        if written == "!=":
            return
        meant = _LIKELY_MEANT.get(written)
        if meant is not None and len(written) == size:
            raise BadExpression(
                f"`{written}` is no operator here.", at + 1, f"Write `{meant}`."
            )  # fmt: skip


def _unknown(text: str, at: int) -> BadExpression:
    sign = text[at]
    if sign in "\"'":
        return BadExpression("This text has no closing quote.", at + 1, f"End it with {sign}.")
    if sign in _CURLY_QUOTES:
        return BadExpression(
            f"`{sign}` is a typographic quote.", at + 1, 'Write texts in straight quotes: "text".'
        )
    if sign in "{}$%":
        return BadExpression(
            f"`{sign}` does not belong in an expression.", at + 1, "Write a variable by its name."
        )
    shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
    return BadExpression(f"`{shown}` does not belong in an expression.", at + 1, "Delete it.")


def _refuse_number(number: str, text: str, end: int) -> None:
    column = end - len(number) + 1
    whole, _, decimals = number.partition(".")
    following = text[end : end + 1]
    if following.isalnum() or following == "_" or following == ".":
        raise BadExpression(
            f"`{number}{following}` is no number.", column,
            'Write numbers like 12 or 12.5, and dates and times like date("2026-12-24").',
        )  # fmt: skip
    if len(whole) > _LONGEST_NUMBER or len(decimals) > 10:
        raise BadExpression(
            "This number is too long.", column, "Put what is only read and written in quotes."
        )
