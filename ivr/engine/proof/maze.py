"""Where callers are left with nothing: calls that end without anything to end with."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.engine.proof.steps import State, Step
from ivr.engine.proof.walk import Walk


@dataclass(frozen=True)
class DeadEnd:
    """A step (or, without one, every choice) after which a call ends with nothing.

    `way` leads from the beginning of a call on the line to `state`; `rest` on to its end.
    """

    line: str
    state: State
    step: Step | None
    way: tuple[Step, ...]
    rest: tuple[Step, ...]


def dead_ends(walked: Walk) -> list[DeadEnd]:
    """Every one, the ones that are sooner come to first."""
    doomed = _Doomed(walked)
    found = []
    for person, (state, step) in walked.people.items():
        if doomed.has(person):
            found.append(_dead_end(walked, doomed, state, step))
    for state, steps in walked.steps.items():
        bad = [step for step in steps if doomed.has(step.to)]
        if not bad:
            if state in walked.begins and doomed.has(state):
                found.append(_dead_end(walked, doomed, state, None))
            continue
        if state.stands == "arrives" and doomed.has(state):
            # Whoever sends a call here is to blame; a beginning has nobody before it.
            if state in walked.begins:
                found.append(_dead_end(walked, doomed, state, None))
            continue
        willed = [step for step in steps if step.manner == "willed"]
        found += [_dead_end(walked, doomed, state, step) for step in bad if step.manner != "willed"]
        if willed and not state.served and all(step in bad for step in willed):
            found.append(_dead_end(walked, doomed, state, None))
    return found


class _Doomed:
    """The states from which, whatever comes, a call ends at once and with nothing.

    Nodes that lead in a ring are none: the engine counts visits, and leads to a person.
    """

    def __init__(self, walked: Walk) -> None:
        self._walked = walked
        self._found: set[State] = set()
        grown = True
        while grown:
            grown = False
            # What comes later was mostly found later: backwards, one round is mostly enough.
            for state in reversed(walked.steps):
                if state not in self._found and self._is_next(state):
                    self._found.add(state)
                    grown = True

    def has(self, state: State) -> bool:
        if state.stands == "arrives":
            return state in self._found
        return state.stands in ("goodbye", "ended") and not state.served

    def _is_next(self, state: State) -> bool:
        steps = self._walked.steps[state]
        return state.stands == "arrives" and all([self.has(step.to) for step in steps])


def _dead_end(walked: Walk, doomed: _Doomed, state: State, step: Step | None) -> DeadEnd:
    rest = []
    onward = step
    here = state
    while True:
        if onward is None:
            options = [s for s in walked.steps.get(here, ()) if doomed.has(s.to)]
            if here.stands not in ("choice", "arrives") or not options:
                break
            onward = options[0]
        rest.append(onward)
        here, onward = onward.to, None
        if here.stands in ("goodbye", "ended"):
            break
    return DeadEnd(
        walked.begins[walked.begin_of(state)], state, step,
        tuple(walked.way_to(state)), tuple(rest),
    )  # fmt: skip
