"""YAML text to a tree.

YAML guesses types from how a word looks: `no:` (Norwegian, to most people) becomes false, `0`
becomes a number, `12:30` becomes 750. Here every scalar stays the text that was written; the model
that reads the tree decides what a field should be. Only an empty value becomes None.
"""

from __future__ import annotations

import yaml

from ivr.reading.findings import Finding, Unreadable
from ivr.reading.tree import Document, Mapping, Mark, Sequence, Tree
from ivr.reading.yaml_words import in_words

MAX_BYTES = 4_000_000
"""A larger file is refused: nobody wrote it by hand."""
MAX_DEPTH = 40
"""Nesting beyond this is refused; a flow needs about six levels."""
MAX_NODES = 300_000
"""Values in one file with its aliases written out: an alias of aliases cannot fill the memory."""


def read_tree(content: bytes, file: str) -> Document:
    """Read the bytes of a YAML file; raises `Unreadable` with every reason found."""
    builder = _Builder(file)
    text = _decoded(content, file)
    try:
        root = builder.build(text)
    except yaml.YAMLError as error:
        raise Unreadable([in_words(error, file, text)]) from None
    except RecursionError:
        raise Unreadable(
            [Finding(file, 1, 1, "yaml-depth", "The file is nested too deep.")]
        ) from None
    if root is None:
        builder.findings.append(
            Finding(file, 1, 1, "yaml-empty", "The file is empty.", "Write at least one setting.")
        )
    elif not isinstance(root, Mapping):
        builder.findings.append(
            Finding(
                file, 1, 1, "yaml-shape", "The file is not a list of `name: value` lines.",
                "Begin each setting with its name and a colon.",
            )
        )  # fmt: skip
    if builder.findings or not isinstance(root, Mapping):
        raise Unreadable(builder.findings)
    return Document(file, root, text)


def _decoded(content: bytes, file: str) -> str:
    if len(content) > MAX_BYTES:
        raise Unreadable(
            [
                Finding(
                    file, 1, 1, "yaml-size",
                    f"The file has {len(content):,} bytes; at most {MAX_BYTES:,} are read.",
                    "Split it into several files.",
                )
            ]
        )  # fmt: skip
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable(
            [
                Finding(
                    file, 1, 1, "yaml-encoding", "The file is in UTF-16.",
                    "Save it as UTF-8.",
                )
            ]
        )  # fmt: skip
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise Unreadable(
            [
                Finding(
                    file, line, column, "yaml-encoding",
                    f"The byte {content[error.start]:#04x} is not UTF-8 text.",
                    "Save the file as UTF-8.",
                )
            ]
        ) from None  # fmt: skip


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Builder:
    """Builds the tree from the parser's events; collects what is wrong on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.anchors: dict[str, tuple[Tree, int]] = {}
        self.open_anchors: set[str] = set()
        self.count = 0

    def build(self, text: str) -> Tree:
        loader = _LOADER(text)
        try:
            self.next = loader.get_event
            self.next()  # stream start
            event = self.next()
            if isinstance(event, yaml.StreamEndEvent):
                return None
            root = self._value(self.next(), 0)[0]
            self.next()  # document end
            event = self.next()
            if not isinstance(event, yaml.StreamEndEvent):
                self._find(
                    _mark(event), "yaml-documents", "A second document begins here.",
                    "Remove the line `---`, or put what follows into a file of its own.",
                )  # fmt: skip
            return root
        finally:
            loader.dispose()

    def _find(self, mark: Mark, code: str, message: str, advice: str = "") -> None:
        self.findings.append(Finding(self.file, *mark, code, message, advice))

    def _value(self, event: yaml.Event, depth: int) -> tuple[Tree, int]:
        """The value that begins with `event`, and how many values it holds."""
        if depth > MAX_DEPTH:
            raise RecursionError
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        anchor = getattr(event, "anchor", None)
        if anchor:
            self.open_anchors.add(anchor)
        value: Tree
        if isinstance(event, yaml.ScalarEvent):
            value, size = _scalar(event), 1
        elif isinstance(event, yaml.SequenceStartEvent):
            value, size = self._sequence(event, depth)
        else:
            value, size = self._mapping(event, depth)
        if anchor:
            self.open_anchors.discard(anchor)
            self.anchors[anchor] = (value, size)
        self._grow(1, event)
        return value, size

    def _grow(self, size: int, event: yaml.Event) -> None:
        self.count += size
        if self.count > MAX_NODES:
            self._find(
                _mark(event), "yaml-aliases",
                f"With its aliases written out the file has over {MAX_NODES:,} values.",
                "Use fewer aliases (`*name`).",
            )  # fmt: skip
            raise Unreadable(self.findings)

    def _alias(self, event: yaml.AliasEvent) -> tuple[Tree, int]:
        if event.anchor in self.open_anchors:
            self._find(
                _mark(event), "yaml-aliases", f"`*{event.anchor}` stands inside itself.",
                "Write the value out.",
            )  # fmt: skip
            return None, 1
        if event.anchor not in self.anchors:
            self._find(
                _mark(event), "yaml-aliases", f"`*{event.anchor}` is not defined above.",
                f"Define it with `&{event.anchor}`, or put quotes around the text.",
            )  # fmt: skip
            return None, 1
        value, size = self.anchors[event.anchor]
        self._grow(size, event)
        return value, size

    def _sequence(self, event: yaml.Event, depth: int) -> tuple[Sequence, int]:
        sequence = Sequence(_mark(event))
        size = 1
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            value, more = self._value(event, depth + 1)
            sequence.append(value)
            sequence.item_marks.append(_mark(event))
            size += more
        return sequence, size

    def _mapping(self, event: yaml.Event, depth: int) -> tuple[Mapping, int]:
        mapping = Mapping(_mark(event))
        size = 1
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            mark = _mark(event)
            key = self._key(event, depth)
            value_event = self.next()
            value, more = self._value(value_event, depth + 1)
            size += more + 1
            if key is None:
                continue
            if key in mapping:
                first = mapping.key_marks[key][0]
                self._find(
                    mark, "yaml-duplicate", f"`{key}` is written twice (first on line {first}).",
                    "Keep one of them.",
                )  # fmt: skip
                continue
            mapping[key] = value
            mapping.key_marks[key] = mark
            mapping.value_marks[key] = _mark(value_event)
        return mapping, size

    def _key(self, event: yaml.Event, depth: int) -> str | None:
        if not isinstance(event, yaml.ScalarEvent):
            self._value(event, depth + 1)
            self._find(
                _mark(event), "yaml-key", "A name must be a plain word.", "Put quotes around it."
            )
            return None
        if event.value == "<<" and not event.style:
            self._find(
                _mark(event), "yaml-merge", "`<<` (merging) is not supported.",
                "Write the settings out.",
            )  # fmt: skip
            return None
        return str(event.value)


def _mark(event: yaml.Event) -> Mark:
    mark = event.start_mark
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def _scalar(event: yaml.ScalarEvent) -> str | None:
    if not event.style and event.value in ("", "~"):
        return None
    return str(event.value)
