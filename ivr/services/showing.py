"""Calls that nobody has made yet, written as scripts: what a caller would meet.

A proof knows what comes back and what is so; here the rest is sought (who rings, when, how queues
stand, what the company's own systems answer) with which the real engine makes the same call, and it
is written down as `flows/*.calls.yaml` has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product
from typing import Any

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.proof.ground import LANDLINE_CALLER, MOBILE_CALLER
from ivr.engine.proof.maze import DeadEnd
from ivr.engine.proof.steps import State
from ivr.engine.turn import Turn, begin, go_on, take_turn
from ivr.flow.actions import Connect, GoOn, Listen, Prompt, Say
from ivr.flow.callback_talk import CallbackOffer, NumberChecked, Promised
from ivr.flow.flow import Place, UnknownPlace
from ivr.flow.inputs import (
    Arrived,
    ConnectionEnded,
    Input,
    LeftQueue,
    LookedUp,
    MessageLeft,
    Met,
    Pressed,
    Said,
    Silent,
)
from ivr.flow.kinds import Lookup
from ivr.flow.moves import Request
from ivr.flow.schedule import State as Hours
from ivr.queueing.board import Standing
from ivr.services.answers import NoAnswer, read_answer
from ivr.services.rehearsal.surroundings import Queue, Surroundings

CALLERS = (MOBILE_CALLER, None, LANDLINE_CALLER)
CLOCKS = (time(10, 15), time(15, 45), time(22, 30), time(6, 30))
DAYS = (0, 1, 5, 6)
"""Days from today that are tried besides two holidays."""
QUEUES = (Queue(0, 3), Queue(99, 0))
ANSWERS: tuple[dict[str | None, Any], ...] = (
    {"number": 1, "yes_no": True, "date": "2026-12-24", "time": "12:00", None: 1},
    {"number": -1, "yes_no": False, "date": "2020-01-07", "time": "23:00", None: "something"},
)
"""What a system answers, by what is read of it; a text is always the same."""
_TEXT = "something"
_OUTCOMES = {"completed": "answers", "busy": "busy", "no_answer": "no_answer"}
_PLAIN = re.compile(r"[^\W\d_][\w ,.'’?!-]*\Z")
_SENTENCE = re.compile(r".+?[.!?](?=\s|\Z)")


@dataclass
class _Shown:
    """A call as far as it has been made. `lookups` and `lines` are those of its script."""

    company: Company
    line: str
    caller: str | None
    at: datetime
    answers: Mapping[str | None, Any]
    lookups: list[str] = field(default_factory=list)
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
            case "line", Pressed(keys):
                if keys == "0":
                    # Only once nobody is there any more, and whoever waits is sent away then.
                    return False
                self.lines.append(f"presses: {_quoted(keys)}")
            case "line", Silent():
                self.lines.append("waits: 120")
                self.lines.append("  agents: 0")
                alone = Standing(self.at.timestamp(), 0)
                for _ in range(2):
                    self._set(take_turn(self.company, self.turn.call, heard, self.at, alone))
                return True
            case "line", Met():
                self.lines.append("agent: accepts")
            case "leaving", LeftQueue():
                pass
            case "connection", ConnectionEnded(outcome) if self._meets():
                if outcome != "completed":
                    return False
            case "connection", ConnectionEnded(outcome):
                self.lines.append(f"put_through: {_quoted(self._rung())}")
                self.lines.append(f"  outcome: {_OUTCOMES.get(outcome, 'failed')}")
            case "message", MessageLeft(_, seconds, key):
                if seconds:
                    self.lines.append(f"leaves_message: {seconds}")
                    heard = MessageLeft("https://example.com/recording", seconds)
                elif key:
                    self.lines.append(f"presses: {_quoted(key)}")
                else:
                    self.lines.append("silent: true")
                    heard = Silent()
            case "lookup", LookedUp():
                return self._look_up(heard)
            case _:
                return False
        self._take(call, heard)
        return True

    def _meets(self) -> bool:
        assert self.turn is not None
        stay = self.turn.call.stay
        return stay is not None and bool(stay.reservation)

    def _look_up(self, heard: LookedUp) -> bool:
        assert self.turn is not None
        place = Place(self.turn.call.flow, self.turn.call.node)
        node = self.company.flows.node(place)
        if not isinstance(node, Lookup):
            return False
        if self.turn.request is None:
            self._set(take_turn(self.company, self.turn.call, Silent(), self.at))
        request = self.turn.request
        if not isinstance(request, Request):
            return False
        given = "fails: down" if heard.outcome == "failed" else "fails: not_found"
        if heard.outcome == "found":
            answers = json.dumps(_answer(node, self.answers), ensure_ascii=False)
            given = f"answers: {answers}"
            try:
                heard = read_answer(200, answers.encode(), request.read)
            except NoAnswer:
                return False
        self.lookups.append(f"node: {place}\n        {given}")
        self._set(go_on(self.company, self.turn, heard, self.at))
        return True

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


def script_of(dead_end: DeadEnd, company: Company, title: str, today: date) -> str:
    """The call as a script to be played, or "" when nothing of what is tried makes it."""
    steps = (*dead_end.way, *dead_end.rest)
    acts: list[tuple[State, Input]] = []
    for before, step in pairwise(steps):
        if isinstance(step.heard, CallbackOffer | NumberChecked | Promised):
            # Nobody rings to find out what becomes of a talk about callbacks.
            return ""
        if step.heard is not None:
            acts.append((before.to, step.heard))
    hours: dict[str, Hours] = dict(step.hours for step in reversed(steps) if step.hours is not None)
    queues = {queue for _, node in _nodes(company) for _, queue in node.queues()} | {
        queue
        for _, node in _nodes(company)
        for _, expression in node.expressions()
        for queue in expression.queues
    }
    asked = any(step.to.stands == "lookup" for step in steps)
    for answers, queue, at, caller in product(
        ANSWERS if asked else ANSWERS[:1], QUEUES if queues else QUEUES[:1],
        _moments(company, today), CALLERS,
    ):  # fmt: skip
        given = Surroundings(hours, dict.fromkeys(sorted(queues), queue) if queues else {})
        shown = _Shown(given.around(company), dead_end.line, caller, at, answers)
        try:
            if shown.make(acts):
                return _written(shown, title, at, given)
        except UnknownPlace:
            continue
    return ""


def _nodes(company: Company) -> Iterator[tuple[str, Any]]:
    for flow in company.flows.flows.values():
        yield from flow.nodes.items()


def _answer(node: Lookup, answers: Mapping[str | None, Any]) -> Any:
    """What a system would answer in which everything is that the node reads."""
    whole: dict[str, Any] = {}
    for found in node.read.values():
        _put(whole, found.at.split("."), answers.get(found.takes, _TEXT))
        if found.consent is not None:
            _put(whole, found.consent.split("."), True)
    return _with_lists(whole)


def _put(whole: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        whole = whole.setdefault(name, {})
    whole[path[-1]] = value


def _with_lists(value: Any) -> Any:
    """Where every name is a number, it is a list."""
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(part) for name, part in value.items()}
    if not inner or not all(name.isdigit() and int(name) < 20 for name in inner):
        return inner
    return [inner.get(str(at)) for at in range(max(map(int, inner)) + 1)]


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


def _moments(company: Company, today: date) -> Iterator[datetime]:
    days = [today + timedelta(days=day) for day in DAYS]
    days += [date(today.year, 12, 25), date(today.year + 1, 1, 1)]
    for clock, day in product(CLOCKS, days):
        yield datetime.combine(day, clock, company.zone)


def _written(shown: _Shown, title: str, at: datetime, given: Surroundings) -> str:
    head = [f"  - call: {_quoted(title)}", f"    at: {at:%Y-%m-%d %H:%M}"]
    if shown.caller is not None:
        head.append(f'    from: "{shown.caller}"')
    if shown.line != next(iter(shown.company.lines)):
        head.append(f"    line: {shown.line}")
    if given.hours:
        hours = ", ".join(f"{name}: {state}" for name, state in given.hours.items())
        head.append(f"    hours: {{{hours}}}")
    if given.queues:
        queues = ", ".join(
            f"{name}: {{waiting: {queue.waiting}, agents: {queue.agents}}}"
            for name, queue in given.queues.items()
        )
        head.append(f"    queues: {{{queues}}}")
    if shown.lookups:
        head += ["    lookups:", *(f"      - {lookup}" for lookup in shown.lookups)]
    head.append("    script:")
    body = [
        f"        {line.strip()}" if line.startswith(" ") else f"      - {line}"
        for line in (*shown.lines, "call_ends: true")
    ]
    return "\n".join([*head, *body])


def _quoted(text: str) -> str:
    """The text as YAML reads it back."""
    return text if _PLAIN.match(text) else json.dumps(text, ensure_ascii=False)
