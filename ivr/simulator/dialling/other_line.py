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
        self._caller: Caller | None = None

    def ring(self, call: Call) -> None:
        if call.hops >= self._carrier.settings.forwarding_hops:
            self._carrier.note(
                call, "error", 13224, f"{call.hops} lines dialled each other in a circle"
            )
            call.refuse("failed")
            return
        call.begin_ringing()
        self._caller = Caller(call)
        there = self._carrier.phone_in(call.caller, self._line, self._caller)
        there.hops = call.hops + 1
        there.people = call.people
        self._there = there

    def tell(self, kind: str, **details: object) -> None:
        if self._there is None:
            return
        if kind == "ended":
            self._there.hang_up()
        else:
            for item in _inputs(kind, details):
                self._there.put(item)

    def ask(self, waiting_for: str, **details: object) -> None:
        if self._caller is not None:
            self._caller.catch_up()


class Caller(FarEnd):
    """Behind the inbound call at the other end: whoever dialled.

    What is said there before anybody listens here is heard when somebody does, if it is still
    being said.
    """

    def __init__(self, here: Call) -> None:
        self._here = here
        self._unheard: list[Input] = []
        self._until = 0.0

    def catch_up(self) -> None:
        """Somebody listens now."""
        unheard, self._unheard = self._unheard, []
        if self._here.carrier.clock.seconds() <= self._until:
            for item in unheard:
                self._here.put(item)

    def tell(self, kind: str, **details: object) -> None:
        here = self._here
        if kind == "answered":
            here.pick_up()
        elif kind != "ended":
            items = _inputs(kind, details)
            if not all([here.put(item) for item in items]):
                seconds = details.get("seconds")
                length = seconds if isinstance(seconds, int | float) else 0.0
                self._unheard, self._until = items, here.carrier.clock.seconds() + length
        elif here.answered_at is not None:
            here.hang_up()
        else:
            status = str(details["status"])
            here.refuse(status if status in ("busy", "failed") else "no-answer")


def _inputs(kind: str, details: dict[str, object]) -> list[Input]:
    """What is heard on one leg is said on the other."""
    if kind in ("said", "heard") and "text" in details:
        return [Words(str(details["text"]))]
    if kind == "heard" and "keys" in details:
        return [Key(key) for key in str(details["keys"])]
    if kind == "tones":
        return [Key(key) for key in str(details["digits"]) if key not in "wW"]
    if kind in ("played", "heard") and isinstance(details.get("seconds"), int | float):
        return [Sound(float(str(details["seconds"])))]
    return []
