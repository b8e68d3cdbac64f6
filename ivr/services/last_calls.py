"""The last calls, each in a line, and one of them found again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from ivr.engine import events
from ivr.engine.events import Event
from ivr.store.traces import Step, Trace, TraceStore

MOST_LOOKED_AT = 10_000
"""Calls looked at for a list, and entries of the stream for calls from before there were traces."""


@dataclass(frozen=True, slots=True)
class CallSummary:
    """One call in a line. `seconds` is its length as the carrier told, or up to its last turn."""

    call: str
    began: float
    line: str
    flow: str
    """The one that answered."""
    flows: tuple[str, ...]
    """All that it came through, in their order."""
    caller: str
    """The masked number, or empty when it was withheld or not written down."""
    language: str
    seconds: float
    chose: tuple[str, ...]
    place: str
    """Where it came last."""
    ended: bool
    how: str
    """How it ended or stands, in a few words."""
    complete: bool
    """Whether what was heard and what came back was written down, if anything was."""


def summary(trace: Trace) -> CallSummary:
    """The call of this trace in a line."""
    told = [event for step in trace.steps for event in step.events]
    started = next((one for one in told if isinstance(one, events.CallStarted)), None)
    over = next((one for one in told if isinstance(one, events.CallEnded)), None)
    places = [one.place for one in told if isinstance(one, events.PlaceReached)]
    first, last = trace.steps[0], trace.steps[-1]
    lasted = over.seconds if over is not None and over.seconds is not None else None
    return CallSummary(
        call=trace.call,
        began=first.at,
        line=started.line if started is not None else "",
        flow=started.flow if started is not None else "",
        flows=tuple(dict.fromkeys(place.partition("/")[0] for place in places)),
        caller=first.caller,
        language=_language(trace.steps, told),
        seconds=last.at - first.at if lasted is None else float(lasted),
        chose=tuple(label for step in trace.steps for label in step.chose),
        place=places[-1] if places else "",
        ended=over is not None,
        how=_how(trace.steps, told, places, over),
        complete=started is None or any(step.turn for step in trace.steps),
    )


def _language(steps: Sequence[Step], told: Sequence[Event]) -> str:
    written = [step.language for step in steps if step.language]
    chosen = [one.language for one in told if isinstance(one, events.LanguageChosen)]
    return (written or chosen or [""])[-1]


def _how(
    steps: Sequence[Step],
    told: Sequence[Event],
    places: Sequence[str],
    over: events.CallEnded | None,
) -> str:
    if over is not None and not any(step.turn or step.events != (over,) for step in steps):
        return f"no turn was taken: an apology, and {over.status}"
    place = places[-1] if places else "the first turn"
    turns = [step for step in steps if step.turn]
    waits = turns[-1].waits if turns else "start"
    said = [part for part in (_outcome(one, steps) for one in told) if part]
    if over is None:
        if waits == "connection":
            said.append(f"{_rung(steps)} is ringing or talking")
        elif waits == "line":
            said.append(f"in the line at {place}")
        elif waits != "nothing":
            said.append(f"under way at {place}")
    elif over.status != "completed":
        said.append(f"the carrier says {over.status}")
    elif waits == "connection":
        said.append(f"hung up while {_rung(steps)} rang or talked")
    elif waits == "line":
        said.append(f"hung up in the line at {place}")
    elif waits in ("choice", "lookup", "leaving"):
        said.append(f"hung up at {place}")
    elif waits == "message":
        said.append(f"left no message at {place}")
    return "; ".join(said) or ("under way" if over is None else f"ended at {place}")


def _outcome(event: Event, steps: Sequence[Step]) -> str:
    match event:
        case events.NumberEnded(_, "completed", seconds):
            return f"talked to {_rung(steps)} for {seconds} s"
        case events.NumberEnded(_, outcome):
            return f"{_rung(steps)}: {outcome.replace('_', ' ')}"
        case events.VoicemailLeft(place, seconds):
            return f"left a message of {seconds} s at {place}"
        case events.AnswerHelped(place):
            return f"answered at {place}"
        case events.WentWrong(place):
            return f"something failed at {place}"
    return ""


def _rung(steps: Sequence[Step]) -> str:
    for step in reversed(steps):
        if step.rings:
            return step.rings
        if any(isinstance(event, events.AgentMet) for event in step.events):
            return "an agent"
    return "a number"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls a list is of; an empty part wants all."""

    flow: str = ""
    """Calls that came through this flow."""
    line: str = ""
    ending: str = ""
    """Calls from numbers that end so, as far as a masked number shows it."""

    def fits(self, one: CallSummary) -> bool:
        return (
            (not self.flow or self.flow in one.flows)
            and (not self.line or self.line == one.line)
            and (not self.ending or one.caller.endswith(self.ending))
        )


def last_calls(store: TraceStore, wanted: Wanted, most: int) -> list[CallSummary]:
    """The last calls that are wanted, the newest first, among the last MOST_LOOKED_AT.

    Raises StoreDown.
    """
    found: list[CallSummary] = []
    seen: set[str] = set()
    for trace in _traces(store, seen):
        one = summary(trace)
        if wanted.fits(one):
            found.append(one)
            if len(found) == most:
                break
    return found


def _traces(store: TraceStore, seen: set[str]) -> Iterator[Trace]:
    for trace in store.newest():
        seen.add(trace.call)
        yield trace
        if len(seen) == MOST_LOOKED_AT:
            return
    yield from older_traces(store, seen)


def older_traces(store: TraceStore, seen: set[str]) -> Iterator[Trace]:
    """Calls that only the stream of events knows, the newest first, without those `seen`."""
    steps: dict[str, list[Step]] = {}
    for call, step in store.from_events(MOST_LOOKED_AT):
        if call in seen:
            continue
        steps.setdefault(call, []).append(step)
        if any(isinstance(event, events.CallStarted) for event in step.events):
            seen.add(call)
            yield Trace(call, tuple(reversed(steps.pop(call))))


def find(store: TraceStore, words: str, now: datetime, zone: tzinfo) -> list[Trace]:
    """The calls that `words` can mean: an id, the beginning or the end of one, `last`, or the
    minute in which it began (`10:15` today, `2026-11-25 10:15`). Raises StoreDown."""
    exactly = store.read(words)
    if exactly is not None:
        return [exactly]
    if words == "last":
        return [trace for trace, _ in zip(_traces(store, set()), range(1), strict=False)]
    minute = _minute(words, now, zone)
    if minute is not None:
        first = minute.timestamp()
        calls = store.begun(first, (minute + timedelta(minutes=1)).timestamp())
    else:
        calls = [call for call in store.begun() if call.startswith(words) or call.endswith(words)]
    found = [trace for trace in map(store.read, calls[:20]) if trace is not None]
    if found or minute is not None:
        return found
    return [
        trace
        for trace in older_traces(store, set())
        if trace.call.startswith(words) or trace.call.endswith(words)
    ]


def _minute(words: str, now: datetime, zone: tzinfo) -> datetime | None:
    today = now.astimezone(zone).date().isoformat()
    for text in (words, f"{today} {words}"):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        if ":" in text:
            return moment.replace(second=0, microsecond=0, tzinfo=moment.tzinfo or zone)
    return None
