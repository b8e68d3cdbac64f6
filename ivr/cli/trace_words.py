"""What happened in a call, step by step, in words for those who look into it."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.engine import events
from ivr.engine.telling import told
from ivr.flow.moves import Why
from ivr.store.traces import Step

WHY: dict[Why, str] = {
    "asked": "asked for a person",
    "complaint": "a word of complaint",
    "misses": "three misses in a row",
    "told_already": "this answer had been given already",
    "not_helped": "the answer did not help",
    "going_round": "came here a third time without getting anywhere",
    "too_many_steps": "the flow went on and on without waiting for the caller",
    "lost": "there was no way on from here",
    "no_answer_found": "no answer fits what was said",
}
MISSED = {
    "nothing": "silence",
    "key": "a key that means nothing here",
    "words": "words that fit nothing here",
}
NOT_WRITTEN = "what was heard and what came back was not written down"


def came(step: Step) -> str:
    """What began the step."""
    if step.private:
        return f"{'pressed keys' if step.came == 'keys' else 'said something'} (private)"
    match step.came:
        case "call":
            return f"rang from {step.caller or 'a withheld number'}"
        case "keys":
            return f"pressed {step.what}"
        case "words":
            return f"said “{step.what}”"
        case "silence":
            return "silence"
        case "next":
            return "after that"
        case "connection":
            return f"the connection ended: {step.what.replace('_', ' ')}"
        case "message":
            return f"a message of {step.what} s" if step.what != "0" else "no message"
    return "" if _is_end(step) else NOT_WRITTEN


def lines(step: Step) -> Iterator[tuple[str, str]]:
    """What followed from it: a sign, and a clause. `→` is a place that the call came to."""
    labels = list(step.chose)
    for event in step.events:
        clause = _clause(event)
        if isinstance(event, events.ChoiceMade) and labels:
            clause += f": {labels.pop(0)}"
        if clause:
            yield ("→" if isinstance(event, events.PlaceReached) else "·"), clause
    for text in step.heard:
        yield "»", text
    for text in step.sent:
        yield "✉", text
    waiting = _waits(step)
    if waiting:
        yield "·", waiting


def _is_end(step: Step) -> bool:
    return any(isinstance(event, events.CallEnded) for event in step.events)


def _clause(event: events.Event) -> str:
    match event:
        case events.CallStarted(line, flow, version):
            return f"on the line {line}: flow {flow}, version {version}"
        case events.PlaceReached(place, because):
            return f"{place}  because: {because}" if because else place
        case events.ChoiceMade(_, choice, by):
            return f"chose {choice} by {by}"
        case events.Missed(_, heard, times):
            return f"miss {times}: {MISSED[heard]}"
        case events.PersonSought(_, why):
            return f"to a person: {WHY[why]}"
        case events.NumberEnded(_, outcome, seconds):
            return f"after {seconds} s" if outcome == "completed" else ""
        case events.NumberRung():
            return ""  # whom it rings is told with what the call waits for
        case events.VoicemailLeft():
            return "the message is kept"
    return told(event)


def _waits(step: Step) -> str:
    match step.waits:
        case "connection":
            met = any(isinstance(event, events.AgentMet) for event in step.events)
            return "" if met else f"rings {step.rings or 'a number'}"
        case "line":
            return "waits in the line"
        case "lookup":
            return "looks something up"
        case "message":
            return "the tone: a message can be left"
        case "goodbye":
            return "hangs up after that"
        case "nothing":
            return "hangs up" if not step.rings else f"rings {step.rings}"
    return ""
