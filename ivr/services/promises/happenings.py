"""From what the line, the callbacks and the outbox tell to what the ledger understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from ivr.engine.events import WaitTold
from ivr.promises.events import (
    ACTORS,
    CALLBACK_ENDS,
    HANGING_UP,
    LEAVING,
    Answered,
    Apologised,
    Apologising,
    By,
    CallPromised,
    Dialled,
    Event,
    Joined,
    Left,
    MovedOn,
    NotApologised,
    NotRung,
    Rang,
    TextPromised,
    TextStood,
    TimeTold,
)
from ivr.promises.updates import USUAL
from ivr.store import outbox, promises
from ivr.store.callbacks import CallbackMoved
from ivr.store.estimates import Entry
from ivr.store.outbox import OutboxText

APOLOGIES = frozenset({"sorry", "sorry_open", "update_worse", "withdrawn"})
"""Kinds of texts that say that we are sorry for what was promised."""
REPEATING = frozenset({"receipt_place", "receipt_window", "kept_place", "status_window"})
"""Kinds of texts whose time the callback's own move has promised."""
NEVER_RANG = frozenset({"try_again", "given_up", "flagged"})
"""Moves after an attempt which may tell that nothing rang."""
BOOKED_IN_A_CALL = frozenset({"call", "hung_up"})


class _Type(Struct):
    type: str = ""


class LineJoined(Struct, frozen=True, tag=True):
    queue: str
    place: str
    order: float
    kind: str = "live"
    boost: float = 0.0


class LineLeft(Struct, frozen=True, tag=True):
    place: str
    why: str


class Connected(Struct, frozen=True, tag=True):
    place: str
    kind: str = "live"


_READ: dict[str, Any] = {
    "LineJoined": LineJoined, "LineLeft": LineLeft, "Connected": Connected,
    "WaitTold": WaitTold, "CallbackMoved": CallbackMoved,
    "TextWanted": outbox.TextWanted, "TextStood": outbox.TextStood,
    "Apologised": promises.ToldByVoice, "TimeTold": promises.TimeTold,
}  # fmt: skip
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_type_of = msgspec.json.Decoder(_Type).decode
_decoders = {name: msgspec.json.Decoder(kind).decode for name, kind in _READ.items()}


class Happened(NamedTuple):
    """An event of the stream; `call` is that of its entry."""

    name: str
    at: float
    call: str
    told: Any


def happened(entry: Entry) -> list[Happened]:
    """What an entry tells that concerns promises. Raises msgspec.DecodeError."""
    found = []
    for number, raw in enumerate(_split(entry.events)):
        decode = _decoders.get(_type_of(raw).type)
        if decode is not None:
            found.append(Happened(f"{entry.id}.{number}", entry.at, entry.call, decode(raw)))
    return found


def telling_text(one: Happened) -> str | None:
    """The id of the text that was sent, where it may have told somebody a time."""
    told = one.told
    if not isinstance(told, outbox.TextStood) or told.state != "sent":
        return None
    return None if told.kind in REPEATING else told.text


def events(one: Happened, texts: Mapping[str, OutboxText]) -> Iterator[Event]:
    """What it means for the ledger; `texts` by their ids, of all that `telling_text` names."""
    name, at, call, told = one
    match told:
        case LineJoined(queue, place, order, "live", boost):
            yield Joined(id=name, at=at, subject=place, queue=queue, first_rang=order + boost)
        case LineLeft(place, why):
            # A callback leaves the line whenever somebody takes it: its moves tell what it means.
            if place == call and why != "taken_back":
                by = LEAVING.get(why, "person")
                yield Left(id=name, at=at, subject=place, by=by, hung_up=why in HANGING_UP)
        case Connected(place, "live"):
            yield Answered(id=name, at=at, subject=place)
        case WaitTold():
            yield from _wait_told(name, at, told)
        case CallbackMoved():
            yield from _callback_moved(name, at, call, told)
        case outbox.TextWanted():
            yield from _text_wanted(name, at, told)
        case outbox.TextStood():
            yield from _text_stood(name, at, told, texts.get(told.text))
        case promises.ToldByVoice(subject):
            yield Apologised(id=name, at=at, subject=subject)
        case promises.TimeTold(subject, queue, until):
            yield TimeTold(id=name, at=at, subject=subject, queue=queue, until=until)


def _wait_told(name: str, at: float, told: WaitTold) -> Iterator[Event]:
    """That it takes longer than was told is said with an apology, in every language."""
    if told.longer:
        yield Apologised(id=name, at=at, subject=told.place)
    if told.kind in ("soon", "minutes"):
        until = at + 60 * told.high
        yield TimeTold(id=name, at=at, subject=told.place, queue=told.queue, until=until)


def _callback_moved(name: str, at: float, call: str, moved: CallbackMoved) -> Iterator[Event]:
    subject = moved.callback
    match moved.event:
        case "place_promised" | "window_promised":
            yield Joined(
                id=name, at=at, subject=subject, queue=moved.queue, first_rang=moved.rang_at,
                callback=True,
            )  # fmt: skip
            yield _promised(name, at, moved)
            before = moved.instead_of or (call if moved.source in BOOKED_IN_A_CALL else "")
            if before:
                yield MovedOn(id=name, at=at, subject=before)
        case "moved" | "put_in_line":
            yield _promised(name, at, moved)
        case "dialled" | "machine_answered" if at < (moved.begins or at):
            pass  # Whoever was missed before the window waits for it all the same.
        case "dialled":
            # The record knows when the carrier was asked; it may have been heard of late.
            in_time = min(at, moved.until) if moved.kept else at
            yield Dialled(id=name, at=in_time, subject=subject)
        case "person_answered" | "machine_answered":
            yield Rang(id=name, at=at, subject=subject)
        case "agent_joined":
            yield Answered(id=name, at=at, subject=subject)
        case "told":
            # How it ended, or of the time that we have moved it to.
            yield Apologised(id=name, at=at, subject=subject)
    if moved.event in NEVER_RANG and moved.kept is not True:
        yield NotRung(id=name, at=at, subject=subject)
    by: By | None = CALLBACK_ENDS.get(moved.event)
    if by is not None:
        yield Left(id=name, at=at, subject=subject, by=by)


def _promised(name: str, at: float, moved: CallbackMoved) -> Event:
    return CallPromised(
        id=name, at=at, subject=moved.callback, queue=moved.queue, until=moved.until,
        window=moved.begins is not None, by=ACTORS[moved.actor.kind],
    )  # fmt: skip


def _text_wanted(name: str, at: float, wanted: outbox.TextWanted) -> Iterator[Event]:
    if wanted.promised_by is not None:
        yield TextPromised(
            id=name, at=at, subject=wanted.text, queue=wanted.queue, until=wanted.promised_by
        )
    if wanted.kind in APOLOGIES:
        yield Apologising(id=name, at=at, subject=wanted.subject)


def _text_stood(
    name: str, at: float, stood: outbox.TextStood, text: OutboxText | None
) -> Iterator[Event]:
    yield TextStood(id=name, at=at, subject=stood.text, state=stood.state)
    if stood.kind in APOLOGIES:
        match stood.state:
            case "sent":
                yield Apologised(id=name, at=at, subject=stood.subject)
            case "failed" | "dropped" | "opted_out":
                yield NotApologised(id=name, at=at, subject=stood.subject)
    if text is not None and stood.state == "sent" and stood.kind not in REPEATING:
        until = text.tells[1] if text.tells is not None else at
        if stood.kind == "soon":
            until = at + USUAL.soon
        if until > at:
            yield TimeTold(id=name, at=at, subject=stood.subject, queue=text.queue, until=until)
