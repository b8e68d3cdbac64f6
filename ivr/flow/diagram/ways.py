"""What the ways on from a node are called. Derived from its settings: a new kind needs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ivr.flow.diagram.drawing import Row, Tone
from ivr.flow.kinds.node import Node, Path
from ivr.flow.names import Recorded, Told, in_language

PLAIN = "to"
"""The setting of a node's only way, which needs no name."""

TONES: dict[str, Tone] = {
    "menu": "choice",
    "ask": "choice",
    "answer": "choice",
    "faq": "choice",
    "choose_language": "choice",
    "send_text": "choice",
    "hours": "decision",
    "branch": "decision",
    "lookup": "decision",
    "set": "decision",
    "transfer": "person",
    "queue": "person",
    "voicemail": "message",
    "offer_callback": "message",
    "recognise_callback": "decision",
    "hang_up": "end",
}
"""How a kind looks; one that is not here is a step."""
RINGS = ("number", "queue")
"""The settings of kinds that put a caller through: whom."""


def tone_of(node: Node) -> Tone:
    return TONES.get(node.kind, "step")


def ways(node: Node, language: str) -> Iterator[tuple[str, str, str]]:
    """Each way on: its key, its label, and its target. Keys and labels can be empty."""
    for path, target in node.targets():
        key, label = _named(node, path, language)
        yield key, label, target


def exits(node: Node) -> Iterator[Row]:
    """The ways that leave the flow for good: a number that is rung."""
    if tone_of(node) == "person":
        for setting in RINGS:
            whom = getattr(node, setting, None)
            if isinstance(whom, str):
                yield Row("", "answered", exit=f"☎ {whom}")


def told(texts: Mapping[str, Told], language: str) -> str:
    """The words in this language, also of what is recorded."""
    text = in_language(texts, language)
    return text.text if isinstance(text, Recorded) else text


def _named(node: Node, path: Path, language: str) -> tuple[str, str]:
    item: Any = node
    for part in path[:-1]:
        item = item[part] if isinstance(part, int) else getattr(item, part)
    if item is not node:
        return _of_item(item, path, language)
    setting = str(path[-1])
    return "", "" if setting == PLAIN else setting.replace("_", " ")


def _of_item(item: Any, path: Path, language: str) -> tuple[str, str]:
    """One of a list: an option has a key and a label, a way of a branch a condition."""
    label = getattr(item, "label", None)
    when = getattr(item, "when", None)
    key = getattr(item, "key", "")
    if isinstance(label, Mapping):
        return str(key), told(label, language)
    if when is not None:
        return "", str(getattr(when, "text", when))
    return str(key), ".".join(str(part) for part in path if part != PLAIN)
