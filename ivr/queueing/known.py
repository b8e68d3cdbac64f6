"""What is known of the line by its events: who waits and who has hung up, who works, how long calls
take, how callers lose patience, and what became of answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf, isfinite
from typing import Any, NamedTuple

from ivr.queueing.arrivals import Arrivals
from ivr.queueing.connecting import Connecting
from ivr.queueing.crew import Crew
from ivr.queueing.handling import PRIOR_SECONDS, Handling
from ivr.queueing.line import Key, Line, Place
from ivr.queueing.patience import PRIOR_PATIENCE, Patience
from ivr.queueing.picture import Preferences
from ivr.queueing.protocol import Event, Name
from ivr.queueing.quotes import Quotes

LONGEST_REMEMBERED = 4 * 3600.0
"""Seconds after which one who hung up is no longer watched for."""


class Offer(NamedTuple):
    """One for whom an agent was found, whose telephone rings since `at`."""

    place: Place
    agent: Name
    at: float


class KnownLine:
    """Follows events; says nothing."""

    def __init__(self) -> None:
        self._line = Line()
        self._hung_up = Line()
        """Those who left, until it is known when their turn would have come."""
        self._offers: dict[Name, Offer] = {}
        self._connecting = Connecting()
        self._crew = Crew()
        self._preferences: Preferences = {}
        self._handling: dict[str, Handling] = {}
        self._patience = Patience()
        self._arrivals: dict[tuple[str, int], Arrivals] = {}
        self._quotes = Quotes()
        self._began: float | None = None
        self._now = -inf
        self._joined = 0
        self._freed: Name | None = None
        self._events = 0
        """How often anything has changed."""

    def start(self, info: Mapping[str, Any]) -> None:
        """Take the skills, the roster, and what history lets expect; see `take_plan`.

        `info["prior"]`: "aht" by skill and "patience", in seconds, and "rate" by skill and
        priority, in calls a second. Each may be missing.
        """
        prior = info.get("prior", {})
        for skill in info.get("skills", ()):
            self._handling[skill] = Handling(prior.get("aht", {}).get(skill, PRIOR_SECONDS))
        self._patience = Patience(prior.get("patience", PRIOR_PATIENCE))
        for (skill, priority), rate in prior.get("rate", {}).items():
            self._arrivals[skill, priority] = Arrivals(rate)
        self.take_plan(info.get("plan", ()))

    def take_plan(self, plan: Iterable[tuple[Name, float, float, Iterable[str]]]) -> None:
        """Take a new roster: agent, from, to (seconds; to may be infinite), skills."""
        self._crew.set_plan(plan)
        for _, _, _, skills in self._crew.plan:
            self._know(skills)
        self._events += 1

    def prefer(self, preferences: Preferences) -> None:
        """Take the agents' preferences; the snapshot does not know them."""
        self._preferences = preferences
        self._events += 1

    def expect(self, handling: Mapping[str, float]) -> None:
        """Take these handling times (seconds) for skills of which nothing is known yet."""
        for skill, seconds in handling.items():
            if skill not in self._handling:
                self._handling[skill] = Handling(seconds)

    def on_event(self, event: Event) -> None:
        """Follow an event. One that makes no sense (unknown caller, twice) changes nothing; one
        that comes late counts as of now."""
        now = max(event.t, self._now)
        self._pass_time(now)
        self._events += 1
        caller, agent = event.caller, event.agent
        if event.kind in ("reserved", "answered", "dial") and self._freed == agent:
            self._freed = None
        self._settle_freed()
        match event.kind:
            case "arrival" if caller not in self._line and caller not in self._offers:
                self._join(event)
            case "callback_placeholder" if caller in self._line:
                place = self._line.by_caller[caller]
                if not place.callback:
                    place.callback = True
                    self._patience.ended(now - place.joined, hung_up=False)
            case "abandoned" if caller in self._line:
                self._hang_up(caller)
            case "abandoned" if caller in self._offers:
                self._hang_up_while_it_rings(self._offers.pop(caller))
            case "withdrawn" if caller in self._line:
                self._withdraw(caller)
            case "reserved" if caller in self._line:
                self._offer(caller, agent)
            case "returned":
                self._take_back(caller, agent)
            case "answered" | "dial" if caller in self._offers:
                self._accept(self._offers.pop(caller), agent)
            case "service_end" | "callback_failed":
                self._end(agent)
            case "answered" | "dial" if caller in self._line:
                self._given(caller, agent, dialled=event.kind == "dial")
            case "sign_on":
                self._know(event.skill)
                self._crew.sign_on(agent, event.skill)
                if self._crew.agents[agent].work is None:
                    self._freed = agent
            case "sign_off_pending":
                self._crew.leave_after_call(agent)
            case "sign_off":
                self._crew.sign_off(agent)

    def snapshot(self) -> dict[str, Any]:
        """All that is known, as JSON."""
        self._settle_freed()
        return {
            "offers": [[o.place.snapshot(), o.agent, o.at] for o in self._offers.values()],
            "connecting": self._connecting.snapshot(),
            "line": [place.snapshot() for place in self._line],
            "hung_up": [place.snapshot() for place in self._hung_up],
            "crew": self._crew.snapshot(),
            "handling": {skill: known.snapshot() for skill, known in self._handling.items()},
            "patience": self._patience.snapshot(),
            "arrivals": [[*key, *known.snapshot()] for key, known in self._arrivals.items()],
            "quotes": self._quotes.snapshot(),
            "began": self._began,
            "now": self._now if isfinite(self._now) else None,
            "joined": self._joined,
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Know what `snapshot` gave, and nothing else."""
        self.__init__()  # type: ignore[misc]
        self._line.join_all(map(Place.restore, saved["line"]))
        self._hung_up.join_all(map(Place.restore, saved["hung_up"]))
        for kept, agent, at in saved["offers"]:
            place = Place.restore(kept)
            self._offers[place.caller] = Offer(place, agent, at)
        self._connecting = Connecting.restore(saved["connecting"])
        self._crew = Crew.restore(saved["crew"])
        self._handling = {s: Handling.restore(kept) for s, kept in saved["handling"].items()}
        self._patience = Patience.restore(saved["patience"])
        self._arrivals = {(s, p): Arrivals.restore(kept) for s, p, *kept in saved["arrivals"]}
        self._quotes = Quotes.restore(saved["quotes"])
        self._began, self._joined = saved["began"], saved["joined"]
        self._now = -inf if saved["now"] is None else saved["now"]

    def _pass_time(self, now: float) -> None:
        if self._began is None:
            self._began = self._now = now
        if now > self._now:
            passed = now - self._now
            waited_for = [skill for skill, places in self._line.by_skill.items() if places]
            if waited_for:
                self._crew.watch(passed, waited_for)
            self._patience.fade(passed)
            self._settle_freed()
            self._now = now

    def _know(self, skills: Iterable[str]) -> None:
        for skill in skills:
            if skill not in self._handling:
                self._handling[skill] = Handling()

    def _join(self, event: Event) -> None:
        """`value`, if there is one, is where the place stands in the order: the seconds at which
        the person first rang. Patience is counted from the arrival."""
        self._know((event.skill,))
        priority = event.priority or 0
        key = event.skill, priority
        if key not in self._arrivals:
            self._arrivals[key] = Arrivals()
        self._arrivals[key].arrived(self._now)
        self._joined += 1
        order = self._now if event.value is None else event.value
        self._line.join(Place(event.caller, event.skill, priority, order, self._joined, self._now))
        self._hung_up.leave(event.caller)

    def _hang_up(self, caller: Name) -> None:
        place = self._line.leave(caller)
        if place is None:
            return
        if not place.callback:
            self._patience.ended(self._now - place.joined, hung_up=True)
        if place.told:
            self._hung_up.join(place)

    def _withdraw(self, caller: Name) -> None:
        place = self._line.leave(caller)
        if place is None:
            return
        if not place.callback:
            self._patience.ended(self._now - place.joined, hung_up=False)
        if place.told:
            self._hung_up.join(place)

    def _given(self, caller: Name, agent: Name, *, dialled: bool) -> None:
        place = self._line.leave(caller)
        if place is None:
            return
        self._crew.take(agent, (place.skill, dialled), self._now)
        self._served(place, agent)

    def _offer(self, caller: Name, agent: Name) -> None:
        place = self._line.leave(caller)
        if place is not None:
            self._offers[caller] = Offer(place, agent, self._now)
            self._crew.take(agent, (place.skill, place.callback), self._now)

    def _take_back(self, caller: Name, agent: Name) -> None:
        offer = self._offers.pop(caller, None)
        if offer is not None:
            self._line.join(offer.place)
        self._crew.free(agent)

    def _accept(self, offer: Offer, agent: Name) -> None:
        place = offer.place
        if agent != offer.agent:
            self._crew.free(offer.agent)
            self._crew.take(agent, (place.skill, place.callback), self._now)
        self._connecting.took(self._now - offer.at)
        self._served(place, agent)

    def _hang_up_while_it_rings(self, offer: Offer) -> None:
        """Their turn would have come; the agent is not free before he is told."""
        if not offer.place.callback:
            self._patience.ended(self._now - offer.place.joined, hung_up=True)
        came = max(self._now, offer.at + self._connecting.moments[0])
        self._quotes.learn(offer.place, came, hung_up=True)

    def _served(self, place: Place, agent: Name) -> None:
        if not place.callback:
            self._patience.ended(self._now - place.joined, hung_up=False)
        known = self._crew.agents.get(agent)
        self._turn_came(known.skills if known else (place.skill,), place.key)
        self._quotes.learn(place, self._now, hung_up=False)

    def _end(self, agent: Name) -> None:
        done = self._crew.free(agent)
        if done is None:
            return
        (skill, callback), since = done
        self._know((skill,))
        if callback:
            self._handling[skill].callback_ended_after(self._now - since)
        else:
            self._handling[skill].ended_after(self._now - since)
        self._freed = agent

    def _settle_freed(self) -> None:
        """An agent came free and was given nobody: those who hung up, and whom he could have
        served, would have had their turn then."""
        agent = None if self._freed is None else self._crew.agents.get(self._freed)
        self._freed = None
        if agent is not None and not agent.leaving and not self._line.waits(agent.skills):
            self._turn_came(agent.skills, None)

    def _turn_came(self, skills: Iterable[str], before: Key | None) -> None:
        """An agent went past those who had hung up. They take nobody's turn, so the moment is
        the one at which they would have been served."""
        for place in self._hung_up.before(skills, before):
            if self._now - place.joined < LONGEST_REMEMBERED:
                self._quotes.learn(place, self._now, hung_up=True)
