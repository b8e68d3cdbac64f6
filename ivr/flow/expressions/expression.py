"""An expression that was read, ready to be answered in any call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ivr.flow.expressions.evaluation import condition, evaluate
from ivr.flow.expressions.parser import parse_tree
from ivr.flow.expressions.tree import (
    Comparison,
    Constant,
    FactOf,
    Node,
    OneOf,
    Open,
    Variable,
    parts_of,
)
from ivr.flow.expressions.world import World
from ivr.flow.values import Kind, Value


@dataclass(frozen=True)
class Expression:
    """Two expressions are equal when the same was written.

    `kind` is what it gives, as far as it is known before a call.
    """

    text: str
    root: Node = field(repr=False, compare=False)
    variables: frozenset[str] = field(repr=False, compare=False)
    """Variables of the call that it reads."""
    queues: frozenset[str] = field(repr=False, compare=False)
    schedules: frozenset[str] = field(repr=False, compare=False)
    facts: frozenset[str] = field(repr=False, compare=False)
    """What else it asks: `now.hour`, `language`."""

    @property
    def kind(self) -> Kind | None:
        return self.root.kind

    def column(self, name: str) -> int:
        """Where this variable, queue or schedule is first named, counted from 1.

        Raises KeyError when the expression does not name it.
        """
        columns = [part.column for part in _walk(self.root) if name == _named(part)]
        if not columns:
            raise KeyError(name)
        return min(columns)

    def compared_with(self, fact: str) -> tuple[tuple[str, int], ...]:
        """The texts that `fact` is compared with, and their columns: `language` with `fi`."""
        found = []
        for part in _walk(self.root):
            match part:
                case Comparison(left=left, right=right):
                    sides: tuple[Node, ...] = (left, right)
                case OneOf(left=left, values=values):
                    sides = (left, *values)
                case _:
                    continue
            if any(isinstance(side, FactOf) and side.name == fact for side in sides):
                found += [
                    (side.value, side.column)
                    for side in sides
                    if isinstance(side, Constant) and isinstance(side.value, str)
                ]
        return tuple(found)

    def value(self, world: World) -> Value:
        """Its value; raises `Unanswerable`."""
        return evaluate(self.root, world)

    def is_true(self, world: World) -> bool:
        """Whether it holds; raises `Unanswerable`, also when it is no yes or no."""
        return condition(self.root, world)


def parse(text: str, kinds: Mapping[str, Kind] | None = None) -> Expression:
    """Read an expression; raises `BadExpression`.

    `kinds` of variables, where they are known, let more mistakes be seen here.
    """
    root = parse_tree(text, kinds or {})
    parts = tuple(_walk(root))
    facts = [part for part in parts if isinstance(part, FactOf)]
    return Expression(
        text,
        root,
        frozenset(part.name for part in parts if isinstance(part, Variable)),
        frozenset(part.queue for part in facts if part.queue is not None),
        frozenset(part.schedule for part in parts if isinstance(part, Open)),
        frozenset(part.name for part in facts if part.queue is None),
    )


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in parts_of(node):
        yield from _walk(part)


def _named(part: Node) -> str | None:
    match part:
        case Variable(name=name) | FactOf(queue=str(name)) | Open(schedule=name):
            return name
    return None
