"""YAML as people write it, with its traps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.reading import Unreadable, read_tree
from ivr.reading.parsing import MAX_BYTES


def tree(text: str) -> dict[str, object]:
    return dict(read_tree(text.encode(), "a.yaml").root)


def finding(text: str | bytes) -> str:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(Unreadable) as caught:
        read_tree(content, "a.yaml")
    (only,) = caught.value.findings
    return str(only)


def test_the_norwegian_no_stays_a_word() -> None:
    assert tree("no: hei\nyes: ja\non: x\n") == {"no": "hei", "yes": "ja", "on": "x"}


def test_keys_and_times_stay_as_they_were_written() -> None:
    written = "0: person\n1: fi\nat: 12:30\nport: 0x10\nnull: a\n"
    assert tree(written) == {
        "0": "person",
        "1": "fi",
        "at": "12:30",
        "port": "0x10",
        "null": "a",
    }


def test_an_empty_value_is_none_and_an_empty_text_is_not() -> None:
    assert tree("a:\nb: ''\nc: ~\n") == {"a": None, "b": "", "c": None}


def test_a_name_written_twice_is_told_with_the_line_of_the_first() -> None:
    assert finding("a: 1\nb: 2\na: 3\n") == (
        "a.yaml:3:1: `a` is written twice (first on line 1). Keep one of them. [yaml-duplicate]"
    )


def test_every_duplicate_is_told_at_once() -> None:
    with pytest.raises(Unreadable) as caught:
        read_tree(b"a: 1\na: 2\nb: {c: 1, c: 2}\n", "a.yaml")
    assert [found.line for found in caught.value.findings] == [2, 3]


def test_a_tab_is_named() -> None:
    assert finding("a:\n\tb: 1\n") == (
        "a.yaml:2:1: A tab stands here. Use spaces to indent. [yaml-tab]"
    )


def test_aliases_that_explode_are_stopped() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)]
    assert "[yaml-aliases]" in finding("\n".join(lines))


def test_an_alias_within_itself_is_stopped() -> None:
    assert "`*x` stands inside itself" in finding("a: &x [*x]\n")


def test_an_ordinary_alias_is_written_out() -> None:
    assert tree("a: &x [1]\nb: *x\n") == {"a": ["1"], "b": ["1"]}


def test_merging_is_refused_in_words() -> None:
    assert "`<<` (merging) is not supported" in finding("a: &x {b: 1}\nc:\n  <<: *x\n")


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("a: ä".encode("latin-1"), "yaml-encoding", "a.yaml:1:4"),
        ("a: b".encode("utf-16"), "yaml-encoding", "a.yaml:1:1"),
        (b"a: 1\n" + b"#" * MAX_BYTES, "yaml-size", "a.yaml:1:1"),
        (b"", "yaml-empty", "a.yaml:1:1"),
        (b"- a\n", "yaml-shape", "a.yaml:1:1"),
        (b"a: x: y\n", "yaml-colon", "a.yaml:1:5"),
        (b"a: 'x\n", "yaml-quote", "a.yaml:1:4"),
        (b"a: @x\n", "yaml-character", "a.yaml:1:4"),
        (b"a: b\n---\nc: d\n", "yaml-documents", "a.yaml:2:1"),
        (b"a:\n  b: 1\n c: 2\n", "yaml-indent", "a.yaml:3:2"),
        (b"a: " + b"[" * 500, "yaml-depth", "a.yaml:1:1"),
        (b"? [a]\n: b\n", "yaml-key", "a.yaml:1:3"),
        (b"a: *nix\n", "yaml-aliases", "a.yaml:1:4"),
    ],
)
def test_what_is_no_yaml_is_told_in_one_sentence_with_its_place(
    content: bytes, code: str, place: str
) -> None:
    told = finding(content)
    assert told.startswith(f"{place}: ")
    assert told.endswith(f"[{code}]")


def test_a_byte_order_mark_is_no_trouble() -> None:
    assert read_tree("\ufeffa: 1\n".encode(), "a.yaml").root == {"a": "1"}


def test_places_are_found_again() -> None:
    document = read_tree(b"a:\n  - b: 1\n  - c:\n      d: 2\n", "a.yaml")
    assert document.mark(("a", 1, "c")) == (3, 5)
    assert document.value_mark(("a", 1, "c", "d")) == (4, 10)
    assert document.mark(("a", 1, "nix", "d")) == (3, 5)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_findings(content: bytes) -> None:
    try:
        read_tree(content, "a.yaml")
    except Unreadable as error:
        assert error.findings


@given(st.text(alphabet="ab:-[]{}&*!|>'\"\n\t #%@`0", max_size=60))
def test_no_text_raises_anything_but_findings(text: str) -> None:
    try:
        read_tree(text.encode(), "a.yaml")
    except Unreadable as error:
        assert error.findings
