"""Reads people from a directory file, a handset's message or the command line."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ivr.simulator import values
from ivr.simulator.errors import DirectoryError
from ivr.simulator.messaging.people import LINE_TYPES, read_texts
from ivr.simulator.people import (
    ANSWERERS,
    OUTCOMES,
    REFUSALS,
    STEPS,
    Machine,
    Person,
    Redial,
    Step,
)
from ivr.simulator.values import Reader

KEYS = frozenset("0123456789*#wW")
TALK = 60.0
"""Seconds that an agent talks who accepts, unless told otherwise."""


def read_person(value: Any, where: str) -> Person:
    """A person from a word of `OUTCOMES` or `REFUSALS`, or a mapping; raises DirectoryError."""
    settings = values.mapping({"does": value} if isinstance(value, str) else value, where)
    values.known(settings, {*READERS, *(key for keys, _ in GROUPS.values() for key in keys)}, where)
    own = {key: each for key, each in settings.items() if key in READERS}
    fields = values.read_all(own, READERS, where)
    for name, (keys, reader) in GROUPS.items():
        if not keys.isdisjoint(settings):
            fields[name] = reader(settings, where)
    script = fields.pop("then", ())
    for shorthand in ("accepts", "refuses"):
        if shorthand in fields:
            if script:
                raise DirectoryError(f"{where}: write either {shorthand} or then")
            script = fields.pop(shorthand)
    fax = fields.pop("fax", False)
    if fax:
        fields["machine"] = Machine(greeting=3.0, beep=True, fax=True)
    if "answers_after" in fields:
        fields["after"] = fields.pop("answers_after")
    fields.update(fields.pop("credentials", {}))
    return Person(script=script, **fields)


def read_person_of(text: str) -> tuple[str, Person]:
    """An address and its person from ``+NUMBER=OUTCOME``; raises DirectoryError."""
    address, separator, does = text.rpartition("=")
    if not separator:
        raise DirectoryError(f"{text!r}: write +NUMBER=OUTCOME")
    return values.address(address, "person"), read_person(does, address)


def _does(value: Any, where: str) -> str:
    if value not in (*OUTCOMES, *REFUSALS):
        place = where.removesuffix(": does")
        raise DirectoryError(f"{place}: {value!r} is none of {', '.join((*OUTCOMES, *REFUSALS))}")
    return str(value)


def _steps(value: Any, where: str) -> tuple[Step, ...]:
    if not isinstance(value, list):
        raise DirectoryError(f"{where}: write a list of steps")
    return tuple(_step(step, where) for step in value)


def _step(value: Any, where: str) -> Step:
    settings = values.mapping(value, where)
    if len(settings) != 1 or next(iter(settings)) not in STEPS:
        raise DirectoryError(f"{where}: a step is one of {', '.join(STEPS)}")
    does, argument = next(iter(settings.items()))
    if does in ("waits", "talks"):
        return Step(does, values.seconds(argument, f"{where}: {does}"))
    if does == "presses":
        return Step(does, _keys(argument, f"{where}: presses"))
    return Step(does, str(argument) if does in ("says", "hears") else True)


def _keys(value: Any, where: str) -> str:
    keys = str(value)
    if not keys or not set(keys) <= KEYS:
        raise DirectoryError(f"{where}: {keys!r} has other keys than 0-9 * #")
    return keys


def _accepts(value: Any, where: str) -> tuple[Step, ...]:
    """An agent who takes the call: by a key if one is asked for, then talks and hangs up."""
    if value is False:
        return _refuses(True, where)
    given, steps = _agent(value, where)
    if isinstance(given.get("key"), str):
        steps.append(Step("presses", given["key"]))
    return (*steps, Step("talks", given.get("talks", TALK)), Step("hangs_up", True))


def _refuses(value: Any, where: str) -> tuple[Step, ...]:
    """An agent who answers and does not take the call: by a key, or by hanging up."""
    if value is False:
        return _accepts(True, where)
    given, steps = _agent(value, where)
    key = given.get("key")
    steps.append(Step("presses", key) if isinstance(key, str) else Step("hangs_up", True))
    return tuple(steps)


def _agent(value: Any, where: str) -> tuple[dict[str, Any], list[Step]]:
    """What is written of an agent, and what they do before they decide."""
    given = values.read_all(value if isinstance(value, dict) else {"key": value}, AGENT, where)
    steps = [Step("hears", given["hears"])] if "hears" in given else []
    if "thinks" in given:
        steps.append(Step("waits", given["thinks"]))
    return given, steps


def _agents_key(value: Any, where: str) -> str | bool:
    return value if isinstance(value, bool) else _keys(value, where)


def _machine(value: Any, where: str) -> Machine | None:
    if isinstance(value, bool):
        return Machine() if value else None
    return Machine(**values.read_all(values.mapping(value, where), MACHINE, where))


def _redials(value: Any, where: str) -> Redial:
    return Redial(**values.read_all(values.mapping(value, where), REDIAL, where))


def _times(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise DirectoryError(f"{where}: {value!r} is no whole number")
    return value


def _calls(value: Any, where: str) -> tuple[Person, ...]:
    if not isinstance(value, list) or not value:
        raise DirectoryError(f"{where}: write a list of what they do, call by call")
    return tuple(read_person(each, f"{where} {at}") for at, each in enumerate(value, start=1))


def _credentials(value: Any, where: str) -> dict[str, str]:
    readers = {"username": values.text, "password": values.text}
    return values.read_all(values.mapping(value, where), readers, where)


AGENT: Mapping[str, Reader] = {
    "key": _agents_key, "hears": values.text, "thinks": values.seconds, "talks": values.seconds,
}  # fmt: skip
MACHINE: Mapping[str, Reader] = {
    "greeting": values.seconds, "beep": values.flag, "records": values.seconds,
}  # fmt: skip
REDIAL: Mapping[str, Reader] = {
    "after": values.seconds, "times": _times, "always": values.flag,
}  # fmt: skip

READERS: dict[str, Reader] = {
    "does": _does,
    "answers_after": values.seconds,
    "then": _steps,
    "greets": values.seconds,
    "accepts": _accepts,
    "refuses": _refuses,
    "machine": _machine,
    "fax": values.flag,
    "detected_as": values.one_of("machine", *ANSWERERS),
    "hangs_up_after": values.seconds,
    "gives_up_after": values.seconds,
    "redials": _redials,
    "calls": _calls,
    "credentials": _credentials,
    "forwarded_from": values.text,
    "caller_name": values.text,
    "stir_verstat": values.text,
    "texts": read_texts,
    "line_type": values.one_of(*LINE_TYPES),
    "network": values.text,
}
"""Every key of a person and its reader. A key that bears the name of a field of `Person` is that
field; whoever adds a field to `Person` adds its reader here."""

GROUPS: dict[str, tuple[frozenset[str], Callable[[Mapping[str, Any], str], Any]]] = {}
"""Fields of `Person` that are made of several keys: the field, its keys, and what reads them from
all that is written of the person."""


def as_called(person: Person, nth: int) -> Person:
    """What this person does at their nth call (from 0)."""
    if not person.calls:
        return person
    turn = person.calls[min(nth, len(person.calls) - 1)]
    return replace(turn, redials=person.redials or turn.redials)
