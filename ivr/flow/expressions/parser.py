"""Tokens to a tree: a Pratt parser.

Each sign binds with a power of its own, the tighter the greater; one function reads a part and
then as many signs behind it as bind tightly enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from ivr.flow.expressions import rules
from ivr.flow.expressions.errors import BadExpression
from ivr.flow.expressions.limits import DEEPEST, MOST_PARTS
from ivr.flow.expressions.names import Names
from ivr.flow.expressions.tokens import WORDS, Token, tokens_of
from ivr.flow.expressions.tree import (
    Both,
    Comparing,
    Comparison,
    Constant,
    Joining,
    Negative,
    Node,
    Not,
    OneOf,
    Reckoned,
    Reckoning,
    Within,
    parts_of,
)
from ivr.flow.values import Kind

OR, AND, NOT, COMPARING, ADDING, MULTIPLYING, SIGN = range(1, 8)

_POWERS = {
    "or": OR, "and": AND,
    "=": COMPARING, "!=": COMPARING, "<": COMPARING, "<=": COMPARING, ">": COMPARING,
    ">=": COMPARING, "in": COMPARING, "not": COMPARING,
    "+": ADDING, "-": ADDING, "*": MULTIPLYING, "/": MULTIPLYING,
}  # fmt: skip


def parse_tree(text: str, kinds: Mapping[str, Kind]) -> Node:
    """The tree of an expression; `kinds` are those known of its variables.

    Raises `BadExpression`.
    """
    parser = _Parser(text, kinds)
    root = parser.whole()
    _measure(root)
    return root


class _Parser:
    def __init__(self, text: str, kinds: Mapping[str, Kind]) -> None:
        self._tokens = tokens_of(text)
        self._at = 0
        self._depth = 0
        self._names = Names(self, kinds)

    @property
    def token(self) -> Token:
        return self._tokens[self._at]

    def sees(self, *written: str) -> bool:
        return self.token.sort in ("sign", "name") and self.token.text in written

    def take(self) -> Token:
        token = self.token
        self._at += 1
        return token

    def expect(self, written: str, why: str) -> Token:
        if not self.sees(written):
            raise BadExpression(f"`{written}` is missing {why}.", self.token.column)
        return self.take()

    def whole(self) -> Node:
        if self._ended():
            raise BadExpression("The expression is empty.", 1, "Write a condition or a value.")
        root = self.expression(0)
        if not self._ended():
            raise self._left_over()
        return root

    def _ended(self) -> bool:
        return self.token.sort == "end"

    def expression(self, floor: int) -> Node:
        """A part and all signs behind it that bind tighter than `floor`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadExpression(
                "The expression is nested too deep.", self.token.column,
                "Compute a part of it in a `set` before.",
            )  # fmt: skip
        left = self._first()
        while self.token.sort in ("sign", "name"):
            power = _POWERS.get(self.token.text, 0)
            if power <= floor:
                break
            left = self._onward(left, power)
        self._depth -= 1
        return left

    def _first(self) -> Node:
        token = self.take()
        match token.sort, token.text:
            case "number", written:
                return Constant(Decimal(written), "number", token.column)
            case "text", written:
                return Constant(written, "text", token.column)
            case "name", ("true" | "false") as written:
                return Constant(written == "true", "yes_no", token.column)
            case "name", "nothing":
                return Constant(None, "nothing", token.column)
            case "name", "not":
                part = self.expression(NOT)
                rules.joined(None, part)
                return Not(part, token.column)
            case "name", written if written not in WORDS:
                return self._names.read(token)
            case "sign", "-":
                part = self.expression(SIGN)
                if part.kind not in (None, "number"):
                    raise BadExpression("`-` stands before a number.", token.column)
                return Negative(part, token.column)
            case "sign", "(":
                part = self.expression(0)
                self.expect(")", f"for the `(` at column {token.column}")
                return part
            case "sign", "[":
                raise BadExpression(
                    "A list stands only after `in`.", token.column,
                    'Write `language in ["fi", "sv"]`.',
                )  # fmt: skip
            case "end", _:
                raise BadExpression("The expression ends too early.", token.column)
        raise BadExpression(f"`{token.text}` cannot stand here.", token.column)

    def _onward(self, left: Node, power: int) -> Node:
        sign = self.take()
        column = sign.column
        match sign.text:
            case "and" | "or":
                joining: Joining = sign.text
                rules.joined(joining, left)
                right = self.expression(power)
                rules.joined(joining, right, left)
                return Both(joining, left, right, column)
            case "in":
                return self._single(self._within(left, column))
            case "not":
                self.expect("in", "after `not`: the operator is `not in`")
                return self._single(Not(self._within(left, column), column))
            case "+" | "-" | "*" | "/":
                reckoning: Reckoning = sign.text
                right = self.expression(power)
                kind = rules.reckoned(reckoning, left, right, column)
                return Reckoned(reckoning, left, right, kind, column)
        comparing = cast(Comparing, sign.text)
        right = self.expression(power)
        rules.compared(comparing, left, right, column)
        return self._single(Comparison(comparing, left, right, column))

    def _single(self, comparison: Node) -> Node:
        """Comparisons make no chains: `1 < x < 5` would compare a yes or no with 5."""
        if _POWERS.get(self.token.text, 0) == COMPARING and self.token.sort in ("sign", "name"):
            raise BadExpression(
                "Two comparisons follow each other.", self.token.column,
                "Join them: `1 < x and x < 5`.",
            )  # fmt: skip
        return comparison

    def _within(self, left: Node, column: int) -> Node:
        if not self.sees("["):
            right = self.expression(COMPARING)
            for side in (left, right):
                if side.kind not in (None, "text"):
                    raise BadExpression(
                        "`in` looks for a text in a text, or for a value in a list.", side.column,
                        'Write a list in brackets: `in ["fi", "sv"]`.',
                    )  # fmt: skip
            return Within(left, right, column)
        bracket = self.take()
        values: list[Node] = []
        while not self.sees("]"):
            value = self.expression(0)
            rules.alike(left, value, value.column)
            values.append(value)
            if not self.sees(","):
                break
            self.take()
        self.expect("]", f"for the `[` at column {bracket.column}")
        if not values:
            raise BadExpression(
                "The list is empty.", bracket.column, "Write at least one value in it."
            )
        return OneOf(left, tuple(values), column)

    def _left_over(self) -> BadExpression:
        token = self.token
        match token.sort, token.text:
            case "sign", ",":
                return BadExpression(
                    "A comma cannot stand here.", token.column,
                    "Write decimals with a point: `12.5`.",
                )  # fmt: skip
            case "sign", (")" | "]") as closing:
                opening = {")": "(", "]": "["}[closing]
                return BadExpression(f"There is no `{opening}` for this `{closing}`.", token.column)
            case "name", ("is" | "equals" | "eq"):
                return BadExpression(f"`{token.text}` is no operator.", token.column, "Write `=`.")
        if token.sort == "name" and token.text.lower() in WORDS:
            return BadExpression(
                f"`{token.text}` is not written like this.", token.column,
                f"Write `{token.text.lower()}`.",
            )  # fmt: skip
        written = f'"{token.text}"' if token.sort == "text" else token.text
        return BadExpression(
            f"An operator is missing before `{written}`.", token.column,
            "Join two conditions by `and` or `or`.",
        )  # fmt: skip


def _measure(root: Node) -> None:
    """Raises `BadExpression` when the tree is too large to be walked through."""
    layer: tuple[Node, ...] = (root,)
    count = depth = 0
    while layer:
        count += len(layer)
        depth += 1
        if depth > DEEPEST or count > MOST_PARTS:
            raise BadExpression(
                "The expression has too many parts.", layer[0].column,
                "Compute a part of it in a `set` before.",
            )  # fmt: skip
        layer = tuple(part for node in layer for part in parts_of(node))
