"""What is wrong with a set of flows as a whole: everything at once, each with what to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ivr.flow.checks import structure, wording
from ivr.flow.checks.allowing import without_allowed
from ivr.flow.checks.codes import with_advice
from ivr.flow.language import Language
from ivr.flow.reader import ReadFlows
from ivr.reading import Finding


@dataclass(frozen=True)
class Surroundings:
    """What flows may refer to: names in `config.yaml`, languages that ship, recordings."""

    languages: Mapping[str, Language]
    schedules: Collection[str]
    numbers: Collection[str]
    recordings: Collection[str]
    lines: Mapping[str, str]
    """The flow that each line begins with."""
    queues: Collection[str] = ()
    lookup_hosts: Collection[str] = ()
    """The company's own systems: `crm.example.com`, with a port where there is one."""


Prove = Callable[[Sequence[Finding]], Iterable[Finding]]
"""Finds what needs the engine to be found, given everything that was found without it."""


def check_flows(
    read: ReadFlows, around: Surroundings, prove: Prove | None = None
) -> tuple[Finding, ...]:
    """Every finding of these flows, in the order of file and line."""
    findings = list(read.findings)
    for name, source in read.sources.items():
        findings.extend(structure.check(name, source, read, around))
        findings.extend(wording.check(source, around))
    if all(finding.code != "unknown-target" for finding in findings):
        # One misspelt target would make many more of what it no longer leads to.
        findings.extend(structure.check_reached(read, around))
    if prove is not None:
        findings.extend(prove(findings))
    documents = [source.document for source in read.sources.values()]
    told = without_allowed(findings, documents, whole=not read.findings)
    return tuple(sorted(map(with_advice, told), key=lambda finding: finding.place))


__all__ = ["Prove", "Surroundings", "check_flows"]
