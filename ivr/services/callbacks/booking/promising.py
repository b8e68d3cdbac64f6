"""The one place where callbacks are promised, moved and cancelled, whoever asks."""

from __future__ import annotations

import secrets
from collections.abc import Container

from msgspec import Struct
from redis import Redis

from ivr.callbacks import limits
from ivr.callbacks.moves import Details, Refused, promise
from ivr.callbacks.offering import Kind
from ivr.callbacks.reachable import Reachable, Unreachable, reachable
from ivr.callbacks.record import Actor, Window
from ivr.callbacks.states import ENDS, Event
from ivr.callbacks.windows import has_room
from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.promises.updates import FINE, Words
from ivr.promises.wordings import TextKind
from ivr.services.callbacks.booking import offers
from ivr.services.callbacks.booking.rooms import Rooms
from ivr.services.callbacks.booking.wanted import (
    Cause,
    NotBooked,
    NotMoved,
    Wanted,
    not_booked,
    not_moved,
    number_not_rung,
)
from ivr.services.callbacks.calling.desk import CallingDesk
from ivr.services.texts.composing import Composer
from ivr.staff import QueueSettings
from ivr.store.booking import BookingStore, Look
from ivr.store.callbacks import About, Asking, StoredCallback
from ivr.store.consent import ConsentStore
from ivr.store.line import Person
from ivr.store.outbox import OutboxStore, OutboxText

TEXT_WITHIN = 300.0
"""Seconds within which somebody gets the text that they were told of."""
MOST_RACES = 4
"""How often a change is tried anew where somebody else has made one meanwhile."""


class Booked(Struct, frozen=True):
    """A callback that is promised. `words`: when its turn comes, where it is a place and that may
    be told. `text`: they get a text about it."""

    stored: StoredCallback
    words: Words | None = None
    text: bool = False


class Booking:
    """One for each process, for many threads at once. Every method raises StoreDown.

    `opted_out`: the numbers (E.164) that asked not to be called, as the store has them when left
    out.
    """

    def __init__(
        self, config: Config, redis: Redis, opted_out: Container[str] | None = None
    ) -> None:
        self.config = config
        self.calling = CallingDesk(config, redis)
        self.rules = self.calling.rules
        self.store = BookingStore(redis)
        self.consents = ConsentStore(redis)
        self.rooms = Rooms(config, redis)
        self.composer = Composer(config, redis, load_languages())
        self.outbox = OutboxStore(redis)
        self._opted_out = opted_out

    # -- What there is

    def look(self, queue: str, now: float, number: str = "", callback: str = "") -> Look:
        """A queue and a number; what room its windows have is worked out where nobody has."""
        found = self.store.look(queue, now, number, callback)
        if found.capacity is None and queue in self.config.queues:
            self.rooms.work_out(queue, now)
            found = self.store.look(queue, now, number, callback)
        return found

    def windows(self, queue: str, now: float) -> tuple[Window, ...]:
        """The first windows with room; none of a queue that is not there."""
        settings = self.config.queues.get(queue)
        return () if settings is None else self._windows(self.look(queue, now), settings, now)

    def kinds(self, queue: str, now: float) -> tuple[Kind, ...]:
        """What is offered to whoever joins now."""
        settings = self.config.queues.get(queue)
        if settings is None:
            return ()
        left = self.rules.closes_in(queue, now)
        return offers.decide(self.look(queue, now), settings, left, now).kinds

    def check(self, number: str, *, unread: bool = False) -> Reachable | Unreachable:
        """Whether a number may be rung, as it was given; `unread`: whatever its owner wants, which
        `refuses` tells of somebody who was looked at."""
        opted_out = self.consents.opted_out if self._opted_out is None else self._opted_out
        return reachable(number, self.rules.numbers, () if unread else opted_out)

    def refuses(self, number: str, look: Look) -> bool:
        """Whether its owner asked not to be called."""
        return look.refuses_calls if self._opted_out is None else number in self._opted_out

    # -- Promising

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
        look = self.look(wanted.queue, now, callback=wanted.id)
        if look.before is not None:
            # Whoever wrote it may have died before it was on disk.
            self.calling.callbacks.disk.settle()
            return self._before(look.before, look, now)
        found = self.check(wanted.number)
        if not isinstance(found, Reachable):
            return number_not_rung(found)
        free = self._windows(look, settings, now)
        against = self._against(wanted, look, settings, now)
        if against is not None:
            return not_booked(against, free)
        promised = promise(
            wanted.id, wanted.queue, found.number, settings.callbacks.matter or wanted.queue,
            now if wanted.first is None else wanted.first, wanted.actor, now,
            window=wanted.window, until=self._until(wanted, look, settings, now),
            extension=wanted.extension or found.extension,
            agent_first=settings.callbacks.first == "agent",
        )  # fmt: skip
        about = self._about(wanted, settings)
        text = self._receipt(wanted, StoredCallback(promised[0], about), look, now)
        stored = self.calling.callbacks.promise(
            promised, about, self._asking(wanted), now,
            capacity=room_of(look, wanted.window),
            most_places=self._most_places(wanted, look, settings),
            instead_of=wanted.instead_of,
            texts=() if text is None else (text,),
        )  # fmt: skip
        if isinstance(stored, StoredCallback):
            words = offers.told_words(look.board, now) if wanted.window is None else None
            return Booked(stored, words, text is not None)
        if stored == "promised_before":
            return self.promise(wanted, now)
        return not_booked(stored, free)

    def _before(self, stored: StoredCallback, look: Look, now: float) -> Booked:
        """What was promised before is told as it was written, whatever is known now."""
        words = offers.told_words(look.board, now) if stored.callback.window is None else None
        if words is not None:
            ends = int(stored.callback.until)
            words = Words(min(words.begins, ends - FINE), ends)
        return Booked(stored, words, bool(self.outbox.of(stored.id)))

    def _against(
        self, wanted: Wanted, look: Look, settings: QueueSettings, now: float
    ) -> Cause | None:
        told = settings.callbacks
        if wanted.source in ("call", "web") and (not told.offer or wanted.kind not in told.kinds):
            return "not_here"
        if wanted.window is not None:
            rules = offers.window_rules(settings)
            known = look.capacity
            fits = known and has_room(known, look.booked, wanted.window, now, rules)
            return None if fits else "no_room"
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
        words = offers.told_words(look.board, now)
        return now + self.rules.closes_in(wanted.queue, now) if words is None else words.ends

    def _most_places(self, wanted: Wanted, look: Look, settings: QueueSettings) -> int | None:
        # The place of one who hung up is there already: it only changes its kind.
        if wanted.window is not None or wanted.source == "hung_up":
            return None
        return max(1, int(settings.callbacks.share / 100 * look.board.waiting))

    def _receipt(
        self, wanted: Wanted, stored: StoredCallback, look: Look, now: float
    ) -> OutboxText | None:
        """The text that goes with the promise; None where they want none or get none."""
        if wanted.texts is False:
            return None
        kind: TextKind = "receipt_window" if wanted.window is not None else "receipt_place"
        if wanted.source == "hung_up" and wanted.window is None:
            kind = "kept_place"
        asked = wanted.texts is True or wanted.source == "hung_up"
        if asked and wanted.source != "call":
            # They have not told us themselves that the telephone is theirs: a stop stays one.
            numbers = self.composer.numbers(stored)
            asked = all(one.stopped is None for one in self.consents.read_all(numbers))
        words = offers.told_words(look.board, now) if wanted.window is None else None
        return self.composer.write(
            kind, stored, now, when=None if words is None else (words.begins, words.ends),
            asked=asked, promised_by=now + TEXT_WITHIN if wanted.texts else None,
        )  # fmt: skip

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
        return Asking(
            limits.Limits(
                told.number_a_day, told.calls_a_day, told.others_a_day, told.everybody_an_hour
            ),
            wanted.who or wanted.caller or "",
            wanted.other_number,
        )

    # -- Changing

    def move(
        self, stored: StoredCallback, window: Window | None, actor: Actor, now: float,
        reason: str = "",
    ) -> StoredCallback | NotMoved:  # fmt: skip
        """To another window, or without one to its old place in the line."""
        queue = stored.callback.queue
        settings = self.config.queues.get(queue) or QueueSettings()
        look = self.look(queue, now)
        if window is not None:
            if stored.callback.window == window and stored.callback.state == "booked":
                return stored
            rules, known = offers.window_rules(settings), look.capacity
            if known is None or not has_room(known, look.booked, window, now, rules):
                return not_moved("no_room", self._windows(look, settings, now))
            details = Details(reason or "another time was wanted", window)
            done = self._change(
                stored, "moved", actor, now, details, capacity=room_of(look, window)
            )
            if isinstance(done, NotMoved) and done.why == "no_room":
                return not_moved("no_room", self.windows(queue, now))
            return done
        if stored.callback.window is None and stored.callback.state not in ENDS:
            return stored
        words = offers.told_words(look.board, now)
        until = now + self.rules.closes_in(queue, now) if words is None else words.ends
        details = Details(reason or "the place in the line was wanted", until=until)
        return self._change(stored, "put_in_line", actor, now, details)

    def cancel(
        self, stored: StoredCallback, actor: Actor, now: float, reason: str = ""
    ) -> StoredCallback | NotMoved:
        """The person does not want it any more."""
        if stored.callback.state == "cancelled":
            return stored
        return self._change(stored, "cancelled", actor, now, Details(reason))

    def supersede(
        self, stored: StoredCallback, actor: Actor, now: float, reason: str
    ) -> StoredCallback | NotMoved:
        """The person is served in another way."""
        if stored.callback.state == "superseded":
            return stored
        return self._change(stored, "superseded", actor, now, Details(reason))

    def _change(
        self, stored: StoredCallback, event: Event, actor: Actor, now: float, details: Details,
        *, capacity: int = 0,
    ) -> StoredCallback | NotMoved:  # fmt: skip
        """Make the move, also where the callback has come a step further since it was read. On disk
        when it returns."""
        callbacks = self.calling.callbacks
        for _ in range(MOST_RACES):
            agent = self._agent_with(stored)
            try:
                moved = callbacks.move(
                    stored, event, actor, now, details, capacity=capacity, on_disk=True
                )
            except Refused as error:
                return NotMoved("refused", str(error))
            if isinstance(moved, StoredCallback):
                if agent:
                    self.calling.ringing.lose_person(agent, now)
                return moved
            if moved != "changed":
                return not_moved(moved)
            again = callbacks.read(stored.id)
            if again is None:
                break
            stored = again
        return not_moved("changed")

    def _agent_with(self, stored: StoredCallback) -> str:
        """The reservation of an agent who has accepted it and waits for the person."""
        waits = ("reserved", "attempt_written", "dialling", "answered", "at_machine")
        return self.calling.reservation_of(stored.id) if stored.callback.state in waits else ""

    def _windows(self, look: Look, settings: QueueSettings, now: float) -> tuple[Window, ...]:
        return offers.windows_of(look, settings, now)


def room_of(look: Look, window: Window | None) -> int:
    """How many callbacks a window has room for."""
    if look.capacity is None or window is None:
        return 0
    rooms = dict(zip(look.capacity.windows, look.capacity.room, strict=True))
    return rooms.get(window, 0)
