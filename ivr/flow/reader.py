"""Flow files to a set of flows. Reading is one thing, checking another (`ivr.flow.checks`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from ivr.flow.flow import Flow, FlowSet
from ivr.flow.names import NAME
from ivr.reading import Finding, Unreadable, read_tree, validate
from ivr.reading.tree import Document

CALLS_SUFFIX = ".calls.yaml"
"""Scripts of calls stand beside the flows and are not flows."""
AUDIO_FOLDER = "audio"
"""Recordings are in a folder of this name; what they hold belongs to a version too."""


@dataclass(frozen=True)
class Source:
    """A flow and the text that it was read from."""

    flow: Flow
    document: Document


@dataclass(frozen=True)
class ReadFlows:
    """What could be read of a folder of flows, and what is wrong with the rest.

    One bad file never stops the others.
    """

    sources: Mapping[str, Source]
    version: str
    findings: tuple[Finding, ...] = field(default=())

    @property
    def flows(self) -> FlowSet:
        return FlowSet({name: source.flow for name, source in self.sources.items()}, self.version)


def read_flow(content: bytes, file: str) -> Source:
    """One flow file; raises `Unreadable` with everything that is wrong in it."""
    document = read_tree(content, file)
    return Source(validate(Flow, document), document)


def read_flows(files: Mapping[str, bytes], folder: str = "flows") -> ReadFlows:
    """Flow files by name (`main.yaml`), and recordings (`audio/welcome.wav`); `folder` is only
    how findings name them."""
    sources: dict[str, Source] = {}
    findings: list[Finding] = []
    content = sha256()
    for name in sorted(files):
        if name.endswith(CALLS_SUFFIX):
            continue
        content.update(f"{name}\0{len(files[name])}\0".encode())
        content.update(files[name])
        if name.startswith(f"{AUDIO_FOLDER}/"):
            continue
        flow_name = name.removesuffix(".yaml")
        shown = f"{folder}/{name}"
        if not NAME.match(flow_name):
            findings.append(
                Finding(
                    shown, 1, 1, "flow-name", f"`{flow_name}` cannot be the name of a flow.",
                    "Name the file with small letters, digits and `_`, a letter first.",
                )
            )  # fmt: skip
            continue
        try:
            sources[flow_name] = read_flow(files[name], shown)
        except Unreadable as error:
            findings.extend(error.findings)
    return ReadFlows(sources, content.hexdigest()[:16], tuple(findings))
