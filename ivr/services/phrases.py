"""Sentences that services say, one YAML file a language, read into a model once."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TypeVar

from pydantic import BaseModel

from ivr.reading import read_tree, validate

Model = TypeVar("Model", bound=BaseModel)


@cache
def load_phrase_files(package: str, model: type[Model]) -> dict[str, Model]:
    """Every language's of a package, by code. Raises `Unreadable` when a file is broken."""
    found = {}
    for file in sorted(resources.files(package).iterdir(), key=lambda entry: entry.name):
        code, _, ending = file.name.rpartition(".")
        if ending == "yaml":
            where = f"{package.rpartition('.')[2]}/{file.name}"
            found[code] = validate(model, read_tree(file.read_bytes(), where))
    return found
