"""Findings as programs read them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft4Validator

from ivr.flow.checks.codes import codes
from ivr.flow.checks.formats import written
from ivr.reading import Finding

FOUND = (
    Finding("flows/main.yaml", 9, 41, "unknown-target", "There is no node `a, b`.", "100% sure?"),
    Finding("flows/a b.yaml", 1, 1, "unreached", "Nothing:\nleads here.", "Mend it.", "warning"),
)
FINDINGS = some.builds(
    Finding,
    some.text(min_size=1),
    some.integers(1, 10_000),
    some.integers(1, 10_000),
    some.sampled_from(sorted(codes())) | some.text("abc-", min_size=1),
    some.text(),
    some.text(),
    some.sampled_from(["error", "warning", "note"]),
)


@cache
def sarif() -> Draft4Validator:
    schema = Path(__file__).with_name("data") / "sarif-2.1.0.json"
    return Draft4Validator(json.loads(schema.read_text(encoding="utf-8")))


def test_json_has_everything_that_is_known_of_a_finding() -> None:
    told = json.loads(written(FOUND, "json", "1.2.3"))
    assert (told["errors"], told["warnings"], told["notes"]) == (1, 1, 0)
    assert told["findings"][0] == {
        "code": "unknown-target",
        "severity": "error",
        "file": "flows/main.yaml",
        "line": 9,
        "column": 41,
        "message": "There is no node `a, b`.",
        "advice": "100% sure?",
        "page": "docs/findings.md#unknown-target",
    }


def test_annotations_stay_on_one_line_and_keep_their_signs_apart() -> None:
    assert written(FOUND, "github", "1.2.3").splitlines() == [
        "::error file=flows/main.yaml,line=9,col=41,title=unknown-target::"
        "There is no node `a, b`. 100%25 sure?",
        "::warning file=flows/a b.yaml,line=1,col=1,title=unreached::"
        "Nothing:%0Aleads here. Mend it.",
    ]


@given(some.lists(FINDINGS, max_size=4))
def test_sarif_is_valid_whatever_was_found(findings: list[Finding]) -> None:
    told = json.loads(written(findings, "sarif", "1.2.3"))
    assert [error.message for error in sarif().iter_errors(told)] == []
    (run,) = told["runs"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_names_files_as_addresses() -> None:
    (run,) = json.loads(written(FOUND, "sarif", "1.2.3"))["runs"]
    (place,) = run["results"][1]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "flows/a%20b.yaml"


def test_nothing_found_is_nothing_told_and_still_a_document() -> None:
    assert written((), "text", "1.2.3") == written((), "github", "1.2.3") == ""
    assert json.loads(written((), "json", "1.2.3"))["findings"] == []
    assert sarif().is_valid(json.loads(written((), "sarif", "1.2.3")))
