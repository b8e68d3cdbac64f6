"""What a name in an expression means: a fact, a function, or a variable of the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ivr.flow.expressions import rules
from ivr.flow.expressions.errors import BadExpression
from ivr.flow.expressions.facts import FACTS, GROUPS, QUEUE_FACTS
from ivr.flow.expressions.functions import FUNCTIONS
from ivr.flow.expressions.tokens import WORDS, Token
from ivr.flow.expressions.tree import Call, FactOf, Node, Open, Variable
from ivr.flow.values import NAME, Kind
from ivr.reading.validation import suggestion

_WRITTEN_OTHERWISE = {
    "yes": "true", "no": "false", "on": "true", "off": "false",
    "none": "nothing", "null": "nothing", "empty": "nothing", "nil": "nothing",
}  # fmt: skip
"""Words for values that other languages have."""

_CALLED = frozenset({*FUNCTIONS, "open", "queue"})

RESERVED = frozenset({*WORDS, *_WRITTEN_OTHERWISE, *_CALLED, *GROUPS, *FACTS})
"""Names that no variable can have."""


class Reading(Protocol):
    """The parser, as far as names need it."""

    @property
    def token(self) -> Token: ...

    def sees(self, *written: str) -> bool: ...

    def take(self) -> Token: ...

    def expect(self, written: str, why: str) -> Token: ...

    def expression(self, floor: int) -> Node: ...


class Names:
    """Reads what begins with a name."""

    def __init__(self, parser: Reading, kinds: Mapping[str, Kind]) -> None:
        self._parser = parser
        self._kinds = kinds

    def read(self, token: Token) -> Node:
        """The fact, the function with what it is given, or the variable that `token` begins.

        Raises `BadExpression`.
        """
        name = token.text
        if self._parser.sees("("):
            return self._called(token)
        if self._parser.sees("."):
            return self._fact_of_group(token)
        if name in FACTS:
            return FactOf(name, None, FACTS[name].kind, token.column)
        if name in GROUPS:
            facts = ", ".join(f"`{fact}`" for fact in FACTS if fact.startswith(f"{name}."))
            raise BadExpression(f"`{name}` alone is no value.", token.column, f"There is {facts}.")
        if name in _CALLED:
            raise BadExpression(
                f"`{name}` needs brackets behind it.", token.column, f"Write `{_written(name)}`."
            )
        if name.lower() in _WRITTEN_OTHERWISE:
            raise BadExpression(
                f"`{name}` is no value here.", token.column,
                f'Write `{_WRITTEN_OTHERWISE[name.lower()]}`, or "{name}" for the text.',
            )  # fmt: skip
        if name.lower() in WORDS:
            raise BadExpression(
                f"`{name}` is not written like this.", token.column, f"Write `{name.lower()}`."
            )
        if not NAME.match(name):
            raise BadExpression(
                f"`{name}` is not a name.", token.column,
                "Names have small letters a to z, digits and `_`; texts stand in quotes.",
            )  # fmt: skip
        return Variable(name, self._kinds.get(name), token.column)

    def _called(self, token: Token) -> Node:
        name = token.text
        if name not in _CALLED:
            advice = suggestion(name, _CALLED)
            if name in FACTS:
                advice = f"Write `{name}` without brackets."
            raise BadExpression(f"There is no function `{name}`.", token.column, advice)
        bracket = self._parser.take()
        if name == "open":
            schedule = self._quoted(name)
            self._parser.expect(")", f"for the `(` at column {bracket.column}")
            return Open(schedule, token.column)
        if name == "queue":
            return self._queue(token, bracket)
        arguments: list[Node] = []
        while not self._parser.sees(")"):
            arguments.append(self._parser.expression(0))
            if not self._parser.sees(","):
                break
            self._parser.take()
        self._parser.expect(")", f"for the `(` at column {bracket.column}")
        function = FUNCTIONS[name]
        rules.called(function, tuple(arguments), token.column)
        return Call(name, tuple(arguments), function.gives, token.column)

    def _queue(self, token: Token, bracket: Token) -> Node:
        name = self._quoted("queue")
        self._parser.expect(")", f"for the `(` at column {bracket.column}")
        wanted = f'Write `queue("{name}").waiting`, `.agents` or `.wait`.'
        if not self._parser.sees("."):
            raise BadExpression("A queue alone is no value.", token.column, wanted)
        self._parser.take()
        fact = self._parser.take() if self._parser.token.sort == "name" else self._parser.token
        if fact.text not in QUEUE_FACTS:
            raise BadExpression(
                f"A queue has no `{fact.text}`." if fact.text else "The expression ends too early.",
                fact.column,
                suggestion(fact.text, QUEUE_FACTS),
            )
        return FactOf(f"queue.{fact.text}", name, "number", token.column)

    def _quoted(self, function: str) -> str:
        """A name in quotes: what it means is looked up before any call."""
        token = self._parser.token
        if token.sort != "text":
            raise BadExpression(
                f"`{function}` takes a name in quotes.", token.column,
                f"Write `{_written(function)}`.",
            )  # fmt: skip
        if not NAME.match(token.text):
            raise BadExpression(
                f"`{token.text}` is not a name.", token.column,
                "Names have small letters a to z, digits and `_`.",
            )  # fmt: skip
        return self._parser.take().text

    def _fact_of_group(self, token: Token) -> Node:
        point = self._parser.take()
        if token.text == "queue":
            raise BadExpression(
                "It is not said which queue.", token.column, f"Write `{_written('queue')}`."
            )
        if token.text not in GROUPS:
            raise BadExpression(
                f"`{token.text}.` begins nothing.", token.column, suggestion(token.text, GROUPS)
            )
        part = self._parser.take() if self._parser.token.sort == "name" else point
        whole = f"{token.text}.{part.text if part is not point else ''}"
        if whole not in FACTS:
            siblings = [fact for fact in FACTS if fact.startswith(f"{token.text}.")]
            raise BadExpression(
                f"There is no `{whole}`.", token.column, suggestion(whole, siblings)
            )
        return FactOf(whole, None, FACTS[whole].kind, token.column)


def _written(name: str) -> str:
    if name == "open":
        return 'open("customer_service")'
    if name == "queue":
        return 'queue("support").waiting'
    return FUNCTIONS[name].written
