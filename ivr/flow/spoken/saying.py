"""One value in one form, as words."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import cast

from ivr.flow.language import Language
from ivr.flow.spoken.cleaning import cleaned
from ivr.flow.spoken.errors import Unsayable
from ivr.flow.spoken.figures import say_amount, say_digits, say_number, say_spelled
from ivr.flow.spoken.forms import Form, UnknownForm, read_form, usual_form
from ivr.flow.spoken.moments import say_date, say_day, say_duration, say_time
from ivr.flow.spoken_words import CURRENCIES, Currency
from ivr.flow.values import NoValue, Value, as_text, as_value, read_date, read_number, read_time

USUAL_CURRENCY: Currency = "EUR"


def say_value(
    language: Language,
    value: Value,
    form: str | None,
    now: datetime,
    currency: str = USUAL_CURRENCY,
) -> str:
    """`value` as the language says it; `form` like `amount EUR`, or None for the usual one.

    `now` is in the company's time zone, `currency` the company's. A text is taken for what its
    form needs: `2026-12-24` for a date, `12.50` for an amount. Raises `Unsayable`.
    """
    try:
        value = as_value(value)
        chosen = read_form(form) if form else usual_form(value)
    except (NoValue, UnknownForm) as error:
        raise Unsayable(str(error)) from None
    if value is None:
        raise Unsayable("There is no value to be said.")
    return say_in_form(language, value, chosen, now, currency)


def say_in_form(language: Language, value: Value, form: Form, now: datetime, currency: str) -> str:
    """The same for a form that was read already and a value that is one."""
    match form.name:
        case "digits":
            return say_digits(_characters(value, language), language)
        case "spell":
            return say_spelled(_characters(value, language), language)
        case "name":
            return _words(_name(value), language)
        case "text":
            return _words(value, language)
        case "yes_no":
            if not isinstance(value, bool):
                raise Unsayable("The value is no yes or no.")
            return language.yes[0] if value else language.no[0]
        case "number":
            return say_number(_number(value), language)
        case "amount":
            return say_amount(_number(value), form.currency or _currency(currency), language)
        case "duration":
            return say_duration(_number(value), language)
        case "date":
            return say_date(_date(value), language, now)
        case "day":
            return say_day(_date(value), language, now)
        case "time":
            return say_time(_time(value), language)


def _characters(value: Value, language: Language) -> str:
    if isinstance(value, str | Decimal):
        return cleaned(as_text(value), language)
    raise Unsayable("Only a text or a number can be read out one by one.")


def _words(value: Value, language: Language) -> str:
    words = cleaned(as_text(value), language)
    if not words:
        raise Unsayable("The text is empty.")
    return words


def _name(value: Value) -> Value:
    """All capitals would be spelled by some voices, and small letters look careless in texts."""
    if isinstance(value, str) and (value.isupper() or value.islower()):
        return value.title()
    return value


def _number(value: Value) -> Decimal:
    number = read_number(value) if isinstance(value, str) else value
    if not isinstance(number, Decimal):
        raise Unsayable("The value is no number.")
    return number


def _date(value: Value) -> date:
    day = read_date(value) if isinstance(value, str) else value
    if not isinstance(day, date):
        raise Unsayable("The value is no date.")
    return day


def _time(value: Value) -> time:
    moment = read_time(value) if isinstance(value, str) else value
    if not isinstance(moment, time):
        raise Unsayable("The value is no time of day.")
    return moment


def _currency(code: str) -> Currency:
    if code not in CURRENCIES:
        raise Unsayable(f"There are no words for the currency `{code}`.")
    return cast(Currency, code)
