"""The forms in which a value can be said: `digits`, `amount EUR`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from ivr.flow.spoken_words import CURRENCIES, Currency
from ivr.flow.values import Value
from ivr.reading.validation import suggestion

FormName = Literal[
    "digits", "spell", "name", "text", "number", "amount", "date", "day", "time", "duration",
    "yes_no",
]  # fmt: skip

EXPLAINED: dict[FormName, str] = {
    "digits": "One by one, in groups of two or three.",
    "spell": "Letters and digits one by one.",
    "name": "A name, never shouted in capitals; left out, with its comma, when nobody gave it.",
    "text": "As it stands.",
    "number": "A number.",
    "amount": "Money; `amount EUR` names the currency, otherwise it is the company's.",
    "date": "The day of the week, the day and the month; with the year when it is far away.",
    "day": "Yesterday, today or tomorrow, and other days like `date`.",
    "time": "A time of day.",
    "duration": "Minutes, as hours and minutes.",
    "yes_no": "Yes or no.",
}
"""Every form, for the manual."""

FORMS: tuple[FormName, ...] = get_args(FormName)


_DIGITS = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True)
class Form:
    """`currency` only of an amount, and only when it was named."""

    name: FormName
    currency: Currency | None = None

    def __str__(self) -> str:
        return self.name if self.currency is None else f"{self.name} {self.currency}"


class UnknownForm(ValueError):
    """There is no such form; the advice says which there is."""

    def __init__(self, sentence: str, advice: str) -> None:
        self.sentence = sentence
        self.advice = advice
        super().__init__(f"{sentence} {advice}".rstrip())


def read_form(written: str) -> Form:
    """The form that `written` names; raises `UnknownForm`."""
    name, *more = written.split()
    if name not in FORMS:
        raise UnknownForm(f"There is no form `{name}`.", suggestion(name, FORMS))
    form: FormName = name
    if not more:
        return Form(form)
    if form != "amount":
        raise UnknownForm(f"Nothing can follow the form `{name}`.", f"Write `{name}` alone.")
    code = " ".join(more)
    if code.upper() not in CURRENCIES:
        raise UnknownForm(
            f"There is no currency `{code}` here.", suggestion(code.upper(), CURRENCIES)
        )
    return Form(form, cast(Currency, code.upper()))


def usual_form(value: Value) -> Form:
    """The form of a value for which none was named."""
    match value:
        case bool():
            return Form("yes_no")
        case str():
            return Form("digits" if _DIGITS.fullmatch(value.strip()) else "text")
        case None:
            return Form("text")
    kinds: dict[str, FormName] = {"Decimal": "number", "date": "date", "time": "time"}
    return Form(kinds[type(value).__name__])
