"""Variables: set before they are read on every way, read at all, of a kind that fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.flow.checks.certain import guarded_reads
from ivr.flow.checks.certainty import Ways, certain_at
from ivr.flow.checks.reads import Formed, Read, formed, read_texts
from ivr.flow.expressions import FACTS, RESERVED, BadExpression, parse
from ivr.flow.flow import Place
from ivr.flow.kinds import Ask, Lookup, Set
from ivr.flow.kinds.node import Node
from ivr.flow.reader import ReadFlows
from ivr.flow.spoken import FormName
from ivr.flow.values import A_KIND, Kind
from ivr.reading import Finding
from ivr.reading.tree import Path
from ivr.reading.validation import suggestion

_TAKEN: Mapping[str, Kind] = {
    "digits": "text", "amount": "number", "date": "date", "words": "text",
}  # fmt: skip
_SAID_AS: Mapping[FormName, frozenset[Kind]] = {
    "digits": frozenset({"text", "number"}),
    "spell": frozenset({"text", "number"}),
    "number": frozenset({"text", "number"}),
    "amount": frozenset({"text", "number"}),
    "duration": frozenset({"text", "number"}),
    "date": frozenset({"text", "date"}),
    "day": frozenset({"text", "date"}),
    "time": frozenset({"text", "time"}),
    "yes_no": frozenset({"yes_no"}),
}
"""The kinds of value that a form can say; of a text, what it looks like decides."""


@dataclass(frozen=True, slots=True)
class _Assigned:
    place: Place
    path: Path
    name: str
    node: Node


def check(read: ReadFlows, lines: Mapping[str, str]) -> Iterator[Finding]:
    """Findings about the variables of all flows; `lines` name the flow that each begins with."""
    reads: list[Read] = []
    expressions: list[Formed] = []
    assigned: list[_Assigned] = []
    for name, source in read.sources.items():
        yield from read_texts(name, source, reads)
        expressions += formed(name, source)
        assigned += [
            _Assigned(Place(name, node_name), ("nodes", node_name, *path), variable, node)
            for node_name, node in source.flow.nodes.items()
            for path, variable in node.assigns()
        ]
    if not (reads or expressions or assigned):
        return
    yield from _names(read, assigned, reads, expressions)
    kinds = _kinds(assigned)
    yield from _kinds_of_expressions(read, expressions, kinds)
    yield from _forms(read, reads, kinds)
    yield from _unset(read, lines, assigned, reads, expressions)


def kinds_of(read: ReadFlows) -> Mapping[str, Kind]:
    """The kinds of those variables that are always of one kind."""
    return _kinds(
        [
            _Assigned(Place(name, node_name), path, variable, node)
            for name, source in read.sources.items()
            for node_name, node in source.flow.nodes.items()
            for path, variable in node.assigns()
        ]
    )


def _names(
    read: ReadFlows, assigned: list[_Assigned], reads: list[Read], expressions: list[Formed]
) -> Iterator[Finding]:
    known = {one.name for one in assigned}
    needed = {one.name for one in reads}.union(*(one.expression.variables for one in expressions))
    for one in assigned:
        source = read.sources[one.place.flow]
        if one.name in RESERVED:
            yield source.finding(
                one.path, "reserved-name", f"`{one.name}` means something else in conditions."
            )
        elif one.name not in needed:
            yield source.finding(
                one.path, "unused-variable", f"Nothing reads the variable `{one.name}`.",
                severity="warning",
            )  # fmt: skip
    if read.findings:
        return  # What sets them may stand in a file that could not be read.
    places = [(one.place, one.path, one.name, one.column) for one in reads]
    places += [
        (one.place, one.path, name, one.expression.column(name))
        for one in expressions
        for name in sorted(one.expression.variables)
    ]
    for place, path, name, column in places:
        if name in known:
            continue
        advice = suggestion(name, known) or "Set it with an `ask`, a `lookup` or a `set` before."
        if name in FACTS:
            advice = f"Let a `set` remember it: `value: {name}`."
        yield read.sources[place.flow].at_column(
            path, column, "unknown-variable", f"Nothing sets the variable `{name}`.", advice
        )


def _kinds(assigned: list[_Assigned]) -> Mapping[str, Kind]:
    kinds: dict[str, Kind] = {}
    # Twice: what a `set` makes may depend on what another one makes.
    for _ in range(2):
        found: dict[str, set[Kind | None]] = {}
        for one in assigned:
            found.setdefault(one.name, set()).add(_kind(one, kinds))
        kinds = {
            name: kind
            for name, several in found.items()
            if len(several) == 1 and (kind := next(iter(several))) is not None
        }
    return kinds


def _kind(one: _Assigned, kinds: Mapping[str, Kind]) -> Kind | None:
    match one.node:
        case Ask(takes=takes):
            return _TAKEN[takes]
        case Lookup(read=values) if one.name in values:
            return values[one.name].takes
        case Set(value=value):
            if value.kind is not None or not value.variables & kinds.keys():
                return value.kind
            try:
                return parse(value.text, kinds).kind
            except BadExpression:
                return None
    return None


def _kinds_of_expressions(
    read: ReadFlows, expressions: list[Formed], kinds: Mapping[str, Kind]
) -> Iterator[Finding]:
    for one in expressions:
        if not one.expression.variables & kinds.keys():
            continue
        try:
            parse(one.expression.text, kinds)
        except BadExpression as error:
            yield read.sources[one.place.flow].within(one.path, error)


def _forms(read: ReadFlows, reads: list[Read], kinds: Mapping[str, Kind]) -> Iterator[Finding]:
    for one in reads:
        kind = kinds.get(one.name)
        if one.form is None or kind is None or kind in _SAID_AS.get(one.form.name, {kind}):
            continue
        yield read.sources[one.place.flow].at_column(
            one.path, one.column, "value-form",
            f"`{one.name}` is {A_KIND[kind]}, which cannot be said as `{one.form.name}`.",
        )  # fmt: skip


def _unset(
    read: ReadFlows,
    lines: Mapping[str, str],
    assigned: list[_Assigned],
    reads: list[Read],
    expressions: list[Formed],
) -> Iterator[Finding]:
    names = {one.name for one in assigned}
    if not names or read.findings or any(flow not in read.sources for flow in lines.values()):
        return
    certain = certain_at(Ways(read.flows, names), [f for f in dict.fromkeys(lines.values())])
    for one in reads:
        if one.form is not None and one.form.name == "name":
            continue  # A name that nobody gave is left out.
        if one.name in names and one.name not in certain(one.place):
            yield read.sources[one.place.flow].at_column(
                one.path, one.column, "unset-variable",
                f"A call can come here without `{one.name}` having a value.",
                f"Set it on every way here, or ask before with a `branch` on "
                f"`{one.name} != nothing`.",
            )  # fmt: skip
    for form in expressions:
        for name, column in guarded_reads(form.expression.root, certain(form.place)):
            if name in names:
                yield read.sources[form.place.flow].at_column(
                    form.path, column, "unset-variable",
                    f"A call can come here without `{name}` having a value.",
                    f"Set it on every way here, or begin with `{name} != nothing and`.",
                    "warning",
                )  # fmt: skip
