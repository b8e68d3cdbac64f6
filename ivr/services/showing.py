"""Calls that nobody has made yet, written as scripts: what a caller would meet.

A proof knows what comes back and what is so; here a moment and a caller are sought with which the
real engine makes the same call, and it is written down as `flows/*.calls.yaml` has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.proof.ground import LANDLINE_CALLER, MOBILE_CALLER
from ivr.engine.proof.maze import DeadEnd
from ivr.engine.proof.steps import State, Step
from ivr.engine.turn import Turn, begin, go_on, take_turn
from ivr.flow.actions import Connect, GoOn, Listen, Prompt, Say
from ivr.flow.flow import Place, UnknownPlace
from ivr.flow.inputs import (
    Arrived,
    ConnectionEnded,
    Input,
    LookedUp,
    MessageLeft,
    Pressed,
    Said,
    Silent,
)
from ivr.flow.kinds import Lookup
from ivr.flow.values import Value
from ivr.flow.variables import variable

CALLERS = (MOBILE_CALLER, None, LANDLINE_CALLER)
HOURS = (time(10, 15), time(22, 30), time(15, 45), time(6, 30))
DAYS = 8
"""Days that are tried: every day of a week, and the one that it began with."""
_OUTCOMES = {"completed": "answers", "busy": "busy", "no_answer": "no_answer"}
_FOUND: dict[str | None, Value] = {
    "text": "something", "number": Decimal(1), "yes_no": True, "date": date(2026, 12, 24),
    "time": time(12, 0), None: "something",
}  # fmt: skip
_PLAIN = re.compile(r"[^\W\d_][\w ,.'’äöåæøéÄÖÅÆØ?!-]*\Z")
_SENTENCE = re.compile(r".+?[.!?](?=\s|\Z)")


@dataclass
class _Shown:
    """A call as far as it has been made."""

    company: Company
    line: str
    caller: str | None
    at: datetime
    lines: list[str] = field(default_factory=list)
    turn: Turn | None = None

    def make(self, acts: Sequence[tuple[State, Input]]) -> bool:
        """Whether the call comes to each of these states, takes what is heard there, and ends."""
        call = begin(self.company, call_id="shown", line=self.line, caller=self.caller, now=self.at)
        self._take(call, Arrived())
        for state, heard in acts:
            if not self._stands(state) or not self._act(heard):
                return False
        assert self.turn is not None
        ended = self.turn.call.waiting in ("goodbye", "nothing")
        return ended and not self.turn.call.last_resort

    def _stands(self, state: State) -> bool:
        assert self.turn is not None
        call = self.turn.call
        return (call.waiting, call.place) == (state.stands, str(state.place))

    def _act(self, heard: Input) -> bool:
        assert self.turn is not None
        call = self.turn.call
        match call.waiting, heard:
            case "choice", Silent():
                while self.turn.call.waiting == "choice" and self.turn.call.place == call.place:
                    self.lines.append("silent: true")
                    self._take(self.turn.call, Silent())
                return True
            case "choice" | "goodbye" | "message", Pressed(keys):
                self.lines.append(f"presses: {_quoted(keys)}")
            case "choice" | "goodbye", Said(words):
                self.lines.append(f"says: {_quoted(words)}")
            case "connection", ConnectionEnded(outcome):
                self.lines.append(f"put_through: {_quoted(self._rung())}")
                self.lines.append(f"  outcome: {_OUTCOMES.get(outcome, 'failed')}")
            case "message", MessageLeft(_, seconds, key):
                if seconds:
                    self.lines.append(f"leaves_message: {seconds}")
                    heard = MessageLeft("https://example.com/recording", seconds)
                elif key:
                    self.lines.append(f"presses: {key}")
                else:
                    self.lines.append("silent: true")
                    heard = Silent()
            case "lookup", LookedUp(outcome):
                self._look_up(heard)
                return True
            case _:
                return False
        self._take(call, heard)
        return True

    def _look_up(self, heard: LookedUp) -> None:
        assert self.turn is not None
        node = self.company.flows.node(Place(self.turn.call.flow, self.turn.call.node))
        if heard.outcome == "found" and isinstance(node, Lookup):
            values = {name: variable(_FOUND[found.takes]) for name, found in node.read.items()}
            heard = LookedUp("found", values)
        if self.turn.request is None:
            self._set(take_turn(self.company, self.turn.call, Silent(), self.at))
        if self.turn.request is not None:
            self._set(go_on(self.company, self.turn, heard, self.at))

    def _take(self, call: Call, heard: Input) -> None:
        self.at += timedelta(seconds=10)
        self._set(take_turn(self.company, call, heard, self.at))

    def _set(self, turn: Turn) -> None:
        self.turn = turn
        heard = " ".join(_words(turn))
        first = _SENTENCE.match(heard)
        if heard:
            self.lines.append(f"hears: {_quoted(first[0] if first else heard)}")

    def _rung(self) -> str:
        assert self.turn is not None
        number = next(a.number for a in self.turn.actions if isinstance(a, Connect))
        names = {number: name for name, number in self.company.numbers.items()}
        return names.get(number, number)


def _words(turn: Turn) -> Iterator[str]:
    prompts: list[Prompt] = []
    for action in turn.actions:
        if isinstance(action, Listen):
            prompts.extend(action.prompts)
        elif isinstance(action, Say):
            prompts.append(action)
        elif isinstance(action, GoOn):
            break
    return (prompt.text for prompt in prompts if isinstance(prompt, Say))


def script_of(dead_end: DeadEnd, company: Company, title: str, today: date) -> str:
    """The call as a script to be played, or "" when no moment and no caller of those tried make
    it: then it depends on what the company's own systems or its queues say."""
    acts = list(_acts((*dead_end.way, *dead_end.rest)))
    for at in _moments(company, today):
        for caller in CALLERS:
            shown = _Shown(company, dead_end.line, caller, at)
            try:
                if shown.make(acts):
                    return _written(shown, title, at, company.lines)
            except UnknownPlace:
                continue
    return ""


def _acts(steps: Sequence[Step]) -> Iterator[tuple[State, Input]]:
    for before, step in pairwise(steps):
        if step.heard is not None:
            yield before.to, step.heard


def _moments(company: Company, today: date) -> Iterator[datetime]:
    days = [today + timedelta(days=day) for day in range(DAYS)]
    days += [date(today.year, 12, 25), date(today.year + 1, 1, 1)]
    for clock in HOURS:
        for day in days:
            yield datetime.combine(day, clock, company.zone)


def _written(shown: _Shown, title: str, at: datetime, lines: Mapping[str, object]) -> str:
    head = [f"  - call: {_quoted(title)}", f"    at: {at:%Y-%m-%d %H:%M}"]
    if shown.caller is not None:
        head.append(f'    from: "{shown.caller}"')
    if shown.line != next(iter(lines)):
        head.append(f"    line: {shown.line}")
    head.append("    script:")
    body = [
        f"        {line.strip()}" if line.startswith(" ") else f"      - {line}"
        for line in (*shown.lines, "call_ends: true")
    ]
    return "\n".join([*head, *body])


def _quoted(text: str) -> str:
    """The text as YAML reads it back."""
    return text if _PLAIN.match(text) else json.dumps(text, ensure_ascii=False)
