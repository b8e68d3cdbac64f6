"""What the line tells of itself, in words. Its events are JSON objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Literal

Event = Mapping[str, Any]
Came = Literal["true", "sooner", "later"]


@dataclass
class Fate:
    """What became of one caller. Times in seconds."""

    name: str
    told: list[str] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    """What came of each wait that was told as a time."""
    waited: float | None = None
    """From the first ring for the queue to the conversation."""
    by: str = ""
    """The agent who talked to them."""
    ended: str = ""
    """How it ended otherwise."""
    ranges: list[tuple[float, float]] = field(default_factory=list)
    """Told waits: from when to when, in seconds since 1970."""


def clock_time(at: float, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%H:%M:%S}"


def length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def people(count: int) -> str:
    return {0: "nobody", 1: "one person"}.get(count, f"{count} people")


class Telling:
    """Tells events one after another, and keeps what became of whom. `agents`: the names that
    people know, by their names in config.yaml."""

    def __init__(self, agents: Mapping[str, str], zone: tzinfo) -> None:
        self._agents = agents
        self._zone = zone
        self._callers: dict[str, str] = {}
        self.calling_back: set[str] = set()
        """The agents whom the line has asked last to call somebody back."""
        self._takes: dict[str, str] = {}
        self._talking: set[str] = set()
        self.fates: dict[str, Fate] = {}
        self.callbacks = 0
        self.kept = 0
        self.broken = 0
        self.unwanted = 0

    def is_call_of(self, call: str, name: str) -> None:
        """This caller has rung."""
        self._callers[call] = name
        self.fates.setdefault(name, Fate(name))

    def name(self, place: str) -> str:
        """Whose place it is: a call's, or a callback's, which is named after the call."""
        return self._callers.get(place.partition("-")[0], "somebody")

    def tell(self, at: float, call: str, event: Event) -> str:
        """In words; empty for what is not worth it."""
        told = self._WORDS.get(event["type"])
        place = str(event.get("callback") or event.get("place") or call)
        return "" if told is None else told(self, at, place, event)

    # The line and the agents

    def _joined(self, at: float, place: str, event: Event) -> str:
        if event.get("kind") == "callback":
            return ""
        return f"{self.name(place)} waits in the line; {people(event['ahead'])} ahead"

    def _signed_on(self, at: float, place: str, event: Event) -> str:
        return f"{self._agent(event)} is there"

    def _signed_off(self, at: float, place: str, event: Event) -> str:
        return f"{self._agent(event)} is away"

    def _reserved(self, at: float, place: str, event: Event) -> str:
        agent, whom = self._agent(event), self.name(place)
        if event.get("kind") == "callback":
            self.calling_back.add(agent)
            return f"{agent} is asked to call {whom} back"
        self.calling_back.discard(agent)
        return f"{agent}'s telephone rings for {whom}"

    def _connected(self, at: float, place: str, event: Event) -> str:
        agent = self._agent(event)
        if event.get("kind") == "callback":
            self._takes[place] = agent
            return ""
        fate = self.fates[self.name(place)]
        self._served(fate, at, agent, event["waited"])
        self._talking.add(place)
        return f"{agent} takes {fate.name}, who waited {length(event['waited'])}"

    def _not_reserved(self, at: float, place: str, event: Event) -> str:
        why = "does not answer" if event["why"] == "no_answer" else "declines"
        return f"{self._agent(event)} {why}: {self.name(place)} keeps the place"

    def _left(self, at: float, place: str, event: Event) -> str:
        if event["why"] != "hung_up":
            return ""
        fate = self.fates[self.name(place)]
        fate.ended, fate.waited = "hung up", event["waited"]
        return f"{fate.name} hangs up after {length(event['waited'])}"

    def _talked(self, at: float, place: str, event: Event) -> str:
        if place not in self._talking:
            return ""
        self._talking.discard(place)
        return f"{self._agent(event)} has finished with {self.name(place)}"

    def _told(self, at: float, place: str, event: Event) -> str:
        fate = self.fates.get(self.name(place))
        if fate is None:
            return ""
        longer = "longer: " if event.get("longer") else ""
        match event["kind"]:
            case "soon":
                fate.told.append(longer + "under 2 min")
                fate.ranges.append((at, at + 120))
            case "minutes":
                low, high = event.get("low", 0), event.get("high", 0)
                span = f"{low}–{high} min" if low else f"up to {high} min"
                fate.told.append(longer + span)
                fate.ranges.append((at + 60 * low, at + 60 * high))
        return ""

    # Callbacks

    def _callback(self, at: float, place: str, event: Event) -> str:
        name, moved = self.name(place), event["event"]
        until = event["until"]
        by = self._clock(until)
        match moved:
            case "place_promised":
                self.callbacks += 1
                self.fates[name].told.append(f"a call by {by}")
                if event.get("source") == "hung_up":
                    return f"{name}'s place in the line is kept"
                return f"{name} keeps the place without holding: promised by {by}"
            case "moved":
                self.fates[name].told.append(f"moved to {self._span(event)}")
                return f"{name} moves it: we call between {self._clock(event['begins'])} and {by}"
            case "window_promised":
                self.callbacks += 1
                self.fates[name].told.append(f"a call {self._span(event)}")
                return f"{name} will be called between {self._clock(event['begins'])} and {by}"
            case "window_opened":
                return f"the time of {name}'s callback has come"
            case "retry_came":
                return f"{name} is tried again"
            case "dialled":
                return f"{self._takes.get(place, 'somebody')} takes it; {name}'s telephone rings"
            case "machine_answered":
                return f"{name}'s voicemail answers"
            case "try_again":
                return f"{name} is not reached, and will be tried again"
            case "agent_joined":
                return self._called(at, place, event)
            case "cancelled":
                self.unwanted += 1
                self.fates[name].ended = "needed no call"
                return f"{name} needs no call any more"
            case "superseded":
                return f"{name} is served in another way"
            case "given_up":
                self.fates[name].ended = "not reached"
                return f"{name} could not be reached"
        return ""

    def _called(self, at: float, place: str, event: Event) -> str:
        fate = self.fates[self.name(place)]
        kept = bool(event.get("kept", True))
        self.kept += kept
        self.broken += not kept
        waited = at - event["rang_at"]
        agent = self._takes.get(place, "somebody")
        self._served(fate, at, agent, waited)
        self._talking.add(place)
        promise = "as promised" if kept else "later than promised"
        return f"{agent} talks to {fate.name}, {promise}, {length(waited)} after the first ring"

    def _served(self, fate: Fate, at: float, agent: str, waited: float) -> None:
        fate.waited, fate.by, fate.ended = waited, agent, ""
        fate.came = [
            "sooner" if at < low else "later" if at > high else "true" for low, high in fate.ranges
        ]

    def _span(self, event: Event) -> str:
        return f"{self._clock(event['begins'])}–{self._clock(event['until'])}"

    def _clock(self, at: float) -> str:
        return f"{datetime.fromtimestamp(at, self._zone):%H:%M}"

    def _agent(self, event: Event) -> str:
        name = str(event.get("agent"))
        return self._agents.get(name, name)

    _WORDS: Mapping[str, Callable[[Telling, float, str, Event], str]] = {
        "LineJoined": _joined, "LineLeft": _left, "WaitTold": _told,
        "AgentSignedOn": _signed_on, "AgentSignedOff": _signed_off, "AgentReserved": _reserved,
        "Connected": _connected, "ReservationEnded": _not_reserved, "TalkEnded": _talked,
        "CallbackMoved": _callback,
    }  # fmt: skip
