"""What people write to us by text: each heard once, how far we are with each number, and what is
kept for whoever talks to them."""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.callbacks.record import Window
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.outbox import OutboxText, wanted
from ivr.store.scripts import Script


class Conversation(Struct, frozen=True, omit_defaults=True):
    """How far we are with a number. Times are seconds since 1970."""

    callback: str = ""
    """The one for which `windows` were offered, by number from 1 on, at `offered_at`."""
    windows: tuple[Window, ...] = ()
    offered_at: float = 0.0
    helped_at: float | None = None
    """When they last got help without having asked for it."""
    day: float = 0.0
    """Since when `answers` of ours are counted."""
    answers: int = 0


class Note(Struct, frozen=True, omit_defaults=True):
    """What somebody wrote who is to be rung back: `media` counts pictures and such."""

    at: float
    text: str
    language: str
    media: int = 0


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Conversation).decode
_decode_note = msgspec.json.Decoder(Note).decode


class ConversationStore:
    """Numbers in E.164. Every method takes one round trip and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._finish = Script(redis, "answer_text-0")
        self._give_up = Script(redis, "give_up_text-0")

    def begin(self, message: str) -> bool:
        """Whether a text of this id (the carrier's) is ours to answer: it is not answered yet, and
        nobody else is about to, or they have not come to an end in ANSWERING seconds."""
        with wording(self._redis):
            return bool(
                self._redis.set(keys.answered(message), b"begun", nx=True, ex=keys.ANSWERING)
            )

    def read(self, number: str) -> Conversation:
        """How far we are; an empty conversation where there was none of late."""
        with wording(self._redis):
            found = cast("bytes | None", self._redis.get(keys.conversation(number)))
        return Conversation() if found is None else _decode(found)

    def finish(
        self,
        message: str,
        number: str,
        now: float,
        conversation: Conversation,
        text: OutboxText | None = None,
        note: Note | None = None,
        about: str = "",
    ) -> None:
        """The text is answered, and what was written is kept as a note on the callback `about`.

        Where the answer tells a time, that is what the person has heard last.
        """
        self._finish(
            (),
            (
                message, number, _encode(conversation),
                b"" if text is None else _encode(wanted(text)),
                about, b"" if note is None else _encode(note), now,
                "" if text is None or text.tells is None else text.subject,
            ),
        )  # fmt: skip

    def give_up(self, message: str) -> None:
        """The text was not answered: whoever is told of it again may do so."""
        self._give_up((), (message,))

    def notes(self, callback: str) -> tuple[Note, ...]:
        """What the person wrote about a callback, the oldest first."""
        with wording(self._redis):
            found = cast("dict[bytes, bytes]", self._redis.hgetall(keys.notes(callback)))
        return tuple(sorted((_decode_note(one) for one in found.values()), key=lambda n: n.at))
