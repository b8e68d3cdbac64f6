"""What callers chose, read from the stream of events: page by page, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import msgspec
from redis import Redis

from ivr.engine.events import CallStarted, ChoiceMade, Event, PersonSought
from ivr.store import keys
from ivr.store.connection import wording

ENTRIES_AT_ONCE = 1_000
"""Entries of the stream in one round trip."""
PERSON = "0"

Progress = Callable[[int, int], None]
"""Is told how many entries were read, and how many there are to read at most."""

_decode = msgspec.json.Decoder(tuple[Event, ...]).decode


@dataclass(frozen=True, slots=True)
class CallChoices:
    """What one call chose first at each place that asked it: the choice by its name, or `0` for a
    person."""

    version: str
    """The flows that the call began with."""
    at: Mapping[str, str]


class ChoiceStore:
    """Every method raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def calls(
        self, since: float, most: int = keys.EVENTS_KEPT, progress: Progress | None = None
    ) -> Iterator[CallChoices]:
        """The calls that began after `since` (seconds since 1970) and chose something, those that
        began last first; looks at the newest `most` entries. Entries that are not understood, of
        another release, are left out.
        """
        chose: dict[str, dict[str, str]] = {}
        for call, events in self._entries(since, most, progress):
            # Backwards, so that what is written last is what was chosen first.
            for event in reversed(events):
                match event:
                    case ChoiceMade(place, choice):
                        chose.setdefault(call, {})[place] = choice
                    case PersonSought(place, "asked"):
                        chose.setdefault(call, {})[place] = PERSON
                    case CallStarted(version=version):
                        if call in chose:
                            yield CallChoices(version, chose.pop(call))

    def _entries(
        self, since: float, most: int, progress: Progress | None
    ) -> Iterator[tuple[str, tuple[Event, ...]]]:
        last, seen = "+", 0
        # The server gives an entry its id by its own clock, whatever `at` says.
        first = str(max(0, int(since * 1000)))
        with wording(self._redis):
            most = min(most, self._redis.xlen(keys.EVENTS))
        while seen < most:
            with wording(self._redis):
                entries = cast(
                    "list[tuple[bytes, dict[bytes, bytes]]]",
                    self._redis.xrevrange(
                        keys.EVENTS, last, first, min(ENTRIES_AT_ONCE, most - seen)
                    ),
                )
            if not entries:
                return
            for _, fields in entries:
                raw = fields.get(b"events", b"")
                if not any(name in raw for name in (b"ChoiceMade", b"Started", b'"asked"')):
                    continue
                try:
                    yield fields[b"call"].decode(), _decode(raw)
                except (KeyError, msgspec.DecodeError):
                    continue
            seen += len(entries)
            last = "(" + entries[-1][0].decode()
            if progress is not None:
                progress(seen, most)
