"""What a call remembers under a name: kept as text between turns, used as a value in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal

from msgspec import Struct

from ivr.flow.values import Kind, Value, kind_of


class Variable(Struct, frozen=True, array_like=True):
    """One value as it is stored. What is `private` is spoken to the caller and written nowhere."""

    kind: Kind
    text: str
    private: bool = False

    @property
    def value(self) -> Value:
        match self.kind:
            case "text":
                return self.text
            case "number":
                return Decimal(self.text)
            case "yes_no":
                return self.text == "yes"
            case "date":
                return date.fromisoformat(self.text)
            case "time":
                return time.fromisoformat(self.text)
            case "nothing":
                return None


def variable(value: Value, *, private: bool = False) -> Variable:
    """The value as a call keeps it."""
    match value:
        case None:
            text = ""
        case bool():
            text = "yes" if value else "no"
        case date() | time():
            text = value.isoformat()
        case _:
            text = str(value)
    return Variable(kind_of(value), text, private)


class Values(Mapping[str, Value]):
    """Variables by name, as values."""

    def __init__(self, variables: Mapping[str, Variable]) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> Value:
        return self._variables[name].value

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)

    @property
    def private(self) -> frozenset[str]:
        """The names of those that are written nowhere."""
        return frozenset(name for name, kept in self._variables.items() if kept.private)
