"""Mail, as a mail server takes it.

Nobody can ask a mail server what became of a mail. But until it was given the end of one, it does
not have it: so that the end goes now is written first, and a mail of which that stands there
without an answer is never sent a second time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from functools import partial
from typing import Protocol

from msgspec import structs

from ivr import log
from ivr.carrier.smtp import NotMailed
from ivr.mail_settings import MailSettings
from ivr.promises.delivery import Delivery
from ivr.promises.mail_rules import judge_mail, judge_trouble
from ivr.services.mail.letters import Letters
from ivr.services.texts import outcomes
from ivr.services.texts.noting import Noting
from ivr.services.texts.outcomes import Outcome
from ivr.services.texts.sending import STARTED_IN_TIME
from ivr.store.mail import MailStore
from ivr.store.outbox import Change, OutboxStore, StoredText, Waits
from ivr.store.senders import COMES_AGAIN


class Server(Protocol):
    """Who takes mail: `ivr.carrier.smtp.MailServer`."""

    def send(
        self, sender: str, to: str, mail: EmailMessage, may_end: Callable[[], bool]
    ) -> None: ...


class _Written:
    """A mail on its way, as it was written last."""

    def __init__(self, stored: StoredText) -> None:
        self.stored = stored


class ByMail:
    """A `Channel` of `ivr.services.texts.sending`. `clock` tells the time."""

    at_once = 4

    def __init__(
        self,
        outbox: OutboxStore,
        noting: Noting,
        addresses: MailStore,
        letters: Letters,
        server: Server,
        settings: MailSettings,
        clock: Callable[[], float],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._outbox = outbox
        self._noting = noting
        self._addresses = addresses
        self._letters = letters
        self._server = server
        self._settings = settings
        self._clock = clock
        self._chance = chance

    def rate(self, sender: str) -> float:
        return self._settings.per_second

    def stops(self, sender: str) -> frozenset[str]:
        return frozenset({sender})

    def instead(self, texts: Sequence[StoredText], now: float) -> list[Change | None]:
        known = self._addresses.read_all([one.text.subject for one in texts])
        return [
            outcomes.stopped(stored, now, "they want no more mail") if address is None else None
            for stored, address in zip(texts, known, strict=True)
        ]

    def find_out(self, stored: StoredText, now: float) -> bool:
        waits_until = stored.stands.since + COMES_AGAIN
        with log.about_call(stored.text.call):
            if now < waits_until:
                self._outbox.write(stored, Change(stored.stands, Waits("later", waits_until)), now)
            elif not stored.stands.told_as:
                self._outbox.write(stored, outcomes.not_found(stored, now), now)
            else:
                self._noting.note(stored, self._failed(stored, NotMailed("end"), now), now)
        return True

    def ask(self, stored: StoredText, taken: float) -> bool:
        text = stored.text
        with log.about_call(text.call):
            now = self._clock()
            to = self._addresses.read(text.subject)
            if to is None or now > taken + STARTED_IN_TIME:
                # Nothing was said to the server: it is seen to again.
                self._outbox.write(stored, outcomes.not_found(stored, now), now)
                return to is None
            mail = self._letters.make(text, to.address, now)
            written = _Written(stored)
            try:
                self._server.send(
                    self._settings.sender, to.address, mail, partial(self._may_end, written)
                )
            except NotMailed as error:
                return self._refused(written.stored, to.address, error)
            self._noting.note(written.stored, _sent(written.stored, self._clock()), self._clock())
            return True

    def _may_end(self, written: _Written) -> bool:
        """Write that the end of a mail goes now; False where it is somebody else's by now."""
        stored, now = written.stored, self._clock()
        ending = structs.replace(
            stored.stands, since=now, told_as=self._letters.message_id(stored.text)
        )
        after = self._outbox.write(stored, Change(ending, Waits("later", now + COMES_AGAIN)), now)
        written.stored = after or stored
        return after is not None

    def _refused(self, stored: StoredText, address: str, error: NotMailed) -> bool:
        now = self._clock()
        outcome = self._failed(stored, error, now)
        self._noting.note(stored, outcome, now)
        assert outcome.verdict is not None
        if outcome.verdict.treatment.reach == "number":
            # Nothing arrives there: the next news goes another way.
            self._addresses.forget(stored.text.subject, address)
        return error.code is not None and outcome.verdict.error != "busy"

    def _failed(self, stored: StoredText, error: NotMailed, now: float) -> Outcome:
        if error.trouble is not None:
            verdict = judge_trouble(error.trouble)
        else:
            verdict = judge_mail(error.stage, error.code, error.detail)
        return outcomes.judged(stored, now, verdict, error.code, self._chance())


def _sent(stored: StoredText, now: float) -> Outcome:
    """The server has it: nobody tells more of a mail."""
    stands = structs.replace(
        stored.stands, state="sent", since=now, delivery=Delivery("sent", now), code=None,
        reason="", by_voice=False,
    )  # fmt: skip
    return Outcome(Change(stands, told="sent"))
