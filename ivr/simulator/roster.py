"""Who picks up when an address is called, this time."""

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ivr.simulator.call import Call
from ivr.simulator.dialling.other_line import OtherLine
from ivr.simulator.far_end import FarEnd
from ivr.simulator.handset import CalleeByHandset, Handset
from ivr.simulator.people import REFUSALS, Person
from ivr.simulator.people_reading import as_called, read_person
from ivr.simulator.person import PersonOnTheLine

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier


class Roster:
    """Finds who is behind an address, and counts how often scripted people were called."""

    def __init__(self, carrier: "Carrier") -> None:
        self._carrier = carrier
        self._counts: dict[str, tuple[Person, int]] = {}
        self._named: WeakKeyDictionary[Call, dict[str, int]] = WeakKeyDictionary()

    def far_end(self, address: str, dialled_from: Call | None = None) -> FarEnd:
        """As the call says, a live handset, a person of the directory, another line, or nobody."""
        carrier = self._carrier
        named = dialled_from.people if dialled_from is not None else {}
        if dialled_from is not None and address in named:
            return self._as_named(dialled_from, address, named[address])
        if address in carrier.handsets:
            return carrier.handsets[address]
        if address in carrier.directory.people:
            return PersonOnTheLine(
                self.as_called(address, carrier.directory.people[address]), carrier.clock
            )
        if address in carrier.directory.lines:
            return OtherLine(carrier, carrier.directory.lines[address])
        if dialled_from is not None and "*" in named:
            return self._as_named(dialled_from, address, named["*"])
        return PersonOnTheLine(carrier.directory.nobody, carrier.clock)

    def refusal(self, address: str) -> str:
        """Why the network does not even dial this address: a word of `REFUSALS`, or nothing."""
        carrier = self._carrier
        if address in carrier.handsets:
            return ""
        directory = carrier.directory
        if address in directory.lines and address not in directory.people:
            return ""
        does = directory.people.get(address, directory.nobody).does
        return does if does in REFUSALS else ""

    def as_called(self, key: str, person: Person) -> Person:
        """What somebody does at this call, which is counted."""
        if not person.calls:
            return person
        before, count = self._counts.get(key, (person, 0))
        if before is not person:
            count = 0
        self._counts[key] = (person, count + 1)
        return as_called(person, count)

    def _as_named(self, call: Call, address: str, spec: Any) -> FarEnd:
        """The person whom the handset of this call named for an address."""
        origin = call.origin
        if spec == "ask" and isinstance(origin.far_end, Handset):
            return CalleeByHandset(origin.far_end)
        counts = self._named.setdefault(origin, {})
        count = counts.get(address, 0)
        counts[address] = count + 1
        return PersonOnTheLine(as_called(read_person(spec, address), count), self._carrier.clock)
