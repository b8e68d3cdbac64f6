"""A set of flows that is to be published: one reading of the folder, checked and rehearsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ivr.config import Config
from ivr.flow.checks.order import Chosen
from ivr.flow.reader import CALLS_SUFFIX
from ivr.reading import Finding, Unreadable
from ivr.services.company import LoadedCompany, load_company, read_files
from ivr.services.rehearsal import Failure, Script, play
from ivr.services.rehearsal.stage import InProcessStage, load_scripts, unknown_lookups


@dataclass(frozen=True)
class Candidate:
    """`files` are what is kept: flows and recordings, without the scripts of calls."""

    files: Mapping[str, bytes]
    loaded: LoadedCompany
    findings: tuple[Finding, ...]
    """Of flows, recordings and scripts."""
    failures: tuple[Failure, ...]
    calls: int
    """How many scripts were played."""

    @property
    def version(self) -> str:
        return self.loaded.flows.version

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def is_good(self) -> bool:
        return not self.errors and not self.failures


def prepare(config: Config, now: datetime, chosen: Chosen | None = None) -> Candidate:
    """Read the folder beside `config` once, check it (also by what callers have `chosen`), and
    play every script of calls.

    Raises nothing for bad flows: the candidate says what is wrong. Scripts are played only where
    the flows have no error.
    """
    everything, findings = read_files(config.flows_folder)
    files = {name: text for name, text in everything.items() if not name.endswith(CALLS_SUFFIX)}
    loaded = load_company(config, now, files, chosen=chosen)
    findings += loaded.findings
    scripts: list[Script] = []
    try:
        scripts.extend(load_scripts(config))
        findings += unknown_lookups(scripts, loaded.company)
    except Unreadable as error:
        findings += error.findings
    failures: tuple[Failure, ...] = ()
    if not any(finding.severity == "error" for finding in findings):
        stage = InProcessStage(config, loaded.company)
        failures = tuple(_failures(stage, scripts, config.numbers))
    return Candidate(files, loaded, tuple(findings), failures, len(scripts))


def _failures(
    stage: InProcessStage, scripts: list[Script], numbers: Mapping[str, str]
) -> Iterator[Failure]:
    for script in scripts:
        try:
            failure = play(script, stage.telephone(script), numbers)
        except Exception as error:
            # A call that the engine cannot carry on would be put through; that is no good set.
            line = script.document.mark(("calls", script.index))[0]
            reason = f"The call failed: {type(error).__name__}: {error}"
            failure = Failure(script.file, line, script.title, reason)
        if failure is not None:
            yield failure
