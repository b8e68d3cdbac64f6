"""One value of a request against its schema: a sentence that says what is wrong, or nothing."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from ivr.simulator.rest.description import Schema, resolved
from ivr.simulator.urls import is_http_url

WHOLE = re.compile(r"-?[0-9]+")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
SHOWN = 80
"""Characters of a wrong value that are repeated to whoever sent it."""


def fault(name: str, values: Sequence[str], schema: Schema) -> str:
    """What is wrong with a parameter; several values when it was repeated."""
    of_one = schema
    if schema["type"] == "array":
        of_one = {"type": "string", **resolved(schema["items"])}
        if schema.get("separated"):
            values = [word for value in values for word in value.split()]
        most = schema.get("maxItems")
        if most is not None and len(values) > most:
            return f"{name} is there {len(values)} times, at most {most}"
    return next((wrong for value in values if (wrong := _fault_of_one(name, value, of_one))), "")


def _fault_of_one(name: str, value: str, schema: Schema) -> str:
    return next((wrong for judge in JUDGES if (wrong := judge(name, value, schema))), "")


def _type(name: str, value: str, schema: Schema) -> str:
    kind = schema["type"]
    if kind == "integer" and not WHOLE.fullmatch(value):
        return f"{name} must be a whole number, not {_shown(value)}"
    if kind == "number" and not NUMBER.fullmatch(value):
        return f"{name} must be a number, not {_shown(value)}"
    if kind == "boolean" and value.lower() not in ("true", "false"):
        return f"{name} must be true or false, not {_shown(value)}"
    return ""


def _one_of(name: str, value: str, schema: Schema) -> str:
    allowed = [item for item in schema.get("enum", ()) if item is not None]
    if not allowed or value in allowed:
        return ""
    return f"{name} must be {_listed(allowed)}, not {_shown(value)}"


def _pattern(name: str, value: str, schema: Schema) -> str:
    pattern = schema.get("pattern")
    if pattern is None or re.search(pattern, value):
        return ""
    return f"{name} must match {pattern}, and {_shown(value)} does not"


def _length(name: str, value: str, schema: Schema) -> str:
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if most is not None and len(value) > most:
        return f"{name} has {len(value)} characters, at most {most}"
    if len(value) < least:
        return f"{name} has {len(value)} characters, at least {least}"
    return ""


def _range(name: str, value: str, schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and float(value) < least:
        return f"{name} must be at least {least}, not {value}"
    if most is not None and float(value) > most:
        return f"{name} must be at most {most}, not {value}"
    return ""


def _format(name: str, value: str, schema: Schema) -> str:
    kind = schema.get("format")
    if kind == "uri" and not is_http_url(value):
        return f"{name} must be an absolute http or https address, not {_shown(value)}"
    if kind in ("date", "date-time") and not _is_moment(value):
        example = "2026-11-23" if kind == "date" else "2026-11-23T09:00:00Z"
        return f"{name} must be a date like {example}, not {_shown(value)}"
    return ""


JUDGES: tuple[Callable[[str, str, Schema], str], ...] = (
    _type, _one_of, _pattern, _length, _range, _format
)  # fmt: skip


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _listed(allowed: Sequence[str]) -> str:
    return allowed[0] if len(allowed) == 1 else f"{', '.join(allowed[:-1])} or {allowed[-1]}"


def _shown(value: str) -> str:
    return repr(value if len(value) <= SHOWN else value[:SHOWN] + "...")
