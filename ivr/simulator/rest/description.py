"""Twilio's description of its REST API, as cut down by tools/cut_description.py and made stricter.

The description by itself lets much pass that its prose and Twilio's pages forbid; rest-overlay.json
adds those lengths, ranges and lists of values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ivr.simulator.data import load

Schema = Mapping[str, Any]
FORM = "application/x-www-form-urlencoded"
PLACE = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
"""A variable part of a path, also aiohttp's ``{sid:RE[0-9a-f]{32}}``."""


@dataclass(frozen=True)
class Operation:
    """One thing that Twilio's API can be asked; parameters by name, each with its schema."""

    id: str
    method: str
    path: str
    places: tuple[tuple[str, Schema], ...]
    """The variable parts of the path, in order."""
    query: Mapping[str, Schema]
    form: Mapping[str, Schema]
    required: tuple[str, ...]
    one_of_each: tuple[tuple[str, ...], ...]
    """Groups of form fields of which one must be there."""
    answers: Mapping[int, Schema | None]
    """The schema of the body by status; nothing where there is no body."""

    @property
    def parameters(self) -> Mapping[str, Schema]:
        """What a request may bear besides its path."""
        return self.form if self.method == "POST" else self.query


def operation(method: str, path: str) -> Operation | None:
    """The operation behind a method and a path with variable parts, however those are called."""
    return _operations().get((method, _shape(path)))


def operations() -> list[Operation]:
    """Every operation of the description."""
    return list(_operations().values())


def asked(method: str, path: str) -> Operation | None:
    """The operation that a request for this very path is for."""
    return next((o for o in operations() if o.method == method and _fits(o.path, path)), None)


def methods(path: str) -> set[str]:
    """The methods that Twilio knows for this very path, here or elsewhere in its API."""
    found = {o.method for o in operations() if _fits(o.path, path)}
    elsewhere: dict[str, list[str]] = load("rest-description.json")["x-elsewhere"]
    for template, known in elsewhere.items():
        if _fits(template, path):
            found.update(known)
    return found


def schemas() -> Mapping[str, Schema]:
    """The named schemas."""
    named: Mapping[str, Schema] = load("rest-description.json")["components"]["schemas"]
    return named


def resolved(schema: Schema) -> Schema:
    """The schema itself where it only names another."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return schemas()[name] if name else schema


@cache
def _operations() -> dict[tuple[str, str], Operation]:
    overlay = load("rest-overlay.json")
    found = {}
    for path, item in load("rest-description.json")["paths"].items():
        for method, given in item.items():
            stricter = {
                **overlay["everywhere"],
                **overlay["operations"].get(given["operationId"], {}),
            }
            read = _read(method.upper(), path, given, stricter)
            found[read.method, _shape(path)] = read
    return found


def _read(method: str, path: str, given: Schema, stricter: Mapping[str, Schema]) -> Operation:
    def strict(name: str, schema: Schema) -> Schema:
        merged = {**resolved(schema), **stricter.get(name, {})}
        return {"type": "string", **merged}

    listed = {
        where: {
            p["name"]: strict(p["name"], p["schema"])
            for p in given["parameters"]
            if p["in"] == where
        }
        for where in ("path", "query")
    }
    form = given.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    ordered = [place.strip("{}") for place in PLACE.findall(path)]
    return Operation(
        id=given["operationId"],
        method=method,
        path=path,
        places=tuple((name, listed["path"][name]) for name in ordered),
        query=listed["query"],
        form={name: strict(name, of) for name, of in form.get("properties", {}).items()},
        required=tuple(form.get("required", ())),
        one_of_each=tuple(tuple(group) for group in given.get("x-one-of-each", ())),
        answers={
            int(status): answer["content"].get("application/json", {}).get("schema")
            for status, answer in given["responses"].items()
        },
    )


def _shape(path: str) -> str:
    return PLACE.sub("{}", path)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in PLACE.split(template)]
    return re.compile("([^/]+)".join(parts))


def _fits(template: str, path: str) -> bool:
    return _pattern(template).fullmatch(path) is not None
