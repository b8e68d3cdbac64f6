"""All flows as one drawing: a card for each flow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.flow.diagram.drawing import Card, Drawing, Row
from ivr.flow.diagram.ways import RINGS, tone_of, ways
from ivr.flow.flow import FlowSet, UnknownPlace

MOST_LABELS = 3
"""Ways from one flow to another that are named; the others are counted."""


def overview(flows: FlowSet, lines: Mapping[str, str], language: str, company: str) -> Drawing:
    """Every flow, those first that one of the `lines` (flow by name) begins with."""
    first = list(dict.fromkeys(flow for flow in lines.values() if flow in flows.flows))
    order = [*first, *(name for name in sorted(flows.flows) if name not in first)]
    cards = tuple(_card(flows, name, lines, language) for name in order)
    return Drawing(company, "Every flow, and the ways between them.", cards)


def _card(flows: FlowSet, name: str, lines: Mapping[str, str], language: str) -> Card:
    flow = flows.flows[name]
    ways_on: dict[str, list[str]] = {}
    for label, into in _ways_out(flows, name, language):
        ways_on.setdefault(into, []).append(label)
    rows = [_row(labels, into, flows) for into, labels in ways_on.items()]
    person = _flow_of(flows, name, flow.person)
    if person != name:
        rows.append(Row("0", "a person", to=person) if person in flows.flows else
                    Row("0", "a person", exit=f"→ {person}"))  # fmt: skip
    rows.extend(_ends(flows, name))
    badges = tuple(f"line {line}" for line, begins in lines.items() if begins == name)
    return Card(name, f"{len(flow.nodes)} steps", "flow", flow.about, tuple(rows), badges)


def _ways_out(flows: FlowSet, name: str, language: str) -> Iterator[tuple[str, str]]:
    for node_name, node in flows.flows[name].nodes.items():
        for key, label, target in ways(node, language):
            into = _flow_of(flows, name, target)
            if into != name:
                step = node_name.replace("_", " ")
                yield f"{step}: {f'{key} {label}'.strip()}" if label else step, into


def _row(labels: list[str], into: str, flows: FlowSet) -> Row:
    shown = ", ".join(labels[:MOST_LABELS])
    if len(labels) > MOST_LABELS:
        shown += f" and {len(labels) - MOST_LABELS} more"
    drawn = into in flows.flows
    return Row("", shown, into if drawn else "", "" if drawn else f"→ {into}", ", ".join(labels))


def _ends(flows: FlowSet, name: str) -> Iterator[Row]:
    nodes = flows.flows[name].nodes.values()
    rung = [
        str(getattr(node, setting))
        for node in nodes
        for setting in RINGS
        if tone_of(node) == "person" and getattr(node, setting, None)
    ]
    for whom in dict.fromkeys(rung):
        yield Row("", "puts through", exit=f"☎ {whom}")
    for kind, label in (("voicemail", "takes messages"), ("hang_up", "ends calls")):
        steps = sum(node.kind == kind for node in nodes)
        if steps:
            yield Row("", label, exit=f"{steps} {'step' if steps == 1 else 'steps'}")


def _flow_of(flows: FlowSet, flow: str, target: str) -> str:
    try:
        return flows.place(flow, target).flow
    except UnknownPlace:
        return target.partition("/")[0] if "/" in target else flow
