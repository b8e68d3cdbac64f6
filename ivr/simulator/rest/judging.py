"""Requests, judged as Twilio's description of its API judges them, before the resource is asked.

Our own few lines instead of a validator of schemas: the values of a form are all strings, each
refusal is one sentence for a person, and a busy carrier judges hundreds of requests a second.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from difflib import get_close_matches

from multidict import MultiMapping

from ivr.simulator.errors import RestError
from ivr.simulator.rest.description import Operation
from ivr.simulator.rest.values import fault

CLOSE_ENOUGH = 0.6
"""How alike an unknown name and a known one are for "did you mean", of 1."""


def judge_path(operation: Operation, values: Sequence[str], path: str) -> None:
    """Raise 404 for an identifier in the path that no resource can have."""
    for (name, schema), value in zip(operation.places, values, strict=True):
        if fault(name, [value], schema):
            raise RestError(404, 20404, f"The requested resource {path} was not found")


def judge(operation: Operation, given: MultiMapping[str], own: Container[str] = ()) -> None:
    """Raise 400 with 20001 for the first thing that is wrong with the parameters.

    Those in `own` are left to the resource, which has codes of its own for them.
    """
    for name in operation.required:
        if name not in own and not given.get(name):
            raise RestError(400, 20001, f"Missing required parameter {name} in the post body")
    for group in operation.one_of_each:
        if not any(name in own or given.get(name) for name in group):
            raise RestError(400, 20001, f"One of {', '.join(group)} is required")
    for name in dict.fromkeys(given):
        schema = operation.parameters.get(name)
        if schema is None or name in own:
            continue
        values = [value for value in given.getall(name) if value]
        wrong = fault(name, values, schema) if values else ""
        if wrong:
            raise RestError(400, 20001, wrong)


def unknown(operation: Operation, names: Iterable[str]) -> Mapping[str, str]:
    """The names that Twilio does not know and ignores, each with the one that may be meant."""
    strange = [name for name in names if name not in operation.parameters]
    if not strange:
        return {}
    known = {name.lower(): name for name in operation.parameters}
    return {
        name: "".join(known[n] for n in get_close_matches(name.lower(), known, 1, CLOSE_ENOUGH))
        for name in strange
    }
