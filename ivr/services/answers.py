"""Reading what a company's own system answered: status and body to the variables of a flow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from datetime import time as clock_time
from decimal import Decimal, InvalidOperation
from typing import Any

from ivr.flow.inputs import LookedUp
from ivr.flow.moves import Reading
from ivr.flow.values import NoValue, Value, as_value
from ivr.flow.variables import Variable, variable


class NoAnswer(Exception):
    """No answer that can be used; says why in a few words, without any value."""


def read_answer(status: int, body: bytes, read: Mapping[str, Reading]) -> LookedUp:
    """What an HTTP answer says. Raises NoAnswer."""
    if status == 404:
        return LookedUp("not_found")
    if not 200 <= status < 300:
        raise NoAnswer(f"status {status}")
    try:
        content = json.loads(body, parse_float=Decimal)
    except ValueError:
        raise NoAnswer("the answer is no JSON") from None
    return LookedUp("found", _values(content, read))


def _values(content: Any, read: Mapping[str, Reading]) -> dict[str, Variable]:
    """The variables of the answer. What is not there is nothing; nonsense fails."""
    values = {}
    for name, reading in read.items():
        allowed = reading.consent is None or _at(content, reading.consent) is True
        found = _value(name, _at(content, reading.at), reading) if allowed else None
        values[name] = variable(found, private=reading.private)
    return values


def _at(content: Any, path: str) -> Any:
    """What stands at `path` in the JSON, or None."""
    for step in path.split("."):
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and step.isdecimal() and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    return content


def _value(name: str, found: Any, reading: Reading) -> Value:
    if found is None:
        return None
    try:
        match reading.takes:
            case None:
                return as_value(found)
            case "text":
                return as_value(found if isinstance(found, str) else json.dumps(found, default=str))
            case "number":
                return as_value(found if isinstance(found, int | Decimal) else Decimal(str(found)))
            case "date":
                return date.fromisoformat(str(found)[:10])
            case "time":
                return clock_time.fromisoformat(str(found))
            case "yes_no":
                return found if isinstance(found, bool) else str(found).lower() in ("true", "yes")
    except (NoValue, ValueError, InvalidOperation):
        raise NoAnswer(f"`{name}` in the answer is no {reading.takes or 'value'}") from None
