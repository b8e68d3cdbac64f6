"""Telling those who are to be rung back that their wait has changed.

Every few seconds all of them are looked through: how they stand now, and what they heard last.
Whom it concerns gets a text; what they have heard is written with it, so that nobody is told twice,
and whoever is left over is told the next time.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from redis import Redis

from ivr.config import Config
from ivr.flow.language import Language
from ivr.promises.updates import Heard, Kind, Update, find_updates, heard_after
from ivr.promises.wordings import TextKind
from ivr.queueing.board import Standing
from ivr.services.due import Done, Handler, PutOff
from ivr.services.texts.composing import Composer, Told
from ivr.store.callbacks import CallbackStore
from ivr.store.consent import ConsentStore
from ivr.store.due import DueRecord
from ivr.store.estimates import EstimateStore
from ivr.store.heard import AGAIN_AFTER, HeardStore, Known, Telling, known_from

logger = logging.getLogger(__name__)

UPDATE_WAITS = "update_waits"
"""The kind of due record; its subject is always LINE."""
LINE = "line"

EVERY = 10.0
"""Seconds from one look to the next."""
AT_ONCE = 1.0
"""Seconds, where somebody was left over."""
MOST_AT_ONCE = 250
"""People who are told, or of whom must be found out what they heard, in one look."""
BATCH = 100
"""People in one script."""
ASLEEP = 600.0
"""Seconds for which somebody is not thought of who may not be told."""

_KINDS: Mapping[Kind, TextKind] = {
    "soon": "soon", "worse": "update_worse", "first": "update_first", "better": "update_better",
}  # fmt: skip
_URGENCY: Mapping[Kind, int] = {kind: place for place, kind in enumerate(_KINDS)}

Knowledge = dict[str, tuple[bytes | None, Known]]
"""What is known by place, and as it is written there."""


class WaitUpdates:
    """`handlers` for `ivr.services.due.drain`."""

    def __init__(self, config: Config, redis: Redis, languages: Mapping[str, Language]) -> None:
        self._queues = tuple(config.queues)
        self._quiet = config.texts.quiet
        self._zone = ZoneInfo(config.time_zone)
        self._rules = config.texts.updates.rules
        self._estimates = EstimateStore(redis)
        self._heard = HeardStore(redis)
        self._callbacks = CallbackStore(redis)
        self._consents = ConsentStore(redis)
        self._composer = Composer(config, redis, languages)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {UPDATE_WAITS: self.update}

    def update(self, record: DueRecord, now: float) -> Done | PutOff:
        """Tell whom it concerns. Raises StoreDown."""
        if self._is_quiet(now):
            return PutOff(now + EVERY)
        told, left = self.look(now)
        if told:
            logger.info("%d who wait are told that their wait has changed.", told)
        return PutOff(now + (AT_ONCE if left else EVERY))

    def look(self, now: float) -> tuple[int, bool]:
        """How many were told, and whether anybody was left over."""
        waiting = self._heard.callbacks_in_line(self._queues)
        known: Knowledge = dict(self._heard.all())
        self._heard.forget(known.keys() - waiting)
        if not waiting:
            return 0, False
        standings = self._estimates.standings(self._queues, now, waiting)
        unread = [place for place in standings if _must_be_read(known.get(place), now)]
        self._find_out(unread[:MOST_AT_ONCE], known, now)
        due = self.who_is_due(standings, known, now)
        told = self._tell(due[:MOST_AT_ONCE], known, now)
        return told, len(unread) > MOST_AT_ONCE or len(due) > MOST_AT_ONCE

    def who_is_due(
        self, standings: Mapping[str, Standing], known: Knowledge, now: float
    ) -> list[Update]:
        """What is to be told to whom, the most urgent first."""
        people = (
            (standing, known[place][1].heard(place))
            for place, standing in standings.items()
            if place in known and known[place][1].asleep <= now
        )
        return sorted(
            find_updates(now, people, self._rules), key=lambda update: _URGENCY[update.kind]
        )

    def _find_out(self, places: Sequence[str], known: Knowledge, now: float) -> None:
        """What these heard, from the texts about them."""
        texts = self._heard.texts_about(places) if places else {}
        tellings = []
        for stored in self._callbacks.read_all(places):
            before = known.get(stored.id, (None, None))[0]
            after = known_from(texts[stored.id], stored.callback.promised_at, now)
            tellings.append(Telling(stored.id, before, after))
        self._write(tellings, known, now)

    def _tell(self, updates: Sequence[Update], known: Knowledge, now: float) -> int:
        stored = {one.id: one for one in self._callbacks.read_all(one.place for one in updates)}
        numbers = {place: self._composer.numbers(one) for place, one in stored.items()}
        asked = tuple({number: None for some in numbers.values() for number in some})
        consents = dict(zip(asked, self._consents.read_all(asked), strict=True))
        tellings: list[Telling] = []
        for update in updates:
            place = update.place
            if place not in stored:
                continue
            raw, before = known[place]
            heard = before.heard(place)
            told = Told(when=(float(update.words.begins), float(update.words.ends)))
            kind, serial = _KINDS[update.kind], f"-{now:.0f}"
            text = self._composer.write_with(
                kind, stored[place], consents, now, told, serial=serial
            ) or self._composer.write_mail(kind, stored[place], now, told, serial=serial)
            if text is None:
                tellings.append(Telling(place, raw, _asleep(before, now)))
            else:
                tellings.append(Telling(place, raw, _after(update, heard, now), text))
        return self._write(tellings, known, now)

    def _write(self, tellings: Sequence[Telling], known: Knowledge, now: float) -> int:
        """How many texts were written; `known` is so afterwards."""
        told = 0
        for begin in range(0, len(tellings), BATCH):
            batch = tellings[begin : begin + BATCH]
            for one, raw in zip(batch, self._heard.tell(batch, now), strict=True):
                if raw is None:
                    known.pop(one.place, None)
                    continue
                known[one.place] = raw, one.after
                told += one.text is not None
        return told

    def _is_quiet(self, now: float) -> bool:
        return self._quiet is not None and self._quiet.until(now, self._zone) is not None


def _must_be_read(known: tuple[bytes | None, Known] | None, now: float) -> bool:
    if known is None:
        return True
    check_at = known[1].check_at
    return check_at is not None and check_at <= now


def _after(update: Update, heard: Heard, now: float) -> Known:
    after = heard_after(update, heard, now)
    assert after.words is not None
    words = after.words
    check_at = min(update.useful_until, words.ends) + AGAIN_AFTER
    return Known(words.begins, words.ends, words.soon, after.at, after.updates, check_at)


def _asleep(known: Known, now: float) -> Known:
    return Known(
        known.begins, known.ends, known.soon, known.at, known.updates, known.check_at, now + ASLEEP
    )


__all__ = ["LINE", "UPDATE_WAITS", "WaitUpdates"]
