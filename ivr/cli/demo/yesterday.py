"""A made-up yesterday, from which the line of a demonstration has learnt before anybody rings.

It is told in the events that the line itself would have told, and followed like those.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import log
from random import Random
from typing import Any

from ivr.config import Config
from ivr.services.estimates.following import Follower
from ivr.store.estimates import Entry, EstimateStore, Knowledge

CALLS = 200
SEED = 3
BUSY = 0.95
"""The share of their time for which agents would be busy, if nobody hung up."""
PATIENCE = 420.0
"""Seconds: mean, of those who wait."""
SPREAD = 0.35
"""Of talks, in the logarithm: about as much as those of one agent differ."""
CONNECTING = (8.0, 16.0)
"""Seconds from an agent being found to both talking: shortest and longest."""


@dataclass
class Yesterday:
    """The day, played through. `talks`: by agent of the configuration, the mean talk in seconds."""

    config: Config
    talks: Mapping[str, float]
    begins: float
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = Random(SEED)  # noqa: S311  # Nothing secret: the same day every time.
        self._now = self.begins
        self._to_come: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._idle: list[str] = []
        self._line: dict[str, list[tuple[float, str]]] = {}

    def play(self) -> Sequence[Entry]:
        """All that was told, until the last call is over and everybody has gone home."""
        agents = {name: self.config.agents[name] for name in self.talks}
        queues = sorted({queue for agent in agents.values() for queue in agent.queues})
        first = next(iter(self.config.queues))
        beside = sum(CONNECTING) / 2 + self.config.queues[first].wrap_up
        rate = BUSY * sum(1 / (talk + beside) for talk in self.talks.values())
        for name in agents:
            self._tell(
                {"type": "AgentSignedOn", "agent": name, "queues": list(agents[name].queues)}
            )
            self._idle.append(name)
        at = self.begins
        for number in range(CALLS):
            at += self._chance.expovariate(rate)
            queue = first if self._chance.random() < 0.8 else self._chance.choice(queues)
            self._at(at, partial(self._rings, f"yesterday-{number}", queue))
        while self._to_come:
            self._now, _, happen = heapq.heappop(self._to_come)
            happen()
        for name in agents:
            self._tell({"type": "AgentSignedOff", "agent": name, "why": "asked"})
        return self.entries

    def _rings(self, place: str, queue: str) -> None:
        self._tell(
            {"type": "LineJoined", "queue": queue, "place": place, "kind": "live",
             "order": self._now}
        )  # fmt: skip
        self._line.setdefault(queue, []).append((self._now, place))
        able = [name for name in self._idle if queue in self.config.agents[name].queues]
        if able:
            self._seek(able[0])
            return
        patience = self._chance.expovariate(1 / PATIENCE)
        self._at(self._now + patience, lambda: self._hangs_up(place, queue))

    def _hangs_up(self, place: str, queue: str) -> None:
        left = [one for one in self._line[queue] if one[1] != place]
        if len(left) < len(self._line[queue]):
            self._line[queue] = left
            self._tell({"type": "LineLeft", "queue": queue, "place": place, "why": "hung_up"})

    def _seek(self, name: str) -> None:
        """The agent takes whoever has waited longest, weighted as they prefer."""
        weighted = [
            ((self._now - self._line[queue][0][0]) * weight, queue)
            for queue, weight in self.config.agents[name].queues.items()
            if self._line.get(queue)
        ]
        if not weighted:
            return
        queue = max(weighted)[1]
        _, place = self._line[queue].pop(0)
        self._idle.remove(name)
        whom = {"agent": name, "queue": queue, "place": place}
        self._tell({"type": "AgentReserved", "kind": "live", **whom})
        taken = self._now + self._chance.uniform(*CONNECTING)
        self._at(taken, lambda: self._tell({"type": "Connected", "kind": "live", **whom}))
        talk = self._chance.lognormvariate(log(self.talks[name]) - SPREAD**2 / 2, SPREAD)
        wrap_up = self.config.queues[queue].wrap_up
        self._at(taken + talk + wrap_up, lambda: self._is_free(name))

    def _is_free(self, name: str) -> None:
        queues = list(self.config.agents[name].queues)
        self._tell({"type": "AgentFree", "agent": name, "queues": queues})
        self._idle.append(name)
        self._seek(name)

    def _at(self, when: float, happen: Callable[[], Any]) -> None:
        self._count += 1
        heapq.heappush(self._to_come, (when, self._count, happen))

    def _tell(self, event: Mapping[str, Any]) -> None:
        told = json.dumps([event]).encode()
        self.entries.append(Entry(f"{self._count}", self._now, told))


def learn(store: EstimateStore, config: Config, yesterday: Yesterday) -> None:
    """Have the line know what such a day teaches, before it knows anything. Raises StoreDown."""
    follower = Follower(config)
    entries = yesterday.play()
    follower.follow(entries)
    follower.take_outcomes()
    last = entries[-1].at
    store.write(Knowledge(), follower.snapshot(), "0", last, joined=follower.joined)
