"""Numbers, money, and what is read out character by character."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from ivr.flow.language import Language
from ivr.flow.spoken.errors import Unsayable
from ivr.flow.spoken_words import Currency

MOST_CHARACTERS = 40
"""Nobody follows more, one by one."""
_DECIMALS = Decimal("0.001")
_HUNDREDTHS = Decimal("0.01")


def say_number(number: Decimal, language: Language) -> str:
    """A number with at most three decimals."""
    words = language.spoken
    rounded = number.quantize(_DECIMALS, ROUND_HALF_UP)
    written = f"{abs(rounded):f}".rstrip("0").rstrip(".").replace(".", words.decimal_sign)
    return f"{words.minus} {written}" if rounded < 0 else written


def say_amount(amount: Decimal, currency: Currency, language: Language) -> str:
    """Money, rounded to hundredths: `12 euroa 50 senttiä`."""
    words = language.spoken
    money = words.currencies[currency]
    rounded = amount.quantize(_HUNDREDTHS, ROUND_HALF_UP)
    whole, hundredths = divmod(int(abs(rounded) * 100), 100)
    if not hundredths:
        said = money.whole.of(whole)
    elif not whole:
        said = money.hundredths.of(hundredths)
    else:
        pattern = words.amount_of_few if hundredths < 10 else money.amount or words.amount
        said = (
            pattern.replace("{whole}", money.whole.of(whole))
            .replace("{hundredths}", money.hundredths.of(hundredths))
            .replace("{n}", str(hundredths))
        )
    return f"{words.minus} {said}" if rounded < 0 else said


def say_digits(text: str, language: Language) -> str:
    """Digits one by one, `1 2 3, 4 5 6`; letters among them are read out as well.

    Raises `Unsayable`.
    """
    plus = language.spoken.signs.get("+", "") if text.lstrip().startswith("+") else ""
    groups = []
    for part in re.findall(r"[0-9]+|[^\W\d_]+", text):
        size = int(language.spoken.digits_together) if part.isdigit() else 3
        groups += [" ".join(group) for group in grouped(part.upper(), size)]
    return _read_out(groups, plus, text)


def say_spelled(text: str, language: Language) -> str:
    """Letters, digits and signs one by one, `R E V, 4 2`. Raises `Unsayable`."""
    signs = language.spoken.signs
    groups: list[str] = []
    for part in re.findall(r"[0-9]+|[^\W\d_]+|\S", text):
        if part.isalnum():
            size = int(language.spoken.digits_together) if part.isdigit() else 3
            groups += [" ".join(group) for group in grouped(part.upper(), size)]
        elif part in signs:
            groups.append(signs[part])
    return _read_out(groups, "", text)


def grouped(text: str, size: int) -> list[str]:
    """`text` in groups of `size`, none of a single character.

    Pairs begin with a group of three when they do not come out even (`465 00 12`), threes end in
    one or two pairs.
    """
    length = len(text)
    if length <= 3:
        return [text]
    if size == 2:
        first = 2 + length % 2
        return [text[:first], *(text[at : at + 2] for at in range(first, length, 2))]
    threes = length - {0: 0, 1: 4, 2: 2}[length % 3]
    starts = [*range(0, threes, 3), *range(threes, length, 2)]
    ends = [*starts[1:], length]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _read_out(groups: list[str], before: str, text: str) -> str:
    if not groups:
        raise Unsayable("The value has no letter and no digit to be read out.")
    if sum(map(len, text.split())) > MOST_CHARACTERS:
        raise Unsayable(f"More than {MOST_CHARACTERS} characters cannot be read out one by one.")
    return f"{before} {', '.join(groups)}".strip()
