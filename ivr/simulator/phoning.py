"""People played by script who phone the application: its lines, and the apps of softphones."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ivr.simulator import addresses
from ivr.simulator.call import Call
from ivr.simulator.errors import SimulatorError
from ivr.simulator.lines import Line
from ivr.simulator.numbers import tidy
from ivr.simulator.people import Person
from ivr.simulator.people_reading import as_called, read_person
from ivr.simulator.person import PersonOnTheLine

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier


def person_phones(
    carrier: "Carrier", caller: str, called: str, person: Any,
    parameters: Mapping[str, str] | None = None,
) -> Call:  # fmt: skip
    """Somebody phones; raises SimulatorError for a caller or an address that makes no sense.

    `called` is a line, or the identifier of an app, which a client calls with `parameters`.
    """
    shown = addresses.caller(caller)
    if shown is None:
        raise SimulatorError(f"{caller!r} is neither a number, client:NAME, sip: nor withheld")
    line = line_called(carrier, called)
    read = person if isinstance(person, Person) else read_person(person, caller)
    return _phone(carrier, shown, line, read, dict(parameters or {}))


def line_called(carrier: "Carrier", called: str) -> Line:
    """The line or the app at an address; raises SimulatorError when there is none."""
    address = tidy(called).removeprefix("app:")
    line = carrier.directory.lines.get(address) or carrier.directory.apps.get(address)
    if line is None:
        raise SimulatorError(f"{called} is no line of this network")
    return line


def _phone(
    carrier: "Carrier", caller: str, line: Line, person: Person, parameters: dict[str, str]
) -> Call:
    today = as_called(person, 0)

    def afterwards(before: PersonOnTheLine) -> None:
        redial = today.redials
        if redial is None or not redial.times or (before.reached and not redial.always):
            return
        later = replace(redial, times=redial.times - 1)
        again = replace(person, redials=later, calls=person.calls[1:] or person.calls[-1:])

        def phone_again() -> None:
            if not carrier.closed:
                _phone(carrier, caller, line, again, parameters)

        carrier.clock.call_later(redial.after, phone_again)

    far_end = PersonOnTheLine(today, carrier.clock, afterwards)
    call = carrier.phone_in(
        caller, line, far_end, carried=told_by_carrier(today), parameters=parameters
    )
    far_end.join(call)
    return call


def told_by_carrier(person: Person) -> tuple[tuple[str, str], ...]:
    """The fields that come with this person's calls, where their carrier sends them."""
    fields = {
        "ForwardedFrom": person.forwarded_from,
        "CallerName": person.caller_name,
        "StirVerstat": person.stir_verstat,
    }
    return tuple((name, value) for name, value in fields.items() if value)
