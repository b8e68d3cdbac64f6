"""Errors are told without their words, which may hold what a caller gave."""

from __future__ import annotations

import json

import msgspec
import pytest

from ivr.flow.values import as_value
from ivr.services.mishap import way, where

SECRET = "19121212-1212"


def told_of(kind: str) -> tuple[str, str]:
    """`where` and `way` of an error that has the secret in its words, and in those behind it."""
    try:
        try:
            if kind == "ours":
                as_value(object())
            elif kind == "library":
                msgspec.json.decode(f'{{"number": {SECRET}}}')
            else:
                json.loads(SECRET)
        except Exception as error:
            if kind == "without":
                raise RuntimeError(SECRET) from None
            if kind == "from":
                raise RuntimeError(SECRET) from error
            raise
    except Exception as error:
        return where(error), way(error)
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("kind", "at", "through"),
    [
        ("ours", "NoValue at ivr/flow/values.py:", "test_mishap.py:"),
        ("library", "DecodeError at services/test_mishap.py:", "test_mishap.py:"),
        ("standard", "JSONDecodeError at json/decoder.py:", "__init__.py:"),
        ("from", "RuntimeError at services/test_mishap.py:", "; raised from "),
        ("without", "RuntimeError at services/test_mishap.py:", "RuntimeError"),
    ],
)
def test_an_error_is_told_by_its_type_and_its_lines_only(kind: str, at: str, through: str) -> None:
    place, lines = told_of(kind)
    assert place.startswith(at) and place.rpartition(":")[2].isdigit()
    assert through in lines
    assert ("raised from" in lines) == (kind == "from")
    assert SECRET not in place + lines


def test_errors_that_go_round_are_told_once() -> None:
    one, two = KeyError(SECRET), ValueError(SECRET)
    one.__cause__, two.__cause__ = two, one
    assert way(one) == "KeyError; raised from ValueError"
    assert where(one) == "KeyError"
