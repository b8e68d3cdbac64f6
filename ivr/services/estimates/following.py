"""Following the line by its events: what is known depends on these alone.

So whoever dies is taken over by whoever reads the same events, and knows the same. That holds
also for the first answer about everybody, on which what is learnt rests: it is given at a whole
second after they joined that the events decide, whenever they are read.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from math import floor
from typing import Any

import msgspec

from ivr.config import Config
from ivr.queueing.protocol import IsThere, Name, Stands
from ivr.queueing.quotes import Outcome
from ivr.queueing.wait import WaitEstimator
from ivr.services.estimates.demand import slot_of
from ivr.services.estimates.happenings import Told, happened, told
from ivr.services.estimates.rosters import Rosters, Shift
from ivr.store.estimates import AgentNow, Entry, LineNow

logger = logging.getLogger(__name__)

MANY = 250
"""Who joins a line with so many in it waits for long: a second later is soon enough to be told."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Follower:
    """The estimator and what it needs to go on. `snapshot` and `Follower(..., snapshot)` are one
    and the same."""

    def __init__(self, config: Config, snapshot: bytes = b"") -> None:
        self._rosters = Rosters(config)
        self._config = config
        self.estimator = WaitEstimator()
        self._now = float("-inf")
        self._day = ""
        self._next_quote: float | None = None
        self.plan: list[Shift] = []
        self.joined: Counter[tuple[str, int]] = Counter()
        """By queue and half-hour, how many have joined since this was made."""
        self.changed = False
        """Whether an event has concerned the line since this was made."""
        queues = config.queues
        handling = {name: queue.handling for name, queue in queues.items()}
        preferences: dict[Name, Mapping[str, float]] = {
            name: agent.queues for name, agent in config.agents.items()
        }
        if snapshot:
            self._restore(_decode(snapshot), handling)
        else:
            patience = [queue.patience for queue in queues.values()]
            prior: dict[str, Any] = {"aht": handling}
            if patience:
                prior["patience"] = sum(patience) / len(patience)
            self.estimator.start({"skills": list(queues), "prior": prior})
        self.estimator.prefer(preferences)

    def follow(self, entries: Iterable[Entry]) -> None:
        """Follow what was told, in its order."""
        for entry in entries:
            try:
                events = happened(entry.events)
            except msgspec.DecodeError:
                logger.exception("Entry %s of the events cannot be read; it is left out.", entry.id)
                continue
            for event in events:
                for one in told(entry.at, event):
                    self._follow(one)

    def advance(self, now: float) -> None:
        """Time has come to `now`, and all that was told before is known."""
        self._now = now = max(now, self._now)
        while self._next_quote is not None and self._next_quote <= now:
            at = self._next_quote
            self._take_plan(at)
            after = self.estimator.quote(at)
            self._next_quote = None if after is None else max(_whole(after), at + self._apart())
        self._take_plan(now)

    def stand_as(self, line: LineNow) -> None:
        """Events were lost: the line is as it stands, whatever was heard of it."""
        self.changed = True
        self.estimator.stand_as(
            (Stands(one.place, one.queue, one.order, one.joined, one.callback, one.agent or None)
             for one in line.places),
            (IsThere(one.agent, tuple(one.queues), one.leaving, _work(one), one.since)
             for one in line.agents if one.queues),
        )  # fmt: skip
        if line.places:
            first = _whole(self._now) + self._apart()
            self._next_quote = min(self._next_quote or first, first)

    def take_outcomes(self) -> list[Outcome]:
        """What became of the first answers since this was last asked."""
        return self.estimator.take_outcomes()

    def snapshot(self) -> bytes:
        """All that is known."""
        known = self.estimator.snapshot()
        known["crew"]["plan"] = []  # config.yaml has it.
        return _encode(
            {
                "estimator": known,
                "now": self._now if self._day else None,
                "next_quote": self._next_quote,
            }
        )

    def _follow(self, one: Told) -> None:
        self.advance(one.t)
        self.changed = True
        self.estimator.on_event(one)
        if one.kind == "arrival":
            self.joined[str(one.skill), slot_of(one.t)] += 1
        if one.kind in ("arrival", "returned"):
            first = _whole(self._now) + self._apart()
            self._next_quote = min(self._next_quote or first, first)

    def _apart(self) -> float:
        """Whole seconds between two answers about everybody: of a very long line, rarely."""
        return 1.0 + sum(self.estimator.waiting().values()) // MANY

    def _take_plan(self, at: float) -> None:
        day = self._rosters.day(at)
        if day != self._day:
            self._day, self.plan = day, self._rosters.plan(at)
            self.estimator.take_plan(self.plan)

    def _restore(self, saved: Mapping[str, Any], handling: Mapping[str, float]) -> None:
        self.estimator.restore(saved["estimator"])
        # A queue that is new in config.yaml.
        self.estimator.expect(handling)
        self._next_quote = saved["next_quote"]
        if saved["now"] is not None:
            self._now = saved["now"]
            self._take_plan(self._now)


def _whole(seconds: float) -> float:
    return float(floor(seconds))


def _work(agent: AgentNow) -> tuple[str, bool] | None:
    """What occupies them; after a talk it is no longer known which queue it was of."""
    if agent.idle:
        return None
    return agent.queue or next(iter(agent.queues)), agent.callback
