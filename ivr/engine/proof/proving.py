"""Everything that is proved of a company's flows, as findings about what could not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ivr.engine.company import Company
from ivr.engine.proof.complaints import answered_complaints
from ivr.engine.proof.ground import (
    ANYBODY,
    LANDLINE_CALLER,
    MOBILE_CALLER,
    callers_matter,
    ground_company,
)
from ivr.engine.proof.maze import DeadEnd, dead_ends
from ivr.engine.proof.presses import too_far
from ivr.engine.proof.steps import Steps
from ivr.engine.proof.telling import (
    Show,
    complaint_findings,
    dead_end_findings,
    too_far_findings,
)
from ivr.engine.proof.walk import Walk, walk
from ivr.flow.reader import Source
from ivr.reading import Finding


def prove(company: Company, sources: Mapping[str, Source], show: Show) -> list[Finding]:
    """What could not be proved of the flows of `company`; see `ivr.engine.proof`.

    Of `company` only what flows can name is looked at, not schedules' hours. `sources` are the
    texts of the flows; `show` writes a call as a script.
    """
    walked = walks(company)
    flows = company.flows
    far = (state for one in walked for state in too_far(one))
    answered = (one for walk in walked for one in answered_complaints(company, walk))
    return [
        *dead_end_findings(found_dead_ends(walked), flows, sources, show),
        *too_far_findings(far, sources),
        *complaint_findings(answered, flows, sources),
    ]


def walks(company: Company) -> list[Walk]:
    """Every call that could be; where it depends on the caller's number and callers of every sort
    at once come to a dead end, each sort by itself."""
    if not callers_matter(company.flows.flows):
        return [walked(company, None)]
    together = walked(company, ANYBODY)
    if not dead_ends(together):
        return [together]
    return [walked(company, caller) for caller in (None, LANDLINE_CALLER, MOBILE_CALLER)]


def walked(company: Company, caller: str | None) -> Walk:
    """Every state that a call of this caller can reach, from any line."""
    ground = ground_company(company, caller)
    lines = [line for line in company.lines.values() if line.flow in company.flows.flows]
    steps = Steps(ground, lines[0].name if lines else "")
    return walk(steps, [(line.name, steps.start(line.flow)) for line in lines])


def walked_from(company: Company, line: str, caller: str | None) -> Walk:
    """Every state that a call of this caller to one line can reach."""
    return walked(replace(company, lines={line: company.lines[line]}), caller)


def found_dead_ends(walked: list[Walk]) -> list[DeadEnd]:
    """Every dead end, soonest first."""
    return sorted(
        (dead_end for one in walked for dead_end in dead_ends(one)),
        key=lambda dead_end: len(dead_end.way),
    )
