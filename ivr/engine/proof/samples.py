"""What a caller could give in answer to a question that takes more than one key."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.engine.proof.talks import GIVEN_NUMBER
from ivr.flow.inputs import Pressed, Said
from ivr.flow.kinds import Ask, Faq
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.kinds.node import Node
from ivr.flow.scene import Scene

ANYTHING = Pressed("1")
UNFITTING = Said("hm hm hm")
_TRIES = 2000


def sample(node: Node, scene: Scene) -> Pressed | Said | None:
    """Something that the question takes, or, where nothing was found that it does, anything; None
    for a question that takes no entry."""
    if isinstance(node, Faq):
        return UNFITTING
    if isinstance(node, CallbackDialogue):
        return Pressed(GIVEN_NUMBER)
    if not isinstance(node, Ask):
        return None
    for heard in _tried(node):
        if node.entered(scene, heard) is not None:
            return heard
    return ANYTHING


def _tried(node: Ask) -> Iterator[Pressed | Said]:
    if node.takes == "words":
        yield Said("something or other")
        return
    if node.takes == "amount":
        yield Pressed("100")
    if node.takes == "date":
        yield Pressed("24122026")
        yield Pressed("24121980")
    forms = node.pattern or ("#" * (node.length.least if node.length is not None else 4),)
    for form in forms:
        for number in range(_TRIES):
            yield Pressed(_filled(form, number))


def _filled(form: str, number: int) -> str:
    """The form with the figures of `number` in its blanks, the last ones first."""
    figures = str(number + 1)[::-1]
    keys = []
    for mark in reversed(form):
        if mark == "#":
            keys.append(figures[:1] or "1")
            figures = figures[1:]
        else:
            keys.append(mark)
    return "".join(reversed(keys))
