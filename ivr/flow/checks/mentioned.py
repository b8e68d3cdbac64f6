"""What conditions name of `config.yaml`: queues, schedules, lines, and languages."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from ivr.flow.checks.reads import formed
from ivr.flow.reader import Source
from ivr.reading import Finding
from ivr.reading.validation import suggestion

if TYPE_CHECKING:
    from ivr.flow.checks import Surroundings


def check(name: str, source: Source, around: Surroundings) -> Iterator[Finding]:
    """Names in the conditions and values of a flow that mean nothing."""
    for one in formed(name, source):
        expression = one.expression
        columns = [
            (sought, "queue", expression.column(sought)) for sought in sorted(expression.queues)
        ]
        columns += [
            (sought, "schedule", expression.column(sought))
            for sought in sorted(expression.schedules)
        ]
        for fact in ("line", "language"):
            if fact in expression.facts:
                columns += [(text, fact, at) for text, at in expression.compared_with(fact)]
        for sought, what, column in columns:
            known = _known(what, around)
            if sought.strip().casefold() in known:
                continue
            where = "" if what == "language" else " in config.yaml"
            yield source.at_column(
                one.path, column, f"unknown-{what}", f"There is no {what} `{sought}`{where}.",
                suggestion(sought, known),
            )  # fmt: skip


def _known(what: str, around: Surroundings) -> Collection[str]:
    names: dict[str, Collection[str]] = {
        "queue": around.queues,
        "schedule": around.schedules,
        "line": around.lines,
        "language": around.languages,
    }
    return names[what]
