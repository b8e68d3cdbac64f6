"""What a flow reads of a call's variables, and where: in texts, addresses and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ivr.flow.expressions import Expression
from ivr.flow.flow import Place
from ivr.flow.kinds.node import Node
from ivr.flow.names import Recorded
from ivr.flow.reader import Source
from ivr.flow.spoken import BadTemplate, Form, Template, parse_template
from ivr.reading import Finding
from ivr.reading.tree import Path


@dataclass(frozen=True, slots=True)
class Read:
    """A variable that is read at a column of the value at `path`, for a text or a condition."""

    place: Place
    path: Path
    name: str
    column: int
    use: Literal["text", "condition"]
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Formed:
    """An expression at a path of a place."""

    place: Place
    path: Path
    expression: Expression


def templates(node: Node) -> Iterator[tuple[Path, str]]:
    """Every text of the node that has values in it, with its path within the node."""
    for path, texts in (*node.texts(), *node.messages()):
        for code, told in texts.items():
            text = told.text if isinstance(told, Recorded) else told
            if "{" in text or "}" in text:
                at = (*path, code, "text") if isinstance(told, Recorded) else (*path, code)
                yield at, text
    yield from node.templates()


def read_texts(name: str, source: Source, reads: list[Read]) -> Iterator[Finding]:
    """What the texts of a flow read is added to `reads`; gives findings of those that are bad."""
    for node_name, node in source.flow.nodes.items():
        place = Place(name, node_name)
        for path, text in templates(node):
            at: Path = ("nodes", node_name, *path)
            template = parsed(text)
            if isinstance(template, BadTemplate):
                yield source.within(at, template)
                continue
            reads += [
                Read(place, at, slot.name, slot.column, "text", slot.form)
                for slot in template.slots
            ]


def parsed(text: str) -> Template | BadTemplate:
    try:
        return parse_template(text)
    except BadTemplate as error:
        return error


def formed(name: str, source: Source) -> Iterator[Formed]:
    """Every expression of a flow."""
    for node_name, node in source.flow.nodes.items():
        for path, expression in node.expressions():
            yield Formed(Place(name, node_name), ("nodes", node_name, *path), expression)
