"""Every code that a finding can have: one table, of which `docs/findings.md` is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from ivr.reading import Finding, Severity, read_tree, validate

Part = Literal["nodes", "flow", "prompts", "settings", "words"]
FoundBy = Literal["reading", "ways", "proof", "history"]


class Code(BaseModel):
    """What a code means. `wrong` and `right` are parts of a file; `of` says which."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    severity: Severity
    why: str
    """What callers or colleagues would meet."""
    mend: str
    """One sentence; also the advice of a finding that has none of its own."""
    of: Part = "nodes"
    wrong: str
    right: str
    may_be_allowed: bool = Field(default=False, alias="allow")
    """Whether it can be silenced in place, with a reason."""
    found_by: FoundBy = "reading"
    """What is needed to find it: files that can be read, ways that all lead somewhere, flows that
    the engine can take, or callers."""


class _Table(RootModel[dict[str, Code]]):
    pass


@cache
def codes() -> Mapping[str, Code]:
    """Every code, in the order of the page."""
    content = (resources.files("ivr.flow.checks") / "codes.yaml").read_bytes()
    return validate(_Table, read_tree(content, "codes.yaml")).root


def with_advice(finding: Finding) -> Finding:
    """The finding with something to do about it, in words of its own or of its code."""
    if finding.advice or finding.code not in codes():
        return finding
    return replace(finding, advice=codes()[finding.code].mend)
