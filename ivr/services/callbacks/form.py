"""Callbacks asked for on a page of the web, by the same rules as on the telephone.

Nobody on the web has proved that a number is theirs: so each counts as another's, for whoever asks
from one address of the web.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from redis import Redis

from ivr.callbacks.reachable import Reachable, Unreachable, reachable
from ivr.callbacks.record import Callback
from ivr.callbacks.states import find_move
from ivr.callbacks.windows import free_windows
from ivr.config import Config
from ivr.promises.consent import Given
from ivr.promises.mail_rules import read_address
from ivr.services.callbacks.booking import PERSON, NotBooked, NotMoved, Wanted, offers
from ivr.services.callbacks.booking.promising import Booking
from ivr.services.callbacks.form_tokens import BadToken, Form, FormTokens
from ivr.services.callbacks.form_wish import (
    NOTHING,
    PLACE,
    Offered,
    Refused,
    Trouble,
    Wish,
    what_is_wrong,
)
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.estimates import EstimateStore
from ivr.store.form import FormStore
from ivr.store.line import Person
from ivr.store.mail import MailStore

MOST_WINDOWS = 500
"""Windows to choose from: more than four weeks of them would be no help."""
ON_THE_WEB = "the person, on the web"


class CallbackForm:
    """One for each process. Every method that is told the time raises StoreDown."""

    def __init__(self, config: Config, redis: Redis, key: str, *, emails: bool = False) -> None:
        """`emails`: there is somebody who sends them."""
        self.config = config
        self.settings = config.callbacks.form
        self.emails = emails
        self.tokens = FormTokens(key)
        self._booking = Booking(config, redis)
        self._callbacks = CallbackStore(redis)
        self._estimates = EstimateStore(redis)
        self._mail = MailStore(redis)
        self._forms = FormStore(
            redis,
            an_hour=self.settings.an_hour,
            address_an_hour=self.settings.address_an_hour,
        )
        self._line = next(iter(config.lines))

    def offered(self, queue: str, now: float) -> Offered:
        """What can be had for a queue now by somebody who asks for it."""
        settings = self.config.queues.get(queue)
        if settings is None:
            return NOTHING
        look, booking = self._booking.look(queue, now), self._booking
        left = booking.rules.closes_in(queue, now)
        kinds = offers.decide(look, settings, left, now, asked=True).kinds
        if "window" not in kinds or look.capacity is None:
            return Offered(kinds, ())
        rules = replace(offers.window_rules(settings), offered=MOST_WINDOWS)
        windows = free_windows(look.capacity, look.booked, now, rules)
        return Offered(kinds, windows, settings.callbacks.windows)

    def offered_instead(self, stored: StoredCallback, now: float) -> Offered:
        """What a callback can be moved to."""
        callback = stored.callback
        found = self.offered(callback.queue, now)
        if not _may_person("moved", callback):
            return NOTHING
        back = callback.window is not None and _may_person("put_in_line", callback)
        kinds = tuple(kind for kind in found.kinds if kind != PLACE or back)
        windows = tuple(one for one in found.windows if one != callback.window)
        return Offered(kinds, windows, found.first)

    def ahead(self, stored: StoredCallback, now: float) -> int | None:
        """How many are served before, of a place in the line."""
        if stored.callback.state not in ("waiting", "due"):
            return None
        return self._estimates.standing(stored.id, stored.callback.queue, now).ahead

    def ask(self, wish: Wish, token: str, address: str, now: float) -> StoredCallback | Refused:
        """Promise what is wished, once for each form; `address` is the web's, of whoever asks."""
        if wish.website:
            return Refused("program")
        try:
            form = self.tokens.read(token, now)
        except BadToken as error:
            return Refused("token_old" if error.why == "old" else "token_forged")
        number = reachable(wish.number, self._booking.rules.numbers)
        before = self._callbacks.read(form.callback)
        done = None if before is not None else self._ask(wish, form, number, address, now)
        if isinstance(done, StoredCallback):
            return done
        # It may have been sent twice at once, and the other has taken the last room.
        there = before or self._callbacks.read(form.callback)
        if there is not None and _is_same(there, wish, number):
            return there
        return done or Refused("token_used")

    def _ask(
        self, wish: Wish, form: Form, number: Reachable | Unreachable, address: str, now: float
    ) -> StoredCallback | Refused:
        offered = self.offered(wish.queue, now) if wish.queue in self.settings.queues else None
        wrong = what_is_wrong(wish, number, offered)
        if wrong or offered is None or not isinstance(number, Reachable):
            return Refused(fields=wrong)
        return self._book(wish, form, number, offered, self.tokens.who(address), now)

    def find(self, link: str) -> StoredCallback | None:
        """The callback that a link leads to, while it is known."""
        callback = self.tokens.linked(link)
        return None if callback is None else self._callbacks.read(callback)

    def no_more_mail(self, stored: StoredCallback) -> None:
        """The person wants no more mail about it: their address is forgotten, and what has not been
        sent is not sent any more. Raises StoreDown."""
        self._mail.forget(stored.id)

    def move(self, stored: StoredCallback, when: str, now: float) -> StoredCallback | Trouble:
        """Move a callback to a window, or back into the line."""
        offered = self.offered_instead(stored, now)
        if not when:
            return "when_missing"
        if not offered.has(when):
            return "when_gone"
        moved = self._booking.move(stored, offered.window(when), PERSON, now, ON_THE_WEB)
        if isinstance(moved, NotMoved):
            return "when_gone" if moved.why == "no_room" else "not_now"
        return moved

    def cancel(self, stored: StoredCallback, now: float) -> StoredCallback | Trouble:
        """The person does not want it any more."""
        moved = self._booking.cancel(stored, PERSON, now, ON_THE_WEB)
        return "not_now" if isinstance(moved, NotMoved) else moved

    def _book(
        self, wish: Wish, form: Form, number: Reachable, offered: Offered, who: str, now: float
    ) -> StoredCallback | Refused:
        too_often = self._forms.take(form.nonce, who, now)
        if too_often is not None:
            return Refused("too_often" if too_often == "address" else "too_many")
        window = offered.window(wish.when)
        wanted = Wanted(
            id=form.callback, queue=wish.queue, kind="place" if window is None else "window",
            number=number.number, extension=number.extension, language=form.language,
            line=self._line, window=window, source="web", person=self._person(wish, form),
            first_name=wish.name, who=who, other_number=True, texts=wish.texts,
            email=(read_address(wish.email) or "") if self.emails else "",
        )  # fmt: skip
        booked = self._booking.book(wanted, now)
        if isinstance(booked, NotBooked):
            self._forms.give_back(form.nonce, who)
            return _refused(booked)
        if wish.texts and number.mobile:
            self._agree(booked, form, wish, now)
        return booked

    def _agree(self, booked: StoredCallback, form: Form, wish: Wish, now: float) -> None:
        """They want texts. Nobody who may have typed a stranger's number undoes their STOP."""
        consents, number = self._booking.consents, booked.callback.number
        if consents.read(number).stopped is None:
            consents.note(number, Given(now, "web", form.language, wish.name))

    def _person(self, wish: Wish, form: Form) -> Person:
        """What agents are told. What somebody wrote is no `reason`: that is said to whoever
        answers, and nobody can have us say things to strangers."""
        said = (wish.about,) if wish.about else ()
        return Person(line=self._line, language=form.language, name=wish.name, said=said)


def _may_person(event: Literal["moved", "put_in_line", "cancelled"], callback: Callback) -> bool:
    found = find_move(event, callback.state)
    return found is not None and "person" in found.by


def _is_same(stored: StoredCallback, wish: Wish, number: Reachable | Unreachable) -> bool:
    """Whether a form that comes again asks for what it has been promised."""
    return (
        isinstance(number, Reachable)
        and stored.callback.number == number.number
        and stored.callback.extension == number.extension
        and stored.callback.queue == wish.queue
    )


def _refused(booked: NotBooked) -> Refused:
    match booked.why:
        case "open_already":
            return Refused(fields={"number": "number_open"})
        case "number":
            return Refused(fields={"number": "number_stopped"})
        case "no_room":
            return Refused(fields={"when": "when_gone"})
        case "too_many":
            return _too_many(booked)
    return Refused("not_now")


def _too_many(booked: NotBooked) -> Refused:
    match booked.cause:
        case "others_today":
            return Refused("too_often")
        case "everybody_now":
            return Refused("too_many")
    return Refused(fields={"number": "number_often"})
