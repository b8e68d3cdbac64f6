"""A text as it is stored: what is sent, how it stands, where it waits, and what is told of it."""

from __future__ import annotations

from typing import Any, Literal, cast

import msgspec
from msgspec import Struct

from ivr.promises.delivery import Delivery
from ivr.promises.events import TextState
from ivr.promises.outbox_rules import SentKind, kind_rule

State = Literal["wanted", "sending", "sent", "delivered", "failed", "dropped", "opted_out"]
"""`sending` is written before the carrier is asked: found again, its outcome is not known. `sent`:
the carrier has it. The others are ends."""
ENDS: frozenset[State] = frozenset({"delivered", "failed", "dropped", "opted_out"})

MAIL_TO = "mail:"
"""How what a mail goes to begins: then the id of the callback that has the address."""
_URGENCY_WEIGHS = 1e11
"""More than any time: of two texts the more urgent goes first, whenever it was wanted."""


class OutboxText(Struct, frozen=True, omit_defaults=True):
    """A text that is to be sent. Times are seconds since 1970; `to` is a number (E.164), or
    `mail:CALLBACK` where it goes by mail to whoever has asked for that callback.

    `id` is made from what caused it, so that a change that is made again wants it once.
    """

    id: str
    to: str
    kind: SentKind
    language: str
    text: str
    shown: str
    """What may be shown of it, where something in it is private."""
    wanted_at: float
    useful_until: float
    """When it is dropped instead."""
    subject: str
    """The callback or the call that it is about."""
    queue: str = ""
    call: str = ""
    answer: bool = False
    """It is of no use from a sender that cannot be answered."""
    promised_by: float | None = None
    """The person was told that it comes, until then."""
    tells: tuple[float, float] | None = None
    """The time that it tells them, from when until when."""
    title: str = ""
    """Of a mail: its subject."""

    @property
    def by_mail(self) -> bool:
        return self.to.startswith(MAIL_TO)


class Stands(Struct, frozen=True, omit_defaults=True):
    """How a text stands. `since` is when its state began."""

    state: State = "wanted"
    since: float = 0.0
    sender: str = ""
    """From whom it goes, or went last."""
    tries: int = 0
    told_as: str = ""
    """The carrier's id of it, once it has it."""
    before: tuple[str, ...] = ()
    """The carrier's ids of earlier tries, which failed."""
    tried: tuple[str, ...] = ()
    """Senders that could not send it."""
    delivery: Delivery = Delivery()
    """What the carrier has told of the last try."""
    code: int | None = None
    """The carrier's error, and `reason` why it stands so, in words."""
    reason: str = ""
    by_voice: bool = False
    """It has not arrived: the person is to be told by voice."""
    checked: int = 0
    """How often the carrier was asked for it, where it told nothing."""


class StoredText(Struct, frozen=True):
    text: OutboxText
    stands: Stands
    version: int

    @property
    def id(self) -> str:
        return self.text.id

    @property
    def state(self) -> State:
        return self.stands.state


class Waits(Struct, frozen=True):
    """Where a text waits next: for a sender, in the queue of its sender, or there until `at`."""

    where: Literal["", "new", "queue", "later"] = ""
    at: float = 0.0


class Change(Struct, frozen=True):
    """What is written of a text at once; `told` is its event. `check_at`: when the carrier is asked
    for it, if it has told nothing before."""

    stands: Stands
    waits: Waits = Waits()
    told: TextState | None = None
    check_at: float | None = None


class TextWanted(Struct, frozen=True, tag=True, omit_defaults=True):
    """What is told when a text is written; `promised_by` where the person was told of it."""

    text: str
    kind: SentKind
    subject: str
    queue: str = ""
    promised_by: float | None = None


class TextStood(Struct, frozen=True, tag=True, omit_defaults=True):
    """What is told whenever it is known to have come further, or to come no more."""

    text: str
    kind: SentKind
    subject: str
    state: TextState
    code: int | None = None


_encode = msgspec.json.Encoder().encode
_decode_text = msgspec.json.Decoder(OutboxText).decode
_decode_stands = msgspec.json.Decoder(Stands).decode


def wanted(text: OutboxText) -> dict[str, Any]:
    """The text as `want_text` of `parts/texts.lua` takes it."""
    told = TextWanted(text.id, text.kind, text.subject, text.queue, text.promised_by)
    return {
        "id": text.id,
        "to": text.to,
        "text": _encode(text).decode(),
        "stands": _encode(Stands(since=text.wanted_at)).decode(),
        "events": _encode([told]).decode(),
        "rank": rank(text),
        "at": text.wanted_at,
        "of": sorted({text.subject, text.call} - {""}),
        "call": text.call,
    }


def rank(text: OutboxText) -> float:
    """Of several texts that wait for a sender the lowest goes first."""
    return kind_rule(text.kind).urgency * _URGENCY_WEIGHS + text.wanted_at


def stored(fields: list[bytes | None]) -> StoredText:
    """The text whose hash has these: text, stands, version."""
    text, stands, version = cast("list[bytes]", fields)
    return StoredText(_decode_text(text), _decode_stands(stands), int(version))


def in_order(found: StoredText) -> tuple[float, int, str]:
    """As they were wanted; the tenth text of a turn after its ninth."""
    return found.text.wanted_at, len(found.id), found.id
