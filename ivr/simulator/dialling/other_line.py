"""A line of this company that is dialled: its documents are carried out at the other end."""

from typing import TYPE_CHECKING

from ivr.simulator.call import Call
from ivr.simulator.far_end import FarEnd
from ivr.simulator.inputs import Input, Key, Sound, Words
from ivr.simulator.lines import Line
from ivr.simulator.machines import Voice

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

IVR = Voice(seconds=60.0)
"""What detection hears of an application that speaks."""


class OtherLine(FarEnd):
    """Behind the leg that dials: the line at the other end, as an inbound call of its own."""

    voice = IVR

    def __init__(self, carrier: "Carrier", line: Line) -> None:
        self._carrier = carrier
        self._line = line
        self._there: Call | None = None

    def ring(self, call: Call) -> None:
        if call.hops >= self._carrier.settings.forwarding_hops:
            self._carrier.note(
                call, "error", 13224, f"{call.hops} lines dialled each other in a circle"
            )
            call.refuse("failed")
            return
        call.begin_ringing()
        caller = Caller(call)
        there = self._carrier.phone_in(call.caller, self._line, caller)
        there.hops = call.hops + 1
        there.people = call.people
        self._there = there

    def tell(self, kind: str, **details: object) -> None:
        if self._there is None:
            return
        if kind == "ended":
            self._there.hang_up()
        else:
            _pass_on(kind, details, self._there)


class Caller(FarEnd):
    """Behind the inbound call at the other end: whoever dialled."""

    def __init__(self, here: Call) -> None:
        self._here = here

    def tell(self, kind: str, **details: object) -> None:
        here = self._here
        if kind == "answered":
            here.pick_up()
        elif kind != "ended":
            _pass_on(kind, details, here)
        elif here.answered_at is not None:
            here.hang_up()
        else:
            status = str(details["status"])
            here.refuse(status if status in ("busy", "failed") else "no-answer")


def _pass_on(kind: str, details: dict[str, object], other: Call) -> None:
    """What is heard on one leg is sound on the other."""
    for item in _inputs(kind, details):
        other.put(item)


def _inputs(kind: str, details: dict[str, object]) -> list[Input]:
    if kind in ("said", "heard") and "text" in details:
        return [Words(str(details["text"]))]
    if kind == "heard" and "keys" in details:
        return [Key(key) for key in str(details["keys"])]
    if kind == "tones":
        return [Key(key) for key in str(details["digits"]) if key not in "wW"]
    if kind in ("played", "heard") and isinstance(details.get("seconds"), int | float):
        return [Sound(float(str(details["seconds"])))]
    return []
