"""The functions of the expression language. All that there are: nothing else can be called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

from ivr.flow.expressions.errors import Unanswerable
from ivr.flow.expressions.world import World
from ivr.flow.values import (
    Kind,
    NoValue,
    Value,
    as_text,
    bounded,
    read_date,
    read_number,
    read_time,
)

ANYTHING: frozenset[Kind] = frozenset({"text", "number", "yes_no", "date", "time", "nothing"})
_TEXT: frozenset[Kind] = frozenset({"text"})
_NUMBER: frozenset[Kind] = frozenset({"number"})


@dataclass(frozen=True)
class Function:
    """`takes` names each argument with the kinds that it may be. `outcome` is what `example`
    gives."""

    name: str
    takes: tuple[tuple[str, frozenset[Kind]], ...]
    gives: Kind
    does: Callable[[tuple[Value, ...], World], Value]
    explained: str
    example: str
    outcome: str

    @property
    def written(self) -> str:
        return f"{self.name}({', '.join(name for name, _ in self.takes)})"


def folded(text: str) -> str:
    """How texts are compared: without regard to capitals and surrounding blanks."""
    return text.strip().casefold()


def _length(given: tuple[Value, ...], world: World) -> Value:
    return Decimal(len(as_text(given[0])))


def _number(given: tuple[Value, ...], world: World) -> Value:
    if isinstance(given[0], Decimal):
        return given[0]
    number = read_number(as_text(given[0]))
    if number is None:
        raise Unanswerable("The text that `number` was given is no number.")
    return number


def _text(given: tuple[Value, ...], world: World) -> Value:
    return as_text(given[0])


def _starts_with(given: tuple[Value, ...], world: World) -> Value:
    return folded(as_text(given[0])).startswith(folded(as_text(given[1])))


def _ends_with(given: tuple[Value, ...], world: World) -> Value:
    return folded(as_text(given[0])).endswith(folded(as_text(given[1])))


def _contains(given: tuple[Value, ...], world: World) -> Value:
    return folded(as_text(given[1])) in folded(as_text(given[0]))


def _round(given: tuple[Value, ...], world: World) -> Value:
    (number,) = given
    assert isinstance(number, Decimal)
    try:
        return bounded(number.quantize(Decimal(1), ROUND_HALF_UP))
    except NoValue:
        raise Unanswerable("The number is too large to be rounded.") from None


def _days_until(given: tuple[Value, ...], world: World) -> Value:
    (day,) = given
    assert isinstance(day, date)
    return Decimal((day - world.now.date()).days)


def _date(given: tuple[Value, ...], world: World) -> Value:
    day = given[0] if isinstance(given[0], date) else read_date(as_text(given[0]))
    if day is None:
        raise Unanswerable("The text that `date` was given is no date like 2026-12-24.")
    return day


def _time(given: tuple[Value, ...], world: World) -> Value:
    moment = given[0] if isinstance(given[0], time) else read_time(as_text(given[0]))
    if moment is None:
        raise Unanswerable("The text that `time` was given is no time of day like 14:30.")
    return moment


_FUNCTIONS = (
    Function("length", (("text", _TEXT),), "number", _length,
             "How many characters a text has.", 'length("4711")', "4"),
    Function("number", (("text", frozenset({"text", "number"})),), "number", _number,
             "A text as a number.", 'number("12,5")', "12.5"),
    Function("text", (("value", ANYTHING),), "text", _text,
             "Any value as a text.", 'text(12) + "A"', "12A"),
    Function("starts_with", (("text", _TEXT), ("part", _TEXT)), "yes_no", _starts_with,
             "Whether a text begins with another.", 'starts_with("FI-4711", "fi-")', "true"),
    Function("ends_with", (("text", _TEXT), ("part", _TEXT)), "yes_no", _ends_with,
             "Whether a text ends with another.", 'ends_with("4711", "99")', "false"),
    Function("contains", (("text", _TEXT), ("part", _TEXT)), "yes_no", _contains,
             "Whether a text stands in another.", 'contains("power cut", "cut")', "true"),
    Function("round", (("number", _NUMBER),), "number", _round,
             "The nearest whole number; a half is rounded away from 0.", "round(12.5)", "13"),
    Function("days_until", (("date", frozenset({"date"})),), "number", _days_until,
             "Days from today to a date, below 0 when it has passed.",
             "days_until(today + 3)", "3"),
    Function("date", (("text", frozenset({"text", "date"})),), "date", _date,
             "A date written as year, month and day.", 'date("2026-12-24") + 1', "2026-12-25"),
    Function("time", (("text", frozenset({"text", "time"})),), "time", _time,
             "A time of day.", 'time("14:30")', "14:30"),
)  # fmt: skip

FUNCTIONS = {function.name: function for function in _FUNCTIONS}
