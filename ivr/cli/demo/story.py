"""What happens in a demonstration, as lines that people read and as a table at the end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, cast

from redis import Redis

from ivr.store import keys


@dataclass(frozen=True)
class Line:
    """One line of the story. `at` is seconds since 1970."""

    at: float
    who: str
    text: str
    kind: str = ""
    """"hears" for what somebody hears, "tells" for what the line does."""


@dataclass
class Fate:
    """What became of one caller. Times in seconds."""

    name: str
    joined: float | None = None
    told: list[str] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    """For each wait that was told as a time: whether it came true."""
    waited: float | None = None
    by: str = ""
    """The agent who took them."""
    left: str = ""
    """Why they left the line before."""
    ranges: list[tuple[float, float]] = field(default_factory=list)
    """Told waits: from when to when, in seconds since 1970."""


class Story:
    """Follows calls by what the telephone company tells, and the line by its events."""

    def __init__(self, agents: Mapping[str, str]) -> None:
        """`agents`: the names that people know, by their names in config.yaml."""
        self._agents = agents
        self._names: dict[str, str] = {}
        self._seen: dict[str, int] = {}
        self._in_line: set[str] = set()
        self._last_event = "-"
        self.fates: dict[str, Fate] = {}
        self.over: set[str] = set()

    def call_of(self, name: str, call: str) -> None:
        """This caller has rung."""
        self._names[call] = name
        self.fates[call] = Fate(name)

    @property
    def under_way(self) -> list[str]:
        """The calls that are not over."""
        return [call for call in self._names if call not in self.over]

    def whispered(self, call: str, agent: str, timeline: Iterable[Mapping[str, Any]]) -> list[Line]:
        """What an agent has newly heard on their own telephone."""
        entries = list(timeline)
        new = entries[self._seen.get(call, 0) :]
        self._seen[call] = len(entries)
        return [
            Line(
                datetime.fromisoformat(entry["at"]).timestamp(), agent,
                entry["text"].removeprefix("Hears: "), "hears",
            )
            for entry in new
            if entry["kind"] == "said" and entry["call_sid"] == call
        ]  # fmt: skip

    def heard(self, call: str, timeline: Iterable[Mapping[str, Any]]) -> list[Line]:
        """What is new in a call."""
        name, lines = self._names[call], []
        entries = list(timeline)
        for entry in entries[self._seen.get(call, 0) :]:
            kind, at = entry["kind"], datetime.fromisoformat(entry["at"]).timestamp()
            if entry["call_sid"] != call:
                continue
            if kind == "answered":
                lines.append(Line(at, name, "rings, and is answered"))
            elif kind == "enqueued":
                self._in_line.add(call)
            elif kind == "said" and call in self._in_line:
                lines.append(Line(at, name, entry["text"].removeprefix("Hears: "), "hears"))
            elif kind == "did" and call in self._in_line:
                lines.append(Line(at, name, entry["text"].removeprefix("The person ")))
            elif kind == "ended":
                self.over.add(call)
        self._seen[call] = len(entries)
        return lines

    def events(self, redis: Redis) -> list[Line]:
        """What is new on the line."""
        begin = "-" if self._last_event == "-" else f"({self._last_event}"
        found = cast(
            "list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(keys.EVENTS, begin, "+")
        )
        lines = []
        for entry, fields in found:
            self._last_event = entry.decode()
            at, call = float(fields[b"at"]), fields[b"call"].decode()
            for event in json.loads(fields[b"events"]):
                text = self._tell(at, str(event.get("place") or call), event)
                if text:
                    lines.append(Line(at, "", text, "tells"))
        return lines

    def _tell(self, at: float, call: str, event: Mapping[str, Any]) -> str:
        name = self._names.get(call, "somebody")
        agent = self._agents.get(str(event.get("agent")), str(event.get("agent")))
        fate = self.fates.get(call, Fate(name))
        match event["type"]:
            case "LineJoined":
                fate.joined = at
                return f"{name} waits in the line; {_people(event['ahead'])} ahead"
            case "WaitTold":
                self._note_told(fate, at, event)
            case "AgentSignedOn":
                return f"{agent} is there"
            case "AgentReserved":
                return f"{agent}'s telephone rings for {name}"
            case "Connected":
                fate.waited, fate.by = event["waited"], agent
                fate.held = [low <= at <= high for low, high in fate.ranges]
                return f"{agent} takes {name}, who waited {_length(event['waited'])}"
            case "ReservationEnded":
                why = "does not answer" if event["why"] == "no_answer" else "declines"
                return f"{agent} {why}: {name} keeps their place"
            case "LineLeft":
                fate.left, fate.waited = event["why"], event["waited"]
                what = "hangs up" if event["why"] == "hung_up" else f"leaves ({event['why']})"
                return f"{name} {what} after {_length(event['waited'])}"
            case "TalkEnded":
                return f"{agent} has finished with {name}"
            case "AgentSignedOff":
                return f"{agent} is away"
        return ""

    @staticmethod
    def _note_told(fate: Fate, at: float, event: Mapping[str, Any]) -> None:
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
            case "ahead":
                ahead = event.get("ahead", 0)
                fate.told.append(longer + (f"{_people(ahead)} ahead" if ahead else "next"))


def clock_time(at: float, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%H:%M:%S}"


def _people(count: int) -> str:
    return {0: "nobody", 1: "one person"}.get(count, f"{count} people")


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


length = _length
