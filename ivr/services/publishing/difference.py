"""How one set of flows differs from another, as an author would tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ivr.flow.kinds.node import Node
from ivr.flow.prompts import is_prompts
from ivr.flow.reader import AUDIO_FOLDER, CALLS_SUFFIX, ReadFlows, Source, read_flows
from ivr.reading import Unreadable, read_tree
from ivr.reading.tree import Path
from ivr.services.publishing.trees import NOT_THERE, compare, shown

Did = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Edit:
    """One setting that differs. `old` or `new` is empty where it was not there."""

    what: Literal["text", "way", "setting"]
    setting: str
    language: str
    old: str
    new: str


@dataclass(frozen=True)
class NodeDifference:
    name: str
    kind: str
    did: Did
    edits: tuple[Edit, ...]
    """Of a node that was added: its texts and ways. Of one that was removed: none."""


@dataclass(frozen=True)
class FlowDifference:
    """Of a flow, or of a file of prompts, which has no nodes."""

    name: str
    what: Literal["flow", "prompts"]
    did: Did
    edits: tuple[Edit, ...] = ()
    """Of what stands above the nodes, or of prompts."""
    nodes: tuple[NodeDifference, ...] = ()


@dataclass(frozen=True)
class Difference:
    flows: tuple[FlowDifference, ...]
    recordings: tuple[tuple[str, Did], ...]
    layout: tuple[str, ...]
    """Flows of which only comments or layout differ."""

    def __bool__(self) -> bool:
        return bool(self.flows or self.recordings)


def difference(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Difference:
    """How the files of one set differ from those of another.

    Raises nothing: a file that is no flow counts as changed as a whole.
    """
    flows, recordings, layout = [], [], []
    old_flows, new_flows = read_flows(before), read_flows(after)
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new or name.endswith(CALLS_SUFFIX):
            continue
        did: Did = "added" if old is None else "removed" if new is None else "changed"
        if name.startswith(f"{AUDIO_FOLDER}/"):
            recordings.append((name, did))
            continue
        sides = _Side.of(name, old, old_flows), _Side.of(name, new, new_flows)
        flow = _prompts(name, did, *sides) if is_prompts(name) else _flow(name, did, *sides)
        if flow is None:
            layout.append(name.removesuffix(".yaml"))
        else:
            flows.append(flow)
    return Difference(tuple(flows), tuple(recordings), tuple(layout))


@dataclass(frozen=True)
class _Side:
    """One of the two texts of a file: its tree, and the model of a flow that can be read."""

    tree: Mapping[str, object]
    source: Source | None

    @classmethod
    def of(cls, name: str, content: bytes | None, read: ReadFlows) -> _Side:
        if content is None:
            return cls({}, None)
        source = read.sources.get(name.removesuffix(".yaml"))
        if source is not None:
            return cls(source.document.root, source)
        try:
            return cls(read_tree(content, "").root, None)
        except Unreadable:
            return cls({"content": content.decode(errors="replace")}, None)

    @property
    def nodes(self) -> Mapping[str, object]:
        nodes = self.tree.get("nodes")
        return nodes if isinstance(nodes, Mapping) else {}

    @property
    def top(self) -> dict[str, object]:
        return {name: value for name, value in self.tree.items() if name != "nodes"}

    def node(self, name: str) -> Node | None:
        return None if self.source is None else self.source.flow.nodes.get(name)

    def kind(self, name: str) -> str:
        node = self.nodes.get(name)
        return str(node.get("kind", "?")) if isinstance(node, Mapping) else "?"

    @property
    def only_language(self) -> str:
        languages = () if self.source is None else self.source.flow.languages
        return languages[0] if len(languages) == 1 else ""


def _prompts(file: str, did: Did, old: _Side, new: _Side) -> FlowDifference | None:
    edits = tuple(
        Edit("text", leaf.names[0], " ".join(leaf.names[1:]), leaf.old, leaf.new)
        for leaf in compare(old.tree, new.tree)
    )
    name = file.removesuffix(".yaml")
    return FlowDifference(name, "prompts", did, edits) if edits or did != "changed" else None


def _flow(file: str, did: Did, old: _Side, new: _Side) -> FlowDifference | None:
    edits = tuple(
        Edit("setting", leaf.name, "", leaf.old, leaf.new) for leaf in compare(old.top, new.top)
    )
    nodes = tuple(_nodes(old, new))
    if did == "changed" and not edits and not nodes:
        return None
    name = file.removesuffix(".yaml")
    return FlowDifference(name, "flow", did, edits if did == "changed" else (), nodes)


def _nodes(old: _Side, new: _Side) -> Iterator[NodeDifference]:
    for name in [*new.nodes, *(name for name in old.nodes if name not in new.nodes)]:
        if name not in new.nodes:
            yield NodeDifference(name, old.kind(name), "removed", ())
            continue
        did: Did = "changed" if name in old.nodes else "added"
        edits = tuple(_edits(name, old, new))
        if did == "added":
            edits = tuple(edit for edit in edits if edit.what != "setting")
        if edits or did == "added":
            yield NodeDifference(name, new.kind(name), did, edits)


def _edits(name: str, old: _Side, new: _Side) -> Iterator[Edit]:
    before, after = old.nodes.get(name, NOT_THERE), new.nodes.get(name, NOT_THERE)
    texts = _paths(old.node(name), new.node(name), "text")
    ways = _paths(old.node(name), new.node(name), "way")
    for leaf in compare(before, after):
        paths = {leaf.old_path, leaf.new_path}
        text = next((path for path in texts if any(_below(one, path) for one in paths)), None)
        if text is not None:
            # The number of an item stands in the name of its list.
            depth = sum(isinstance(step, str) for step in text)
            # What follows is the language, and `audio` or `text` of a recording.
            language = " ".join(leaf.names[depth:]) or new.only_language
            yield Edit("text", shown(leaf.names[:depth]), language, leaf.old, leaf.new)
        else:
            what: Literal["way", "setting"] = "way" if paths & ways else "setting"
            yield Edit(what, leaf.name, "", leaf.old, leaf.new)


def _paths(old: Node | None, new: Node | None, what: Literal["text", "way"]) -> set[Path]:
    found: set[Path] = set()
    for node in (old, new):
        if node is None:
            continue
        if what == "way":
            found.update(path for path, _ in node.targets())
        else:
            found.update(path for path, _ in (*node.texts(), *node.messages()))
    return found


def _below(path: Path | None, above: Path) -> bool:
    return path is not None and path[: len(above)] == above
