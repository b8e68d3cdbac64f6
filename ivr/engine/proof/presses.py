"""How many keys a caller must press, at most, to come to a person or the tone of a voicemail."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.engine.proof.steps import SAFE, State, Step
from ivr.engine.proof.walk import Walk
from ivr.flow.inputs import Pressed

MOST_PRESSES = 2
"""0 counts as one."""
_THERE = ("connection", "line", "message", "safe")


def too_far(walked: Walk, most: int = MOST_PRESSES) -> Iterator[State]:
    """The questions from which nobody is reached with `most` presses of keys, whatever befalls
    the caller on the way."""
    near = _without_pressing(walked, set())
    for _ in range(most):
        near = _without_pressing(walked, near | {
            state for state, steps in walked.steps.items()
            if any(_by_one_key(step) and step.to in near for step in steps)
        })  # fmt: skip
    for state in walked.steps:
        if state.stands == "choice" and state not in near:
            yield state


def _by_one_key(step: Step) -> bool:
    return isinstance(step.heard, Pressed) and len(step.heard.keys) == 1


def _without_pressing(walked: Walk, near: set[State]) -> set[State]:
    """All from which a call comes to one of these, or to somebody, by itself."""
    found = set(near) | {SAFE}
    found |= {state for state in walked.steps if state.stands in _THERE}
    grown = True
    while grown:
        grown = False
        for state, steps in walked.steps.items():
            if state in found or state.stands not in ("arrives", "lookup"):
                continue
            onward = [step for step in steps if not isinstance(step.heard, Pressed)]
            if onward and all([step.to in found for step in onward]):
                found.add(state)
                grown = True
    return found
