"""A tree of plain mappings, lists and texts that remembers where everything stood."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivr.reading.findings import Finding, Severity, WrongWithin
from ivr.reading.source import position

Mark = tuple[int, int]
Path = tuple[str | int, ...]


class Mapping(dict[str, "Tree"]):
    """A YAML mapping; `key_marks` and `value_marks` give line and column, counted from 1."""

    __slots__ = ("key_marks", "mark", "value_marks")

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.key_marks: dict[str, Mark] = {}
        self.value_marks: dict[str, Mark] = {}


class Sequence(list["Tree"]):
    """A YAML list; `item_marks` gives line and column of each item, counted from 1."""

    __slots__ = ("item_marks", "mark")

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.item_marks: list[Mark] = []


Tree = Mapping | Sequence | str | None


@dataclass(frozen=True, slots=True)
class Document:
    """The root mapping of a file, and its name as people should be told it."""

    file: str
    root: Mapping
    text: str = field(default="", repr=False)
    """What was read, for what the tree leaves out: comments, and places within a value."""

    def mark(self, path: Path) -> Mark:
        """Line and column of the value at `path`, or of the closest thing above it that exists."""
        here: Tree = self.root
        mark = self.root.mark
        for step in path:
            if isinstance(here, Mapping) and step in here:
                mark = here.key_marks[str(step)]
                here = here[str(step)]
            elif isinstance(here, Sequence) and isinstance(step, int) and step < len(here):
                mark = here.item_marks[step]
                here = here[step]
            else:
                break
        return mark

    def value_mark(self, path: Path) -> Mark:
        """Line and column where the value at `path` itself begins, not its key."""
        holder: Tree = self.root
        for step in path[:-1]:
            if isinstance(holder, Mapping):
                holder = holder.get(str(step))
            elif isinstance(holder, Sequence) and isinstance(step, int) and step < len(holder):
                holder = holder[step]
            else:
                return self.mark(path)
        if path and isinstance(holder, Mapping) and path[-1] in holder:
            return holder.value_marks[str(path[-1])]
        return self.mark(path)

    def finding(
        self,
        path: Path,
        code: str,
        message: str,
        advice: str = "",
        severity: Severity = "error",
    ) -> Finding:
        """A finding at the value at `path`."""
        line, column = self.value_mark(path)
        return Finding(self.file, line, column, code, message, advice, severity)

    def finding_at_name(
        self,
        path: Path,
        code: str,
        message: str,
        advice: str = "",
        severity: Severity = "error",
    ) -> Finding:
        """A finding at the name of the setting at `path`: about the whole of it."""
        line, column = self.mark(path)
        return Finding(self.file, line, column, code, message, advice, severity)

    def finding_within(
        self,
        path: Path,
        column: int,
        code: str,
        message: str,
        advice: str = "",
        severity: Severity = "error",
    ) -> Finding:
        """A finding at one character of the value at `path`; `column` counts from 1 in it."""
        line, begins = self.value_mark(path)
        place = position(self.text, line, begins, column - 1) or (line, begins)
        return Finding(self.file, *place, code, message, advice, severity)

    def within(self, path: Path, wrong: WrongWithin) -> Finding:
        """What is wrong with the value at `path`, at the character where it is wrong."""
        return self.finding_within(path, wrong.column, wrong.code, wrong.sentence, wrong.advice)
