"""Comments, and where the characters of a value stand, in whichever way it was written."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from ivr.reading import read_tree
from ivr.reading.source import comments


def test_a_hash_within_a_value_is_no_comment() -> None:
    text = (
        "# one\n"
        'a: "x # no"  # two\n'
        "b: |  # three\n"
        "  text # no\n"
        "c: plain#no # four\n"
        " # five\n"
        "d: 'it''s # no'\n"
        "e: >-\n"
        "  # no\n"
        "f: [x, # six\n"
        "    y]\n"
    )
    found = [(comment.line, comment.text, comment.alone) for comment in comments(text)]
    assert found == [
        (1, "one", True), (2, "two", False), (3, "three", False), (5, "four", False),
        (6, "five", True), (10, "six", False),
    ]  # fmt: skip


@given(some.text(max_size=40))
def test_whatever_is_quoted_is_no_comment(text: str) -> None:
    written = yaml.safe_dump({"a": text}, default_style='"', allow_unicode=False)
    assert comments(written) == ()


@pytest.mark.parametrize(
    "written",
    [
        "a: go to X now",
        'a: "go to X now"',
        "a: 'it''s ''X'' now'",
        'a: "a\\u00e4\\n\\"X"',
        "a: >-\n  folded\n  text X\n",
        "a: |\n  kept\n  text X\n",
        "a: plain\n  more X\n",
        'a: "quoted\n    more X"',
        'a: &anchor "q X"',
        "a: [b, 'c X']",
        "a: >+\n\n  first X\n",
    ],
)
def test_a_character_of_a_value_is_found_where_it_was_written(written: str) -> None:
    document = read_tree(written.encode(), "f.yaml")
    value = document.root["a"]
    path: tuple[str | int, ...] = ("a",)
    if isinstance(value, list):
        path, value = ("a", 1), value[1]
    assert isinstance(value, str)
    found = document.finding_within(path, value.index("X") + 1, "value", "Here.")
    line = written.splitlines()[found.line - 1]
    assert line[found.column - 1] == "X"
