"""What is done about somebody's text: their callback, and their consent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct, structs
from redis import Redis

from ivr.callbacks.record import Actor, Window
from ivr.callbacks.states import ENDS
from ivr.config import Config
from ivr.promises.answers import Answer
from ivr.promises.consent import Given, Stopped
from ivr.promises.replies import Reply
from ivr.promises.wordings import TextKind
from ivr.promises.writing import MOST_CHOICES
from ivr.services.callbacks.booking.wanted import NotBooked, NotMoved, Wanted
from ivr.services.texts.composing import NOTHING, Told
from ivr.services.texts.standing import Standings
from ivr.services.texts.writers import Writer
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.consent import ConsentStore
from ivr.store.heard import HeardStore
from ivr.store.outbox import Change, OutboxStore

PERSON = Actor("person")
BY_TEXT = "by text"


class Desk(Protocol):
    """Where callbacks are promised and changed: `ivr.services.callbacks.booking.CallbackDesk`."""

    def windows(self, queue: str, now: float) -> tuple[Window, ...]: ...

    def book(self, wanted: Wanted, now: float) -> StoredCallback | NotBooked: ...

    def move(
        self, stored: StoredCallback, window: Window | None, actor: Actor, now: float,
        reason: str = "",
    ) -> StoredCallback | NotMoved: ...  # fmt: skip

    def cancel(
        self, stored: StoredCallback, actor: Actor, now: float, reason: str = ""
    ) -> StoredCallback | NotMoved: ...


class Done(Struct, frozen=True):
    """What is said, after what was done: `about` as it stands then, `windows` that were offered."""

    kind: TextKind | None
    told: Told = NOTHING
    about: StoredCallback | None = None
    windows: tuple[Window, ...] = ()


class Deeds:
    """Every method raises StoreDown."""

    def __init__(self, config: Config, redis: Redis, desk: Desk) -> None:
        self._desk = desk
        self._callbacks = CallbackStore(redis)
        self._consents = ConsentStore(redis)
        self._outbox = OutboxStore(redis)
        self._heard = HeardStore(redis)
        self._standings = Standings(config, redis)

    def free(self, about: StoredCallback, now: float) -> tuple[Window, ...]:
        """Times to which it could be moved."""
        return _others(self._desk.windows(about.callback.queue, now), about)

    def do(
        self, known: Writer, answer: Answer, reply: Reply, about: StoredCallback | None,
        windows: tuple[Window, ...], now: float,
    ) -> Done:  # fmt: skip
        """What `reply` says that follows from an answer; `windows` are free now."""
        done = Done(reply.text, about=about)
        for deed in reply.deeds:
            match deed:
                case "stop_texts":
                    self._stop(known.text.sender, answer, now)
                case "start_texts":
                    self._start(known, now)
                case "cancel" if about is not None:
                    done = self._cancel(reply, about, now)
                case "move" if about is not None and answer.number is not None:
                    window = known.conversation.windows[answer.number - 1]
                    done = self._put(known, reply, about, window, now)
                case "back_in_line" if about is not None:
                    done = self._put(known, reply, about, None, now)
        if reply.text == "windows":
            choices = tuple((one.begins, one.ends) for one in windows)
            return structs.replace(done, told=Told(choices=choices), windows=windows)
        if answer.wish == "how_long" and reply.text is not None:
            on_the_line = self._standings.on_the_line(known.text.sender)
            if on_the_line is not None:
                return Done(on_the_line[0], on_the_line[1])
        if answer.wish == "how_long" and about is not None and reply.text is not None:
            kind, told = self._standings.told(about, now)
            return structs.replace(done, kind=kind, told=told)
        return done

    def _stop(self, number: str, answer: Answer, now: float) -> None:
        """What has not been sent is not sent any more."""
        self._consents.note(number, Stopped(now, "carrier" if answer.carrier else "text"))
        for one in self._outbox.to(number):
            if one.state == "wanted":
                stands = structs.replace(
                    one.stands, state="opted_out", since=now, reason="they want no more texts"
                )
                self._outbox.write(one, Change(stands, told="opted_out"), now)

    def _start(self, known: Writer, now: float) -> None:
        given = known.consent.given
        name = given.first_name if given is not None else ""
        self._consents.note(known.text.sender, Given(now, "text", known.language, name))
        if known.about is not None:
            self._heard.forget((known.about.id,))

    def _cancel(self, reply: Reply, about: StoredCallback, now: float) -> Done:
        after = self._desk.cancel(about, PERSON, now, BY_TEXT)
        if isinstance(after, NotMoved):
            return self._as_it_stands(about, now)
        return Done(reply.text, about=after)

    def _put(
        self, known: Writer, reply: Reply, about: StoredCallback, window: Window | None, now: float
    ) -> Done:
        """Into a window, or without one into the line; one that has ended is promised anew."""
        after: StoredCallback | NotMoved | NotBooked
        if about.callback.state in ENDS:
            after = self._desk.book(_anew(about, known, window), now)
        else:
            after = self._desk.move(about, window, PERSON, now, BY_TEXT)
        if isinstance(after, StoredCallback):
            return Done(reply.text, about=after)
        if after.why == "no_room":
            return self._offer(about, after.windows)
        return self._as_it_stands(about, now)

    def _offer(self, about: StoredCallback, windows: Sequence[Window]) -> Done:
        """Other times, where the one wanted cannot be had."""
        free = _others(windows, about)
        if not free:
            ended = about.callback.state in ENDS
            return Done("nothing_open" if ended else "no_windows", about=about)
        choices = tuple((one.begins, one.ends) for one in free)
        return Done("windows", Told(choices=choices), about, free)

    def _as_it_stands(self, about: StoredCallback, now: float) -> Done:
        """What was wanted cannot be done (any more): they are told how it stands."""
        again = self._callbacks.read(about.id) or about
        if again.callback.state in ENDS:
            return Done("nothing_open", about=again)
        kind, told = self._standings.told(again, now)
        return Done(kind, told, again)


def _others(windows: Sequence[Window], about: StoredCallback) -> tuple[Window, ...]:
    """Windows beside the one that they have, as many as a text tells."""
    return tuple(one for one in windows if one != about.callback.window)[:MOST_CHOICES]


def _anew(ended: StoredCallback, known: Writer, window: Window | None) -> Wanted:
    """The same again, for somebody who was not reached: at their old place, where it is one."""
    callback, about = ended.callback, ended.about
    return Wanted(
        id=f"{known.text.id}-cb", queue=callback.queue, kind="window" if window else "place",
        number=callback.number, language=about.person.language or known.language,
        line=about.person.line, window=window, extension=callback.extension,
        first=callback.rang_at, boost=about.boost, caller=about.person.caller, source="text",
        actor=PERSON, person=about.person, reason=about.reason, owed=True,
    )  # fmt: skip
