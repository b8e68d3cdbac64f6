"""What is around a rehearsed call: as its script gives it, as a file takes it to the web process,
and as the engine sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock

import msgspec
from msgspec import Struct, structs

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.flow.names import ANY_LANGUAGE
from ivr.flow.notice import Notice
from ivr.flow.reader import CALLS_SUFFIX
from ivr.flow.schedule import Schedule, State
from ivr.queueing.board import Board, Standing
from ivr.queueing.protocol import Estimate
from ivr.services.calls import Companies
from ivr.services.rehearsal.callbacks import Callbacks, Given, Known
from ivr.services.rehearsal.given import GivenCallbacks, GivenQueue, as_json, clock
from ivr.services.rehearsal.script import Script, Step
from ivr.services.rehearsal.system import FAILURES, Reply

SOON = 1800.0
"""Seconds until the agent comes who is to come within the hour."""
ALWAYS = 1e12
"""Seconds since 1970 that no call sees."""


class Queue(Struct, frozen=True):
    """A queue, and how the caller stands in it once they wait. `wait` is in seconds."""

    waiting: int = 0
    agents: int = 1
    wait: tuple[float, float] | None = None
    next_agent: bool = False

    @property
    def estimate(self) -> Estimate | None:
        if self.wait is None:
            return None
        low, high = self.wait
        return Estimate(low, (low + high) / 2, high, (low + high) / 2)

    def board(self, name: str, at: float) -> Board:
        return Board(
            name, at, self.waiting, self.agents, at + SOON if self.next_agent else None,
            self.estimate, sound=self.wait is not None,
        )  # fmt: skip

    def standing(self, at: float) -> Standing:
        return Standing(at, self.waiting, False, self.estimate, self.wait is not None, self.agents)


class Told(Struct, frozen=True):
    """A notice: its texts by language, or one for all."""

    texts: dict[str, str]
    closes: bool = False


class Surroundings(Struct, frozen=True):
    """Only what a script gives; the rest is the company's own."""

    hours: dict[str, State] = {}
    queues: dict[str, Queue] = {}
    notices: tuple[Told, ...] = ()
    callbacks: Given = Given()

    def around(self, company: Company) -> Company:
        """The company with this instead of what it has itself."""
        schedules = {
            name: _Fixed(company.schedules[name].zone, {}, fixed=state)
            for name, state in self.hours.items()
            if name in company.schedules
        }
        return replace(
            company,
            schedules={**company.schedules, **schedules},
            boards={name: self._board(name) for name in company.rules},
            notices=company.notices + self._notices(tuple(company.languages)),
        )

    def queue(self, name: str) -> Queue:
        """How this queue stands: unless the script says otherwise, somebody is there."""
        return self.queues.get(name, Queue())

    def _board(self, name: str) -> Board:
        board = self.queue(name).board(name, 0.0)
        offered = self.callbacks.queues.get(name)
        return board if offered is None else structs.replace(board, callbacks=offered.offers)

    def _notices(self, languages: tuple[str, ...]) -> tuple[Notice, ...]:
        return tuple(
            Notice(
                f"script-{number}",
                dict.fromkeys(languages, notice.texts[ANY_LANGUAGE])
                if ANY_LANGUAGE in notice.texts
                else notice.texts,
                0.0,
                ALWAYS,
                closes=notice.closes,
            )
            for number, notice in enumerate(self.notices, 1)
        )


NOTHING = Surroundings()
GONE = "gone"
"""A reservation that is over when the caller comes to meet the agent."""


@dataclass(frozen=True)
class _Fixed(Schedule):
    """Open, closed or on holiday, whatever the time is."""

    fixed: State = "open"

    def state(self, now: datetime) -> State:
        return self.fixed


def surroundings(script: Script) -> Surroundings:
    """What this script gives."""
    call = script.call
    if not (call.hours or call.queues or call.notices or call.callbacks or call.has_callback):
        return NOTHING
    day, known = call.at.date(), call.has_callback
    return Surroundings(
        dict(call.hours),
        {name: queue_of(queue) for name, queue in call.queues.items()},
        tuple(Told(dict(notice.text), notice.closes) for notice in call.notices),
        Given(
            {name: _callbacks(given, day) for name, given in call.callbacks.items()},
            None if known is None else Known(
                known.queue, known.status, None if known.at is None else clock(known.at, day),
                known.ahead,
            ),
        ),
    )  # fmt: skip


def _callbacks(given: GivenCallbacks, day: date) -> Callbacks:
    return Callbacks(
        given.offers, tuple(clock(written, day) for written in given.windows),
        _seconds(given.turn_in_minutes), given.texts, given.asks_reason, given.code or "",
        given.refuses or "",
    )  # fmt: skip


def queue_of(given: GivenQueue) -> Queue:
    """The queue as a script gives it."""
    return Queue(given.waiting, given.agents, _seconds(given.wait_minutes), given.next_agent)


def _seconds(minutes: tuple[Decimal, Decimal] | None) -> tuple[float, float] | None:
    return None if minutes is None else (float(minutes[0]) * 60, float(minutes[1]) * 60)


def changed(queue: Queue, step: Step) -> Queue:
    """How it stands from a step `waits` on."""
    return Queue(
        queue.waiting if step.ahead is None else step.ahead,
        queue.agents if step.agents is None else step.agents,
        queue.wait if step.wait_minutes is None else _seconds(step.wait_minutes),
        queue.next_agent,
    )


def replies(script: Script) -> dict[str, list[Reply]]:
    """What the company's own systems answer in this script, by the node that asks."""
    given: dict[str, list[Reply]] = {}
    for index, lookup in enumerate(script.call.lookups):
        path = ("calls", script.index, "lookups", index, "answers")
        if lookup.fails is None:
            reply = Reply(body=as_json(script.document, path))
        else:
            reply = FAILURES[lookup.fails]
        given.setdefault(place_of(script, lookup.node), []).append(reply)
    return given


def place_of(script: Script, node: str) -> str:
    """`find_customer` is a node of the flow beside which the script stands."""
    if "/" in node:
        return node
    flow = script.file.rpartition("/")[2].removesuffix(CALLS_SUFFIX)
    return f"{flow}/{node}"


@dataclass(frozen=True)
class _Read:
    content: bytes
    surroundings: Surroundings


class RehearsedCompanies:
    """Companies and lines with what stands in a file around them: JSON of `Surroundings`, replaced
    before each call. `changed` is told when it was. For many threads at once."""

    def __init__(self, companies: Companies, file: Path, changed: Callable[[], None]) -> None:
        self._companies = companies
        self._file = file
        self._changed = changed
        self._read = _Read(b"", NOTHING)
        self._lock = Lock()

    def for_new_call(self, call_id: str, called: str, caller: str | None) -> Company:
        """The company for a call that has just come in, as in the companies within."""
        return self._now().around(self._companies.for_new_call(call_id, called, caller))

    def for_call(self, call: Call) -> Company:
        """The company for a call that is under way, as in the companies within."""
        return self._now().around(self._companies.for_call(call))

    def standing(self, place: str, queue: str, now: float) -> Standing | None:
        """How the caller stands in the line of `queue`."""
        return self._now().queue(queue).standing(now)

    def is_accepted(self, reservation: str) -> bool:
        """Whether the agent has accepted them: the script's name for one who has gone again."""
        return reservation != GONE

    def callbacks(self) -> Given:
        """What can be offered and promised."""
        return self._now().callbacks

    def _now(self) -> Surroundings:
        content = self._file.read_bytes()
        with self._lock:
            if content != self._read.content:
                self._read = _Read(content, decode(content))
                self._changed()
            return self._read.surroundings


class _Written(Struct, frozen=True):
    serial: int
    surroundings: Surroundings


def encode(around: Surroundings, serial: int) -> bytes:
    """As the file holds it; `serial` tells one call from the next where nothing else differs."""
    return msgspec.json.encode(_Written(serial, around))


def decode(content: bytes) -> Surroundings:
    """Raises msgspec.MsgspecError for anything else."""
    return msgspec.json.decode(content, type=_Written).surroundings
