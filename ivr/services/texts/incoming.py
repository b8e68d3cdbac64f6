"""What somebody writes to us: understood, done, and answered through the outbox.

A text is answered once, however often the carrier tells us of it. What it is about is the callback
that we wrote to them about last, or else the next that they wait for.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

from msgspec import structs
from redis import Redis

from ivr.callbacks.hours import DAY
from ivr.config import Config
from ivr.flow.language import Language
from ivr.promises.answers import Answer, understand
from ivr.promises.replies import Reply, Situation, reply_to
from ivr.promises.wordings import TextKind
from ivr.services.texts.composing import Composer, Recipient
from ivr.services.texts.deeds import Deeds, Desk, Done
from ivr.services.texts.writers import Inbound, Writer, Writers
from ivr.store.callbacks import StoredCallback
from ivr.store.connection import StoreDown
from ivr.store.consent import ConsentStore
from ivr.store.conversations import Conversation, ConversationStore, Note
from ivr.store.outbox import OutboxStore, OutboxText

logger = logging.getLogger(__name__)

MOST_ANSWERS = 30
"""To one number in a day. Whoever writes more is a program, as we are: somebody has to stop."""
LONGEST_NOTE = 1600
"""Characters: the longest text that the carrier takes."""
_RECEIPTS = frozenset({"receipt_place", "receipt_place_open", "receipt_window", "cancelled"})


class IncomingTexts:
    """One for each process, for many threads at once."""

    def __init__(
        self, config: Config, redis: Redis, languages: Mapping[str, Language], desk: Desk
    ) -> None:
        self._writers = Writers(config, redis, languages)
        self._deeds = Deeds(config, redis, desk)
        self._consents = ConsentStore(redis)
        self._conversations = ConversationStore(redis)
        self._outbox = OutboxStore(redis)
        self._composer = Composer(config, redis, languages)

    def hear(self, text: Inbound, now: float) -> None:
        """Do what a text wants, and answer it; one that was answered before changes nothing.

        Raises StoreDown: then it may be heard again.
        """
        if not self._conversations.begin(text.id):
            return
        try:
            self._answer(self._writers.look(text, now), now)
        except BaseException:
            with suppress(StoreDown):
                self._conversations.give_up(text.id)
            raise

    def _answer(self, writer: Writer, now: float) -> None:
        text, about = writer.text, writer.about
        answer = understand(text.body, writer.asked)
        if about is None and answer.wish in ("again", "later", "pick"):
            # Whoever was not reached is called after all.
            about = writer.missed
        wants_another = about is not None and answer.wish == "later"
        windows = self._deeds.free(about, now) if about is not None and wants_another else ()
        situation = Situation(
            _waits(about), windows=len(windows), helped_at=writer.conversation.helped_at
        )
        reply = reply_to(answer, situation, now)
        done = self._deeds.do(writer, answer, reply, about, windows, now)
        if reply.text == "nothing_open" and answer.wish == "cancel" and writer.cancelled:
            done = Done("cancelled", about=writer.cancelled)
        logger.info("A text was understood as `%s`.", answer.wish)
        note = None
        if reply.note:
            note = Note(now, text.body.strip()[:LONGEST_NOTE], answer.language, text.media)
        conversation = _after(writer.conversation, done, reply, now)
        written = None
        if done.kind is not None and conversation.answers <= MOST_ANSWERS:
            written = self._write(writer, done.kind, answer, done, now)
        self._conversations.finish(
            text.id, text.sender, now, conversation, written, note,
            about.id if about is not None else "",
        )  # fmt: skip

    def _write(
        self, writer: Writer, kind: TextKind, answer: Answer, done: Done, now: float
    ) -> OutboxText | None:
        """None where the carrier lets nothing through to them, or they are told already."""
        sender, about, told = writer.text.sender, done.about, done.told
        consent = self._consents.read(sender)
        if consent.carrier_stops:
            return None
        language, line = answer.language, ""
        if about is not None:
            if self._told_already(kind, about, sender, now):
                return None
            told = self._composer.completed(kind, about, told)
            language, line = writer.language, about.about.person.line
        first_name = consent.given.first_name if consent.given is not None else ""
        written = self._composer.write_to(
            kind, Recipient(sender, self._composer.language(language), line, first_name), now, told,
            text_id=f"{writer.text.id}-answer", subject="" if about is None else about.id,
        )  # fmt: skip
        if written is None or about is None:
            return written
        return structs.replace(written, queue=about.callback.queue)

    def _told_already(self, kind: TextKind, about: StoredCallback, to: str, now: float) -> bool:
        """Whether what was done has written a text itself."""
        return any(
            one.text.kind in (_RECEIPTS | {kind})
            and one.text.to == to
            and one.text.wanted_at >= now
            for one in self._outbox.of(about.id)
        )


def _waits(about: StoredCallback | None) -> Literal["place", "window", "nothing"]:
    if about is None:
        return "nothing"
    return "place" if about.callback.window is None else "window"


def _after(before: Conversation, done: Done, reply: Reply, now: float) -> Conversation:
    """How far we are with them after this text."""
    new_day = now >= before.day + DAY
    counted = structs.replace(
        before,
        day=now if new_day else before.day,
        answers=(0 if new_day else before.answers) + (done.kind is not None),
        helped_at=now if reply.as_help else before.helped_at,
    )
    if done.windows and done.about is not None:
        return structs.replace(
            counted, callback=done.about.id, windows=done.windows, offered_at=now
        )
    if done.kind == "receipt_window":
        return structs.replace(counted, callback="", windows=())
    return counted
