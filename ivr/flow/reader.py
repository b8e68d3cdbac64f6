"""Flow files to a set of flows. Reading is one thing, checking another (`ivr.flow.checks`)."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from ivr.flow.flow import Flow, FlowSet
from ivr.flow.names import ANY_LANGUAGE, NAME, PROMPT, is_prompt
from ivr.flow.prompts import Prompts, is_prompts
from ivr.reading import Finding, Severity, Unreadable, read_tree, validate
from ivr.reading.findings import WrongWithin
from ivr.reading.tree import Document, Mapping, Path, Sequence, Tree

CALLS_SUFFIX = ".calls.yaml"
"""Scripts of calls stand beside the flows and are not flows."""
AUDIO_FOLDER = "audio"
"""Recordings are in a folder of this name; what they hold belongs to a version too."""


@dataclass(frozen=True)
class Source:
    """A flow and the text that it was read from."""

    flow: Flow
    document: Document
    prompts: Prompts = field(default_factory=Prompts, repr=False)

    def finding(
        self, path: Path, code: str, message: str, advice: str = "", severity: Severity = "error"
    ) -> Finding:
        """A finding at the value at `path`, in the prompt file where that is what says it."""
        document, there = self.origin(path)
        return self._concerned(document.finding(there, code, message, advice, severity))

    def at_column(
        self,
        path: Path,
        column: int,
        code: str,
        message: str,
        advice: str = "",
        severity: Severity = "error",
    ) -> Finding:
        """A finding at one character of the value at `path`; `column` counts from 1 in it."""
        document, there = self.origin(path)
        return self._concerned(
            document.finding_within(there, column, code, message, advice, severity)
        )

    def within(self, path: Path, wrong: WrongWithin) -> Finding:
        """What is wrong with the value at `path`, at the character where it is wrong."""
        document, there = self.origin(path)
        return self._concerned(document.within(there, wrong))

    def at_name(
        self, path: Path, code: str, message: str, advice: str = "", severity: Severity = "error"
    ) -> Finding:
        """A finding at the name of the setting at `path`."""
        document, there = self.origin(path)
        return self._concerned(document.finding_at_name(there, code, message, advice, severity))

    def origin(self, path: Path) -> tuple[Document, Path]:
        """The file and the path in it where the value at `path` is written."""
        if path and path[-1] == ANY_LANGUAGE:
            path = path[:-1]
        here: Tree = self.document.root
        for index, step in enumerate(path):
            if isinstance(here, Mapping) and step in here:
                here = here[str(step)]
            elif isinstance(here, Sequence) and isinstance(step, int) and step < len(here):
                here = here[step]
            else:
                break
            if is_prompt(here):
                assert isinstance(here, Mapping)
                name = str(here[PROMPT])
                if name in self.prompts.by_name:
                    return self.prompts.by_name[name].document, (name, *path[index + 1 :])
        return self.document, path

    def _concerned(self, finding: Finding) -> Finding:
        if finding.file == self.document.file:
            return finding
        return replace(finding, concerns=(self.document.file,))


@dataclass(frozen=True)
class ReadFlows:
    """What could be read of a folder of flows, and what is wrong with the rest.

    One bad file never stops the others.
    """

    sources: AnyMapping[str, Source]
    version: str
    findings: tuple[Finding, ...] = field(default=())
    prompts: Prompts = field(default_factory=Prompts)

    @property
    def flows(self) -> FlowSet:
        return FlowSet({name: source.flow for name, source in self.sources.items()}, self.version)


def read_flow(content: bytes, file: str, prompts: Prompts | None = None) -> Source:
    """One flow file; raises `Unreadable` with everything that is wrong in it."""
    document = read_tree(content, file)
    prompts = prompts or Prompts()
    return Source(validate(Flow, document, {"prompts": prompts}), document, prompts)


def read_flows(files: AnyMapping[str, bytes], folder: str = "flows") -> ReadFlows:
    """Flow files by name (`main.yaml`), and recordings (`audio/welcome.wav`); `folder` is only
    how findings name them."""
    sources: dict[str, Source] = {}
    findings: list[Finding] = []
    prompts = Prompts()
    content = sha256()
    for name in filter(is_prompts, sorted(files)):
        findings += prompts.read(files[name], f"{folder}/{name}")
    for name in sorted(files):
        if name.endswith(CALLS_SUFFIX):
            continue
        content.update(f"{name}\0{len(files[name])}\0".encode())
        content.update(files[name])
        if name.startswith(f"{AUDIO_FOLDER}/") or is_prompts(name):
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
            sources[flow_name] = read_flow(files[name], shown, prompts)
        except Unreadable as error:
            findings.extend(error.findings)
    return ReadFlows(sources, content.hexdigest()[:16], tuple(findings), prompts)
