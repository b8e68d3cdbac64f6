"""From what the line tells to what the estimator understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct

WITHDRAWN = frozenset({"closed", "nobody", "person", "failed", "callback", "taken_back"})
"""Why a place ends without anybody having lost patience."""


class Happened(Struct, frozen=True):
    """An event of the stream, with what of it concerns the line; `type` names it."""

    type: str = ""
    queue: str = ""
    place: str = ""
    kind: str = ""
    order: float = 0.0
    agent: str = ""
    why: str = ""
    queues: list[str] | dict[str, str] = []  # Lua writes an empty list as an object.


class Told(NamedTuple):
    """An event as `ivr.queueing.protocol.Event` has it."""

    t: float
    kind: str
    caller: str | None = None
    agent: str | None = None
    skill: str | tuple[str, ...] | None = None
    priority: int | None = 0
    value: float | None = None


_decode = msgspec.json.Decoder(list[Happened]).decode


def happened(events: bytes) -> list[Happened]:
    """The events of an entry of the stream (a JSON list). Raises msgspec.DecodeError."""
    return _decode(events)


def told(at: float, event: Happened) -> Iterator[Told]:
    """What it means for the estimator; nothing, for most."""
    place, agent = event.place, event.agent
    match event.type:
        case "LineJoined":
            yield Told(at, "arrival", place, skill=event.queue, value=event.order)
            if event.kind == "callback":
                yield Told(at, "callback_placeholder", place, skill=event.queue)
        case "LineLeft":
            kind = "withdrawn" if event.why in WITHDRAWN else "abandoned"
            yield Told(at, kind, place, skill=event.queue)
        case "AgentReserved":
            yield Told(at, "reserved", place, agent, event.queue)
        case "ReservationEnded":
            yield Told(at, "returned", place, agent, event.queue)
        case "Connected":
            kind = "dial" if event.kind == "callback" else "answered"
            yield Told(at, kind, place, agent, event.queue)
        case "AgentSignedOn" | "AgentSkills":
            yield from _ready(at, event)
        case "AgentFree":
            yield Told(at, "service_end", agent=agent)
            yield from _ready(at, event)
        case "AgentReleased":
            yield Told(at, "returned", agent=agent)
            yield from _ready(at, event)
        case "AgentLeaving":
            yield Told(at, "sign_off_pending", agent=agent)
        case "AgentSignedOff":
            # Who leaves after a talk is not told of as free before.
            yield Told(at, "service_end", agent=agent)
            yield Told(at, "sign_off", agent=agent)


def _ready(at: float, event: Happened) -> Iterator[Told]:
    """Their queues may be others than before."""
    if event.queues:
        yield Told(at, "sign_on", agent=event.agent, skill=tuple(event.queues))
    else:
        yield Told(at, "sign_off", agent=event.agent)
