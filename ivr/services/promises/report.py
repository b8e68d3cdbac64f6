"""What people and programs see of the ledger: a day's kept shares, what is open, what was broken,
and how fast people were answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from redis import Redis

from ivr.config import Config
from ivr.promises.account import LATENESS, Apology, Kind, Promise, Why
from ivr.promises.breaks import apology_for, why_broken
from ivr.promises.figures import Share, Speed, speed_of_answer
from ivr.staff import QueueSettings
from ivr.store.promises import PromiseStore


class Kept(Struct, frozen=True):
    """The promises of one kind in one queue. `share`: kept of those kept or broken; None where
    there are none."""

    kind: Kind
    queue: str
    kept: int
    broken: int
    withdrawn: int
    open: int
    share: float | None


class Answered(Struct, frozen=True):
    """Those who first rang that day for a queue, on the line or called back. Times in seconds from
    their first ring, None where there is nobody to count."""

    queue: str
    answered: int
    mean: float | None
    median: float | None
    within: float
    """Seconds of the queue's service level."""
    share_within: float | None
    """Answered in that time, of all who were answered or hung up."""
    hung_up: int
    median_hung_up: float | None
    otherwise: int
    waiting: int


class Open(Struct, frozen=True):
    """A promise whose outcome is not known yet. Times are ISO 8601 in UTC."""

    kind: Kind
    subject: str
    queue: str
    made: str
    until: str
    overdue: bool


class Broken(Struct, frozen=True):
    """A broken promise. `late`: seconds after its time at which it was kept after all."""

    kind: Kind
    subject: str
    queue: str
    made: str
    until: str
    why: Why
    late: float | None
    apology: Apology | None
    """None for what needs none: an apology, or a text."""


class DayOfPromises(Struct, frozen=True):
    """A day, by the times of the promises. `open`: those whose time is that day or before.

    `missing`: for that time of the day events were lost, and what they would have ended was ended
    by the clock.
    """

    day: str
    kept: list[Kept]
    answered: list[Answered]
    open: list[Open]
    broken: list[Broken]
    missing: tuple[str, str] | None = None


class PromiseReport:
    """Methods take some round trips and raise StoreDown."""

    def __init__(self, config: Config, redis: Redis) -> None:
        self._queues = config.queues
        self._zone = ZoneInfo(config.time_zone)
        self._store = PromiseStore(redis)

    def today(self, now: datetime) -> date:
        """The company's."""
        return now.astimezone(self._zone).date()

    def day(self, day: date, now: datetime, queue: str = "") -> DayOfPromises:
        """How a day stands at `now`, of one queue or of all."""
        waiting = [
            promise
            for account in self._store.accounts(self._store.open_subjects()).values()
            for promise in account.open
            if self._day(promise.until) <= day and queue in ("", promise.queue)
        ]
        speeds = speed_of_answer(self._store.waits(day))
        return DayOfPromises(
            day.isoformat(),
            [*self._kept(day, queue, waiting)],
            [self._answered(name, speeds[name]) for name in sorted(speeds) if queue in ("", name)],
            [_open(one, now) for one in sorted(waiting, key=lambda one: one.until)],
            sorted(self._broken(day, queue), key=lambda one: (one.until, one.subject, one.kind)),
            self._missing(day),
        )

    def _kept(self, day: date, queue: str, waiting: list[Promise]) -> Iterator[Kept]:
        shares = self._store.shares(day)
        for promise in waiting:
            if self._day(promise.until) == day:
                key = promise.kind, promise.queue
                shares[key] = shares.get(key, Share()) + Share(open=1)
        for (kind, name), one in sorted(shares.items()):
            if queue in ("", name):
                yield Kept(kind, name, one.kept, one.broken, one.withdrawn, one.open, one.share)

    def _answered(self, queue: str, speed: Speed) -> Answered:
        within = self._queues.get(queue, QueueSettings()).service_level.seconds
        hung_up = Speed(answered=speed.hung_up)
        return Answered(
            queue, len(speed.answered), speed.mean, speed.middle, within, speed.within(within),
            len(speed.hung_up), hung_up.middle, speed.otherwise, speed.waiting,
        )  # fmt: skip

    def _broken(self, day: date, queue: str) -> Iterator[Broken]:
        for account in self._store.accounts(self._store.broken_subjects(day)).values():
            for one in account.promises:
                is_of_it = self._day(one.until) == day and queue in ("", one.queue)
                if one.outcome == "broken" and is_of_it:
                    why, late = why_broken(one, account)
                    needs = one.kind not in ("apology", "text")
                    apology = apology_for(one, account) if needs else None
                    yield Broken(
                        one.kind, one.subject, one.queue, _iso(one.made), _iso(one.until), why,
                        late, apology,
                    )  # fmt: skip

    def _missing(self, day: date) -> tuple[str, str] | None:
        gap = self._store.gap()
        if gap is None or not self._day(gap.after) <= day <= self._day(gap.before):
            return None
        return _iso(gap.after), _iso(gap.before)

    def _day(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._zone).date()


def _open(promise: Promise, now: datetime) -> Open:
    overdue = promise.until + LATENESS < now.timestamp()
    return Open(
        promise.kind, promise.subject, promise.queue, _iso(promise.made), _iso(promise.until),
        overdue,
    )  # fmt: skip


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
