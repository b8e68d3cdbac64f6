"""What the engine can prove of a company's flows before they are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

from ivr.clock import SystemClock
from ivr.config import Config
from ivr.engine.company import Company, Line
from ivr.engine.proof import prove
from ivr.engine.proof.maze import DeadEnd
from ivr.flow.flow import FlowSet
from ivr.flow.language import load_languages
from ivr.flow.reader import ReadFlows
from ivr.reading import Finding
from ivr.services.showing import script_of


def prove_company(
    config: Config, read: ReadFlows, lines: Mapping[str, Line], found: Sequence[Finding]
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
        queue_numbers={name: config.queue_number(name) or "" for name in config.queues},
        zone=ZoneInfo(config.time_zone),
    )

    @cache
    def open_company() -> Company:
        years = range(today.year, today.year + 2)
        schedules = {name: config.schedule(name, years) for name in config.schedules}
        return replace(company, schedules=schedules)

    today = SystemClock().now().astimezone(company.zone).date()

    def show(dead_end: DeadEnd) -> str:
        title = f"Left with nothing at {dead_end.state.place}"
        return script_of(dead_end, open_company(), title, today)

    return prove(company, good, show)
