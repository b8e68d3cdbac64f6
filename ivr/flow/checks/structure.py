"""Where calls can go: targets that exist, nodes that are reached, a person at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ivr.flow.flow import Flow, FlowSet, Place, UnknownPlace
from ivr.flow.kinds import (
    Branch,
    Goto,
    Hours,
    Lookup,
    OfferCallback,
    Play,
    Queue,
    RecogniseCallback,
    Say,
    Set,
    Transfer,
    Voicemail,
)
from ivr.flow.names import TARGET
from ivr.flow.reader import ReadFlows, Source
from ivr.reading import Finding
from ivr.reading.numbers import parse_number
from ivr.reading.tree import Path
from ivr.reading.validation import suggestion

if TYPE_CHECKING:
    from ivr.flow.checks import Surroundings

PASSING = (Branch, Goto, Hours, Lookup, OfferCallback, Play, RecogniseCallback, Say, Set)
"""Kinds that need not wait for the caller."""


def check(name: str, source: Source, read: ReadFlows, around: Surroundings) -> Iterator[Finding]:
    """Findings about the places and names that one flow refers to."""
    flows, flow = read.flows, source.flow
    broken = {finding.file for finding in read.findings}

    def targets() -> Iterator[tuple[Path, str]]:
        yield ("person",), flow.person
        for node_name, node in flow.nodes.items():
            for path, target in node.targets():
                yield ("nodes", node_name, *path), target

    if flow.start not in flow.nodes:
        yield source.document.finding(
            ("start",), "unknown-target", f"There is no node `{flow.start}` in this flow.",
            suggestion(flow.start, flow.nodes),
        )  # fmt: skip
    for path, target in targets():
        finding = _target(path, target, name, source, flows, broken)
        if finding is not None:
            yield finding
    for node_name, node in flow.nodes.items():
        at: Path = ("nodes", node_name)
        if isinstance(node, Hours) and node.schedule not in around.schedules:
            yield source.document.finding(
                (*at, "schedule"), "unknown-schedule",
                f"There is no schedule `{node.schedule}` in config.yaml.",
                suggestion(node.schedule, around.schedules) or "Add it under `schedules`.",
            )  # fmt: skip
        for path, queue in node.queues():
            if queue not in around.queues:
                yield source.document.finding(
                    (*at, *path), "unknown-queue",
                    f"There is no queue `{queue}` in config.yaml.",
                    suggestion(queue, around.queues) or "Add it under `queues`.",
                )  # fmt: skip
        if isinstance(node, Queue) and node.queue in around.unserved:
            yield source.document.finding(
                (*at, "queue"), "queue-unserved", f"No agent serves the queue `{node.queue}`.",
                severity="warning",
            )  # fmt: skip
        if isinstance(node, Lookup) and _host(node.url) not in around.lookup_hosts:
            yield source.document.finding(
                (*at, "url"), "unknown-host",
                f"The host `{_host(node.url)}` is not among `lookups` in config.yaml.",
                suggestion(_host(node.url), around.lookup_hosts)
                or "Add it under `lookups: hosts`.",
            )  # fmt: skip
        if isinstance(node, Transfer):
            yield from _number((*at, "number"), node.number, source, around)
    yield from _person(name, source, flows)
    yield from _rings(name, source, flows)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _target(
    path: Path, target: str, name: str, source: Source, flows: FlowSet, broken: set[str]
) -> Finding | None:
    try:
        flows.place(name, target)
        return None
    except UnknownPlace:
        pass
    match = TARGET.match(target)
    into = (match["flow"] if match else None) or name
    if into not in flows.flows:
        if any(file.endswith(f"/{into}.yaml") for file in broken):
            return None  # The other file's own findings are the ones to mend.
        return source.document.finding(
            path, "unknown-target", f"`{target}`: there is no flow `{into}`.",
            suggestion(into, flows.flows),
        )  # fmt: skip
    node = (match["node"] if match else None) or flows.flows[into].start
    where = "in this flow" if into == name else f"in the flow `{into}`"
    advice = suggestion(node, flows.flows[into].nodes)
    if into == name and node in flows.flows:
        advice = f"To go to the flow of that name, write `{node}/`."
    return source.document.finding(
        path, "unknown-target", f"There is no node `{node}` {where}.", advice
    )


def _number(path: Path, number: str, source: Source, around: Surroundings) -> Iterator[Finding]:
    if number in around.numbers:
        return
    if not number.startswith("+"):
        yield source.document.finding(
            path, "unknown-number", f"There is no number called `{number}` in config.yaml.",
            suggestion(number, around.numbers) or "Add it under `numbers`.",
        )  # fmt: skip
        return
    try:
        parse_number(number)
    except ValueError as error:
        yield source.document.finding(path, "number", str(error))


def _person(name: str, source: Source, flows: FlowSet) -> Iterator[Finding]:
    """The person of a flow is really one: every way from there rings somebody or records."""
    try:
        start = flows.person(name)
    except UnknownPlace:
        return
    ends = 0
    for place in _reachable(flows, [start], only=PASSING):
        node = flows.node(place)
        if isinstance(node, Queue | Transfer | Voicemail):
            ends += 1
        elif not isinstance(node, PASSING):
            ends += 1
            yield source.document.finding(
                ("person",), "person-not-reached",
                f"`{source.flow.person}` leads to `{place}`, which is no person "
                f"but a `{node.kind}`.",
                "Let it lead to a `transfer` or a `voicemail` without asking anything.",
            )  # fmt: skip
    if ends == 0:
        yield source.document.finding(
            ("person",), "person-not-reached",
            f"`{source.flow.person}` never comes to a person.",
            "Let it lead to a `transfer` or a `voicemail`.",
        )  # fmt: skip


def _rings(name: str, source: Source, flows: FlowSet) -> Iterator[Finding]:
    """Nodes that lead in a ring without ever waiting for the caller."""
    for node_name, node in source.flow.nodes.items():
        if not isinstance(node, PASSING):
            continue
        here = Place(name, node_name)
        try:
            onward = [flows.place(name, target) for _, target in node.targets()]
        except UnknownPlace:
            continue
        if here in _reachable(flows, onward, only=PASSING):
            yield source.document.finding_at_name(
                ("nodes", node_name), "ring",
                f"A call can come back to `{node_name}` without being asked anything.",
                "Let one of the nodes on the way ask, transfer or hang up.",
            )  # fmt: skip


def check_reached(read: ReadFlows, around: Surroundings) -> Iterator[Finding]:
    """Nodes that no call can come to, from any line."""
    flows = read.flows
    if read.findings or any(flow not in flows.flows for flow in around.lines.values()):
        return
    begins: list[Place] = []
    for flow in set(around.lines.values()):
        try:
            begins += [flows.start(flow), flows.person(flow)]
        except UnknownPlace:
            return
    reached = set(_reachable(flows, begins))
    for name, source in read.sources.items():
        if not any(place.flow == name for place in reached):
            yield source.document.finding(
                ("start",), "unreached", f"No line and no other flow leads to `{name}/`.",
                "Lead to it, or delete the file.",
                "warning",
            )  # fmt: skip
            continue
        for node_name in source.flow.nodes:
            if Place(name, node_name) not in reached:
                yield source.document.finding_at_name(
                    ("nodes", node_name), "unreached", f"Nothing leads to the node `{node_name}`.",
                    "Let another node lead to it, or delete it.",
                    "warning",
                )  # fmt: skip


def _reachable(
    flows: FlowSet, begins: list[Place], only: tuple[type, ...] = (object,)
) -> Iterator[Place]:
    """Every place that can be come to; ways go on only through nodes of the kinds in `only`."""
    seen: set[Place] = set()
    waiting = list(begins)
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        yield place
        node = flows.node(place)
        if not isinstance(node, only):
            continue
        for target in (*(target for _, target in node.targets()), *_people(flows, place, only)):
            try:
                waiting.append(flows.place(place.flow, target))
            except UnknownPlace:
                continue


def _people(flows: FlowSet, place: Place, only: tuple[type, ...]) -> tuple[str, ...]:
    """From everywhere a caller can come to the flow's person."""
    flow: Flow = flows.flows[place.flow]
    return (flow.person,) if only == (object,) else ()
