"""Playing the scripts of calls that belong to a set of flows, before anybody rings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivr.config import Config
from ivr.engine.company import Company
from ivr.reading import Finding, Unreadable
from ivr.services.rehearsal import Failure, Script, play
from ivr.services.rehearsal.stage import InProcessStage, scripts_of, unknown_lookups

FAILURES_SHOWN = 5


@dataclass(frozen=True)
class Rehearsal:
    """How the scripted calls went; with `findings` in the scripts none was played."""

    calls: int = 0
    """How many scripts there are."""
    failures: tuple[Failure, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.findings and not self.failures

    @property
    def told(self) -> str:
        """What is wrong, in a few words."""
        if self.findings:
            return "its scripts of calls have errors"
        return f"{len(self.failures)} of {self.calls} scripted calls did not go as written"

    def details(self, shown_by: str = "") -> list[str]:
        """What is wrong, line by line; of many failures the first, and what shows the others."""
        shown = [str(wrong) for wrong in (*self.findings, *self.failures[:FAILURES_SHOWN])]
        if len(self.failures) > FAILURES_SHOWN:
            which = f", which {shown_by} shows" if shown_by else ""
            shown.append(f"... and {len(self.failures) - FAILURES_SHOWN} more{which}.")
        return shown


def rehearse(
    config: Config, company: Company, files: Mapping[str, bytes], *, is_good: bool = True
) -> Rehearsal:
    """Play the scripts in these files; only read them where the flows are not good."""
    try:
        scripts = scripts_of(config, files)
    except Unreadable as error:
        return Rehearsal(findings=error.findings)
    findings = tuple(unknown_lookups(scripts, company))
    if findings or not is_good:
        return Rehearsal(len(scripts), findings=findings)
    return Rehearsal(len(scripts), tuple(_failures(config, company, scripts)))


def _failures(config: Config, company: Company, scripts: Sequence[Script]) -> Iterator[Failure]:
    stage = InProcessStage(config, company)
    for script in scripts:
        try:
            failure = play(script, stage.telephone(script), config.numbers)
        except Exception as error:
            # A call that the engine cannot carry on would be put through; that is no good set.
            line = script.document.mark(("calls", script.index))[0]
            reason = f"The call failed: {type(error).__name__}: {error}"
            failure = Failure(script.file, line, script.title, reason)
        if failure is not None:
            yield failure
