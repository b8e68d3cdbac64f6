"""Working the waits out, again and again: what a worker does about the due record `estimate:line`.

Redis has what was known (a snapshot) and the id of the last event in it. A worker reads both and
the events after, and writes what follows in one step: whoever dies on the way has changed nothing,
and of two at once one is refused.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from msgspec import Struct

from ivr.config import Config
from ivr.queueing.board import Board
from ivr.queueing.needs import QueueNeeds
from ivr.queueing.quotes import Outcome
from ivr.services.due import Done, Handler, PutOff
from ivr.services.estimates.desk import Picture, picture, queue_needs
from ivr.services.estimates.following import Follower
from ivr.store.due import DueRecord
from ivr.store.estimates import ESTIMATE, EstimateStore, Knowledge, in_order

logger = logging.getLogger(__name__)

SOON = 1.0
"""Seconds until it is done again, while somebody waits or something happens."""
LATER = 5.0
"""Seconds, while nothing does: far below what makes a board too old to be told."""
REST = 4.0
"""How many times as long as it took it is then left alone, at least."""
PATIENCE = 5.0
"""Seconds after which what was read so far is written, and the rest is left for the next time."""
NEEDS_EVERY = 60.0
"""Seconds: how many agents are needed changes slowly, and takes longer to work out."""
BATCH = 200
"""Entries in one round trip."""


Offered = Callable[[Mapping[str, Board], float], dict[str, Board]]
"""Boards of now, with the kinds of callback that are offered."""


class WaitOutcome(Struct, frozen=True, tag=True):
    """What became of the first estimate of somebody's wait, made at `told_at`: `wait` seconds later
    it was their turn, or would have been. Times in seconds."""

    queue: str
    place: str
    told_at: float
    low: float
    median: float
    high: float
    mean: float
    wait: float
    hung_up: bool


class Estimates:
    """`handlers` for `ivr.services.due.drain`."""

    def __init__(
        self,
        store: EstimateStore,
        config: Config,
        monotonic: Callable[[], float] = time.monotonic,
        offered: Offered | None = None,
    ) -> None:
        """`offered`: which callbacks can be had; none when left out."""
        self._store = store
        self._config = config
        self._monotonic = monotonic
        self._offered = offered
        self._kept: tuple[int, Follower] | None = None

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {ESTIMATE: self.estimate}

    def estimate(self, record: DueRecord, now: float) -> Done | PutOff:
        """Work everything out anew. Raises StoreDown."""
        return PutOff(now + self.work_out(now))

    def work_out(self, now: float) -> float:
        """Read what is new, and write what follows as of `now`; in how many seconds that should be
        done again. Raises StoreDown."""
        began = self._monotonic()
        given_up = began + PATIENCE
        read = self._store.knowledge()
        follower = self._follower(read)
        last, all_read = read.last, True
        for entries in self._store.entries(last, BATCH):
            follower.follow(entries)
            last = entries[-1].id
            if self._monotonic() > given_up and not read.lost:
                all_read = False
                break
        if read.lost:
            logger.warning("Events after %s are gone; the line is read as it stands.", read.last)
            last = self._read_line(follower, last)
        seen = None
        if all_read:
            follower.advance(now)
            seen = picture(follower, self._config, now, self._store.boards(now))
            if self._offered is not None:
                seen = replace(seen, boards=self._offered(seen.boards, now))
        told = [outcome(one) for one in follower.take_outcomes()]
        busy = follower.changed or bool(seen is None or seen.waits)
        if self._store.write(
            read, follower.snapshot(), last, now, told=told, joined=follower.joined,
            boards=None if seen is None else seen.boards,
            waits=None if seen is None else seen.waits,
            needs=None if seen is None else self._needs(seen, now),
        ):  # fmt: skip
            follower.changed = False
            follower.joined.clear()
            self._kept = read.version + 1, follower
        if not all_read:
            return 0.0
        took = self._monotonic() - began
        return max(SOON, REST * took) if busy else LATER

    def _read_line(self, follower: Follower, last: str) -> str:
        """Who waits and who is there, as of the last event before that, which is returned."""
        line = self._store.line_now(self._config.queues)
        for entries in self._store.entries(last, BATCH):
            follower.follow(one for one in entries if in_order(one.id) <= in_order(line.last))
        follower.stand_as(line)
        return line.last

    def _needs(self, seen: Picture, now: float) -> list[QueueNeeds] | None:
        """None while those that were worked out before are new enough."""
        before = self._store.needs()
        if before and 0 <= now - before[0].at < NEEDS_EVERY:
            return None
        joined = {queue: self._store.joined(queue) for queue in self._config.queues}
        return queue_needs(seen, self._config, joined, now)

    def _follower(self, read: Knowledge) -> Follower:
        """Whoever wrote last need not read what they wrote."""
        kept, self._kept = self._kept, None  # Not to be used again unless it is written.
        if kept is not None and kept[0] == read.version:
            return kept[1]
        return Follower(self._config, read.snapshot)


def outcome(one: Outcome) -> WaitOutcome:
    """An outcome as it is told."""
    return WaitOutcome(
        one.skill, str(one.caller), one.told_at, one.low, one.median, one.high, one.mean, one.wait,
        one.hung_up,
    )  # fmt: skip
