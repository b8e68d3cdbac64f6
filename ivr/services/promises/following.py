"""Following the events into accounts: what a worker does about the due record of FOLLOW_PROMISES.

The store has the accounts and the id of the last event in them. A worker reads both and the events
after, and writes what follows in one step. When all that was told is known, the clock comes by the
accounts whose time is over: nothing else makes a promise late.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from ivr.promises.account import Account, Folded
from ivr.promises.breaks import owed, why_broken
from ivr.promises.events import Event, TimePassed
from ivr.promises.figures import Share, kept_shares, waited
from ivr.promises.ledger import fold_all
from ivr.services.due import Done, Handler, PutOff
from ivr.services.promises.happenings import Happened, events, happened, telling_text
from ivr.store.due import DueRecord
from ivr.store.estimates import Entry, EstimateStore
from ivr.store.outbox import OutboxStore, OutboxText
from ivr.store.promises import FOLLOW_PROMISES, Changes, Followed, PromiseStore

logger = logging.getLogger(__name__)

SOON = 1.0
"""Seconds until it is done again, while something happens."""
LATER = 5.0
"""Seconds, while nothing does."""
PATIENCE = 5.0
"""Seconds after which the rest is left for the next time."""
BATCH = 500
"""Entries, or accounts that the clock comes by, in one step."""


class PromiseFollower:
    """`handlers` for `ivr.services.due.drain`."""

    def __init__(
        self,
        store: PromiseStore,
        stream: EstimateStore,
        outbox: OutboxStore,
        zone: ZoneInfo,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._stream = stream
        self._outbox = outbox
        self._zone = zone
        self._monotonic = monotonic

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {FOLLOW_PROMISES: self.follow}

    def follow(self, record: DueRecord, now: float) -> Done | PutOff:
        """Follow what has happened. Raises StoreDown."""
        return PutOff(now + self.catch_up(now))

    def catch_up(self, now: float) -> float:
        """Read what is new, and write what follows as of `now`; in how many seconds that should be
        done again. Raises StoreDown."""
        given_up = self._monotonic() + PATIENCE
        read = self._store.followed()
        if read.gap_ends:
            logger.warning(
                "Events between %s and %s are gone before the promises knew them: what they would "
                "have ended is ended by the clock.", read.last, read.gap_ends,
            )  # fmt: skip
        news = False
        for entries in self._stream.entries(read.last, BATCH):
            news = True
            last = entries[-1].id
            if not self._store.write(read, self._changes(_all_happened(entries)), last, now):
                return SOON  # Somebody else follows.
            read = Followed(read.version + 1, last)
            if self._monotonic() > given_up:
                return 0.0
        while overdue := self._store.overdue(now, BATCH):
            news = True
            changes = self._come_by(overdue, now)
            if not self._store.write(read, changes, read.last, now):
                return SOON
            read = Followed(read.version + 1, read.last)
            if self._monotonic() > given_up:
                return 0.0
        return SOON if news else LATER

    def _changes(self, all_of_it: Sequence[Happened]) -> Changes:
        telling = [text for one in all_of_it if (text := telling_text(one)) is not None]
        texts: dict[str, OutboxText] = {}
        if telling:
            texts = {one.id: one.text for one in self._outbox.read_all(telling)}
        by_subject: dict[str, list[Event]] = {}
        for one in all_of_it:
            for event in events(one, texts):
                by_subject.setdefault(event.subject, []).append(event)
        return self._fold(by_subject)

    def _come_by(self, subjects: Iterable[str], now: float) -> Changes:
        return self._fold(
            {one: [TimePassed(id=f"{now!r}", at=now, subject=one)] for one in subjects}
        )

    def _fold(self, by_subject: Mapping[str, list[Event]]) -> Changes:
        changes = Changes()
        for subject, before in self._store.accounts(by_subject).items():
            folded = fold_all(before, by_subject[subject])
            self._note(before, folded, changes)
        return changes

    def _note(self, before: Account, folded: Folded, changes: Changes) -> None:
        """What of it is counted, listed and to be done."""
        account, subject = folded.account, folded.account.subject
        changes.accounts[subject] = account
        for day, share in kept_shares(folded.closed, self._zone).items():
            changes.shares[day] = changes.shares.get(day, Share()) + share
            if share.broken:
                changes.broken.add((day[2], subject))
        was, is_now = waited(before), waited(account)
        if was is not None and was != is_now:
            changes.waits[self._day(was.first_rang), subject] = None
        if is_now is not None and was != is_now:
            changes.waits[self._day(is_now.first_rang), subject] = is_now
        if account.called_back:
            self._note_apology(before, folded, changes)

    def _note_apology(self, before: Account, folded: Folded, changes: Changes) -> None:
        """Who waits in the line is told by the engine, and a callback by text or by voice."""
        account, subject = folded.account, folded.account.subject
        owes = owed(account)
        if owes != owed(before):
            changes.owed[subject] = owes
        if owes is None or not any(wish.how == "now" for wish in folded.wishes):
            return
        if why_broken(owes, account)[0] == "late":
            # Whoever moves or ends it tells that as well.
            changes.apologise.add(subject)

    def _day(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._zone).date()


def _all_happened(entries: Iterable[Entry]) -> list[Happened]:
    found: list[Happened] = []
    for entry in entries:
        try:
            found += happened(entry)
        except (msgspec.DecodeError, ValueError):
            logger.exception("Entry %s of the events cannot be read; it is left out.", entry.id)
    return found
