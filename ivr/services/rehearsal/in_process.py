"""A telephone that reaches the engine without any network: a call in microseconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import structs

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.events import Event
from ivr.engine.turn import Turn, begin
from ivr.flow.actions import (
    Action,
    Connect,
    Enqueue,
    GoOn,
    HangUp,
    LeaveQueue,
    Listen,
    Meet,
    Pause,
    Play,
    Prompt,
    Say,
    TakeMessage,
)
from ivr.flow.flow import FlowSet
from ivr.flow.inputs import (
    Arrived,
    ConnectionEnded,
    Input,
    LeftQueue,
    MessageLeft,
    Met,
    Outcome,
    Pressed,
    Said,
    Silent,
)
from ivr.flow.moves import Effect, TextWanted
from ivr.queueing.board import Standing
from ivr.services.deciding import CallbackAnswers, decide, no_callbacks
from ivr.services.rehearsal.handset import State
from ivr.services.rehearsal.hearing import Sent, Utterance
from ivr.services.rehearsal.script import Step
from ivr.services.rehearsal.surroundings import Queue, changed
from ivr.services.rehearsal.system import CompanySystem, SystemAtHand

_OUTCOMES: dict[str, Outcome] = {
    "answers": "completed",
    "busy": "busy",
    "no_answer": "no_answer",
    "failed": "failed",
}

Watch = Callable[[Company, Turn, datetime], None]
"""Is shown every turn that was taken, and the moment."""
_NO_SYSTEM = CompanySystem(FlowSet({}, ""))


class InProcessTelephone:
    """Carries out the engine's actions as a carrier would, for a caller who has all the time: it
    is `at` from the first turn to the last."""

    def __init__(
        self,
        company: Company,
        line: str,
        caller: str | None,
        at: datetime,
        system: CompanySystem = _NO_SYSTEM,
        watch: Watch | None = None,
        queues: Callable[[str], Queue] = lambda _: Queue(),
        desk: CallbackAnswers = no_callbacks,
    ) -> None:
        self.company = company
        self.events: list[Event] = []
        self.effects: list[Effect] = []
        self._queues = queues
        self._desk = desk
        self._now = at
        self._call = begin(company, call_id="CA" + "0" * 32, line=line, caller=caller, now=at)
        self.spoken: list[Prompt] = []
        """The prompts since the caller's last act."""
        self._rest: deque[Action] = deque()
        self._ringing = ""
        self._state: State = "ended"
        self._listen = Listen((), "")
        self._system = system
        self._look_up = SystemAtHand(system).ask
        self._watch = watch

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        return tuple(
            Utterance(prompt.text, prompt.language, prompt.slow)
            if isinstance(prompt, Say)
            else Utterance(f"[{prompt.url}]")
            for prompt in self.spoken
            if not isinstance(prompt, Pause)
        )

    @property
    def heard(self) -> str:
        return " ".join([said.text for said in self.utterances])

    @property
    def texts(self) -> tuple[Sent, ...]:
        wanted = (effect for effect in self.effects if isinstance(effect, TextWanted))
        return tuple(Sent(text.to, text.text) for text in wanted)

    @property
    def unanswered(self) -> str:
        return self._system.unanswered

    @property
    def state(self) -> State:
        return self._state

    @property
    def ringing(self) -> str:
        return self._ringing

    @property
    def call(self) -> Call:
        """The call as it stands."""
        return self._call

    @property
    def listen(self) -> Listen:
        """What the caller was last listened for with."""
        return self._listen

    @property
    def language(self) -> str:
        return self._call.language

    def dial(self) -> None:
        self._turn(Arrived())

    def press(self, keys: str) -> None:
        if self._state == "tone":
            self._turn(MessageLeft("", 0, keys[:1]))
            return
        while keys:
            if self._state != "listening" or self._listen.keys <= 1:
                entered, keys = keys[:1], keys[1:]
            else:
                entered, keys = _entry(keys, self._listen)
            self._turn(Pressed(entered) if entered else Silent())

    def say(self, words: str) -> None:
        self._turn(Said(words, 0.9))

    def stay_silent(self) -> None:
        if self.passing:
            self.let_pass()
        else:
            self._turn(Silent())

    @property
    def passing(self) -> bool:
        return self._state == "listening" and not self._listen.reports_silence

    def let_pass(self) -> None:
        self._carry_out()

    def connect(self, outcome: str) -> None:
        self._turn(ConnectionEnded(_OUTCOMES[outcome], 60 if outcome == "answers" else 0))

    def wait(self, seconds: int, step: Step) -> None:
        stay = self._call.stay
        assert stay is not None
        queue = changed(self._queue(stay.queue), step)
        self._queues = {stay.queue: queue}.__getitem__
        # What all see of the queue is what this caller does.
        stood = self.company.boards[stay.queue]
        board = structs.replace(queue.board(stay.queue, 0.0), callbacks=stood.callbacks)
        self.company = replace(self.company, boards={**self.company.boards, stay.queue: board})
        heard: list[Prompt] = []
        waited = 0
        while waited < seconds and self._state == "line":
            every = self.company.rules[stay.queue].announce_every
            waited += every
            self._now += timedelta(seconds=every)
            self.spoken.clear()
            self._carry_out()
            heard += self.spoken
        self.spoken = heard

    def agent(self, does: str) -> None:
        self._turn(Met("R1", there=does == "accepts"))
        if self._state == "ringing":
            self._now += timedelta(seconds=60)
            self._turn(ConnectionEnded("completed"))

    def _queue(self, name: str) -> Queue:
        return self._queues(name)

    def _standing(self) -> Standing | None:
        stay = self._call.stay
        if stay is None or self._call.waiting != "line":
            return None
        return self._queue(stay.queue).standing(self._now.timestamp())

    def leave_message(self, seconds: int, key: str) -> None:
        self._turn(MessageLeft("https://example.com/recording", seconds, key))

    def hang_up(self) -> None:
        self._state = "ended"

    def close(self) -> None:
        """There is nothing to let go."""

    def _turn(self, heard: Input) -> None:
        self.spoken.clear()
        turn = decide(
            self.company, self._call, heard, self._now, self._look_up, self._standing(), self._desk
        )
        self._call = turn.call
        self.events.extend(turn.events)
        self.effects.extend(turn.effects)
        self._rest = deque(turn.actions)
        if self._watch is not None:
            self._watch(self.company, turn, self._now)
        self._carry_out()

    def _carry_out(self) -> None:
        while self._rest:
            action = self._rest.popleft()
            match action:
                case Say() | Play() | Pause():
                    self.spoken.append(action)
                case Listen():
                    self.spoken.extend(action.prompts)
                    waits = self._call.waiting == "line"
                    self._state, self._listen = "line" if waits else "listening", action
                    return
                case Connect(number):
                    self._state, self._ringing = "ringing", number
                    return
                case TakeMessage():
                    self._state = "tone"
                    return
                case GoOn() | Enqueue():
                    self._go_on(Silent())
                    return
                case LeaveQueue():
                    self._go_on(LeftQueue())
                    return
                case Meet():
                    self._state, self._ringing = "ringing", ""
                    return
                case HangUp():
                    self._state = "ended"
                    return

    def _go_on(self, heard: Input) -> None:
        """The next turn, without anything from the caller: what was said stays heard."""
        before = list(self.spoken)
        self._turn(heard)
        self.spoken[:0] = before


def _entry(keys: str, listen: Listen) -> tuple[str, str]:
    """What of these keys one entry takes, without the key that ended it, and the keys after it."""
    for taken, key in enumerate(keys):
        if key == listen.finish:
            return keys[:taken], keys[taken + 1 :]
        if taken + 1 == listen.keys:
            return keys[: taken + 1], keys[taken + 1 :]
    return keys, ""
