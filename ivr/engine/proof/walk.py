"""Every state that a call can reach, and the shortest way to each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from ivr.engine.proof.steps import State, Step, Steps


@dataclass(frozen=True)
class Walk:
    """`begins` are the states in which calls begin, by line; `ways` the step by which each other
    state was first come to, and the state that it came from. `people` are the states in which
    callers come to the person of a flow, whatever led them there: a flow that goes round and round,
    an answer that was given already, a text that cannot be said."""

    begins: dict[State, str]
    steps: dict[State, tuple[Step, ...]]
    ways: dict[State, tuple[State, Step]] = field(default_factory=dict)
    people: dict[State, tuple[State, Step]] = field(default_factory=dict)

    def way_to(self, state: State) -> list[Step]:
        """The steps of the shortest call that comes to `state`."""
        taken: list[Step] = []
        while state in self.ways:
            state, step = self.ways[state]
            taken.append(step)
        return taken[::-1]

    def begin_of(self, state: State) -> State:
        """Where the shortest call that comes to `state` begins."""
        while state in self.ways:
            state, _ = self.ways[state]
        return state


def walk(steps: Steps, begins: Iterable[tuple[str, State]]) -> Walk:
    """Take every step from these states; what the caller does is counted, what happens in between
    is not."""
    walked = Walk({state: line for line, state in begins}, {})
    waiting = deque(walked.begins)
    seen = set(waiting)
    flows: set[str] = set()
    unasked: deque[State] = deque()
    while waiting or unasked:
        if not waiting:
            # Only what nobody can ask for is come to so: a way that a caller can take says more.
            person = unasked.popleft()
            if person not in seen:
                seen.add(person)
                walked.ways[person] = walked.people[person]
                waiting.append(person)
            continue
        state = waiting.popleft()
        if state in walked.steps:
            continue
        walked.steps[state] = tuple(steps.after(state))
        if state.place.flow not in flows:
            flows.add(state.place.flow)
            step = steps.to_person(state)
            walked.people[step.to] = (state, step)
            unasked.append(step.to)
        for step in walked.steps[state]:
            if step.to in seen:
                continue
            seen.add(step.to)
            walked.ways[step.to] = (state, step)
            if step.heard is None:
                waiting.appendleft(step.to)
            else:
                waiting.append(step.to)
    return walked
