"""What the engine can prove of a company's flows before they are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

from ivr.clock import SystemClock
from ivr.config import Config
from ivr.engine.company import Company, Line
from ivr.engine.proof import prove
from ivr.engine.proof.maze import DeadEnd
from ivr.engine.proof.times import first_choices
from ivr.flow.flow import FlowSet
from ivr.flow.language import load_languages
from ivr.flow.reader import ReadFlows, Source
from ivr.reading import Finding
from ivr.services.music import rules_of
from ivr.services.recordings import recording_seconds


def prove_company(
    config: Config,
    read: ReadFlows,
    lines: Mapping[str, Line],
    files: Mapping[str, bytes],
    found: Sequence[Finding],
) -> list[Finding]:
    """What could not be proved of the flows in which no error was found so far, each with a call
    that shows it."""
    bad = {
        file
        for finding in found
        if finding.severity == "error"
        for file in (finding.file, *finding.concerns)
    }
    good = {
        name: source for name, source in read.sources.items() if source.document.file not in bad
    }
    company = Company(
        flows=FlowSet({name: source.flow for name, source in good.items()}, read.version),
        lines=lines,
        languages=load_languages(),
        schedules={},
        numbers=config.numbers,
        fallback=config.fallback.number,
        speech=config.speech,
        rules=rules_of(config.queues, files),
        zone=ZoneInfo(config.time_zone),
    )

    @cache
    def open_company() -> Company:
        years = range(today.year, today.year + 2)
        schedules = {name: config.schedule(name, years) for name in config.schedules}
        return replace(company, schedules=schedules)

    today = SystemClock().now().astimezone(company.zone).date()

    def show(dead_end: DeadEnd) -> str:
        # Only where something is wrong is there anything to show, and much to import for it.
        from ivr.services.showing import script_of

        title = f"Left with nothing at {dead_end.state.place}"
        return script_of(dead_end, open_company(), title, today)

    late = _late_choices(company, good, config.limits.first_choice, recording_seconds(files))
    return [*prove(company, good, show), *late]


def _late_choices(
    company: Company, sources: Mapping[str, Source], most: float, recordings: Mapping[str, float]
) -> Iterator[Finding]:
    """Lines whose callers wait longer than `most` seconds for something to choose."""
    for taken in first_choices(company, recordings):
        if taken.first_choice is None or taken.first is None or taken.first_choice <= most:
            continue
        yield sources[taken.first.flow].document.finding_at_name(
            ("nodes", taken.first.node), "first-choice-late",
            f"On the line `{taken.line}` the first choice comes after {taken.first_choice:.0f} s "
            f"in `{taken.language}`, and may after {most:g} s: \"{taken.heard}\"",
            severity="warning",
        )  # fmt: skip
