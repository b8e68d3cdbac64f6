"""Two days of a queue played through, with the rules of `ivr.callbacks` or without callbacks."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from benchmarks.callbacks.outlook import GIVES_UP, QUARTER, Outlook
from benchmarks.callbacks.town import (
    BEGIN,
    CLOSES,
    END,
    HANDLING,
    MIDNIGHT,
    OPENING,
    OVERTIME,
    Person,
)
from benchmarks.waits import Happening
from ivr.callbacks.dispatching import DispatchRules, Staff, as_due, callbacks_to_start
from ivr.callbacks.duties import kept
from ivr.callbacks.moves import NOTHING, Details, move, promise
from ivr.callbacks.offering import Kind, OfferRules, Situation, decide_offer
from ivr.callbacks.outcomes import Result, RetryRules, decide
from ivr.callbacks.record import SYSTEM, Actor, Callback
from ivr.callbacks.states import Event
from ivr.callbacks.windows import (
    WindowRules,
    free_windows,
)
from ivr.queueing.wait import WaitEstimator

Shifts = Sequence[tuple[int, float, float]]
NOON = MIDNIGHT + 12 * 3600.0
LONG = 300.0
TICK = 15.0
CALLER = Actor("person")


@dataclass
class Outcome:
    """What became of the days."""

    rang: int = 0
    hung_up: int = 0
    held_long: int = 0
    """Who held the line for more than five minutes."""
    longest: tuple[int, int] = (0, 0)
    """Live callers and places, on the first day, before noon and after."""
    promised: Counter[Kind] = field(default_factory=Counter)
    kept: int = 0
    """Windows in which the person was rung."""


class Played:
    """The days, event by event."""

    def __init__(
        self,
        people: Sequence[Person],
        shifts: Shifts,
        forecast: Mapping[date, Sequence[float]],
        callbacks: bool,
    ) -> None:
        self.outcome = Outcome(rang=len(people))
        self.callbacks: dict[str, Callback] = {}
        self.now = BEGIN
        self._offering = callbacks
        self._people = {str(person.number): person for person in people}
        self._shifts = shifts
        self._outlook = Outlook(forecast, shifts)
        self._count = 0
        self._busy_before = False
        self._line: list[Person] = []
        self._idle: dict[int, float] = {}
        self._here: set[int] = set()
        self._booked: Counter[float] = Counter()
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._estimator = WaitEstimator()
        plan = [(agent, begin - BEGIN, end - BEGIN, ("q",)) for agent, begin, end in shifts]
        prior = {"aht": {"q": HANDLING[0]}, "patience": 600.0}
        self._estimator.start({"skills": ["q"], "plan": plan, "prior": prior})

    def run(self) -> Outcome:
        for agent, begin, end in self._shifts:
            self._at(begin, lambda agent=agent: self._comes(agent))  # type: ignore[misc]
            self._at(end, lambda agent=agent: self._goes(agent))  # type: ignore[misc]
        for person in self._people.values():
            self._at(person.rings_at, lambda person=person: self._rings(person))  # type: ignore[misc]
        at = BEGIN
        while at < END + OVERTIME and self._offering:
            self._at(at, self._dispatch)
            if at % QUARTER == 0:
                self._at(at, lambda: self._outlook.plan(self.now))
            at += TICK
        while self._heap:
            self.now, _, happen = heapq.heappop(self._heap)
            happen()
        with_window = [one for one in self.callbacks.values() if one.window is not None]
        self.outcome.kept = sum(1 for one in with_window if kept(one, self.now))
        return self.outcome

    def _at(self, when: float, happen: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._heap, (when, self._count, happen))

    def _tell(self, kind: str, caller: str | None = None, agent: int | None = None,
              value: float | None = None) -> None:  # fmt: skip
        skill = ("q",) if kind == "sign_on" else "q"
        at = self.now - BEGIN
        self._estimator.on_event(
            Happening(at, kind, caller, None if agent is None else str(agent), skill, 1, value)
        )

    def _comes(self, agent: int) -> None:
        self._here.add(agent)
        self._tell("sign_on", agent=agent)
        self._free(agent)

    def _goes(self, agent: int) -> None:
        self._here.discard(agent)
        self._tell("sign_off" if agent in self._idle else "sign_off_pending", agent=agent)
        self._idle.pop(agent, None)

    def _free(self, agent: int) -> None:
        if agent in self._here:
            self._idle[agent] = self.now
            self._dispatch()
        else:
            self._tell("sign_off", agent=agent)

    def _rings(self, person: Person) -> None:
        self._outlook.joins(self.now)
        self._line.append(person)
        self._tell("arrival", str(person.number))
        self._dispatch()
        if person not in self._line:
            return
        if self._offering and self._takes_callback(person):
            self._line.remove(person)
        else:
            self._at(self.now + person.patience, lambda: self._hangs_up(person))
        self._look()

    def _hangs_up(self, person: Person) -> None:
        if person in self._line:
            self._line.remove(person)
            self.outcome.hung_up += 1
            self.outcome.held_long += self.now - person.rings_at > LONG
            self._tell("abandoned", str(person.number))

    def _look(self) -> None:
        before, after = self.outcome.longest
        length = len(self._line) + self._places()
        if self.now < NOON:
            self.outcome.longest = (max(before, length), after)
        elif self.now < MIDNIGHT + CLOSES:
            self.outcome.longest = (before, max(after, length))

    def _places(self) -> int:
        return sum(1 for one in self.callbacks.values() if one.state == "waiting")

    def _takes_callback(self, person: Person) -> bool:
        name = str(person.number)
        waiting = len(self._line) + self._places()
        entry = _Asking(name, "q", 1, "voice", self.now - BEGIN, waiting - 1)
        estimate = self._estimator.estimate(self.now - BEGIN, entry)
        free = free_windows(self._outlook.capacity, self._booked, self.now, WindowRules())
        left = self._outlook.closes_in(self.now)
        demand = self._outlook.demand(self.now, waiting, estimate.median)
        situation = Situation(demand, self._busy_before, self._places(), estimate.high, left, free)
        offer = decide_offer(situation, OfferRules())
        self._busy_before = offer.busy
        if not offer.kinds or not person.accepts:
            return False
        kind = offer.kinds[0]
        window = free[0] if kind == "window" else None
        self.callbacks[name], _ = promise(
            name, "q", "+46701740605", name, person.rings_at, CALLER, self.now,
            window=window, until=self.now + left,
        )  # fmt: skip
        self.outcome.promised[kind] += 1
        self._tell("callback_placeholder", name)
        if window is not None:
            self._booked[window.begins] += 1
            self._tell("abandoned", name)
        return True

    def _dispatch(self) -> None:
        if not self._idle:
            return
        known = (as_due(one, self.now) for one in self.callbacks.values())
        due = [one for one in known if one is not None]
        starts = callbacks_to_start(
            self.now, due, [one.rings_at for one in self._line],
            Staff(len(self._idle), len(self._here)), self._outlook.closes_in(self.now),
            DispatchRules(HANDLING[0]),
        )  # fmt: skip
        for start in starts:
            self._dial(start.id, self._longest_idle())
        while self._idle and self._line:
            self._answer(self._line.pop(0), self._longest_idle())

    def _longest_idle(self) -> int:
        agent = min(self._idle, key=lambda one: self._idle[one])
        del self._idle[agent]
        return agent

    def _answer(self, person: Person, agent: int) -> None:
        self.outcome.held_long += self.now - person.rings_at > LONG
        self._tell("answered", str(person.number), agent)
        self._at(self.now + person.handling, lambda: self._ended(agent, "service_end"))

    def _ended(self, agent: int, how: str) -> None:
        self._tell(how, agent=agent)
        self._free(agent)

    def _dial(self, name: str, agent: int) -> None:
        person, tries = self._people[name], len(self.callbacks[name].attempts)
        if self.callbacks[name].state != "waiting":
            self._tell("arrival", name, value=person.rings_at - BEGIN)
            self._tell("callback_placeholder", name)
            opens: Event = "retry_came" if tries else "window_opened"
            self._move(name, opens)
        self._tell("dial", name, agent)
        self._move(name, "reserved", Details(agent=str(agent)))
        self._move(name, "attempt_written")
        self._move(name, "dialled", Details(call="CA"))
        if person.answers[tries]:
            talks = self.now + person.ringing
            self._at(talks, lambda: self._talks(name))
            self._at(talks + person.handling, lambda: self._talked(name, agent))
        else:
            self._at(self.now + GIVES_UP, lambda: self._missed(name, agent))

    def _talks(self, name: str) -> None:
        self._move(name, "person_answered")
        self._move(name, "agent_joined")

    def _talked(self, name: str, agent: int) -> None:
        self._move(name, "ended")
        self._ended(agent, "service_end")

    def _missed(self, name: str, agent: int) -> None:
        found = decide(self.callbacks[name], Result("no_answer"), self.now, RetryRules(), [OPENING])
        details = Details(found.reason, outcome="no_answer", not_before=found.not_before)
        self._move(name, found.event, details)
        self._ended(agent, "callback_failed")

    def _move(self, name: str, event: Event, details: Details = NOTHING) -> None:
        self.callbacks[name], _ = move(self.callbacks[name], event, SYSTEM, self.now, details)


@dataclass(frozen=True)
class _Asking:
    caller: str
    skill: str
    priority: int
    mode: str
    joined: float
    ahead: int
