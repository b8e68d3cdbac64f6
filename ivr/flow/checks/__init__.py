"""What is wrong with a set of flows as a whole: everything at once, each with what to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ivr.flow.checks import (
    listening,
    mentioned,
    messages,
    order,
    prompts,
    structure,
    variables,
    wording,
)
from ivr.flow.checks.allowing import without_allowed
from ivr.flow.checks.codes import FoundBy, with_advice
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
    unserved: Collection[str] = ()
    """Those that no agent serves."""
    lookup_hosts: Collection[str] = ()
    """The company's own systems: `crm.example.com`, with a port where there is one."""
    words_in_a_sentence: Mapping[str, int] = field(default_factory=dict)
    """The most that are followed by ear, by language, where it is not the usual number."""
    currency: str = "EUR"
    chosen: order.Chosen = field(default_factory=dict)
    """What callers have chosen from menus, as far as it is known."""


Prove = Callable[[Sequence[Finding]], Iterable[Finding]]
"""Finds what needs the engine to be found, given everything that was found without it."""


def check_flows(
    read: ReadFlows, around: Surroundings, prove: Prove | None = None
) -> tuple[Finding, ...]:
    """Every finding of these flows, in the order of file and line."""
    findings = list(read.findings)
    kinds = variables.kinds_of(read)
    for name, source in read.sources.items():
        findings.extend(structure.check(name, source, read, around))
        findings.extend(wording.check(source, around))
        findings.extend(mentioned.check(name, source, around))
        findings.extend(listening.check(name, source, read, around))
        findings.extend(messages.check(source, kinds, around))
        findings.extend(order.check(name, source, around.chosen))
    findings.extend(variables.check(read, around.lines))
    findings.extend(prompts.check(read, around))
    leads = all(finding.code != "unknown-target" for finding in findings)
    if leads:
        # One misspelt target would make many more of what it no longer leads to.
        findings.extend(structure.check_reached(read, around))
    leads = leads and all(flow in read.sources for flow in around.lines.values())
    proved = prove is not None and all(finding.severity != "error" for finding in findings)
    if prove is not None:
        findings.extend(prove(findings))
    documents = [source.document for source in read.sources.values()]
    looked_for: set[FoundBy] = set()
    if not read.findings:
        looked_for.add("reading")
        looked_for |= {"ways"} if leads else set()
        looked_for |= {"proof"} if leads and proved else set()
    told = without_allowed(
        _once(findings), [*documents, *read.prompts.documents], looked_for=looked_for
    )
    return tuple(sorted(map(with_advice, told), key=lambda finding: finding.place))


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each finding once: what is wrong with a prompt is found for every flow that uses it."""
    concerns: dict[Finding, set[str]] = {}
    for finding in findings:
        concerns.setdefault(replace(finding, concerns=()), set()).update(finding.concerns)
    for finding, files in concerns.items():
        yield replace(finding, concerns=tuple(sorted(files))) if files else finding


__all__ = ["Prove", "Surroundings", "check_flows"]
