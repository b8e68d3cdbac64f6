"""Whoever hangs up while they wait keeps their place: they are promised a callback for it, once."""

from __future__ import annotations

import logging

from ivr.callbacks.hours import DAY
from ivr.callbacks.offering import keeps_place, kept_place_id
from ivr.callbacks.record import SYSTEM
from ivr.callbacks.states import ENDS
from ivr.services.callbacks.booking import offers
from ivr.services.callbacks.booking.promising import Booking
from ivr.services.callbacks.booking.wanted import NotBooked, Wanted
from ivr.services.due import Done
from ivr.store.booking import HungUp
from ivr.store.callbacks import StoredCallback
from ivr.store.due import DueRecord
from ivr.store.line import Place

logger = logging.getLogger(__name__)


class Keeping:
    """Every method raises StoreDown."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking

    def handle(self, record: DueRecord, now: float) -> Done:
        """Somebody has hung up; the subject is their call."""
        self.keep(record.subject, now)
        return Done()

    def keep(self, call: str, now: float) -> StoredCallback | None:
        """The callback that keeps the place of whoever hung up; None where none does.

        However often it is asked for, and by whomever, there is one.
        """
        hung_up = self._booking.store.hung_up(call)
        if hung_up is None:
            return None
        before = self._back(hung_up)
        wanted = _instead_of_waiting(hung_up, before)
        kept = None if wanted is None else self._promise(wanted, hung_up, now)
        number = "" if wanted is None else wanted.caller or ""
        self._booking.store.note_kept(call, number)
        return kept

    def _back(self, hung_up: HungUp) -> StoredCallback | None:
        """The callback that they had given up for the line."""
        if not hung_up.back:
            return None
        found = self._booking.calling.callbacks.read(hung_up.back)
        return found if found is not None and found.callback.state in ENDS else None

    def _promise(self, wanted: Wanted, hung_up: HungUp, now: float) -> StoredCallback | None:
        if not wanted.owed and not self._may_keep(wanted, hung_up, now):
            return None
        done = self._booking.book(wanted, now)
        if isinstance(done, NotBooked):
            logger.info("The place of call %s is not kept: %s", hung_up.call, done.sentence)
            return None
        logger.info("The place of call %s is kept by callback %s.", hung_up.call, done.id)
        return done

    def _may_keep(self, wanted: Wanted, hung_up: HungUp, now: float) -> bool:
        booking, place = self._booking, hung_up.place
        settings = booking.config.queues.get(wanted.queue)
        if settings is None or place is None:
            return False
        look = booking.look(wanted.queue, now, callback=wanted.id)
        if look.before is not None:
            return True
        rules = offers.offer_rules(settings)
        left = booking.rules.closes_in(wanted.queue, now)
        return "place" in rules.kinds and keeps_place(
            hung_up.ended - place.joined, offers.situation(look, settings, left, now), rules,
            may_be_rung=bool(wanted.number), said_no=self._said_no(wanted, now),
        )  # fmt: skip

    def _said_no(self, wanted: Wanted, now: float) -> bool:
        """Whether they were kept a place of late, and did not want it."""
        return any(
            one.about.source == "hung_up"
            and one.callback.queue == wanted.queue
            and one.callback.state == "cancelled"
            and one.callback.since > now - DAY
            for one in self._booking.calling.callbacks.of_number(wanted.number)
        )


def _instead_of_waiting(hung_up: HungUp, before: StoredCallback | None) -> Wanted | None:
    """What they are promised; None for a number that is withheld."""
    place, call = hung_up.place, hung_up.call
    if before is None:
        if place is None or not place.person.caller:
            return None
        return _wanted(call, place, place.person.caller)
    if place is not None:
        number, extension = before.callback.number, before.callback.extension
        return _wanted(call, place, number, extension=extension, owed=True)
    callback, about = before.callback, before.about
    return Wanted(
        id=kept_place_id(call), queue=callback.queue, kind="place", number=callback.number,
        language=about.person.language, extension=callback.extension, first=callback.rang_at,
        boost=about.boost, caller=about.person.caller, call=call, source="hung_up", actor=SYSTEM,
        person=about.person, reason=about.reason, owed=True,
    )  # fmt: skip


def _wanted(
    call: str, place: Place, number: str, *, extension: str = "", owed: bool = False
) -> Wanted:
    return Wanted(
        id=kept_place_id(call), queue=place.queue, kind="place", number=number,
        language=place.person.language, extension=extension, first=place.first, boost=place.boost,
        caller=place.person.caller, call=call, source="hung_up", actor=SYSTEM,
        person=place.person, instead_of=call, owed=owed,
    )  # fmt: skip
