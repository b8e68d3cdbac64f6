"""Mail to somebody who has a callback and gave an address with it: whether there is any, and what
it says."""

from __future__ import annotations

import logging
from zoneinfo import ZoneInfo

from msgspec import structs
from redis import Redis

from ivr.config import Config
from ivr.flow.spoken import Unsayable
from ivr.promises.mail_rules import is_mailed, mail_useful_until
from ivr.promises.mail_writing import Mail, write_mail
from ivr.promises.wordings import TextKind
from ivr.promises.writing import Fill
from ivr.store.callbacks import StoredCallback
from ivr.store.mail import MailStore
from ivr.store.texts import MAIL_TO, OutboxText

logger = logging.getLogger(__name__)


class MailComposer:
    """Writes mails as they wait in the outbox; sends none. One for many threads."""

    def __init__(self, config: Config, redis: Redis) -> None:
        # Whoever has no secrets, as at a command line, writes it all the same: workers send it.
        self._on = config.mail is not None
        self._company = config.company
        self._store = MailStore(redis)

    def wanted(self, kind: TextKind, stored: StoredCallback) -> bool:
        """Whether they are mailed this. Where mail is set up, takes one round trip."""
        return self._on and is_mailed(kind) and self._store.read(stored.id) is not None

    def write(
        self, kind: TextKind, stored: StoredCallback, language: str, fill: Fill, now: float,
        zone: ZoneInfo, *, text_id: str, ends: float | None = None,
    ) -> OutboxText | None:  # fmt: skip
        """The mail to somebody who has given an address; None where such a thing is not mailed.
        `ends`: when what it tells is over."""
        if not (self._on and is_mailed(kind)):
            return None
        # A name that somebody put into the form. What a caller is known by is not greeted with.
        name = stored.about.person.name if stored.about.source == "web" else ""
        fill = structs.replace(fill, company=self._company, first_name=name)
        try:
            mail = write_mail(kind, language, fill, now, zone)
            nameless = structs.replace(fill, first_name="")
            shown = write_mail(kind, language, nameless, now, zone)
        except Unsayable as error:
            logger.error("A mail of the kind %s cannot be written: %s", kind, error)
            return None
        return OutboxText(
            id=f"{text_id}-mail",
            to=MAIL_TO + stored.id,
            kind=kind,
            language=language,
            text=_body(mail),
            shown=_body(shown),
            wanted_at=now,
            useful_until=mail_useful_until(kind, now, ends),
            subject=stored.id,
            queue=stored.callback.queue,
            call=stored.about.call,
            tells=fill.when,
            title=mail.title,
        )


def _body(mail: Mail) -> str:
    return "\n\n".join(mail.paragraphs)
