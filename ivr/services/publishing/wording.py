"""Differences between sets of flows, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import unified_diff

from ivr.flow.reader import AUDIO_FOLDER, CALLS_SUFFIX
from ivr.masking import mask
from ivr.services.publishing.difference import Difference, Edit, FlowDifference, NodeDifference
from ivr.store.published import Trial

SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def told(found: Difference) -> Iterator[str]:
    """Everything that differs, line by line: flows, their nodes, and what of these."""
    for flow in found.flows:
        yield from _flow(flow)
    for name, did in found.recordings:
        yield f"{SIGNS[did]} {name}"
    for name in found.layout:
        yield f"{name}: only comments or layout"


def summary(found: Difference) -> str:
    """The same in a few words: `1 node added, 2 texts and 1 way changed`."""
    counts: Counter[tuple[str, str]] = Counter()
    for flow in found.flows:
        if flow.what == "flow" and flow.did != "changed":
            counts[flow.did, "flow"] += 1
            continue
        for edit in flow.edits:
            counts["changed", edit.what] += 1
        for node in flow.nodes:
            if node.did == "changed":
                for edit in node.edits:
                    counts["changed", edit.what] += 1
            else:
                counts[node.did, "node"] += 1
    for _, did in found.recordings:
        counts[did, "recording"] += 1
    parts = []
    for did in ("added", "removed", "changed"):
        things = [_counted(number, what) for (done, what), number in counts.items() if done == did]
        if things:
            parts.append(f"{_listed(things)} {did}")
    return ", ".join(parts) or "only comments or layout"


def yaml_difference(
    before: Mapping[str, bytes], after: Mapping[str, bytes], old: str, new: str
) -> Iterator[str]:
    """The files as a unified diff, line by line; `old` and `new` name the two sets."""
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name, b""), after.get(name, b"")
        if one == other or name.endswith(CALLS_SUFFIX):
            continue
        if name.startswith(f"{AUDIO_FOLDER}/"):
            yield f"Recordings {old}/{name} and {new}/{name} differ"
            continue
        yield from unified_diff(
            _lines(one), _lines(other), f"{old}/{name}", f"{new}/{name}", lineterm=""
        )


def scope(trial: Trial) -> str:
    """Which calls begin with a version on trial, numbers masked."""
    of = [f"calls to {line}" for line in trial.lines]
    if trial.callers:
        of.append(f"calls from {_listed([mask(number) for number in trial.callers])}")
    if trial.percent:
        of.append(f"{trial.percent} of 100 calls")
    return f"{trial.version} for {_listed(of)}"


def _lines(content: bytes) -> list[str]:
    return content.decode(errors="replace").splitlines()


def _flow(flow: FlowDifference) -> Iterator[str]:
    if flow.did == "removed":
        yield f"- {flow.what} {flow.name}"
        return
    new = flow.what == "flow" and flow.did == "added"
    nodes = f" ({_counted(len(flow.nodes), 'node')})" if new else ""
    yield f"{SIGNS[flow.did]} {flow.what} {flow.name}{nodes}"
    for edit in flow.edits:
        yield from _edit(edit, "    ")
    for node in flow.nodes:
        yield from _node(node)


def _node(node: NodeDifference) -> Iterator[str]:
    yield f"    {SIGNS[node.did]} node {node.name} ({node.kind})"
    for edit in node.edits:
        yield from _edit(edit, "        ")


def _edit(edit: Edit, indent: str) -> Iterator[str]:
    name = f"{edit.setting} [{edit.language}]" if edit.language else edit.setting
    if edit.what == "text" and edit.old and edit.new:
        yield f"{indent}{name}"
        yield f"{indent}    was: {edit.old}"
        yield f"{indent}    now: {edit.new}"
    elif edit.old and edit.new:
        yield f"{indent}{name}: {edit.old} -> {edit.new}"
    elif edit.new:
        yield f"{indent}{name}: {edit.new}"
    else:
        yield f"{indent}{name}: no longer {edit.old}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _listed(things: list[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
