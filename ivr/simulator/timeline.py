"""One call as a story: requests, notes, what was heard and what was done, in one order."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from ivr.simulator.call import Call
from ivr.simulator.inputs import Key, Silence, Sound, Words
from ivr.simulator.journal import Entry, Exchange, Happening, Note

ERROR_PAGE = "https://www.twilio.com/docs/api/errors/{code}"

Details = dict[str, Any]


def timeline(entries: Iterable[Entry], legs: Iterable[Call]) -> list[Details]:
    """What concerns these legs, oldest first, each with a sentence; times are also given in seconds
    after the first leg began."""
    names = {leg.sid: leg for leg in legs}
    began = min((leg.created_at for leg in names.values()), default=None)
    return [_plain(entry, began) for entry in entries if _concerns(entry, names)]


def _concerns(entry: Entry, sids: Iterable[str]) -> bool:
    if entry.call_sid in sids:
        return True
    # A request that creates a call, or asks for several, names it only in its answer or fields.
    if isinstance(entry, Exchange) and entry.direction == "in" and not entry.call_sid:
        return any(sid in entry.body or sid in entry.url for sid in sids)
    return False


def _plain(entry: Entry, began: datetime | None) -> Details:
    common: Details = {
        "at": entry.at.isoformat(),
        "after": round((entry.at - began).total_seconds(), 3) if began else 0.0,
        "call_sid": entry.call_sid,
    }
    if isinstance(entry, Exchange):
        return common | {"kind": "request", "text": sentence_of(entry), "request": request(entry)}
    if isinstance(entry, Note):
        return common | {"kind": entry.level, "text": entry.text, "note": note(entry)}
    return common | {
        "kind": entry.kind,
        "text": happening(entry),
        "language": entry.details.get("language", ""),
        "beside": entry.kind == "did" and not entry.details["heard"],
    }


def request(exchange: Exchange) -> Details:
    """A request and its answer as plain values."""
    return {
        "at": exchange.at.isoformat(),
        "direction": exchange.direction,
        "purpose": exchange.purpose,
        "method": exchange.method,
        "url": exchange.url,
        "call_sid": exchange.call_sid,
        "fields": exchange.fields,
        "status": exchange.status,
        "milliseconds": exchange.milliseconds,
        "attempts": exchange.attempts,
        "error": exchange.error,
        "detail": exchange.detail,
        "body": exchange.body,
        "fault": exchange.fault,
        "text": sentence_of(exchange),
    }


def note(entry: Note) -> Details:
    """A warning or an error as plain values; `page` explains its code."""
    return {
        "at": entry.at.isoformat(),
        "level": entry.level,
        "code": entry.code,
        "text": entry.text,
        "call_sid": entry.call_sid,
        "page": ERROR_PAGE.format(code=entry.code) if entry.code else "",
    }


def sentence_of(exchange: Exchange) -> str:
    """A request in one line."""
    who = "The application is asked" if exchange.direction == "out" else "The application asks"
    answer = "no answer" if exchange.status is None else str(exchange.status)
    if exchange.error:
        answer += f", error {exchange.error}"
    tries = f" after {exchange.attempts} attempts" if exchange.attempts > 1 else ""
    return (
        f"{who} ({exchange.purpose}): {exchange.method} {exchange.url} -> {answer}{tries}"
        f" in {exchange.milliseconds:.0f} ms"
    )


def happening(entry: Happening) -> str:
    """What was heard, seen or done on a leg, in one line."""
    words = SENTENCES.get(entry.kind)
    if words is not None:
        # A verb may tell less of a thing than the sentence has room for.
        with suppress(KeyError):
            return words(entry.details)
    details = ", ".join(f"{name} {value}" for name, value in entry.details.items())
    return f"{entry.kind.replace('_', ' ')}: {details}" if details else entry.kind


def _did(details: Details) -> str:
    item = details["input"]
    lost = "" if details["heard"] else " (nobody listens: lost)"
    if isinstance(item, Key):
        return f"The person presses {item.key}{lost}"
    if isinstance(item, Words):
        return f"The person says: {item.text}{lost}"
    if isinstance(item, Sound):
        return f"The person talks for {item.seconds:g} s{lost}"
    if isinstance(item, Silence):
        return f"The person stays silent{lost}"
    return f"The person does {item}{lost}"


def _listening(details: Details) -> str:
    ways = " or ".join("keys" if way == "dtmf" else "words" for way in details["input"])
    return f"Listens for {ways}, {details['timeout']:g} s of silence at most"


def _heard(details: Details) -> str:
    if "text" in details:
        return f"Hears the other party say: {details['text']}"
    if "keys" in details:
        return f"Hears the other party press {details['keys']}"
    return f"Hears the other party talk for {details['seconds']:g} s"


SENTENCES: dict[str, Callable[[Details], str]] = {
    "placed": lambda _: "The call is placed",
    "rings": lambda _: "The telephone rings",
    "answered": lambda _: "Answered",
    "said": lambda details: f"Hears: {details['text']}",
    "whispered": lambda details: f"{details['number']} hears: {details['text']}",
    "played": lambda details: f"Hears {details['url']} for {details['seconds']:g} s",
    "tones": lambda details: f"Tones: {details['digits']}",
    "paused": lambda details: f"Hears nothing for {details['seconds']:g} s",
    "beep": lambda _: "Hears a beep",
    "listening": _listening,
    "recording": lambda details: f"Is recorded, for {details['max_length']} s at most",
    "recorded": lambda details: f"Recorded: {details['seconds']} s, {details['url']}",
    "dialling": lambda details: f"Dials {details['number']}",
    "connected": lambda details: f"Connected with {details['number']}",
    "dial_ended": lambda details: (
        f"The Dial is over: {details['number']}, {details['status']}, {details['seconds']} s"
    ),
    "heard": _heard,
    "enqueued": lambda details: (
        f"Waits in the queue {details['queue']}, place {details['position']} of {details['size']}"
    ),
    "dequeued": lambda details: f"Out of the queue {details['queue']} after {details['seconds']} s",
    "queue_result": lambda details: f"The queue {details['queue']}: {details['result']}",
    "dequeuing": lambda details: f"Wants the first of the queue {details['queue']}",
    "dequeuing_ended": lambda details: (
        f"No longer with the queue {details['queue']}: {details['status']}"
    ),
    "joined": lambda details: f"In the conference {details['conference']}",
    "left": lambda details: f"Out of the conference {details['conference']}: {details['reason']}",
    "muted": lambda _: "Is muted",
    "unmuted": lambda _: "Is no longer muted",
    "held": lambda _: "Is put on hold",
    "unheld": lambda _: "Is no longer on hold",
    "interrupted": lambda _: "What was said is cut short",
    "did": _did,
    "ended": lambda details: (
        f"Over: {details['reason']} ({details['status']}, {details['seconds']} s)"
    ),
}
