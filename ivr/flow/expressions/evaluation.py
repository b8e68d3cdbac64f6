"""The value of an expression in one call at one moment."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

from ivr.flow.expressions.errors import Unanswerable
from ivr.flow.expressions.facts import FACTS, QUEUE_FACTS
from ivr.flow.expressions.functions import FUNCTIONS, folded
from ivr.flow.expressions.tree import (
    Both,
    Call,
    Comparing,
    Comparison,
    Constant,
    FactOf,
    Negative,
    Node,
    Not,
    OneOf,
    Open,
    Reckoned,
    Variable,
    Within,
    shown,
)
from ivr.flow.expressions.world import World
from ivr.flow.values import A_KIND, LONGEST_TEXT, NoValue, Value, as_value, bounded, kind_of


def evaluate(node: Node, world: World) -> Value:
    """The value of a part; raises `Unanswerable`."""
    match node:
        case Constant(value=value):
            return value
        case Variable(name=name):
            return _variable(name, world)
        case FactOf():
            return _fact(node, world)
        case Open(schedule=schedule):
            try:
                return world.is_open(schedule)
            except KeyError:
                raise Unanswerable(f"There is no schedule `{schedule}`.") from None
        case Call():
            return _call(node, world)
        case Not(part=part):
            return not condition(part, world)
        case Negative(part=part):
            return -_number(part, evaluate(part, world))
        case Both(joining=joining, left=left, right=right):
            first = condition(left, world)
            return condition(right, world) if first == (joining == "and") else first
        case Comparison():
            return _comparison(node, world)
        case Within(left=left, right=right):
            sought = _text(left, evaluate(left, world))
            return folded(sought) in folded(_text(right, evaluate(right, world)))
        case OneOf(left=left, values=values):
            value = evaluate(left, world)
            return any(_alike(left, value, other, evaluate(other, world)) for other in values)
        case Reckoned():
            return _reckoned(node, evaluate(node.left, world), evaluate(node.right, world))


def condition(node: Node, world: World) -> bool:
    """The value of a part that must be a yes or no; raises `Unanswerable`."""
    value = evaluate(node, world)
    if not isinstance(value, bool):
        raise _other_kind(node, value, "a yes or no")
    return value


def _variable(name: str, world: World) -> Value:
    try:
        given = world.variable(name)
    except KeyError:
        raise Unanswerable(f"`{name}` has not been set in this call.") from None
    try:
        return as_value(given)
    except NoValue as error:
        raise Unanswerable(f"`{name}` cannot be used. {error}") from None


def _fact(node: FactOf, world: World) -> Value:
    try:
        if node.queue is None:
            return FACTS[node.name].read(world)
        return QUEUE_FACTS[node.name.partition(".")[2]].read(world.queue(node.queue))
    except KeyError:
        raise Unanswerable(f"Nothing is known of the queue `{node.queue}`.") from None
    except NoValue as error:
        raise Unanswerable(f"{shown(node)} cannot be used. {error}") from None


def _call(node: Call, world: World) -> Value:
    function = FUNCTIONS[node.function]
    given = []
    for argument, (_, kinds) in zip(node.arguments, function.takes, strict=True):
        value = evaluate(argument, world)
        if kind_of(value) not in kinds:
            wanted = " or ".join(A_KIND[kind] for kind in sorted(kinds, reverse=True))
            raise _other_kind(argument, value, f"{wanted}, as `{function.name}` needs it")
        given.append(value)
    return function.does(tuple(given), world)


def _comparison(node: Comparison, world: World) -> bool:
    left, right = node.left, node.right
    if node.comparing in ("=", "!="):
        for side, other in ((left, right), (right, left)):
            if isinstance(side, Variable) and isinstance(other, Constant) and other.value is None:
                return _is_nothing(side.name, world) == (node.comparing == "=")
        same = _alike(left, evaluate(left, world), right, evaluate(right, world))
        return same == (node.comparing == "=")
    one, two = evaluate(left, world), evaluate(right, world)
    match one, two:
        case Decimal(), Decimal():
            return _ordered(node.comparing, one < two, one == two)
        case date(), date():
            return _ordered(node.comparing, one < two, one == two)
        case time(), time():
            return _ordered(node.comparing, _naive(one) < _naive(two), _naive(one) == _naive(two))
    for side, value in ((left, one), (right, two)):
        if not isinstance(value, Decimal | date | time):
            raise _other_kind(side, value, "a number, a date or a time of day")
    raise _different(left, one, right, two)


def _is_nothing(variable: str, world: World) -> bool:
    """A variable that was never set is nothing, so that it can be asked for."""
    try:
        return world.variable(variable) is None
    except KeyError:
        return True


def _ordered(comparing: Comparing, less: bool, equal: bool) -> bool:
    match comparing:
        case "<":
            return less
        case "<=":
            return less or equal
        case ">":
            return not less and not equal
        case _:
            return not less


def _alike(left: Node, one: Value, right: Node, two: Value) -> bool:
    if one is None or two is None:
        return one is two
    if kind_of(one) != kind_of(two):
        raise _different(left, one, right, two)
    if isinstance(one, str) and isinstance(two, str):
        return folded(one) == folded(two)
    if isinstance(one, time) and isinstance(two, time):
        return _naive(one) == _naive(two)
    return one == two


def _naive(moment: time) -> time:
    return moment.replace(tzinfo=None)


def _reckoned(node: Reckoned, one: Value, two: Value) -> Value:
    try:
        match node.reckoning, one, two:
            case "+", str(), str():
                if len(one) + len(two) > LONGEST_TEXT:
                    raise Unanswerable(f"The text would have more than {LONGEST_TEXT} characters.")
                return one + two
            case "-", date(), date():
                return Decimal((one - two).days)
            case ("+" | "-") as sign, date(), Decimal():
                if two != two.to_integral_value():
                    raise Unanswerable("Only whole days can be added to a date.")
                days = timedelta(int(two))
                return one + days if sign == "+" else one - days
            case sign, Decimal(), Decimal():
                return _number_of(sign, one, two)
    except NoValue as error:
        raise Unanswerable(str(error)) from None
    except OverflowError:
        raise Unanswerable("The date is too far away.") from None
    raise Unanswerable(
        f"`{node.reckoning}` cannot take {A_KIND[kind_of(one)]} and {A_KIND[kind_of(two)]}."
    )


def _number_of(sign: str, one: Decimal, two: Decimal) -> Decimal:
    match sign:
        case "+":
            return bounded(one + two)
        case "-":
            return bounded(one - two)
        case "*":
            return bounded(one * two)
    if two == 0:
        raise Unanswerable("Nothing can be divided by 0.")
    return bounded(one / two)


def _text(node: Node, value: Value) -> str:
    if not isinstance(value, str):
        raise _other_kind(node, value, "a text")
    return value


def _number(node: Node, value: Value) -> Decimal:
    if not isinstance(value, Decimal):
        raise _other_kind(node, value, "a number")
    return value


def _other_kind(node: Node, value: Value, wanted: str) -> Unanswerable:
    return Unanswerable(_capital(f"{shown(node)} is {A_KIND[kind_of(value)]}, not {wanted}."))


def _different(left: Node, one: Value, right: Node, two: Value) -> Unanswerable:
    return Unanswerable(
        _capital(
            f"{shown(left)} is {A_KIND[kind_of(one)]} and {shown(right)} is "
            f"{A_KIND[kind_of(two)]}: they cannot be compared."
        )
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
