"""What a look inside shows, as plain values: calls and their legs, lines and people."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ivr.simulator.call import Call
from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import SteppedClock
from ivr.simulator.conferences.participant import Participant
from ivr.simulator.directory import Person

Plain = dict[str, Any]


def health(carrier: Carrier) -> Plain:
    """Alive, the kind of clock and its time, and how many calls are under way."""
    return {
        "status": "ok",
        "clock": "stepped" if isinstance(carrier.clock, SteppedClock) else "real",
        "calls": len(carrier.calls.live()),
    }


def calls(carrier: Carrier, legs: Iterable[Call]) -> list[Plain]:
    """These legs, in their order."""
    codes = defaultdict(list)
    for note in carrier.journal.notes:
        codes[note.call_sid].append(note.code)
    return [call(leg, codes[leg.sid]) for leg in legs]


def call(leg: Call, codes: list[int]) -> Plain:
    """One leg; `codes` are those of its warnings and errors."""
    return {
        "sid": leg.sid,
        "parent": leg.parent.sid if leg.parent else None,
        "direction": leg.direction,
        "from": leg.caller,
        "to": leg.called,
        "status": leg.status,
        "reason": leg.reason,
        "created_at": leg.created_at.isoformat(),
        "answered_at": leg.answered_at.isoformat() if leg.answered_at else None,
        "ended_at": leg.ended_at.isoformat() if leg.ended_at else None,
        "seconds": leg.duration,
        "codes": codes,
    }


def legs_of(carrier: Carrier, sid: str) -> list[Call]:
    """The call of that leg: the leg that began it, then those dialled from it; empty when it is
    not remembered."""
    leg = carrier.calls.get(sid)
    if leg is None:
        return []
    origin = leg.origin
    return [origin, *(one for one in carrier.calls.all() if one.origin is origin and one != origin)]


def newest(carrier: Carrier, most: int, *, live: bool = False) -> list[Call]:
    """The legs of the calls that were last to get one, at most so many calls, the newest first;
    `live` leaves out the legs that are over."""
    families: dict[Call, list[Call]] = {}
    begun = 0
    for leg in reversed(carrier.calls.live() if live else carrier.calls.all()):
        origin = leg.origin
        if origin not in families and len(families) == most:
            if begun == most:
                break
            continue
        families.setdefault(origin, []).insert(0, leg)
        # The leg that begins a call is its oldest: nothing more comes after it.
        begun += leg is origin
    return [leg for family in families.values() for leg in family]


def lines(carrier: Carrier) -> list[Plain]:
    """The numbers that an application answers, in the order of the directory."""
    return [
        {"number": line.number, "voice_url": line.voice_url}
        for line in carrier.directory.lines.values()
    ]


def people(carrier: Carrier) -> list[Plain]:
    """Who is behind the other numbers: telephones of live persons first, then scripts."""
    live = [{"number": number, "is": "a telephone"} for number in sorted(carrier.handsets)]
    played = [
        {"number": number, "is": _manner(person)}
        for number, person in carrier.directory.people.items()
        if number not in carrier.handsets
    ]
    return [*live, *played, {"number": "*", "is": _manner(carrier.directory.nobody)}]


def _manner(person: Person) -> str:
    does = person.does.replace("_", " ")
    if person.machine is not None:
        does += ", a fax machine" if person.machine.fax else ", an answering machine"
    steps = ", ".join(
        step.does if step.value is True else f"{step.does} {step.value}" for step in person.script
    )
    return f"{does}; {steps}" if steps else does


def queues(carrier: Carrier) -> list[Plain]:
    """The queues, with who waits in them, the first in line first."""
    return [
        {
            "sid": queue.sid,
            "name": queue.name,
            "max_size": queue.max_size,
            "average_wait": queue.average_seconds(),
            "members": [
                {"call_sid": m.call.sid, "from": m.call.caller, "waited": m.seconds}
                for m in queue.members
            ],
        }
        for queue in carrier.queues.all()
    ]


def conferences(carrier: Carrier) -> list[Plain]:
    """The conferences, the newest first, with who is in them or being phoned for them."""
    return [
        {
            "sid": room.sid,
            "name": room.name,
            "status": room.status,
            "reason": room.reason_ended,
            "participants": [
                {
                    "call_sid": one.call.sid,
                    "label": one.label,
                    "number": _person_of(one.call),
                    "traits": _traits(one),
                }
                for one in room.participants
            ],
        }
        for room in reversed(carrier.conferences.all())
    ]


def _person_of(leg: Call) -> str:
    """The number at the far end of a leg, where the person is."""
    return leg.caller if leg.direction == "inbound" else leg.called


def _traits(one: Participant) -> list[str]:
    traits = {"muted": one.muted, "on hold": one.hold, "coaching": one.coaching}
    return [one.status, *(trait for trait, holds in traits.items() if holds)]
