"""The parts of an expression. `kind` is what a part is known to give, None before the call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivr.flow.values import Kind, Value

Comparing = Literal["=", "!=", "<", "<=", ">", ">="]
Reckoning = Literal["+", "-", "*", "/"]
Joining = Literal["and", "or"]


@dataclass(frozen=True, slots=True)
class Constant:
    value: Value
    kind: Kind
    column: int


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    kind: Kind | None
    column: int


@dataclass(frozen=True, slots=True)
class FactOf:
    """A fact by its whole name (`now.hour`), or one of a queue (`queue.wait`)."""

    name: str
    queue: str | None
    kind: Kind
    column: int


@dataclass(frozen=True, slots=True)
class Open:
    schedule: str
    column: int
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    kind: Kind
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    part: Node
    column: int
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Negative:
    part: Node
    column: int
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Both:
    """`and`, `or`."""

    joining: Joining
    left: Node
    right: Node
    column: int
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Comparison:
    comparing: Comparing
    left: Node
    right: Node
    column: int
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Within:
    """`part in text`."""

    left: Node
    right: Node
    column: int
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class OneOf:
    """`value in [value, value]`."""

    left: Node
    values: tuple[Node, ...]
    column: int
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Reckoned:
    reckoning: Reckoning
    left: Node
    right: Node
    kind: Kind | None
    column: int


Node = (
    Constant | Variable | FactOf | Open | Call | Not | Negative | Both | Comparison | Within
    | OneOf | Reckoned
)  # fmt: skip


def parts_of(node: Node) -> tuple[Node, ...]:
    """The parts directly within a part."""
    match node:
        case Call(arguments=parts):
            return parts
        case Not(part=part) | Negative(part=part):
            return (part,)
        case OneOf(left=left, values=values):
            return (left, *values)
        case Constant() | Variable() | FactOf() | Open():
            return ()
        case _:
            return (node.left, node.right)


def shown(node: Node) -> str:
    """A part as sentences name it; never what a caller said or typed."""
    match node:
        case Constant(value=str(text)):
            return f'`"{text}"`'
        case Constant(kind=kind, value=value):
            return "`nothing`" if kind == "nothing" else f"`{_plain(value)}`"
        case Variable(name=name):
            return f"`{name}`"
        case FactOf(name=name, queue=None):
            return f"`{name}`"
        case FactOf(name=name, queue=queue):
            return f'`queue("{queue}").{name.partition(".")[2]}`'
        case Open(schedule=schedule):
            return f'`open("{schedule}")`'
        case Call(function=function):
            return f"`{function}(...)`"
        case _:
            return f"what stands at column {node.column}"


def _plain(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
