"""Variables: where a call can come without one that is read there."""

from __future__ import annotations

import pytest

from ivr.flow.checks.certain import guarded_reads, when_not_true, when_true
from ivr.flow.expressions import parse
from tests.flow.examples import findings_of, flow_of

ASK = "ask: {kind: ask, variable: given, text: Your number please., without: %s, to: told}\n"
TOLD = 'told: {kind: say, text: "You gave {given}.", to: goodbye}\n'


def found(nodes: str, **others: str) -> list[str]:
    files = {"main": flow_of(nodes)} | others
    return [
        f"{one.file.removeprefix('flows/')}:{one.line}:{one.column} {one.severity} {one.code}"
        for one in findings_of({f"{name}.yaml": text.encode() for name, text in files.items()})
    ]


def test_a_variable_that_is_set_on_every_way_is_there() -> None:
    assert found(ASK % "other" + "other: {kind: set, variable: given, value: '\"x\"', to: told}\n"
                 + TOLD) == []  # fmt: skip


def test_a_way_without_it_is_told_at_the_column_of_its_use() -> None:
    assert found(ASK % "told" + TOLD) == ["main.yaml:6:38 error unset-variable"]


def test_who_presses_0_before_it_was_asked_for_has_none() -> None:
    main = flow_of(ASK % "goodbye" + TOLD).replace("person: person\n", "person: noted\n") + (
        '  noted: {kind: say, text: "It is about {given}.", to: person}\n'
    )
    (only,) = findings_of({"main.yaml": main.encode()})
    assert (only.line, only.column, only.code) == (9, 42, "unset-variable")


@pytest.mark.parametrize(
    "ways",
    [
        "[{when: given != nothing, to: told}]",
        "[{when: given = nothing, to: goodbye}, {when: 'true', to: told}]",
        "[{when: given != nothing and length(given) > 3, to: told}]",
        "[{when: not (given = nothing or length(given) = 3), to: told}]",
        "[{when: given = nothing or not caller.known, to: person}, {when: caller.known, to: told}]",
        '[{when: \'given != nothing and given in ["1", "2"]\', to: told}]',
    ],
)
def test_a_branch_that_asks_for_it_makes_it_certain(ways: str) -> None:
    branch = f"which: {{kind: branch, ways: {ways}, otherwise: goodbye}}\n"
    nodes = (ASK % "which").replace("to: told", "to: which") + branch + TOLD
    assert found(nodes) == []


@pytest.mark.parametrize(
    "ways",
    [
        "[{when: given = nothing, to: told}]",
        '[{when: open("office") or given != nothing, to: told}]',
        '[{when: given != nothing, to: goodbye}, {when: open("office"), to: told}]',
    ],
)
def test_a_branch_that_asks_for_something_else_does_not(ways: str) -> None:
    branch = f"which: {{kind: branch, ways: {ways}, otherwise: goodbye}}\n"
    nodes = (ASK % "which").replace("to: told", "to: which") + branch + TOLD
    assert found(nodes) == ["main.yaml:7:38 error unset-variable"]


def test_a_condition_that_needs_it_is_warned_of() -> None:
    branch = "which: {kind: branch, ways: [{when: given > 3, to: goodbye}], otherwise: goodbye}\n"
    ask = (
        (ASK % "which").replace("to: told", "to: which").replace("given,", "given, takes: amount,")
    )
    assert found(ask + branch) == ["main.yaml:6:39 warning unset-variable"]


def test_what_another_flow_sets_is_there_after_it() -> None:
    other = "languages: [en]\nstart: ask\nperson: main/person\nnodes:\n  " + (
        ASK % "main/goodbye"
    ).replace("to: told", "to: main/told")
    begin = "begin: {kind: goto, to: other/}\n"
    assert found(begin + TOLD, other=other) == []
    assert found(begin + TOLD, other=other.replace("main/goodbye", "main/told")) == [
        "main.yaml:6:38 error unset-variable"
    ]


def test_what_a_system_gives_only_with_consent_may_not_be_there() -> None:
    lookup = (
        "find:\n  kind: lookup\n  url: https://crm.example.com/\n"
        "  read: {given: {at: name, consent: may}}\n  found: told\n  failed: goodbye\n"
    )
    assert found(lookup + TOLD) == ["main.yaml:11:38 error unset-variable"]
    assert found(lookup.replace(", consent: may", "") + TOLD) == []


def test_a_value_made_of_one_that_is_missing_is_missing_too() -> None:
    made = "made: {kind: set, variable: more, value: length(given) + 1, to: tell}\n"
    tell = 'tell: {kind: say, text: "It is {more}.", to: goodbye}\n'
    ask = (ASK % "made").replace("to: told", "to: made")
    assert found(ask + made + tell) == [
        "main.yaml:6:51 warning unset-variable",
        "main.yaml:7:35 error unset-variable",
    ]
    assert found(ask.replace("without: made, ", "") + made + tell) == []


def test_kinds_of_variables_are_held_against_conditions() -> None:
    nodes = (
        "ask: {kind: ask, variable: sum, takes: amount, text: Say the sum., to: which}\n"
        'which: {kind: branch, ways: [{when: sum = "12", to: goodbye}], otherwise: goodbye}\n'
    )
    assert found(nodes) == ["main.yaml:6:43 error expression"]


def test_an_address_is_a_text_too() -> None:
    lookup = (
        'find: {kind: lookup, url: "https://crm.example.com/{customer}", found: goodbye, '
        "failed: goodbye}\n"
    )
    assert found(lookup) == ["main.yaml:5:55 error unknown-variable"]


@pytest.mark.parametrize(
    ("condition", "holds", "does_not"),
    [
        ("a != nothing", "a", ""),
        ("a = nothing", "", "a"),
        ("not a != nothing", "", "a"),
        ("a = nothing or b = nothing", "", "ab"),
        ("a = nothing or b > 3", "", "a"),
        ("b > 3 or a = nothing", "", ""),
        ("a > 3 and b = 1", "ab", ""),
        ("a > 3 or b = 1", "", ""),
        ("a > 3 or a = 1", "a", ""),
        ("a = b", "", ""),
        ("a != 1", "", ""),
        ("a in [1, nothing]", "", ""),
        ('contains(a, "x")', "a", ""),
        ('text(a) = "x"', "", ""),
        ("not (a = nothing or b = nothing)", "ab", ""),
    ],
)
def test_what_a_condition_makes_certain(condition: str, holds: str, does_not: str) -> None:
    root = parse(condition).root
    assert when_true(root) == set(holds)
    assert when_not_true(root) == set(does_not)


def test_what_is_asked_first_protects_what_is_read_after_it() -> None:
    root = parse("a != nothing and a > 3 or b = nothing or b < a").root
    assert guarded_reads(root, frozenset()) == (("a", 46),)
