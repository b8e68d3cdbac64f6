"""Which variables are certain to have a value once a condition was found to hold, or not to."""

from __future__ import annotations

from ivr.flow.expressions.tree import (
    Both,
    Call,
    Comparison,
    Constant,
    FactOf,
    Node,
    Not,
    OneOf,
    Variable,
    parts_of,
)

NONE: frozenset[str] = frozenset()


def when_true(node: Node) -> frozenset[str]:
    """Variables that have a value where `node` holds."""
    match node:
        case Both(joining="and", left=left, right=right):
            return when_true(left) | when_true(right)
        case Both(left=left, right=right):
            return when_true(left) & (when_true(right) | when_not_true(left))
        case Not(part=part):
            return _when_false(part)
        case Comparison(comparing="!=", left=left, right=right) if _nothing(left, right):
            return _variable(left, right)
        case Comparison(comparing="=", left=left, right=right):
            if _nothing(left, right):
                return NONE
            # Two variables may both be nothing, and then are the same.
            both_open = all(isinstance(side, Variable | FactOf) for side in (left, right))
            return NONE if both_open else _all(left) | _all(right)
        case Comparison(comparing="!="):
            return NONE
        case OneOf(left=left, values=values):
            certain = all(isinstance(v, Constant) and v.value is not None for v in values)
            return _all(left) if certain else NONE
        case Comparison(left=left, right=right):
            return _all(left) | _all(right)
    return _all(node)


def when_not_true(node: Node) -> frozenset[str]:
    """Variables that have a value where `node` does not hold, or cannot be answered."""
    match node:
        case Comparison(comparing="=", left=left, right=right) if _nothing(left, right):
            return _variable(left, right)
        case Not(part=Comparison(comparing="!=", left=left, right=right)) if _nothing(left, right):
            return _variable(left, right)
        case Both(joining="or", left=left, right=right):
            known = when_not_true(left)
            # What cannot be answered on the left keeps the right from being asked.
            return known | when_not_true(right) if _always_answered(left) else known
    return NONE


def guarded_reads(node: Node, certain: frozenset[str]) -> tuple[tuple[str, int], ...]:
    """Variables that may have no value where the expression reads them, and their columns."""
    match node:
        case Variable(name=name, column=column):
            return () if name in certain else ((name, column),)
        case Both(joining=joining, left=left, right=right):
            learnt = when_true(left) if joining == "and" else _when_false(left)
            return guarded_reads(left, certain) + guarded_reads(right, certain | learnt)
        case Comparison(comparing="=" | "!=", left=left, right=right) if _nothing(left, right):
            return ()
    return tuple(read for part in parts_of(node) for read in guarded_reads(part, certain))


def _when_false(node: Node) -> frozenset[str]:
    """Variables that have a value where `node` was answered, by no."""
    match node:
        case Not(part=part):
            return when_true(part)
        case Both(joining="or", left=left, right=right):
            return _when_false(left) | _when_false(right)
        case Both(left=left, right=right):
            return _when_false(left) & (_when_false(right) | when_true(left))
        case Comparison(comparing="=", left=left, right=right):
            return _variable(left, right) if _nothing(left, right) else NONE
        case Comparison(comparing="!=", left=left, right=right):
            return NONE if _nothing(left, right) else when_true(
                Comparison("=", left, right, node.column)
            )  # fmt: skip
        case Comparison(left=left, right=right):
            return _all(left) | _all(right)
    return _all(node)


def _nothing(left: Node, right: Node) -> bool:
    """Whether a variable is compared with `nothing`."""
    return any(
        isinstance(one, Variable) and isinstance(two, Constant) and two.value is None
        for one, two in ((left, right), (right, left))
    )


def _variable(left: Node, right: Node) -> frozenset[str]:
    return frozenset(side.name for side in (left, right) if isinstance(side, Variable))


def _all(node: Node) -> frozenset[str]:
    """Variables without which the part would have no value of any use."""
    match node:
        case Variable(name=name):
            return frozenset({name})
        case Call(function="text") | Comparison() | Both() | Not() | OneOf():
            return NONE
    return NONE.union(*map(_all, parts_of(node)))


def _always_answered(node: Node) -> bool:
    match node:
        case Comparison(comparing="=" | "!=", left=left, right=right):
            return _nothing(left, right)
        case Not(part=part):
            return _always_answered(part)
        case Both(left=left, right=right):
            return _always_answered(left) and _always_answered(right)
    return False
