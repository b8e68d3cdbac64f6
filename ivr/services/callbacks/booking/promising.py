"""The one place where callbacks are promised, moved and cancelled, whoever asks."""

from __future__ import annotations

import secrets

from msgspec import Struct

from ivr.callbacks import limits
from ivr.callbacks.moves import promise
from ivr.callbacks.reachable import Reachable
from ivr.callbacks.windows import has_room
from ivr.promises.updates import FINE, Words
from ivr.promises.wordings import TextKind
from ivr.services.callbacks.booking import offers
from ivr.services.callbacks.booking.changing import Changing
from ivr.services.callbacks.booking.ground import room_of
from ivr.services.callbacks.booking.wanted import (
    Cause,
    NotBooked,
    Wanted,
    not_booked,
    number_not_rung,
)
from ivr.services.texts.composing import Told
from ivr.staff import QueueSettings
from ivr.store.booking import Look
from ivr.store.callbacks import About, Asking, StoredCallback
from ivr.store.consent import Consent
from ivr.store.line import Person
from ivr.store.mail import MailTo, as_stored
from ivr.store.outbox import OutboxText

NO_LIMITS = limits.Limits(1_000_000, 1_000_000, 1_000_000, 1_000_000)
OFFERED_TO = ("call", "web")
"""Sources that get what the queue offers; others have a say of their own."""
TEXT_WITHIN = 300.0
"""Seconds within which somebody gets the text that they were told of."""


class Booked(Struct, frozen=True):
    """A callback that is promised. `words`: when its turn comes, where it is a place and that may
    be told. `text`: they get a text about it."""

    stored: StoredCallback
    words: Words | None = None
    text: bool = False


class Booking(Changing):
    """One for each process, for many threads at once. Every method raises StoreDown.

    `opted_out`: the numbers (E.164) that asked not to be called, as the store has them when left
    out.
    """

    def book(self, wanted: Wanted, now: float) -> StoredCallback | NotBooked:
        """`promise`, for whoever tells nothing of it."""
        done = self.promise(wanted, now)
        return done if isinstance(done, NotBooked) else done.stored

    def promise(self, wanted: Wanted, now: float) -> Booked | NotBooked:
        """Promise a callback: it is on disk, or nothing was promised and why.

        One that was promised by this id before is the same success again.
        """
        settings = self.config.queues.get(wanted.queue)
        if settings is None:
            return not_booked("unknown_queue")
        found = self.check(wanted.number, unread=True)
        number = found.number if isinstance(found, Reachable) else ""
        look = self.look(wanted.queue, now, number, wanted.id)
        if look.before is not None:
            # Whoever wrote it may have died before it was on disk.
            self.calling.callbacks.disk.settle()
            return self._before(look.before, look, now)
        if isinstance(found, Reachable) and self.refuses(number, look):
            found = "opted_out"
        if not isinstance(found, Reachable):
            return number_not_rung(found)
        against = self._against(wanted, look, settings, now)
        if against is not None:
            return not_booked(against, offers.windows_of(look, settings, now))
        promised = promise(
            wanted.id, wanted.queue, found.number, settings.callbacks.matter or wanted.queue,
            now if wanted.first is None else wanted.first, wanted.actor, now,
            window=wanted.window, until=self._until(wanted, look, settings, now),
            extension=wanted.extension or found.extension,
            agent_first=settings.callbacks.first == "agent",
        )  # fmt: skip
        about = self._about(wanted, settings)
        text, mail = self._receipts(wanted, StoredCallback(promised[0], about), look, now)
        mail_to = MailTo(wanted.email, now, "web" if wanted.source == "web" else "agent")
        stored = self.calling.callbacks.promise(
            promised, about, self._asking(wanted), now,
            capacity=room_of(look, wanted.window),
            most_places=self._most_places(wanted, look, settings),
            instead_of=wanted.instead_of,
            texts=tuple(one for one in (text, mail) if one is not None),
            mail=as_stored(mail_to) if wanted.email else b"",
        )  # fmt: skip
        if isinstance(stored, StoredCallback):
            words = offers.told_words(look.board, now) if wanted.window is None else None
            return Booked(stored, words, text is not None)
        if stored == "promised_before":
            return self.promise(wanted, now)
        return not_booked(stored, self.windows(wanted.queue, now))

    def _before(self, stored: StoredCallback, look: Look, now: float) -> Booked:
        """What was promised before is told as it was written, whatever is known now."""
        words = offers.told_words(look.board, now) if stored.callback.window is None else None
        if words is not None:
            ends = int(stored.callback.until)
            words = Words(min(words.begins, ends - FINE), ends)
        texts = self.outbox.of(stored.id)
        return Booked(stored, words, any(not one.text.by_mail for one in texts))

    def _against(
        self, wanted: Wanted, look: Look, settings: QueueSettings, now: float
    ) -> Cause | None:
        told = settings.callbacks
        if wanted.source in OFFERED_TO and (not told.offer or wanted.kind not in told.kinds):
            return "not_here"
        if wanted.window is not None:
            rules = offers.window_rules(settings)
            known = look.capacity
            fits = known and has_room(known, look.booked, wanted.window, now, rules)
            return None if fits else "no_room"
        if wanted.owed:
            return None
        left = self.rules.closes_in(wanted.queue, now)
        if left <= 0:
            return "closed"
        latest = offers.joining(look.board, settings, now).high
        return "closing" if latest + told.before_closing > left else None

    def _until(
        self, wanted: Wanted, look: Look, settings: QueueSettings, now: float
    ) -> float | None:
        """Of a place: the end of the time that they are told; of the hours, where they are told
        none."""
        if wanted.window is not None:
            return None
        return self.until(wanted.queue, offers.told_words(look.board, now), now)

    def _most_places(self, wanted: Wanted, look: Look, settings: QueueSettings) -> int | None:
        # The place of one who hung up is there already: it only changes its kind.
        if wanted.window is not None or wanted.source == "hung_up":
            return None
        return max(1, int(settings.callbacks.share / 100 * look.board.waiting))

    def _receipts(
        self, wanted: Wanted, stored: StoredCallback, look: Look, now: float
    ) -> tuple[OutboxText | None, OutboxText | None]:
        """The text and the mail that go with the promise; None where they want none or get none."""
        kind: TextKind = "receipt_window" if wanted.window is not None else "receipt_place"
        if wanted.source == "hung_up" and wanted.window is None:
            kind = "kept_place"
        consents = self._consents(stored, look)
        asked = wanted.texts is True or wanted.source == "hung_up"
        if asked and wanted.source != "call":
            # They have not told us themselves that the telephone is theirs: a stop stays one.
            asked = all(one.stopped is None for one in consents.values())
        words = offers.told_words(look.board, now) if wanted.window is None else None
        told = Told(None if words is None else (words.begins, words.ends))
        mail = None
        if wanted.email:
            mail = self.composer.write_mail(kind, stored, now, told, given=True)
        if wanted.texts is False:
            return None, mail
        text = self.composer.write_with(
            kind, stored, consents, now, told, asked=asked,
            promised_by=now + TEXT_WITHIN if wanted.texts else None,
        )  # fmt: skip
        return text, mail

    def _consents(self, stored: StoredCallback, look: Look) -> dict[str, Consent]:
        """Of the numbers that texts may go to."""
        known = {stored.callback.number: look.consent}
        others = tuple(one for one in self.composer.numbers(stored) if one not in known)
        return known | dict(zip(others, self.consents.read_all(others), strict=True))

    def _about(self, wanted: Wanted, settings: QueueSettings) -> About:
        person = wanted.person or Person(
            line=wanted.line or next(iter(self.config.lines)), language=wanted.language,
            caller=wanted.caller, name=wanted.first_name, path=wanted.path,
        )  # fmt: skip
        code = f"{secrets.randbelow(1000):03}" if settings.callbacks.code else ""
        return About(
            person, wanted.boost, wanted.call, wanted.source, wanted.reason, code,
        )  # fmt: skip

    def _asking(self, wanted: Wanted) -> Asking:
        told = self.config.callbacks.limits
        if wanted.owed:
            return Asking(NO_LIMITS)
        return Asking(
            limits.Limits(
                told.number_a_day, told.calls_a_day, told.others_a_day, told.everybody_an_hour
            ),
            wanted.who or wanted.caller or "",
            wanted.other_number,
        )
