"""What ears and memory can take: short sentences, few options, nothing twice in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ivr.flow.flow import Place, UnknownPlace
from ivr.flow.kinds import Faq, Goto, Menu, Say
from ivr.flow.kinds.node import Node
from ivr.flow.names import Recorded, Told
from ivr.flow.reader import ReadFlows, Source
from ivr.reading import Finding
from ivr.reading.tree import Path

if TYPE_CHECKING:
    from ivr.flow.checks import Surroundings

OPTIONS_REMEMBERED = 4
OPTIONS_AT_MOST = 5
"""With more than are remembered a menu gets a warning, with more than these an error."""
WORDS_IN_A_SENTENCE: Mapping[str, int] = {"fi": 18}
USUAL_WORDS_IN_A_SENTENCE = 25
"""Finnish puts into one word what others say in two."""

_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+(?=\s|$)|[.!?…](?!\s|$)[^.!?…]*)*[.!?…]*")
_WORD = re.compile(r"\{[^}]*\}|[^\s{}]*\w[^\s{}]*")


def check(name: str, source: Source, read: ReadFlows, around: Surroundings) -> Iterator[Finding]:
    """Findings about how one flow sounds."""
    limits = {
        code: around.words_in_a_sentence.get(
            code, WORDS_IN_A_SENTENCE.get(code, USUAL_WORDS_IN_A_SENTENCE)
        )
        for code in source.flow.languages
    }
    for node_name, node in source.flow.nodes.items():
        at: Path = ("nodes", node_name)
        for path, texts in node.texts():
            yield from _long_sentences(source, (*at, *path), texts, limits)
        if isinstance(node, Menu):
            yield from _options(source, at, node)
        if isinstance(node, Menu | Faq):
            yield from _labels(source, at, node)
        yield from _twice(source, Place(name, node_name), node, read)


def _long_sentences(
    source: Source, path: Path, texts: Mapping[str, Told], limits: Mapping[str, int]
) -> Iterator[Finding]:
    first = source.flow.languages[0]
    for code, told in texts.items():
        text = told.text if isinstance(told, Recorded) else told
        most = limits.get(code, limits[first])
        if text.count(" ") < most:
            continue
        for sentence in _SENTENCE.finditer(text):
            words = len(_WORD.findall(sentence[0]))
            if words > most:
                column = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip()) + 1
                at = (*path, code, "text") if isinstance(told, Recorded) else (*path, code)
                yield source.at_column(
                    at, column, "long-sentence",
                    f"This sentence has {words} words; ears follow about {most}.",
                    severity="warning",
                )  # fmt: skip


def _options(source: Source, at: Path, menu: Menu) -> Iterator[Finding]:
    count = len(menu.options)
    if count > OPTIONS_REMEMBERED:
        yield source.at_name(
            (*at, "options"), "long-menu",
            f"This menu has {count} options; nobody remembers more than {OPTIONS_REMEMBERED}.",
            severity="error" if count > OPTIONS_AT_MOST else "warning",
        )  # fmt: skip


def _labels(source: Source, at: Path, node: Menu | Faq) -> Iterator[Finding]:
    for path, texts in node.texts():
        if path[-1] != "label":
            continue
        for code, told in texts.items():
            if isinstance(told, str) and "{" in told:
                yield source.at_column(
                    (*at, *path, code), told.index("{") + 1, "value-in-label",
                    "A label cannot have values in it.",
                )  # fmt: skip


def _twice(source: Source, place: Place, node: Node, read: ReadFlows) -> Iterator[Finding]:
    at: Path = ("nodes", place.node)
    again = getattr(node, "again", None)
    if again is not None and again == getattr(node, "text", None):
        yield source.at_name(
            (*at, "again"), "said-twice", "After a miss the question is put in the same words.",
            "Put it in other words, or leave `again` out.", "warning",
        )  # fmt: skip
    if not isinstance(node, Say):
        return
    following = _said_next(place, node, read)
    if following is not None and following[1] == node.text:
        yield source.finding(
            (*at, "text"), "said-twice", f"`{following[0].node}`, which follows, says the same.",
            severity="warning",
        )  # fmt: skip


def _said_next(
    place: Place, node: Say, read: ReadFlows
) -> tuple[Place, Mapping[str, Told] | None] | None:
    """What the next node that says something says first, and where."""
    flows, target = read.flows, node.to
    for _ in range(5):
        try:
            place = flows.place(place.flow, target)
        except UnknownPlace:
            return None
        following = flows.node(place)
        if isinstance(following, Goto):
            target = following.to
            continue
        return place, getattr(following, "text", None)
    return None
