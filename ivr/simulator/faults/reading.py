"""Faults from YAML, from JSON, and from the words of a command line."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import yaml

from ivr.simulator.faults.fault import TEXTS, WORDS, Fault, FaultError

KEYS = tuple(field.name for field in fields(Fault))


def read_fault(value: Any, where: str = "fault") -> Fault:
    """A fault from a mapping, e.g. of YAML or JSON; raises FaultError that begins with `where`."""
    if not isinstance(value, Mapping):
        raise FaultError(f"{where}: write names and values, not {value!r}")
    for key in value:
        if key not in KEYS:
            raise FaultError(f"{where}: {key!r} is none of {', '.join(KEYS)}")
    for key in ("strikes", "does"):
        if key not in value:
            raise FaultError(f"{where}: {key} is missing: one of {', '.join(WORDS[key])}")
    try:
        return Fault(**value)
    except FaultError as error:
        raise FaultError(f"{where}: {error}") from None


def read_faults(value: Any, where: str = "faults") -> list[Fault]:
    """Faults from a list of mappings; raises FaultError."""
    if not isinstance(value, list):
        raise FaultError(f"{where}: write a list of faults")
    return [read_fault(item, f"{where}: {number}") for number, item in enumerate(value, 1)]


def read_fault_of(words: str) -> Fault:
    """A fault from ``strikes=callbacks does=lost every=3``; raises FaultError."""
    given: dict[str, Any] = {}
    for word in words.split():
        name, separator, value = word.partition("=")
        if not separator:
            raise FaultError(f"{word!r}: write NAME=VALUE, e.g. strikes=rest does=cut when=after")
        given[name] = value if name in TEXTS else _plain(value)
    return read_fault(given, repr(words))


def _plain(value: str) -> Any:
    try:
        return yaml.safe_load(value)
    except yaml.YAMLError:
        return value
