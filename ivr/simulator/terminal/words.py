"""How the terminal puts events and moves into words."""

from collections.abc import Callable

from ivr.simulator.client import Event
from ivr.simulator.terminal.screen import duration, number

__all__ = ["EVENTS", "hint", "number", "request"]


def _sentence(reason: str) -> str:
    return {
        "the person hung up": "You hung up",
        "the document ended": "The application had nothing more to say",
        "the application hung up": "The application hung up",
    }.get(reason, reason[:1].upper() + reason[1:])


def hint(move: Event) -> str:
    """What can be done at this move, in a few words."""
    waiting_for = move["waiting_for"]
    if waiting_for == "callee":
        called = number(move["number"])
        return f"{called} rings. a: they answer, b: busy, n: no answer, f: failed, h: you hang up"
    if waiting_for == "answer":
        return "your telephone rings. a: answer, d: decline, l: let it ring"
    if waiting_for == "recording":
        return "speak: words, or 12s for twelve seconds; a key ends it; Enter: silence; h: hang up"
    if waiting_for == "conversation":
        return "you are connected: words, keys, Enter: listen; h: hang up"
    if waiting_for != "input":
        return "Enter: go on; h: hang up"
    ways = []
    if "dtmf" in move["input"]:
        ways.append(_keys_wanted(move))
    if "speech" in move["input"]:
        ways.append("words")
    return (
        " or ".join(ways)
        + ("; Enter: that is all" if move["so_far"] else "; Enter: silence")
        + ("; h: hang up; ?: help")
    )


def _keys_wanted(move: Event) -> str:
    count, finish = move["num_digits"], move["finish_on_key"]
    if count == 1:
        return "a key"
    if count:
        return f"{count - len(move['so_far'])} keys"
    return f"keys, then {finish}" if finish else "keys"


def request(event: Event) -> str:
    """A request that went out for this call."""
    answer = f"error {event['error']}" if event["error"] else f"{event['status']}"
    took = f" in {event['ms']:.0f} ms" if event["ms"] is not None else ""
    return f"{event['purpose']}: {event['method']} {event['url']} -> {answer}{took}"


def _heard(event: Event) -> str:
    if "text" in event:
        return f"They say: {event['text']}"
    if "keys" in event:
        return f"They press {event['keys']}"
    return f"They talk for {duration(event['seconds'])}"


def _lost(event: Event) -> str:
    if "keys" in event:
        return f"(nobody listens to keys now: {event['keys']})"
    if "text" in event:
        return f"(nobody listens to words now: {event['text']})"
    return "(nobody listens now)"


DIAL_STATUS = {
    "completed": "the conversation is over", "busy": "is busy", "no-answer": "does not answer",
    "failed": "cannot be reached", "canceled": "was let go",
}  # fmt: skip


def _dial_ended(event: Event) -> str:
    words = DIAL_STATUS.get(str(event["status"]), "is over")
    if event["status"] == "completed":
        return f"{words[:1].upper()}{words[1:]} ({duration(event['seconds'])})."
    return f"{number(event['number'])} {words}."


def _ended(event: Event) -> str:
    return f"{_sentence(event['reason'])} ({event['status']}, {duration(event['seconds'])})."


EVENTS: dict[str, Callable[[Event], str]] = {
    "dialled": lambda event: f"Calling {number(event['to'])} from {number(event['from'])}",
    "ringing": lambda event: "It rings ...",
    "registered": lambda event: f"You are {', '.join(map(number, event['numbers']))}.",
    "ring": lambda event: f"{number(event['from'])} calls {number(event['to'])}.",
    "answered": lambda event: "Answered.",
    "played": lambda event: f"(plays {event['url']}, {duration(event['seconds'])})",
    "tones": lambda event: f"(tones: {event['digits']})",
    "beep": lambda event: "(beep)",
    "recorded": lambda event: f"Recorded: {duration(event['seconds'])}, {event['url']}",
    "dialling": lambda event: f"Dialling {number(event['number'])} ...",
    "dial_ended": _dial_ended,
    "connected": lambda event: f"Connected with {number(event['number'])}.",
    "heard": _heard,
    "enqueued": lambda event: (
        f"You wait in the queue {event['queue']}, place {event['position']} of {event['size']}."
    ),
    "dequeued": lambda event: (
        f"You are out of the queue {event['queue']} after {duration(event['seconds'])}."
    ),
    "dequeuing": lambda event: f"You want the first of the queue {event['queue']} ...",
    "dequeuing_ended": lambda event: f"The queue {event['queue']}: {event['status']}.",
    "joined": lambda event: f"You are in the conference {event['conference']}.",
    "left": lambda event: f"You are out of the conference {event['conference']}.",
    "muted": lambda event: "(nobody hears you now: you are muted)",
    "unmuted": lambda event: "(you are no longer muted)",
    "held": lambda event: "(you are put on hold)",
    "unheld": lambda event: "(you are no longer on hold)",
    "text": lambda event: f"A text from {number(event['from'])}: {event['body']}",
    "lost": _lost,
    "ended": _ended,
}
"""The events that take one line of their own, and that line."""

ELSEWHERE = frozenset({
    "error", "refused", "request", "said", "warning", "whispered", "your_move",
})  # fmt: skip
"""The events that are shown in a way of their own."""

SILENT = frozenset({"interrupted", "listening", "paused", "queue_result", "recording"})
"""The events that another one tells of as well."""
