"""The number words of a language: what was said, cut into the parts of numbers.

`kaksikymmentäkolme`, `kaksikymmentä kolme` and `twenty-three` become the same parts; a number is
then put together from parts by one small grammar: hundreds, tens, units.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ivr.flow.language import Language
from ivr.flow.spoken_words import Hearing

Sort = Literal[
    "figures", "unit", "teen", "ten", "hundred", "thousand", "one", "zeros", "times", "between",
    "point", "other",
]  # fmt: skip
COUNTING: frozenset[Sort] = frozenset({"unit", "teen", "ten", "hundred", "thousand"})
LONGEST = 400
"""Characters that are looked at."""
LONGEST_COMPOUND = 90
"""Letters of the longest word that is looked into: nobody says a longer number in one."""
LONGEST_WORD = 24
"""Letters of the longest part of a compound."""

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+(?:['’][^\W\d_]+)*|[€£$]")


@dataclass(frozen=True, slots=True)
class Part:
    """`text` is the word itself, or the figures that were heard as such."""

    sort: Sort
    text: str
    number: int = 0


Lexicon = Mapping[str, Part]
_Reader = Callable[[Sequence[Part], int, Language], tuple[int, int] | None]


def lexicon_of(language: Language) -> Lexicon:
    """Every word of the language that is part of a number, or means nothing among numbers."""
    return _lexicon(language.numbers, language.spoken.hearing)


@lru_cache(maxsize=32)
def _lexicon(numbers: tuple[tuple[str, ...], ...], heard: Hearing) -> Lexicon:
    lexicon: dict[str, Part] = {}

    def add(sort: Sort, number: int, words: Sequence[str]) -> None:
        for word in words:
            lexicon.setdefault(word, Part(sort, word, number))

    add("zeros", 0, heard.zeros)
    add("unit", 0, heard.zero)
    for digit, words in enumerate(numbers):
        add("unit", digit, words)
    for ten, words in enumerate(heard.teens):
        add("teen", 10 + ten, words)
    for ten, words in enumerate(heard.tens):
        add("ten", 20 + 10 * ten, words)
    add("hundred", 100, heard.hundred)
    add("thousand", 1000, heard.thousand)
    add("one", 1, heard.counted_one)
    add("times", 2, heard.twice)
    add("times", 3, heard.thrice)
    add("point", 0, heard.point)
    add("between", 0, heard.between)
    return lexicon


def tokens(words: str) -> list[str]:
    """Words and figures in small letters."""
    return _TOKEN.findall(words[:LONGEST].casefold().replace("’", "'"))


def is_figures(token: str) -> bool:
    """Whether a token is figures: `²` is a digit to Python, and no number."""
    return token.isascii() and token.isdigit()


def parts_of(words: str, language: Language, lexicon: Lexicon) -> list[Part]:
    """What was said as parts; a compound is several."""
    parts: list[Part] = []
    for token in tokens(words):
        if is_figures(token):
            parts.append(Part("figures", token))
        elif token in lexicon:
            parts.append(lexicon[token])
        else:
            parts += _compound(token, lexicon, language) or [Part("other", token)]
    return parts


def _compound(token: str, lexicon: Lexicon, language: Language) -> list[Part]:
    """The parts of one long word, when they are one number; otherwise none."""
    if len(token) > LONGEST_COMPOUND:
        return []
    cut: dict[int, list[Part]] = {0: []}
    for end in range(1, len(token) + 1):
        # The longest last part wins: `femtio` is 50 and not `fem` with something left.
        for start in range(max(0, end - LONGEST_WORD), end):
            part = lexicon.get(token[start:end])
            if part is not None and part.sort == "one":
                part = Part("unit", part.text, 1)
            if part is not None and part.sort in COUNTING and start in cut:
                cut[end] = [*cut[start], part]
                break
    parts = cut.get(len(token), [])
    number = counted(parts, 0, language)
    return parts if len(parts) > 1 and number is not None and number[1] == len(parts) else []


def counted(parts: Sequence[Part], at: int, language: Language) -> tuple[int, int] | None:
    """The number that begins at `at`, and where it ends; None when none begins there."""
    below = _below_thousand(parts, at, language)
    end = at if below is None else below[1]
    if not _is(parts, end, "thousand") or (below is not None and below[0] == 0):
        return below
    thousands = 1 if below is None else below[0]
    rest = _rest(parts, end + 1, language, _below_thousand)
    return (thousands * 1000 + rest[0], rest[1])


def _below_thousand(parts: Sequence[Part], at: int, language: Language) -> tuple[int, int] | None:
    below = _below_hundred(parts, at, language)
    end = at if below is None else below[1]
    if not _is(parts, end, "hundred") or (below is not None and below[0] == 0):
        return below
    hundreds = 1 if below is None else below[0]
    rest = _rest(parts, end + 1, language, _below_hundred)
    return (hundreds * 100 + rest[0], rest[1])


def _rest(parts: Sequence[Part], at: int, language: Language, read: _Reader) -> tuple[int, int]:
    """What follows hundreds or thousands, with or without an `and`."""
    start = at + 1 if _is(parts, at, "between") else at
    rest = read(parts, start, language)
    if rest is None or rest[0] == 0:
        return (0, at)
    return rest


def _below_hundred(parts: Sequence[Part], at: int, language: Language) -> tuple[int, int] | None:
    if at >= len(parts):
        return None
    part = parts[at]
    match part.sort:
        case "teen":
            return part.number, at + 1
        case "ten":
            if _is(parts, at + 1, "unit") and parts[at + 1].number:
                return part.number + parts[at + 1].number, at + 2
            return part.number, at + 1
        case "unit":
            turned = language.spoken.hearing.units_before_tens == "true"
            if turned and _is(parts, at + 1, "between") and _is(parts, at + 2, "ten"):
                return part.number + parts[at + 2].number, at + 3
            return part.number, at + 1
        case "one" if _is(parts, at + 1, "hundred") or _is(parts, at + 1, "thousand"):
            return 1, at + 1
    return None


def _is(parts: Sequence[Part], at: int, sort: Sort) -> bool:
    return at < len(parts) and parts[at].sort == sort
