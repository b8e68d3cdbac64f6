"""Findings for people, for programs, and for the pages of a code host."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args
from urllib.parse import quote

from ivr.flow.checks.codes import codes
from ivr.reading import Finding, Severity

Format = Literal["text", "json", "github", "sarif"]
FORMATS: tuple[Format, ...] = get_args(Format)

_GITHUB: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def written(findings: Sequence[Finding], form: Format, version: str) -> str:
    """The findings in one of the formats; `version` is that of the program. Ends without a line
    break."""
    if form == "sarif":
        return _as_json(_sarif(findings, version))
    formats: dict[Format, Callable[[Sequence[Finding]], str]] = {
        "text": _text, "json": lambda found: _as_json(_plain(found)), "github": _github,
    }  # fmt: skip
    return formats[form](findings)


def _text(findings: Sequence[Finding]) -> str:
    return "\n".join(_with_call(finding) for finding in findings)


def _with_call(finding: Finding) -> str:
    return f"{finding}\n\n{finding.call}\n" if finding.call else str(finding)


def _plain(findings: Sequence[Finding]) -> dict[str, Any]:
    severities = [finding.severity for finding in findings]
    return {
        "errors": severities.count("error"),
        "warnings": severities.count("warning"),
        "notes": severities.count("note"),
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "file": finding.file,
                "line": finding.line,
                "column": finding.column,
                "message": finding.message,
                "advice": finding.advice,
                "page": finding.page,
                **({"call": finding.call} if finding.call else {}),
            }
            for finding in findings
        ],
    }


def _github(findings: Sequence[Finding]) -> str:
    """Workflow commands, one a line: the host shows them at the lines of a change."""
    lines = []
    for finding in findings:
        told = f"{finding.message} {finding.advice}".rstrip()
        lines.append(
            f"::{_GITHUB[finding.severity]} file={_property(finding.file)},line={finding.line},"
            f"col={finding.column},title={_property(finding.code)}::{_data(told)}"
        )
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(findings: Sequence[Finding], version: str) -> dict[str, Any]:
    """SARIF 2.1.0 (OASIS), with the rules that the findings name."""
    named = sorted({finding.code for finding in findings})
    return {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "ringback",
                        "semanticVersion": version,
                        "rules": [_rule(code) for code in named],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, named.index(finding.code)) for finding in findings],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    known = codes().get(code)
    if known is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": f"{known.title}."},
        "fullDescription": {"text": known.why},
        "help": {"text": known.mend, "markdown": known.mend},
        "defaultConfiguration": {"level": known.severity},
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": f"{finding.message} {finding.advice}".rstrip()},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.file)},
                    "region": region,
                }
            }
        ],
    }


def _as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
