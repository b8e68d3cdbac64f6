"""A text to somebody who has, or had, a callback: whether they may be sent it, and its words.

Where they cannot be texted, and gave an address for this callback, it goes by mail.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from msgspec import Struct, structs
from phonenumbers import PhoneNumberFormat
from redis import Redis

from ivr.callbacks.reachable import Reachable, reachable
from ivr.callbacks.wording import zone_of
from ivr.config import Config
from ivr.flow.language import Language
from ivr.flow.spoken import Unsayable
from ivr.promises.consent import Consent
from ivr.promises.outbox_rules import kind_rule, useful_until
from ivr.promises.senders import choose_sender
from ivr.promises.wordings import TextKind, load_wordings
from ivr.promises.writing import Fill, write_text
from ivr.services.callbacks.calling.rules import CallingRules
from ivr.services.mail.composing import MailComposer
from ivr.store.callbacks import StoredCallback
from ivr.store.consent import ConsentStore
from ivr.store.outbox import OutboxText

logger = logging.getLogger(__name__)

Span = tuple[float, float]
"""From when until when, in seconds since 1970."""

_WITHOUT_TIME: Mapping[TextKind, TextKind] = {
    "receipt_place": "receipt_place_open", "kept_place": "kept_place_open", "sorry": "sorry_open",
    "status_time": "status_open",
}  # fmt: skip
"""What is written instead where no time can be told."""
_WITH_WINDOW = ("receipt_window", "status_window")


class Recipient(Struct, frozen=True):
    """Whom a text goes to: a mobile number (E.164), and how they are spoken to. `line` is the line
    of `config.yaml` that they know us by."""

    number: str
    language: str
    line: str = ""
    first_name: str = ""


class Told(Struct, frozen=True):
    """What is filled into a text; see `ivr.promises.writing.Fill`."""

    when: Span | None = None
    until: float | None = None
    minutes: int | None = None
    ahead: int | None = None
    choices: tuple[Span, ...] = ()


NOTHING = Told()


class Composer:
    """Writes texts; sends none. One for many threads."""

    def __init__(self, config: Config, redis: Redis, languages: Mapping[str, Language]) -> None:
        self._config = config
        self._languages = tuple(languages)
        self._consents = ConsentStore(redis)
        self._mails = MailComposer(config, redis)
        self._rules = CallingRules(config)
        self._zone = ZoneInfo(config.time_zone)
        self._senders = config.text_senders
        self._company = config.texts.name(config.company)
        self._soon = round(config.texts.updates.soon / 60)
        self._mobile = lru_cache(maxsize=65_536)(self._mobile_of)

    def write(
        self,
        kind: TextKind,
        stored: StoredCallback,
        now: float,
        *,
        when: Span | None = None,
        until: float | None = None,
        minutes: int | None = None,
        ahead: int | None = None,
        choices: Sequence[Span] = (),
        asked: bool = False,
        serial: str = "",
        promised_by: float | None = None,
    ) -> OutboxText | None:
        """The text, by mail where it must be; or None where the person cannot be sent it.

        `asked`: they want this one, whether or not they agreed to be sent texts. A kind that tells
        a time is written without one where `when` is left out; the window, the minutes of `soon`
        and the time of `not_reached` are the callback's own. The same arguments make the same id:
        `serial` tells two texts of a kind apart that are sent in one state. `promised_by`: they
        were told that it comes by then. Takes one round trip, and one more where mail is set up
        and no text can be sent; raises StoreDown.
        """
        numbers = self.numbers(stored)
        consents = self._consents.read_all(numbers)
        told = Told(when, until, minutes, ahead, tuple(choices))
        text = self.write_with(
            kind, stored, dict(zip(numbers, consents, strict=True)), now, told,
            asked=asked, serial=serial, promised_by=promised_by,
        )  # fmt: skip
        return text or self.write_mail(kind, stored, now, told, serial=serial)

    def write_with(
        self,
        kind: TextKind,
        stored: StoredCallback,
        consents: Mapping[str, Consent],
        now: float,
        told: Told = NOTHING,
        *,
        asked: bool = False,
        serial: str = "",
        promised_by: float | None = None,
    ) -> OutboxText | None:
        """The text where the consents of `numbers` have been read already; never by mail."""
        to = self.recipient(stored, consents, asked=asked)
        if to is None:
            return None
        text_id = f"{stored.id}-{kind}-{stored.callback.moves}{serial}"
        written = self.write_to(
            kind, to, now, self.completed(kind, stored, told), text_id=text_id, subject=stored.id
        )
        if written is None:
            return None
        return structs.replace(
            written, queue=stored.callback.queue, call=stored.about.call, promised_by=promised_by
        )

    def write_mail(
        self,
        kind: TextKind,
        stored: StoredCallback,
        now: float,
        told: Told = NOTHING,
        *,
        serial: str = "",
        given: bool = False,
    ) -> OutboxText | None:
        """The same by mail, to whoever gave an address for this callback, or gives it with the
        change that this mail belongs to (`given`); None where such a thing is not mailed. Where
        mail is set up, takes one round trip; raises StoreDown."""
        told = self.completed(kind, stored, told)
        wanted = _WITHOUT_TIME.get(kind, kind) if told.when is None else kind
        if not given and not self._mails.wanted(wanted, stored):
            return None
        person, number = stored.about.person, stored.callback.number
        zone = zone_of(number, told.when[0] if told.when else now, self._zone)
        return self._mails.write(
            wanted, stored, self.language(person.language), self._fill(told, person.line), now,
            zone, text_id=f"{stored.id}-{kind}-{stored.callback.moves}{serial}", ends=_ends(told),
        )  # fmt: skip

    def write_to(
        self,
        kind: TextKind,
        to: Recipient,
        now: float,
        told: Told = NOTHING,
        *,
        text_id: str,
        subject: str,
    ) -> OutboxText | None:
        """The text to somebody of whom it is known that they may be sent it; None where no sender
        of ours reaches them, or something that the text tells is not known."""
        rule = kind_rule(kind)
        sender = choose_sender(to.number, self._senders, answer_needed=rule.answer)
        if sender is None:
            return None
        wanted = _WITHOUT_TIME.get(kind, kind) if told.when is None else kind
        zone = zone_of(to.number, told.when[0] if told.when else now, self._zone)
        unnamed = self._fill(told, to.line)
        fill = structs.replace(unnamed, first_name=to.first_name)
        try:
            text = write_text(wanted, to.language, fill, now, zone, two_way=sender.two_way)
            shown = text
            if to.first_name:
                shown = write_text(wanted, to.language, unnamed, now, zone, two_way=sender.two_way)
        except Unsayable as error:
            logger.error("A text of the kind %s cannot be written: %s", kind, error)
            return None
        return OutboxText(
            id=text_id,
            to=to.number,
            kind=wanted,
            language=to.language,
            text=text,
            shown=shown,
            wanted_at=now,
            useful_until=useful_until(wanted, now, _ends(told)),
            subject=subject,
            answer=rule.answer,
            tells=(now, now + 60 * told.minutes) if told.minutes and kind == "soon" else told.when,
        )

    def recipient(
        self, stored: StoredCallback, consents: Mapping[str, Consent], *, asked: bool = False
    ) -> Recipient | None:
        """Whom texts about the callback go to; None where nobody may be sent them."""
        for number in self.numbers(stored):
            consent = consents.get(number, Consent())
            if consent.carrier_stops or not (asked or consent.may_text):
                continue
            given = consent.given
            spoken = stored.about.person.language, given.language if given else ""
            return Recipient(
                number,
                self.language(*spoken),
                stored.about.person.line,
                given.first_name if given else "",
            )
        return None

    def numbers(self, stored: StoredCallback) -> tuple[str, ...]:
        """The mobile numbers that texts about a callback may go to, the best first: that of the
        telephone that it was asked for with, which is surely theirs, and that to be rung."""
        both = (stored.about.person.caller or "", stored.callback.number)
        return tuple(number for number in dict.fromkeys(both) if self._mobile(number))

    def language(self, *wanted: str) -> str:
        """The first of them in which there are texts, or the first that is known."""
        known = load_wordings()
        return next((code for code in (*wanted, *self._languages) if code in known), "en")

    def completed(self, kind: TextKind, stored: StoredCallback, told: Told) -> Told:
        """With what a kind tells of the callback itself."""
        callback = stored.callback
        if told.when is None and kind in _WITH_WINDOW and callback.window is not None:
            return structs.replace(told, when=(callback.window.begins, callback.window.ends))
        if told.until is None and kind == "not_reached":
            within = self._rules.of(callback.queue).come_back_within
            return structs.replace(told, until=callback.since + within)
        if told.minutes is None and kind == "soon":
            return structs.replace(told, minutes=self._soon)
        return told

    def _fill(self, told: Told, line: str) -> Fill:
        """What goes into the text to somebody whose name is not known."""
        return Fill(
            self._company, "", told.when, told.until, told.minutes, told.ahead,
            self._our_number(line), told.choices,
        )  # fmt: skip

    def _our_number(self, line: str) -> str:
        lines = self._config.lines
        number = (lines.get(line) or next(iter(lines.values()))).number
        return _readable(number)

    def _mobile_of(self, number: str) -> bool:
        found = reachable(number, self._rules.numbers) if number else "withheld"
        return isinstance(found, Reachable) and found.mobile


def _ends(told: Told) -> float | None:
    """When what the text tells is over."""
    ends = [span[1] for span in (told.when, *told.choices) if span is not None]
    ends += [told.until] if told.until is not None else []
    return max(ends, default=None)


@lru_cache(maxsize=256)
def _readable(number: str) -> str:
    """A number as people read it: `+46 8 465 004 00`."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
