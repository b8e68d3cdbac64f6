"""Answers what a call asks: what can be offered, may this number be rung, promise it, change it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Literal

from redis import Redis

from ivr.callbacks.offering import Kind
from ivr.callbacks.reachable import Reachable
from ivr.callbacks.record import SYSTEM, Actor, Window
from ivr.callbacks.states import ENDS
from ivr.config import Config
from ivr.engine.call import Call
from ivr.flow.callback_talk import (
    CallbackAnswer,
    CallbackOffer,
    CallbackRequest,
    CallbackWanted,
    ChangeWanted,
    KnownCallback,
    NumberChecked,
    NumberWanted,
    Promised,
    PromiseWanted,
    ReasonTold,
)
from ivr.flow.language import Language
from ivr.services.callbacks.booking import offers
from ivr.services.callbacks.booking.changing import MOST_RACES
from ivr.services.callbacks.booking.keeping import Keeping
from ivr.services.callbacks.booking.promising import Booked, Booking
from ivr.services.callbacks.booking.telling import Telling
from ivr.services.callbacks.booking.untold import Untold, UntoldTexts
from ivr.services.callbacks.booking.wanted import (
    PERSON,
    NotBooked,
    NotMoved,
    Wanted,
    not_rung,
)
from ivr.store.booking import Look
from ivr.store.callbacks import StoredCallback
from ivr.store.changes import person_of
from ivr.store.consent import Given
from ivr.store.estimates import EstimateStore

ON_THE_LINE = "the person waits on the line"
LONGEST_NUMBER = 20


class CallbackDesk:
    """One for each process, for many threads at once. Every method raises StoreDown.

    `opted_out`: the numbers (E.164) that asked not to be called, as the store has them when left
    out.
    """

    def __init__(
        self, config: Config, redis: Redis, languages: Mapping[str, Language],
        opted_out: Container[str] | None = None,
    ) -> None:  # fmt: skip
        self._config = config
        self.booking = Booking(config, redis, opted_out)
        self._keeping = Keeping(self.booking)
        self._telling = Telling(config, EstimateStore(redis), languages)
        self._untold = UntoldTexts(redis)

    # -- For whoever asks in another way than by a call

    def windows(self, queue: str, now: float) -> tuple[Window, ...]:
        """The first windows with room."""
        return self.booking.windows(queue, now)

    def kinds(self, queue: str, now: float) -> tuple[Kind, ...]:
        """What those who wait in the queue may ask for now."""
        return self.booking.kinds(queue, now)

    def book(self, wanted: Wanted, now: float) -> StoredCallback | NotBooked:
        """Promise a callback: it is on disk, or nothing was promised and why. One that was promised
        by this id before is the same success again."""
        return self.booking.book(wanted, now)

    def move(
        self, stored: StoredCallback, window: Window | None, actor: Actor, now: float,
        reason: str = "",
    ) -> StoredCallback | NotMoved:  # fmt: skip
        """To another window, or without one to its old place in the line."""
        return self.booking.move(stored, window, actor, now, reason)

    def cancel(
        self, stored: StoredCallback, actor: Actor, now: float, reason: str = ""
    ) -> StoredCallback | NotMoved:
        """The person does not want it any more."""
        return self.booking.cancel(stored, actor, now, reason)

    # -- For calls

    def answer(self, request: CallbackRequest, call: Call, now: float) -> CallbackAnswer:
        """What a call asks, at `now`."""
        match request:
            case CallbackWanted():
                return self._offer(request, call, now)
            case NumberWanted():
                return self._check(request.keys)
            case PromiseWanted():
                return self._promise(request, call, now)
            case ChangeWanted():
                return self._change(request, call, now)
            case ReasonTold():
                return self._note_reason(request)

    def _offer(self, request: CallbackWanted, call: Call, now: float) -> CallbackOffer:
        booking, settings = self.booking, self._config.queues.get(request.queue)
        if not request.queue and not booking.store.knows(call.caller or ""):
            # Most who ring have no callback: they are not to wait until everything was read.
            return CallbackOffer(why_not="not_here")
        own = booking.check(call.caller or "", unread=True)
        theirs = own.number if isinstance(own, Reachable) else call.caller or ""
        look = booking.look(request.queue, now, theirs)
        if look.keeping:
            # They ring again before a worker has seen to it.
            self._keeping.keep(look.keeping, now)
            look = booking.look(request.queue, now, theirs)
        untold = self._untold.of(look.untold)
        known = self._known(request.queue, look, theirs, call, now, untold)
        told, windows = self._telling, self._instead(known, look, now)
        if settings is None:
            said = told.windows(windows, theirs, call.language, now)
            return CallbackOffer(
                windows=said, why_not="not_here", known=known,
                untold=untold.to_read, notices=untold.about(known, look.known),
            )  # fmt: skip
        if isinstance(own, Reachable) and booking.refuses(own.number, look):
            own = "opted_out"
        number = own.number if isinstance(own, Reachable) else ""
        found = offers.offered(
            request, look, settings, booking.rules.closes_in(request.queue, now), now,
            self._config.callbacks.limits.everybody_an_hour,
        )  # fmt: skip
        windows = windows or found.windows
        texts: Literal["ask", "given", "no"] = "no"
        if isinstance(own, Reachable) and own.mobile and not look.consent.carrier_stops:
            texts = "given" if look.consent.may_text else "ask"
        return CallbackOffer(
            kinds=found.kinds,
            windows=told.windows(windows, number, call.language, now),
            number=number,
            said=told.words(offers.told_words(look.board, now), number, call.language, now)
            if "place" in found.kinds
            else "",
            texts=texts,
            ask_reason=not call.path and not call.said,
            why_not=found.why_not,
            why_number="" if isinstance(own, Reachable) else not_rung(own),
            known=known,
            untold=untold.to_read,
            notices=untold.about(known, look.known),
        )

    def _known(
        self, queue: str, look: Look, number: str, call: Call, now: float, untold: Untold
    ) -> KnownCallback | None:
        of_queue = [one for one in look.known if queue in ("", one.callback.queue)]
        if not of_queue:
            return None
        return self._telling.known(of_queue, number, call.language, now, untold.subjects)

    def _instead(
        self, known: KnownCallback | None, look: Look, now: float
    ) -> tuple[Window, ...]:  # fmt: skip
        """The windows that a callback of theirs can be moved to."""
        if known is None or "move" not in known.choices:
            return ()
        if known.queue == look.board.queue:
            return offers.windows_of(look, self._config.queues[known.queue], now)
        return self.booking.windows(known.queue, now)

    def _check(self, keys: str) -> NumberChecked:
        text = keys[:LONGEST_NUMBER].replace("#", "")
        found = self.booking.check("+" + text[2:] if text.startswith("00") else text)
        if not isinstance(found, Reachable):
            return NumberChecked(why=not_rung(found))
        return NumberChecked(found.number, found.extension)

    def _promise(self, request: PromiseWanted, call: Call, now: float) -> Promised:
        if request.texts:
            number = self._theirs(call) or request.number
            given = Given(now, "call", call.language, person_of(call).name)
            self.booking.consents.note(number, given, on_disk=False)
        window = None if request.window is None else Window(*request.window)
        done = self.booking.promise(
            Wanted(
                id=f"{call.id}-cb{call.turn}", queue=request.queue, kind=request.kind,
                number=request.number, language=call.language, line=call.line, window=window,
                extension=request.extension, first=request.first, boost=request.boost,
                caller=call.caller, call=call.id, source="call", person=person_of(call),
                other_number=request.number != call.caller, instead_of=call.id,
                texts=request.texts,
            ),
            now,
        )  # fmt: skip
        if isinstance(done, NotBooked):
            windows = self._telling.windows(done.windows, request.number, call.language, now)
            return Promised(done.why, windows=windows)
        return self._promised(done, call, now)

    def _change(self, request: ChangeWanted, call: Call, now: float) -> Promised:
        stored = self.booking.calling.callbacks.read(request.callback)
        if stored is None:
            return Promised("not_now")
        match request.change:
            case "cancel":
                done = self.booking.cancel(stored, PERSON, now)
            case "move":
                window = None if request.window is None else Window(*request.window)
                done = self.booking.move(stored, window, PERSON, now, receipt=True)
            case "wait_here":
                done = self._wait_here(stored, call, now)
        if isinstance(done, NotMoved):
            number = stored.callback.number
            windows = self._telling.windows(done.windows, number, call.language, now)
            return Promised("no_room" if done.why == "no_room" else "not_now", windows=windows)
        return self._promised(Booked(done), call, now)

    def _wait_here(
        self, stored: StoredCallback, call: Call, now: float
    ) -> StoredCallback | NotMoved:
        """A window stays promised until they are served; a place is the one that they wait at."""
        if stored.callback.state in ENDS or stored.callback.state == "booked":
            return stored
        return self.booking.supersede(stored, SYSTEM, now, ON_THE_LINE, waits_in=call.id)

    def _note_reason(self, request: ReasonTold) -> Promised:
        booking = self.booking
        for _ in range(MOST_RACES):
            stored = booking.calling.callbacks.read(request.callback)
            if stored is None:
                return Promised("not_now")
            if booking.store.note_reason(stored, request.recording):
                return Promised(callback=stored.id)
        return Promised("not_now")

    def _promised(self, done: Booked, call: Call, now: float) -> Promised:
        callback, told = done.stored.callback, self._telling
        if callback.window is not None:
            said = told.window(callback.window, callback.number, call.language, now)
        else:
            said = told.words(done.words, callback.number, call.language, now)
        return Promised(
            callback=callback.id, said=said, code=done.stored.about.code, text=done.text
        )

    def _theirs(self, call: Call) -> str:
        """The number that they ring from, where a text may reach it; empty where none may."""
        own = self.booking.check(call.caller or "", unread=True)
        return own.number if isinstance(own, Reachable) and own.mobile else ""
