"""The JSON Schema for editors: what passes the check passes it, and what is misspelt does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from ivr.flow.checks.codes import codes
from ivr.flow.schema import SCHEMAS, schema, written
from tests.flow.examples import flow_of

ROOT = Path(__file__).parents[2]
FLOWS = [file for file in sorted((ROOT / "flows").glob("*.yaml")) if file.name.count(".") == 1]
BAD = ROOT / "tests/flow/bad"
OF_SHAPE = ("missing", "unknown-setting", "unknown-kind", "value")
"""Findings that an editor can see as well."""
FLOW = Draft7Validator(schema("flow"))
PROMPTS = Draft7Validator(schema("prompts"))


class _AsEditorsRead(yaml.SafeLoader):
    """YAML 1.2 as editors read it: `no` is a word, `true` a yes, `1` a number."""


_AsEditorsRead.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?$", "-+0123456789."),
    ("null", r"^(?:~|null|)$", "~n"),
):
    _AsEditorsRead.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), [*first])


def read(text: str) -> Any:
    return _names_as_words(yaml.load(text, _AsEditorsRead))


def _names_as_words(value: Any) -> Any:
    """JSON has no other names."""
    if isinstance(value, dict):
        return {str(name): _names_as_words(inner) for name, inner in value.items()}
    return [_names_as_words(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("of", SCHEMAS)
def test_it_is_one_and_the_one_in_docs(of: Any) -> None:
    Draft7Validator.check_schema(schema(of))
    page = ROOT / f"docs/{of}.schema.json"
    assert page.read_text(encoding="utf-8") == written(of), "run `make docs`"


@pytest.mark.parametrize("file", FLOWS, ids=lambda file: file.name)
def test_the_example_flows_pass_it(file: Path) -> None:
    of = PROMPTS if file.name == "prompts.yaml" else FLOW
    errors = of.iter_errors(read(file.read_text(encoding="utf-8")))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("code", [name for name, code in codes().items() if code.of == "nodes"])
def test_the_right_examples_of_findings_pass_it_and_the_wrong_ones_of_its_shape_do_not(
    code: str,
) -> None:
    shown = codes()[code]
    errors = FLOW.iter_errors(read(flow_of(shown.right)))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []
    if code in OF_SHAPE:
        assert not FLOW.is_valid(read(flow_of(shown.wrong)))


@pytest.mark.parametrize("code", OF_SHAPE)
def test_bad_flows_of_its_shape_do_not_pass_it(code: str) -> None:
    assert not FLOW.is_valid(read((BAD / f"{code}.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("to: Goodbye", "to: goodbye"),
        ("to: ''", "to: other/"),
        ("to: goodbye, text: []", "to: goodbye, text: {en: 2026}"),
        ("to: goodbye, text: {prompt: Welcome}", "to: goodbye, text: {prompt: welcome}"),
        ("to: goodbye, text: {en: {audio: a.wav}}", "to: goodbye, text: {en: {audio: a, text: b}}"),
    ],
)
def test_what_stands_in_a_node_is_looked_at(wrong: str, right: str) -> None:
    for settings, valid in ((wrong, False), (right, True)):
        text = "" if "text" in settings else "text: Hello, "
        assert FLOW.is_valid(read(flow_of(f"one: {{kind: say, {text}{settings}}}"))) is valid


def test_prompt_files_have_one_of_their_own() -> None:
    assert PROMPTS.is_valid({"welcome": {"en": "Hello", "fi": {"audio": "a.wav", "text": "Hei"}}})
    assert not PROMPTS.is_valid({"welcome": {"en": {"audio": "a.wav"}}})
    assert not PROMPTS.is_valid({"Welcome": "Hello"})
