"""Digits and amounts as callers say them. What is not certain is None."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ivr.flow.language import Language
from ivr.flow.spoken.numerals import (
    COUNTING,
    LONGEST,
    Lexicon,
    Part,
    counted,
    lexicon_of,
    parts_of,
    tokens,
)

MOST_OTHER_WORDS = 8
"""Words around a number that are no part of it; with more it was not an answer."""
MOST_ZEROS = 4
LARGEST_AMOUNT = Decimal(10) ** 9


def read_digits(words: str, language: Language) -> str | None:
    """The digits of a number that was read out: `double five twenty` gives `5520`.

    What stands before them is passed over. Behind them may only be a thanks: an unknown word there
    may be a digit that was misheard.
    """
    polite = {token for words_of_yes in language.yes for token in tokens(words_of_yes)}
    parts = parts_of(words, language, lexicon_of(language))
    digits, others, at = "", 0, 0
    ended = False
    while at < len(parts):
        here = parts[at]
        if here.sort == "between":
            at += 1
            continue
        found = _digits_at(parts, at, language)
        if found is None:
            if here.sort in COUNTING or here.sort in ("times", "zeros"):
                return None
            if digits and here.text not in polite:
                return None
            others += 1
            ended = digits != ""
            at += 1
            continue
        if ended:
            return None
        digits += found[0]
        at = found[1]
    if not digits or others > (MOST_OTHER_WORDS if len(digits) > 1 else 2):
        return None
    return digits


def _digits_at(parts: Sequence[Part], at: int, language: Language) -> tuple[str, int] | None:
    here = parts[at]
    following = parts[at + 1] if at + 1 < len(parts) else None
    match here.sort:
        case "figures":
            much = following is not None and following.sort in ("hundred", "thousand")
            return None if much else (here.text, at + 1)
        case "zeros":
            return "0", at + 1
        case "times" if following is not None:
            if following.sort in ("unit", "zeros"):
                return str(following.number) * here.number, at + 2
            if following.sort == "figures" and len(following.text) == 1:
                return following.text * here.number, at + 2
            return None
        case "unit" if following is not None and following.sort == "zeros" and here.number > 1:
            return ("0" * here.number, at + 2) if here.number <= MOST_ZEROS else None
        case "hundred" | "thousand" if at and parts[at - 1].sort == "figures":
            return None
    number = counted(parts, at, language)
    return None if number is None else (str(number[0]), number[1])


@dataclass(frozen=True, slots=True)
class _Item:
    """A number, a money word, a decimal point, or something else."""

    sort: Literal["number", "whole", "hundredths", "point", "other"]
    number: Decimal = Decimal(0)
    text: str = ""


_FIGURES = re.compile(
    r"[0-9]{1,3}(?:[ \u00a0\u202f.,'’][0-9]{3})+(?:[.,][0-9]{1,2})?(?![0-9])"
    r"|[0-9]+(?:[.,:][0-9]{1,2})?(?![0-9])"
)


def read_amount(words: str, language: Language) -> Decimal | None:
    """An amount of money: `tolv kronor och femtio öre` gives 12.50. The currency is not told."""
    items = list(_items(words, language))
    meant = [item for item in items if item.sort != "other"]
    if not meant or len(items) - len(meant) > MOST_OTHER_WORDS:
        return None
    first, last = items.index(meant[0]), len(items) - items[::-1].index(meant[-1])
    if last - first != len(meant):
        return None
    if meant[0].sort == "whole":
        meant = [*meant[1:], meant[0]] if len(meant) == 2 else meant[1:]
    amount = _amount(meant)
    if amount is None or amount >= LARGEST_AMOUNT:
        return None
    return amount.quantize(Decimal(1) if _is_whole(amount) else Decimal("0.01"))


def _amount(items: Sequence[_Item]) -> Decimal | None:
    numbers = [item.number for item in items if item.sort == "number"]
    match [item.sort for item in items]:
        case ["number"] | ["number", "whole"]:
            return numbers[0]
        case ["number", "hundredths"]:
            return numbers[0] / 100 if _is_whole(numbers[0]) else None
        case ["number", "whole", "number", *end] if end in ([], ["hundredths"]):
            # `12 euros 5` may be 12.05 or 12.50.
            least = 0 if end else 10
            if _is_whole(numbers[0]) and _is_whole(numbers[1]) and least <= numbers[1] < 100:
                return numbers[0] + numbers[1] / 100
        case ["number", "point", *rest]:
            decimals = "".join(item.text for item in items[2:] if item.sort == "number")
            kinds = set(rest[:-1] if rest and rest[-1] == "whole" else rest)
            if kinds == {"number"} and _is_whole(numbers[0]) and len(decimals) <= 2:
                return numbers[0] + Decimal(f"0.{decimals}")
    return None


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _items(words: str, language: Language) -> Iterator[_Item]:
    lexicon = lexicon_of(language)
    monies = language.spoken.currencies.values()
    whole = {word for money in monies for word in money.heard}
    hundredths = {word for money in monies for word in money.hundredths_heard}
    said = words[:LONGEST]
    at = 0
    for match in [*_FIGURES.finditer(said), None]:
        between = said[at : match.start()] if match else said[at:]
        parts = [part for part in _money_parts(between, language, lexicon, whole | hundredths)]
        yield from _of_parts(parts, language, whole, hundredths)
        if match is not None:
            at = match.end()
            yield _Item("number", _figures(match[0]), match[0])


def _money_parts(
    words: str, language: Language, lexicon: Lexicon, money: set[str]
) -> Iterator[Part]:
    for token in tokens(words):
        if token in money:
            yield Part("other", token)
        else:
            yield from parts_of(token, language, lexicon)


def _of_parts(
    parts: Sequence[Part], language: Language, whole: set[str], hundredths: set[str]
) -> Iterator[_Item]:
    at = 0
    while at < len(parts):
        here = parts[at]
        number = counted(parts, at, language)
        if number is None and here.sort == "one" and at + 1 < len(parts):
            counts = parts[at + 1].text in whole | hundredths
            number = (1, at + 1) if counts else None
        if here.sort == "zeros":
            number = (0, at + 1)
        if number is not None:
            at = number[1]
            yield _Item("number", Decimal(number[0]), str(number[0]))
            continue
        at += 1
        if here.sort == "between":
            continue
        if here.text in whole:
            yield _Item("whole")
        elif here.text in hundredths:
            yield _Item("hundredths")
        elif here.sort == "point":
            yield _Item("point")
        else:
            yield _Item("other")


def _figures(written: str) -> Decimal:
    """`1 200,50`, `1,200.50` and `12:50`: a sign before one or two last figures is the point."""
    match = re.fullmatch(r"(.*?)(?:[.,:]([0-9]{1,2}))?", written)
    assert match is not None
    whole = re.sub(r"[^0-9]", "", match[1])
    return Decimal(f"{whole[:20]}.{match[2] or '0'}")
