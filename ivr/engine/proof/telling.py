"""What a proof could not prove, as findings: where, in which case, and a call that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from ivr.engine.proof.complaints import Answered
from ivr.engine.proof.maze import DeadEnd
from ivr.engine.proof.presses import MOST_PRESSES
from ivr.engine.proof.steps import State, Step
from ivr.flow.callback_talk import CallbackOffer, NumberChecked, Promised
from ivr.flow.flow import FlowSet, Place
from ivr.flow.inputs import (
    ConnectionEnded,
    Input,
    LeftQueue,
    LookedUp,
    MessageLeft,
    Pressed,
    Said,
    Silent,
)
from ivr.flow.kinds import Answer, Ask, Faq, Queue
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.kinds.node import Node
from ivr.flow.reader import Source
from ivr.reading import Finding
from ivr.reading.tree import Path

MAZE, TOO_FAR, ANSWERED = "maze", "person-too-far", "complaint-answered"
PROVED = frozenset({MAZE, TOO_FAR, ANSWERED})
"""The codes of what could not be proved: the flows themselves can be played all the same."""
_NOTHING = (
    "the call ends and the caller has nothing: no person, no message, no callback, "
    "no answer that helped."
)
_ADVICE = "Lead there to a person or a `voicemail`."

Show = Callable[[DeadEnd], str]
"""Writes a dead end as a script of a call."""


def dead_end_findings(
    found: list[DeadEnd], flows: FlowSet, sources: Mapping[str, Source], show: Show
) -> Iterator[Finding]:
    """One finding for each setting that leads to a dead end, with the shortest call to it."""
    told: set[tuple[str, Path]] = set()
    for dead_end in found:
        flow, path = _where(dead_end, flows)
        if (flow, path) in told or flow not in sources:
            continue
        told.add((flow, path))
        finding = sources[flow].document.finding(
            path, MAZE, f"{_case(dead_end, flows)} {_NOTHING}", _ADVICE
        )
        yield replace(finding, call=show(dead_end))


def too_far_findings(states: Iterable[State], sources: Mapping[str, Source]) -> Iterator[Finding]:
    """One finding for each flow from which somebody is too many key presses away."""
    told: set[str] = set()
    for state in states:
        flow = state.place.flow
        if flow in told or flow not in sources:
            continue
        told.add(flow)
        yield sources[flow].document.finding(
            ("person",), TOO_FAR,
            f"From `{state.place.node}` a caller presses more than {MOST_PRESSES} keys to come to "
            "a person or a voicemail.",
            "Let `person` ask nothing, or one thing.",
        )  # fmt: skip


def complaint_findings(
    found: Iterable[Answered], flows: FlowSet, sources: Mapping[str, Source]
) -> Iterator[Finding]:
    """One finding for each choice by which a complaint is answered by a recording."""
    told: set[tuple[Place, int]] = set()
    for answered in found:
        place = answered.place
        if (place, answered.choice) in told or place.flow not in sources:
            continue
        told.add((place, answered.choice))
        listed = "matters" if isinstance(flows.node(place), Faq) else "options"
        yield sources[place.flow].document.finding(
            ("nodes", place.node, listed, answered.choice, "to"), ANSWERED,
            f"Whoever says `{answered.word}` ({answered.language}) at `{place.node}` is given the "
            f"answer `{answered.answer.node}`.",
        )  # fmt: skip


def _where(dead_end: DeadEnd, flows: FlowSet) -> tuple[str, Path]:
    place, step = dead_end.state.place, dead_end.step
    at: Path = ("nodes", place.node)
    if step is None:
        return place.flow, at
    if not step.target:
        return place.flow, ("person",)
    for path, target in flows.node(place).targets():
        if target == step.target:
            return place.flow, (*at, *path)
    return place.flow, at


def _case(dead_end: DeadEnd, flows: FlowSet) -> str:
    place, step = dead_end.state.place, dead_end.step
    node = flows.node(place)
    if step is None:
        if dead_end.state.stands == "choice":
            return f"Whatever a caller chooses at `{place.node}`,"
        return f"Whoever comes to `{place.node}` is not asked anything:"
    if not step.target:
        return f"Whoever asks for a person in the flow `{place.flow}` finds none:"
    return _circumstance(node, place, step)


def _circumstance(node: Node, place: Place, step: Step) -> str:
    here = f"at `{place.node}`"
    if step.because:
        return f"When {step.because} {here},"
    if isinstance(step.heard, CallbackOffer | NumberChecked | Promised):
        return f"After the talk about a callback {here},"
    heard: Input | None = step.heard
    match heard:
        case LookedUp(outcome):
            told = {"found": "finds it", "not_found": "finds nothing", "failed": "fails"}[outcome]
            return f"When the lookup {here} {told},"
        case ConnectionEnded():
            return f"When nobody answers {here},"
        case LeftQueue() | Silent():
            return f"When nobody can be waited for any more {here},"
        case MessageLeft():
            return f"After a message {here},"
        case Pressed() | Said():
            if isinstance(node, Answer):
                return f"When the answer {here} did not help,"
            if isinstance(node, Ask):
                return f"When a caller does not have what is asked for {here},"
            if isinstance(node, Queue):
                return f"When a caller would rather not wait {here},"
            if isinstance(node, CallbackDialogue):
                return f"When a caller wants no callback {here},"
            if isinstance(node, Faq):
                return f"When nothing fits what a caller says {here},"
    return f"From `{place.node}`"
