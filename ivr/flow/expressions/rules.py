"""Which kinds go together: what can be seen to be wrong before any call."""

from __future__ import annotations

from ivr.flow.expressions.errors import BadExpression
from ivr.flow.expressions.facts import FACTS
from ivr.flow.expressions.functions import Function, folded
from ivr.flow.expressions.tree import (
    Comparing,
    Comparison,
    Constant,
    FactOf,
    Joining,
    Node,
    OneOf,
    Reckoning,
    shown,
)
from ivr.flow.values import A_KIND, Kind, read_date, read_time
from ivr.reading.validation import suggestion

ORDERED: frozenset[Kind] = frozenset({"number", "date", "time"})
"""Kinds of which one value can be less than another."""


def joined(joining: Joining | None, part: Node, left: Node | None = None) -> None:
    """A part of `and`, `or` and `not` is a yes or no; raises `BadExpression`."""
    if part.kind in (None, "yes_no"):
        return
    advice = "Write a comparison there."
    if isinstance(left, Comparison | OneOf) and isinstance(part, Constant):
        compared = shown(left.left)[1:-1]
        advice = f"Write the whole comparison again, or `{compared} in [...]`."
    does = f"`{joining}` joins conditions" if joining else "`not` turns a condition round"
    raise BadExpression(f"{does}, and {shown(part)} is {A_KIND[part.kind]}.", part.column, advice)


def compared(comparing: Comparing, left: Node, right: Node, column: int) -> None:
    """Both sides can be compared; raises `BadExpression`."""
    if comparing in ("=", "!="):
        alike(left, right, column)
        return
    for side in (left, right):
        if side.kind is not None and side.kind not in ORDERED:
            raise BadExpression(
                f"`{comparing}` compares numbers, dates and times, and {shown(side)} is "
                f"{A_KIND[side.kind]}.",
                side.column,
                _as_number(side),
            )
    alike(left, right, column)


def alike(left: Node, right: Node, column: int) -> None:
    """Both sides are of one kind, as far as is known; raises `BadExpression`."""
    _choices(left, right)
    _choices(right, left)
    if None in (left.kind, right.kind) or left.kind == right.kind:
        return
    if "nothing" in (left.kind, right.kind):
        return
    assert left.kind is not None and right.kind is not None
    raise BadExpression(
        f"{_capital(shown(left))} is {A_KIND[left.kind]} and {shown(right)} is "
        f"{A_KIND[right.kind]}: they cannot be compared.",
        column,
        _conversion(left, right),
    )


def called(function: Function, arguments: tuple[Node, ...], column: int) -> None:
    """A function is given what it takes; raises `BadExpression`."""
    if len(arguments) != len(function.takes):
        raise BadExpression(
            f"`{function.name}` takes {len(function.takes)} "
            f"value{'s' if len(function.takes) > 1 else ''} and is given {len(arguments)}.",
            column,
            f"Write `{function.written}`.",
        )
    for argument, (_, kinds) in zip(arguments, function.takes, strict=True):
        if argument.kind is not None and argument.kind not in kinds:
            wanted = " or ".join(A_KIND[kind] for kind in sorted(kinds, reverse=True))
            raise BadExpression(
                f"`{function.name}` takes {wanted}, and {shown(argument)} is "
                f"{A_KIND[argument.kind]}.",
                argument.column,
                f"Like this: `{function.example}`.",
            )
    _written_moment(function.name, arguments)


def _written_moment(function: str, arguments: tuple[Node, ...]) -> None:
    match function, arguments:
        case "date", (Constant(value=str(text), column=column),) if read_date(text) is None:
            raise BadExpression(
                f"`{text}` is no date.", column, 'Write year, month and day: "2026-12-24".'
            )
        case "time", (Constant(value=str(text), column=column),) if read_time(text) is None:
            raise BadExpression(
                f"`{text}` is no time of day.", column, 'Write hours and minutes: "14:30".'
            )


def reckoned(reckoning: Reckoning, left: Node, right: Node, column: int) -> Kind | None:
    """The kind that a sum, product and so on gives, None while it is open.

    Raises `BadExpression`.
    """
    kinds = (left.kind, right.kind)
    allowed: dict[tuple[Kind, Kind], Kind] = {("number", "number"): "number"}
    if reckoning == "+":
        allowed |= {("text", "text"): "text", ("date", "number"): "date"}
    elif reckoning == "-":
        allowed |= {("date", "number"): "date", ("date", "date"): "number"}
    outcomes = {
        gives
        for takes, gives in allowed.items()
        if all(have in (None, want) for have, want in zip(kinds, takes, strict=True))
    }
    if not outcomes:
        names = [A_KIND[kind] if kind else "something" for kind in kinds]
        advice = {
            "+": "Numbers can be added, texts joined, and days added to a date.",
            "-": "Numbers can be subtracted, dates, and days from a date.",
        }.get(reckoning, f"`{reckoning}` takes numbers; `number(...)` makes one of a text.")
        raise BadExpression(
            f"{_capital(names[0])} {reckoning} {names[1]} gives nothing.", column, advice
        )
    if reckoning == "/" and isinstance(right, Constant) and right.value == 0:
        raise BadExpression("Nothing can be divided by 0.", right.column)
    return outcomes.pop() if len(outcomes) == 1 else None


def _choices(fact: Node, other: Node) -> None:
    """A fact with known values is compared with one of them."""
    match fact, other:
        case FactOf(name=name, queue=None), Constant(value=str(text), column=column):
            choices = FACTS[name].choices
            if choices and folded(text) not in choices:
                raise BadExpression(
                    f'`{name}` is never "{text}".', column, suggestion(folded(text), choices)
                )


def _conversion(left: Node, right: Node) -> str:
    for side, other in ((left, right), (right, left)):
        if isinstance(side, FactOf) and side.name == "now.weekday":
            return 'Write the day in quotes: "monday".'
        if side.kind == "text" and isinstance(side, Constant) and other.kind in ("date", "time"):
            return f'Write `{other.kind}("{side.value}")`.'
    for side, other in ((left, right), (right, left)):
        if side.kind == "text" and other.kind == "number":
            if isinstance(side, Constant):
                return "Leave the quotes out for a number."
            return f"Write `number({shown(side)[1:-1]})`, or put the number in quotes."
    return ""


def _as_number(side: Node) -> str:
    if isinstance(side, Constant) and side.kind == "text":
        return "Leave the quotes out for a number, or write `date(...)` or `time(...)`."
    return f"Write `number({shown(side)[1:-1]})`." if side.kind == "text" else ""


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
