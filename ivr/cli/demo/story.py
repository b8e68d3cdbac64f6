"""What happens in a demonstration, as lines that people read: what is heard, what is written, and
what the line does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from typing import Any, Literal, cast

from redis import Redis

from ivr.cli.demo.telling import Telling
from ivr.store import keys

LEFT_OUT = "..."
AT_ONCE = 1.0
"""Seconds between keys of one number."""
_PRESSES = re.compile(r"presses (\S+)$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Line:
    """One line of the story. `at` is seconds since 1970."""

    at: float
    who: str
    text: str
    kind: Literal["does", "hears", "reads", "writes", "tells"]


class Story:
    """Follows calls and texts by what the telephone company tells, and the line by its events."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._names: dict[str, str] = {}
        self._seen: dict[str, int] = {}
        self._listened: dict[str, float] = {}
        self._known: set[str] = set()
        self._texts: set[str] = set()
        self._last_event = "-"
        self.over: set[str] = set()
        self.texts = 0

    def call_of(self, name: str, call: str) -> None:
        """This caller has rung."""
        self._names[call] = name
        self._telling.is_call_of(call, name)

    @property
    def under_way(self) -> list[str]:
        """The calls that are not over."""
        return [call for call in self._names if call not in self.over]

    def heard_when_rung(
        self, call: str, name: str, timeline: Iterable[Mapping[str, Any]]
    ) -> list[Line]:
        """What is newly heard by somebody whom we have rung."""
        new = self._new(call, timeline)
        said = [entry for entry in new if entry["kind"] == "said"]
        return [line for entry in said for line in self._hears(entry, name)]

    def heard(self, call: str, timeline: Iterable[Mapping[str, Any]]) -> list[Line]:
        """What is new in a call; menus are left out."""
        name, lines = self._names[call], []
        for entry in self._new(call, timeline):
            kind, at = entry["kind"], _at(entry)
            is_shown = at > self._listened.get(call, inf)
            if kind == "answered":
                lines.append(Line(at, name, "rings, and is answered", "does"))
            elif kind == "said" and is_shown:
                lines += self._hears(entry, name)
            elif kind == "did" and is_shown:
                lines.append(Line(at, name, entry["text"].removeprefix("The person "), "does"))
                if len(lines) > 1 and (both := _pressed_on(lines[-2], lines[-1])) is not None:
                    lines[-2:] = [both]
            elif kind == "ended":
                self.over.add(call)
        return lines

    def written(self, texts: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[Line]:
        """What is new of the texts that people got and wrote; `names` by number."""
        lines = []
        for text in texts:
            states = {one["status"]: one["at"] for one in text["history"]}
            ours = text["from"] not in names
            arrived = states.get("delivered") if ours else next(iter(states.values()), None)
            if text["sid"] in self._texts or arrived is None:
                continue
            self._texts.add(text["sid"])
            self.texts += ours
            at = datetime.fromisoformat(arrived).timestamp()
            name = names.get(text["to"] if ours else text["from"], "somebody")
            lines.append(Line(at, name, text["body"], "reads" if ours else "writes"))
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
                if event["type"] in ("LineJoined", "CallbackRecognised"):
                    self._listened.setdefault(call, at)
                text = self._telling.tell(at, call, event)
                if text:
                    lines.append(Line(at, "", text, "tells"))
        return lines

    def _new(self, call: str, timeline: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        entries = list(timeline)
        new = entries[self._seen.get(call, 0) :]
        self._seen[call] = len(entries)
        return [entry for entry in new if entry["call_sid"] == call]

    def _hears(self, entry: Mapping[str, Any], name: str) -> Iterator[Line]:
        """The first sentence, and what nobody has heard before; nothing where all is known."""
        sentences = _SENTENCE.split(entry["text"].removeprefix("Hears: "))
        if self._known.issuperset(sentences):
            return
        shown = sentences[:1]
        for sentence in sentences[1:]:
            if sentence not in self._known:
                shown.append(sentence)
            elif shown[-1] != LEFT_OUT:
                shown.append(LEFT_OUT)
        self._known.update(sentences)
        yield Line(_at(entry), name, " ".join(shown), "hears")


def _pressed_on(before: Line, line: Line) -> Line | None:
    """Keys that were pressed one after the other, as one line."""
    one, other = (_PRESSES.match(each.text) for each in (before, line))
    if one is None or other is None or line.at - before.at > AT_ONCE:
        return None
    return replace(before, text=f"presses {one[1]}{other[1]}")


def _at(entry: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(entry["at"]).timestamp()
