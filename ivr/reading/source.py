"""What the tree leaves out of a file: its comments, and where each character of a value stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HASH = re.compile(r"(?:(?<=\s)|^)#", re.MULTILINE)
_FOLD = re.compile(r"[ \t]*\n[ \t]*")
_PROPERTIES = re.compile(r"(?:[&!][^\s]*[ \t]+)*")
_BLOCK_HEADER = re.compile(r"[|>][^\n]*\n[ \t]*")
_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|\n[ \t]*|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Comment:
    """What stands behind a `#`; `alone` when nothing else is on its line."""

    line: int
    column: int
    text: str
    alone: bool


def comments(text: str) -> tuple[Comment, ...]:
    """Every comment of a YAML text; a `#` within a value is none.

    Raises nothing: of a text that is not YAML, the comments before the mistake are found.
    """
    spans = list(_scalars(text))
    starts = [start for start, _ in spans]
    found = []
    for match in _HASH.finditer(text):
        at = match.start()
        index = bisect_right(starts, at) - 1
        if index >= 0 and at < spans[index][1]:
            continue
        before, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        found.append(
            Comment(
                text.count("\n", 0, at) + 1, at - before + 1,
                text[at + 1 : end if end >= 0 else None].strip(),
                not text[before:at].strip(),
            )
        )  # fmt: skip
    return tuple(found)


def _scalars(text: str) -> list[tuple[int, int]]:
    """Where values and names begin and end; of a block (`|`, `>`) what is below its first line."""
    loader = _LOADER(text)
    spans = []
    try:
        while True:
            event = loader.get_event()
            if event is None or isinstance(event, yaml.StreamEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                continue
            assert event.start_mark is not None and event.end_mark is not None
            start, end = event.start_mark.index, event.end_mark.index
            if event.style in ("|", ">"):
                start = text.find("\n", start) + 1 or end
            spans.append((start, end))
    except yaml.YAMLError:
        pass
    finally:
        loader.dispose()
    return spans


def position(text: str, line: int, column: int, offset: int) -> tuple[int, int] | None:
    """Line and column of the character at `offset` of the value that is written at a place.

    Quotes, escapes and folded lines are seen through. None when it cannot be told.
    """
    at = _index(text, line, column)
    if at is None:
        return None
    at = _PROPERTIES.match(text, at).end()  # type: ignore[union-attr]
    quote = text[at : at + 1]
    if quote == "*":
        return None
    if quote in ('"', "'"):
        at += 1
    else:
        block = _BLOCK_HEADER.match(text, at)
        at = block.end() if block else at
    for _ in range(offset):
        at = _onward(text, at, quote)
        if at >= len(text):
            return None
    start = text.rfind("\n", 0, at) + 1
    return text.count("\n", 0, at) + 1, at - start + 1


def _onward(text: str, at: int, quote: str) -> int:
    """Past one character of a value, however many characters wrote it."""
    if quote == '"' and (escape := _ESCAPE.match(text, at)):
        return escape.end()
    if quote == "'" and text.startswith("''", at):
        return at + 2
    blank = _FOLD.match(text, at)
    return blank.end() if blank else at + 1


def _index(text: str, line: int, column: int) -> int | None:
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
        if not at:
            return None
    return at + column - 1
