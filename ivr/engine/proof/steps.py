"""One step of every call that could be: from one state to each that may follow it.

The rules are the engine's own (`reply` answers, `follow` travels): only the surroundings are
abstract. What is kept of a call is what its ways depend on; misses and visits are not, because
whatever they lead to (the person, the fallback number) is taken to be possible at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, get_args

from msgspec import structs

from ivr.engine import events
from ivr.engine.call import Call, Waiting
from ivr.engine.company import Company
from ivr.engine.limits import MOST_MISSES
from ivr.engine.progress import Progress
from ivr.engine.proof.ground import Ground, GroundFlows
from ivr.engine.proof.talks import DeskSays, desk_says, known_queue, usual_talk
from ivr.engine.replies import reply
from ivr.engine.travel import follow
from ivr.flow import schedule
from ivr.flow.callback_talk import CallbackAnswer
from ivr.flow.flow import Place, UnknownPlace
from ivr.flow.inputs import (
    ConnectionEnded,
    Input,
    LeftQueue,
    LookedUp,
    MessageLeft,
    Met,
    Outcome,
    Pressed,
    Silent,
)
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.moves import Go, Move
from ivr.flow.scene import Scene
from ivr.flow.talk import CallbackChanged, CallbackPromised
from ivr.queueing.board import Standing

Stands = Literal[
    "arrives", "choice", "lookup", "line", "leaving", "connection", "message", "goodbye", "ended",
    "safe",
]  # fmt: skip
"""Where a call can be. `safe`: with somebody who is always there, for good."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Manner = Literal["willed", "luck", "only"]
"""Whether the caller wants this step, or it befalls them, or there is no other."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What matters of a call. `served`: since they last asked for something, the caller was given
    a person, the tone of a voicemail, or an answer that helped.

    There is one object for each state of a walk, so that they are quickly told apart.
    """

    stands: Stands
    place: Place
    stage: str = ""
    served: bool = False


SAFE = State("safe", Place("", ""))


@dataclass(frozen=True, slots=True)
class Step:
    """A step to `to`, which is what follows `heard`, or, where nothing is heard, `because`.

    `move` is what the node wanted, where it was asked.
    """

    to: State
    manner: Manner
    heard: Input | CallbackAnswer | None = None
    because: str = ""
    target: str = ""
    answers: bool = False
    """Whether an answer is given in it."""
    hours: tuple[str, schedule.State] | None = None
    """The schedule that decides it, and its state."""


@dataclass
class Steps:
    """The steps of a company's calls; `company` is a `ground_company`."""

    company: Company
    line: str
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    _calls: dict[State, Call] = field(default_factory=dict)
    _states: dict[tuple[str, str, str, str, bool], State] = field(default_factory=dict)
    _scenes: dict[str, Scene] = field(default_factory=dict)

    def start(self, flow: str) -> State:
        """The state in which a call comes to a line that begins with `flow`."""
        return self._arrives(self.company.flows.start(flow), self._new(flow), served=False)

    def to_person(self, state: State) -> Step:
        """The step that the engine takes on its own when it goes no further at this place."""
        try:
            person = self.company.flows.person(state.place.flow)
        except UnknownPlace:
            return Step(SAFE, "luck")
        to = self._arrives(person, self._calls[state], served=False)
        return Step(to, "luck", because="nothing else is left")

    def after(self, state: State) -> list[Step]:
        """Every step that may follow."""
        if state.stands == "arrives":
            return list(self._entered(state))
        return [self._heard(state, heard, manner, as_told)
                for heard, manner, as_told in self._inputs(state)]  # fmt: skip

    def ground(self, place: Place) -> Ground:
        flows = self.company.flows
        assert isinstance(flows, GroundFlows)
        return flows.ground(place)

    def scene(self, state: State) -> Scene:
        """What the node of the state sees."""
        return Progress(self.company, self._calls[state], self.now).scene

    def _entered(self, state: State) -> Iterator[Step]:
        call = self._calls[state]
        scene = self._scenes.get(call.language)
        if scene is None:
            scene = self._scenes[call.language] = self.scene(state)
        entries = self.ground(state.place).entries(scene)
        for entry in entries:
            manner: Manner = "only" if len(entries) == 1 else "luck"
            if entry.willed:
                manner = "willed"
            progress = Progress(self.company, call, self.now)
            served = state.served and not entry.anew
            before = self._one(state.stands, state.place, state.stage, served)
            step = self._carried(progress, before, entry.move, manner, because=entry.because)
            yield step if entry.hours is None else replace(step, hours=entry.hours)

    def _inputs(
        self, state: State
    ) -> Iterator[tuple[Input | DeskSays, Manner, Input | CallbackAnswer]]:
        """What may come back, and how a telephone would tell it."""
        zero = Pressed("0")
        match state.stands:
            case "choice":
                yield zero, "luck", zero
                yield Silent(), "luck", Silent()
                for way in self.ground(state.place).ways(self.scene(state)):
                    yield Pressed(way.key), "willed" if way.willed else "luck", way.heard
            case "lookup" if state.stage:
                talker = self.ground(state.place).node
                assert isinstance(talker, CallbackDialogue)
                queue, of = talker.callback_queue(), known_queue(talker)
                for said in desk_says(state.stage, queue, of):
                    yield said, "luck", said.answer
            case "lookup":
                yield zero, "luck", zero
                for outcome in ("found", "not_found", "failed"):
                    answer = LookedUp(outcome)
                    yield answer, "luck", answer
            case "line":
                yield Met(""), "luck", Met("")
                yield Silent(), "luck", Silent()
                yield LeftQueue(failed=True), "luck", LeftQueue(failed=True)
                yield zero, "luck", zero
                for way_out in self.ground(state.place).ways_out(self.scene(state)):
                    yield Pressed(way_out.key), "willed", Pressed(way_out.key)
            case "leaving":
                yield LeftQueue(), "only", LeftQueue()
            case "connection":
                node, seen = self.ground(state.place), []
                for ended in OUTCOMES:
                    move = node.connected(self.scene(state), ended)
                    if ended in ("completed", "busy") or move not in seen:
                        yield ConnectionEnded(ended), "luck", ConnectionEnded(ended)
                    seen.append(move)
            case "message":
                for message in (
                    MessageLeft("", 5, "#"),
                    MessageLeft("", 0),
                    MessageLeft("", 0, "0"),
                ):
                    yield message, "luck", message
            case "goodbye":
                yield zero, "luck", zero

    def _heard(
        self, state: State, heard: Input | DeskSays, manner: Manner,
        as_told: Input | CallbackAnswer,
    ) -> Step:  # fmt: skip
        call = self._calls[state]
        if isinstance(heard, DeskSays):
            progress = Progress(self.company, _with(call, talk=heard.talk), self.now)
            return self._carried(progress, state, reply(progress, heard.answer), manner, as_told)
        if isinstance(heard, Silent):
            # The third miss; those before it put the same question once more.
            call = _with(call, misses=MOST_MISSES - 1)
        # To whoever waits, 0 and time only mean something once there is nobody to wait for.
        standing = None
        if state.stands == "line" and heard in (Pressed("0"), Silent()) and call.stay is not None:
            call = _with(call, stay=structs.replace(call.stay, alone=True))
            standing = Standing(self.now.timestamp(), 0)
        progress = Progress(self.company, call, self.now, standing)
        return self._carried(progress, state, reply(progress, heard), manner, as_told)

    def _carried(
        self, progress: Progress, state: State, move: Move, manner: Manner,
        heard: Input | CallbackAnswer | None = None, because: str = "",
    ) -> Step:  # fmt: skip
        target = move.target if isinstance(move, Go) else ""
        try:
            follow(progress, move)
        except UnknownPlace:
            # Whoever serves the call puts it through to the fallback number.
            return Step(SAFE, manner, heard, because, target)
        answers = any(isinstance(event, events.AnswerGiven) for event in progress.events)
        served = _served(state.served and manner != "willed", progress)
        to = self._state(progress, served)
        return Step(to, manner, heard, because, target, answers)

    def _state(self, progress: Progress, served: bool) -> State:
        call = progress.call
        if call.last_resort:
            return SAFE
        place = Place(call.flow, call.node)
        if not progress.actions and progress.request is None:
            return self._arrives(place, call, served=served)
        if call.waiting == "nothing":
            return self._one("ended", place, "", served)
        state = self._one(_STANDS[call.waiting], place, call.stage, served)
        if state not in self._calls:
            node = self.ground(place).node
            talk = None
            if call.stage and isinstance(node, CallbackDialogue):
                talk = usual_talk(node.callback_queue(), known_queue(node))
            self._calls[state] = _with(
                call, misses=0, calm=False, visits=(), answered=(), talk=talk
            )  # fmt: skip
        return state

    def _one(self, stands: Stands, place: Place, stage: str, served: bool) -> State:
        key = (stands, place.flow, place.node, stage, served)
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = State(stands, place, stage, served)
        return state

    def _arrives(self, place: Place, call: Call, *, served: bool) -> State:
        state = self._one("arrives", place, "", served)
        if state not in self._calls:
            self._calls[state] = _with(
                call, flow=place.flow, node=place.node, waiting="choice", stage="", pending=None,
                misses=0, calm=False, visits=(), answered=(), path=(), said=(), variables={},
                stay=None, talk=None,
            )  # fmt: skip
        return state

    def _new(self, flow: str) -> Call:
        language = self.company.flows.flows[flow].languages[0]
        return Call("proof", self.line, "", language, 0.0, flow=flow)


_STANDS: dict[Waiting, Stands] = {
    "choice": "choice",
    "lookup": "lookup",
    "line": "line",
    "leaving": "leaving",
    "connection": "connection",
    "message": "message",
    "goodbye": "goodbye",
}


def _with(call: Call, **changes: object) -> Call:
    return structs.replace(call, **changes)


def _served(served: bool, progress: Progress) -> bool:
    """Whether the caller has now been given something to end with."""
    for event in progress.events:
        match event:
            case events.AnswerHelped() | CallbackPromised():
                served = True
            case CallbackChanged(change=change, why=""):
                served = served or change != "wait_here"
            case events.NumberEnded(outcome="completed"):
                served = True
            case events.PersonSought():
                served = False
    return served or progress.call.waiting == "message"
