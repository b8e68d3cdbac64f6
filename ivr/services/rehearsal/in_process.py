"""A telephone that reaches the engine without any network: a call in microseconds."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from ivr.engine.company import Company
from ivr.engine.events import Event
from ivr.engine.turn import begin, take_turn
from ivr.flow.actions import (
    Action,
    Connect,
    HangUp,
    Listen,
    Pause,
    Play,
    Prompt,
    Say,
    TakeMessage,
)
from ivr.flow.inputs import (
    Arrived,
    ConnectionEnded,
    Input,
    MessageLeft,
    Outcome,
    Pressed,
    Said,
    Silent,
)
from ivr.services.rehearsal.player import State

TURN_SECONDS = 10
"""How far the call's clock goes on with each turn."""
_OUTCOMES: dict[str, Outcome] = {
    "answers": "completed",
    "busy": "busy",
    "no_answer": "no_answer",
    "failed": "failed",
}


class InProcessTelephone:
    """Carries out the engine's actions as a carrier would, with a caller who has all the time."""

    def __init__(self, company: Company, line: str, caller: str | None, at: datetime) -> None:
        self.company = company
        self.events: list[Event] = []
        self._now = at
        self._call = begin(company, call_id="CA" + "0" * 32, line=line, caller=caller, now=at)
        self._heard: list[str] = []
        self._rest: deque[Action] = deque()
        self._ringing = ""
        self._state: State = "ended"
        self._reports_silence = True

    @property
    def heard(self) -> str:
        return " ".join(self._heard)

    @property
    def state(self) -> State:
        return self._state

    @property
    def ringing(self) -> str:
        return self._ringing

    @property
    def language(self) -> str:
        return self._call.language

    def dial(self) -> None:
        self._turn(Arrived())

    def press(self, keys: str) -> None:
        if self._state == "tone":
            self._turn(MessageLeft("", 0, keys[:1]))
            return
        for key in keys:
            self._turn(Pressed(key))

    def say(self, words: str) -> None:
        self._turn(Said(words, 0.9))

    def stay_silent(self) -> None:
        if self.passing:
            self.let_pass()
        else:
            self._turn(Silent())

    @property
    def passing(self) -> bool:
        return self._state == "listening" and not self._reports_silence

    def let_pass(self) -> None:
        self._carry_out()

    def connect(self, outcome: str) -> None:
        self._turn(ConnectionEnded(_OUTCOMES[outcome], 60 if outcome == "answers" else 0))

    def leave_message(self, seconds: int, key: str) -> None:
        self._turn(MessageLeft("https://example.com/recording", seconds, key))

    def hang_up(self) -> None:
        self._state = "ended"

    def close(self) -> None:
        """There is nothing to let go."""

    def _turn(self, heard: Input) -> None:
        self._heard.clear()
        self._now += timedelta(seconds=TURN_SECONDS)
        turn = take_turn(self.company, self._call, heard, self._now)
        self._call = turn.call
        self.events.extend(turn.events)
        self._rest = deque(turn.actions)
        self._carry_out()

    def _carry_out(self) -> None:
        while self._rest:
            action = self._rest.popleft()
            match action:
                case Say() | Play() | Pause():
                    self._hear(action)
                case Listen():
                    for prompt in action.prompts:
                        self._hear(prompt)
                    self._state, self._reports_silence = "listening", action.reports_silence
                    return
                case Connect(number):
                    self._state, self._ringing = "ringing", number
                    return
                case TakeMessage():
                    self._state = "tone"
                    return
                case HangUp():
                    self._state = "ended"
                    return

    def _hear(self, prompt: Prompt) -> None:
        if isinstance(prompt, Say):
            self._heard.append(prompt.text)
        elif isinstance(prompt, Play):
            self._heard.append(f"[{prompt.url}]")
