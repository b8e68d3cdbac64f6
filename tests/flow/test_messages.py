"""Text messages: one segment, whatever the values are."""

from __future__ import annotations

import pytest

from ivr.flow.checks import check_flows
from ivr.flow.reader import read_flows
from tests.flow.examples import AROUND, findings_of, flow_of


def found(message: str, variable: str = "takes: amount") -> list[str]:
    nodes = (
        f"ask: {{kind: ask, variable: given, {variable}, text: Say it please., to: send}}\n"
        "send:\n  kind: send_text\n  text: Shall I text {given}?\n"
        f"  message: {message}\n  to: goodbye\n  otherwise: goodbye\n"
    )
    return [str(one) for one in findings_of({"main.yaml": flow_of(nodes).encode()})]


def test_160_characters_are_one_segment_and_161_are_two() -> None:
    assert found("x" * 160) == []
    assert found("x" * 161) == [
        "flows/main.yaml:9:14: It takes 2 segments: 161 of 160 characters. Shorten it; the longest "
        "sensible values are counted. [long-message]"
    ]


def test_other_letters_leave_room_for_70() -> None:
    assert found("ő" * 70) == []
    assert "2 segments: 71 of 70 characters" in found("ő" * 71)[0]


@pytest.mark.parametrize(
    ("variable", "form", "least"),
    [
        ("takes: amount", "|amount", len("9999 euros 99")),
        ("takes: date", "|date", len("Wednesday the 23rd of September") - 6),
        ("takes: words", "|name", 20),
        ("takes: digits", "", 10),
    ],
)
def test_values_are_counted_at_their_longest(variable: str, form: str, least: int) -> None:
    slot = "{given" + form + "}"
    (told,) = found("x" * (161 - least) + f" {slot}", variable)
    assert "with the longest sensible values" in told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Open 8–16", "9:20: warning: This is an en dash, with which a segment has room for 70 "
         "characters. Write `-`. [message-character]"),
        ('"Say ”yes”"', "9:19: warning: This is the curly quote `”`, with which a segment has room "
         'for 70 characters. Write `"`. [message-character]'),
        ("951\u00a000 Kalix", "9:17: warning: This is a no-break space, with which a segment has "
         "room for 70 characters. Write a blank. [message-character]"),
    ],
)  # fmt: skip
def test_characters_that_look_plain_and_are_not_are_named_with_their_column(
    written: str, told: str
) -> None:
    assert found(written) == [f"flows/main.yaml:{told}"]


def test_amounts_are_counted_in_the_company_s_currency() -> None:
    from dataclasses import replace

    nodes = (
        "ask: {kind: ask, variable: given, takes: amount, text: Say it., to: send}\n"
        "send:\n  kind: send_text\n  text: Shall I text {given}?\n"
        f"  message: {'x' * 139} {{given|amount}}\n  to: goodbye\n  otherwise: goodbye\n"
    )
    read = read_flows({"main.yaml": flow_of(nodes).encode()})
    taken = {
        currency: "".join(map(str, check_flows(read, replace(AROUND, currency=currency))))
        for currency in ("EUR", "NOK")
    }
    assert taken["EUR"] != taken["NOK"]
