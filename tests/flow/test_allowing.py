"""Findings that are silenced in place, with a reason."""

from __future__ import annotations

import pytest

from ivr.flow.checks import Prove, check_flows
from ivr.flow.reader import read_flows
from tests.flow.examples import AROUND, findings_of, flow_of

MENU = """\
topics:
  kind: menu
  text: What is it about?
  options:
    - {key: 1, label: an invoice, to: goodbye}
    - {key: 2, label: a contract, to: goodbye}
    - {key: 3, label: a power cut, to: goodbye}
    - {key: 4, label: moving house, to: goodbye}
    - {key: 5, label: a meter, to: goodbye}
"""
SIX = MENU + "    - {key: 6, label: a fuse, to: goodbye}\n"
WHY = "# ringback: allow long-menu (four teams share this line)"


def found(nodes: str, **files: str) -> list[tuple[str, int, str]]:
    texts = {"main": flow_of(nodes)} | files
    found = findings_of({f"{name}.yaml": text.encode() for name, text in texts.items()})
    return [(one.severity, one.line, one.code) for one in found]


def test_five_options_are_warned_of_and_six_are_an_error() -> None:
    assert found(MENU) == [("warning", 8, "long-menu")]
    assert found(SIX) == [("error", 8, "long-menu")]


@pytest.mark.parametrize(
    "written",
    [
        f"  options:  {WHY}\n",
        f"  {WHY}\n  options:\n",
        f"  {WHY}\n  # More about it.\n  options:\n",
        "  # ringback: allow long-menu, said-twice (both)\n  options:\n",
    ],
)
def test_a_comment_on_the_line_or_above_it_silences(written: str) -> None:
    told = found(SIX.replace("  options:\n", written))
    assert [code for _, _, code in told if code != "allow-unused"] == []


def test_a_comment_elsewhere_silences_nothing_and_is_told() -> None:
    assert found(SIX.replace("  kind: menu\n", f"  kind: menu  {WHY}\n")) == [
        ("warning", 6, "allow-unused"),
        ("error", 8, "long-menu"),
    ]


def test_what_only_looks_like_a_comment_is_a_text() -> None:
    quoted = MENU.replace("text: What is it about?", f'text: "What? {WHY}"')
    assert found(quoted) == [("warning", 8, "long-menu")]
    block = MENU.replace("text: What is it about?", f"text: |-\n    What?\n    {WHY}")
    assert found(block) == [("warning", 10, "long-menu")]


def test_a_prompt_is_silenced_where_it_is_written() -> None:
    prompts = "welcome: Hello.\nold: Hi.  # ringback: allow unused-prompt (for Christmas)\n"
    assert found("hello: {kind: say, text: {prompt: welcome}, to: goodbye}", prompts=prompts) == []


def test_nothing_is_called_unused_while_a_file_cannot_be_read() -> None:
    welcome = f"welcome: {{kind: say, text: Welcome., to: goodbye}}  {WHY}"
    assert ("warning", 5, "allow-unused") in found(welcome)
    assert {code for _, _, code in found(welcome, other="nodes: {")} == {"yaml-syntax"}


LATE = "# ringback: allow first-choice-late (the news are short)"
PROVABLE = f"welcome:  {LATE}\n  kind: say\n  text: Welcome.\n  to: goodbye\n"


@pytest.mark.parametrize(
    ("nodes", "prove", "told"),
    [
        (PROVABLE, lambda found: (), ["allow-unused"]),
        (PROVABLE, None, []),
        (PROVABLE.replace("to: goodbye", "to: goodby"), lambda found: (), ["unknown-target"]),
    ],
)
def test_nothing_is_called_unused_that_was_not_looked_for(
    nodes: str, prove: Prove | None, told: list[str]
) -> None:
    read = read_flows({"main.yaml": flow_of(nodes).encode()})
    assert [one.code for one in check_flows(read, AROUND, prove)] == told


def test_what_leads_nowhere_makes_no_unreached_node_unused() -> None:
    news = "news: {kind: say, text: News., to: goodbye}  # ringback: allow unreached (for June)\n"
    assert found(f"welcome: {{kind: say, text: Welcome., to: goodbye}}\n{news}") == []
    astray = found(f"welcome: {{kind: say, text: Welcome., to: goodby}}\n{news}")
    assert [code for _, _, code in astray] == ["unknown-target"]
