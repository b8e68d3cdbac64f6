"""Who writes to us, and how far we are with them: what a text means depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from redis import Redis

from ivr.callbacks.hours import DAY
from ivr.callbacks.states import ENDS
from ivr.config import Config
from ivr.flow.language import Language
from ivr.promises.answers import Asked
from ivr.promises.consent import Consent
from ivr.promises.outbox_rules import SentKind
from ivr.promises.wordings import may_drop
from ivr.services.callbacks.calling.rules import CallingRules
from ivr.services.texts.composing import Composer
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.consent import ConsentStore
from ivr.store.conversations import Conversation, ConversationStore
from ivr.store.outbox import OutboxStore, OutboxText, StoredText

OFFER_LASTS = DAY
"""Seconds for which the number of a time that we offered is understood."""
JUST_NOW = 3600.0


class Inbound(Struct, frozen=True):
    """A text of somebody's: `id` is the carrier's, `sender` in E.164. `opt_out_type`: what the
    carrier says that it did with it; `media` counts pictures and such."""

    id: str
    sender: str
    body: str
    opt_out_type: str = ""
    media: int = 0


class Writer(Struct, frozen=True):
    """What is known of whoever writes `text`, to whom we write in `language`.

    `about`: the callback that it is about. Where there is none, `missed` is one that ended without
    their being reached, whose place is still kept, and `cancelled` one that they ended just now.
    """

    text: Inbound
    language: str
    consent: Consent
    conversation: Conversation
    asked: Asked
    about: StoredCallback | None = None
    missed: StoredCallback | None = None
    cancelled: StoredCallback | None = None


class Writers:
    """Every method raises StoreDown."""

    def __init__(self, config: Config, redis: Redis, languages: Mapping[str, Language]) -> None:
        self._languages = languages
        self._rules = CallingRules(config)
        self._callbacks = CallbackStore(redis)
        self._consents = ConsentStore(redis)
        self._conversations = ConversationStore(redis)
        self._outbox = OutboxStore(redis)
        self._composer = Composer(config, redis, languages)

    def look(self, text: Inbound, now: float) -> Writer:
        """Whose text it is, and what it may be about."""
        number = text.sender
        sent = [one for one in self._outbox.to(number) if one.state not in ("failed", "dropped")]
        last = sent[-1].text if sent else None
        callbacks = self._callbacks.of_number(number)
        about = _spoken_of(callbacks, sent)
        missed = None if about is not None else self._missed(callbacks, now)
        consent = self._consents.read(number)
        conversation = self._conversations.read(number)
        language = self._language(number, last, about or missed, consent)
        spoken_of = about or missed
        offered = spoken_of is not None and conversation.callback == spoken_of.id
        offered = offered and now < conversation.offered_at + OFFER_LASTS
        asked = Asked(
            language,
            windows=len(conversation.windows) if offered else 0,
            may_drop=last is not None and _may_drop(last.kind, last.language),
            stopped=consent.stopped is not None and not consent.may_text,
            opt_out_type=text.opt_out_type,
        )
        cancelled = None if about is not None else _last_cancelled(callbacks, now)
        return Writer(text, language, consent, conversation, asked, about, missed, cancelled)

    def _language(
        self, number: str, last: OutboxText | None, stored: StoredCallback | None, consent: Consent
    ) -> str:
        found = [
            last.language if last is not None else "",
            stored.about.person.language if stored is not None else "",
            consent.given.language if consent.given is not None else "",
        ]
        of_country = [
            code for code, one in self._languages.items() if number.startswith(one.dialling_codes)
        ]
        return self._composer.language(*found, *of_country)

    def _missed(self, callbacks: Sequence[StoredCallback], now: float) -> StoredCallback | None:
        """The last that could not be reached, while its place is kept."""
        found = [
            one
            for one in callbacks
            if one.callback.state == "could_not_reach"
            and now < one.callback.since + self._rules.of(one.callback.queue).come_back_within
        ]
        return max(found, key=lambda one: one.callback.since, default=None)


def _spoken_of(
    callbacks: Sequence[StoredCallback], sent: Sequence[StoredText]
) -> StoredCallback | None:
    """The open callback that we wrote about last; the next to be made where we wrote of none."""
    still_open = {one.id: one for one in callbacks if one.callback.state not in ENDS}
    for text in reversed(sent):
        if text.text.subject in still_open:
            return still_open[text.text.subject]
    return min(still_open.values(), key=lambda one: (one.callback.until, one.id), default=None)


def _last_cancelled(callbacks: Sequence[StoredCallback], now: float) -> StoredCallback | None:
    found = [
        one
        for one in callbacks
        if one.callback.state == "cancelled" and now < one.callback.since + JUST_NOW
    ]
    return max(found, key=lambda one: one.callback.since, default=None)


def _may_drop(kind: SentKind, language: str) -> bool:
    return kind != "information" and may_drop(kind, language)
