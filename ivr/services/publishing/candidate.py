"""A set of flows that is to be published: one reading of the folder, checked and rehearsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ivr.config import Config
from ivr.flow.checks.order import Chosen
from ivr.flow.reader import CALLS_SUFFIX
from ivr.reading import Finding
from ivr.services.company import LoadedCompany, load_company, read_files
from ivr.services.publishing.rehearsed import Rehearsal, rehearse


@dataclass(frozen=True)
class Candidate:
    """`files` are what the version is made of: flows and recordings; `scripts` of calls are kept
    beside it."""

    files: Mapping[str, bytes]
    scripts: Mapping[str, bytes]
    loaded: LoadedCompany
    findings: tuple[Finding, ...]
    """Of flows, recordings and scripts."""
    rehearsal: Rehearsal

    @property
    def version(self) -> str:
        return self.loaded.flows.version

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def is_good(self) -> bool:
        return not self.errors and self.rehearsal.is_good


def prepare(config: Config, now: datetime, chosen: Chosen | None = None) -> Candidate:
    """Read the folder beside `config` once, check it (also by what callers have `chosen`), and
    play every script of calls.

    Raises nothing for bad flows: the candidate says what is wrong. Scripts are played only where
    the flows have no error.
    """
    everything, unread = read_files(config.flows_folder)
    scripts = {name: text for name, text in everything.items() if name.endswith(CALLS_SUFFIX)}
    files = {name: text for name, text in everything.items() if name not in scripts}
    loaded = load_company(config, now, files, chosen=chosen)
    rehearsal = rehearse(config, loaded.company, scripts, is_good=not unread and not loaded.errors)
    findings = (*unread, *loaded.findings, *rehearsal.findings)
    return Candidate(files, scripts, loaded, findings, rehearsal)
