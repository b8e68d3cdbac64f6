"""The estimator of waits: follows the line by its events, and says how long is left for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ivr.queueing.arrivals import PRIOR_ARRIVALS
from ivr.queueing.crew import Agent
from ivr.queueing.evidence import Evidence
from ivr.queueing.handling import Handling
from ivr.queueing.known import LONGEST_REMEMBERED, KnownLine, Offer
from ivr.queueing.line import Line, Place
from ivr.queueing.outlook import Figures, agents_ahead
from ivr.queueing.picture import NOBODY, Waits, changes_ahead, waits
from ivr.queueing.protocol import Entry, Estimate, IsThere, Name, Stands
from ivr.queueing.quotes import LATER, Outcome

AGAIN = 5.0
"""Seconds until one of whom nothing could be said is looked at again."""
NEWCOMER = "\0newcomer:"
"""What the names of those begin with who only might join."""


class WaitEstimator(KnownLine):
    """Not thread-safe. The first answer about somebody is remembered, and its outcome teaches."""

    name = "capacity clock"

    def __init__(self) -> None:
        super().__init__()
        self._waits: Waits = {}
        self._waits_of: tuple[float, int] | None = None
        """When they were worked out, and after how many changes."""

    def estimate(self, now: float, entry: Entry) -> Estimate:
        """The remaining wait of `entry`, seen from `now`."""
        place = self._line.by_caller.get(entry.caller)
        if place is not None:
            found, beyond = self._run(now), self._connecting.moments
            return self._quotes.answers((place,), found, now, beyond)[place.caller]
        stranger = Place(
            entry.caller, entry.skill, entry.priority, entry.joined, self._joined + 1, entry.joined,
            entry.mode == "callback",
        )  # fmt: skip
        self._know((entry.skill,))
        self._line.join(stranger)
        self._waits_of = None
        found = self._run(now)
        self._line.leave(entry.caller)
        self._waits_of = None
        beyond = self._connecting.moments
        return self._quotes.answers((stranger,), found, now, beyond, kept=False)[entry.caller]

    def table(self, now: float) -> dict[Name, Estimate]:
        """The remaining wait of everybody in the line."""
        return self._quotes.answers(self._line, self._run(now), now, self._connecting.moments)

    def peek(self, now: float) -> dict[Name, Estimate]:
        """The same as `table`, remembered by nobody."""
        found, beyond = self._run(now), self._connecting.moments
        return self._quotes.answers(self._line, found, now, beyond, kept=False)

    def quote(self, now: float) -> float | None:
        """Answer about everybody; when that is to be done next, so that each has a first answer
        and one while waiting. None when all have."""
        self.table(now)
        times = [
            now + AGAIN if place.told is None else place.told.at + LATER
            for place in self._line
            if place.told_later is None
        ]
        return min(times, default=None)

    def newcomers(self, now: float) -> dict[str, Estimate]:
        """The wait of somebody who joins now, for every skill: a pass of its own."""
        places = self._newcomers(now)
        found, beyond = self._run(now, places), self._connecting.moments
        for skill, place in places.items():
            if not self._line.waits((skill,)) and self._crew.idle(skill):
                found[place.caller] = (0.0, 0.0)
        answers = self._quotes.answers(places.values(), found, now, beyond, kept=False)
        return {skill: answers[place.caller] for skill, place in places.items()}

    def figures(self, now: float, waits: Mapping[str, float]) -> dict[str, Figures]:
        """By skill, demand and agents; `waits` are the median waits (seconds) of whoever joins."""
        began = now if self._began is None else self._began
        counted: dict[str, tuple[float, float]] = {}
        for (skill, _), came in self._arrivals.items():
            rate, count = counted.get(skill, (0.0, 0.0))
            counted[skill] = rate + came.rate(now, began), count + came.counted(now)
        loads = {
            skill: counted.get(skill, (0.0, 0.0))[0] * known.mean
            for skill, known in self._handling.items()
        }
        ahead = agents_ahead(self._crew, changes_ahead(now, self._crew), loads, now)
        curve = self._patience.curve(())
        found = {}
        for skill, known in self._handling.items():
            rate, count = counted.get(skill, (0.0, 0.0))
            lasting, _ = curve.still_there(0.0, min(waits.get(skill, 0.0), LONGEST_REMEMBERED))
            found[skill] = Figures(
                rate, 1 / (count + PRIOR_ARRIVALS), known.mean, self._patience.mean, 1 - lasting,
                ahead[skill],
            )  # fmt: skip
        return found

    def waiting(self) -> dict[str, int]:
        """By skill, how many wait for whom no telephone rings yet."""
        return {skill: len(places) for skill, places in self._line.by_skill.items()}

    def agents(self, skill: str) -> int:
        """How many are there, idle or not."""
        return self._crew.on_duty()[skill]

    def evidence(self, skill: str) -> Evidence:
        """What estimates for the skill rest on."""
        handling = self._handling.get(skill, Handling())
        record = self._quotes.record(skill)
        return Evidence(handling.ended, record.outcomes, record.share)

    def take_outcomes(self) -> list[Outcome]:
        """What became of the ranges since this was last asked, at most 10,000."""
        taken, self._quotes.outcomes = self._quotes.outcomes, []
        return taken

    def stand_as(self, places: Iterable[Stands], agents: Iterable[IsThere]) -> None:
        """Events were never heard: these wait, and these are there. Nothing is learnt from what is
        different; what was known of those who are still there is kept."""
        known = {place.caller: place for place in self._line}
        known |= {caller: offer.place for caller, offer in self._offers.items()}
        self._line, self._offers, self._freed = Line(), {}, None
        self._events += 1
        for one in places:
            self._joined += 1
            place = known.get(one.caller) or Place(
                one.caller, one.skill, 0, one.order, self._joined, one.joined, one.callback
            )
            self._know((one.skill,))
            if one.agent is None:
                self._line.join(place)
            else:
                self._offers[one.caller] = Offer(place, one.agent, self._now)
        crew = {}
        for agent in agents:
            self._know(agent.skills)
            before = self._crew.agents.get(agent.agent)
            work, since = agent.work, agent.since
            if work is not None and before is not None and before.work is not None:
                work, since = before.work, before.since
            crew[agent.agent] = Agent(agent.skills, agent.leaving, work, since)
        self._crew.stand_as(crew)

    def _run(self, now: float, newcomers: Mapping[str, Place] = NOBODY) -> Waits:
        if newcomers or self._waits_of != (now, self._events):
            ages = (now - place.joined for place in self._line if not place.callback)
            found = waits(
                now, self._line, self._crew, self._handling, self._arrivals,
                now if self._began is None else self._began, self._patience.curve(ages),
                newcomers, self._preferences,
            )  # fmt: skip
            if newcomers:
                # Of these alone: whoever waits is answered as if nobody might join.
                return found
            self._waits, self._waits_of = found, (now, self._events)
        return self._waits

    def _newcomers(self, now: float) -> dict[str, Place]:
        """For every skill, the place in which somebody who joins now would stand."""
        least = max((priority for _, priority in self._arrivals), default=0)
        return {
            skill: Place(NEWCOMER + skill, skill, least, now, self._joined + 1, now, newcomer=True)
            for skill in self._handling
        }
