"""Scripts get the words that were heard, and nothing else of their file changes."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from ivr.services.rehearsal.hearing import reworded
from ivr.services.rehearsal.rewriting import CannotRewrite, Rewording, rewritten
from ivr.services.rehearsal.script import read_scripts

HEARD = "Welcome to Revontuli. What can we do for you today? For an invoice, press 1."


@pytest.mark.parametrize(
    ("wanted", "instead"),
    [
        ("What can we do for you?", "What can we do for you today?"),
        ("for a bill, press 1", "For an invoice, press 1."),
        ("Welcome to Northern Lights. ... press 1", "Welcome to Revontuli. ... press 1"),
        ("Welcome to Revontuli. ... For invoices, press 1.",
         "Welcome to Revontuli. ... For an invoice, press 1."),
    ],
)  # fmt: skip
def test_the_passage_most_like_it_takes_its_place(wanted: str, instead: str) -> None:
    assert reworded(wanted, HEARD, 0) == instead


def test_what_was_heard_before_is_not_heard_again() -> None:
    heard = "Press 1 to go on. Press 1 to go back."
    assert reworded("Press 1 to go out.", heard, len("press 1 to go on.")) == "Press 1 to go back."


@pytest.mark.parametrize("heard", ["", "Kuulemiin.", "Our office is in the square."])
def test_something_else_altogether_is_no_new_wording(heard: str) -> None:
    assert reworded("What can we do for you?", heard, 0) is None


def rewrite(steps: str, words: dict[int, str]) -> str:
    text = "calls:\n- call: A  # first\n  at: 2026-11-25 10:00\n  script:\n"
    text += indent(steps, "  ")
    (script,) = read_scripts(text.encode(), "flows/main.calls.yaml")
    changed = rewritten(text, [Rewording(script, words)])
    (again,) = read_scripts(changed.encode(), "flows/main.calls.yaml")
    assert [step.hears for step in again.call.script] == [
        words.get(index, step.hears) for index, step in enumerate(script.call.script)
    ]
    return dedent(changed.partition("  script:\n")[2])


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("- hears: One   # why\n- presses: 1\n", {0: "Two"},
         "- hears: Two   # why\n- presses: 1\n"),
        ("- hears: 'It''s'\n", {0: "It's on"}, "- hears: 'It''s on'\n"),
        ('- hears: "One"\n', {0: 'Say "two"'}, '- hears: "Say \\"two\\""\n'),
        ("- hears: One\n", {0: "Two: three #4"}, '- hears: "Two: three #4"\n'),
        ("- hears: One\n", {0: "yes"}, "- hears: yes\n"),
        ("- hears: One\n", {0: "'tis"}, "- hears: \"'tis\"\n"),
        ("- {hears: One}\n", {0: "Two, three"}, '- {hears: "Two, three"}\n'),
        ("- hears: One\n    goes on\n- presses: 1\n", {0: "Two"}, "- hears: Two\n- presses: 1\n"),
        ("- hears: >-\n    One\n    goes on\n- presses: 1\n", {0: "Two"},
         "- hears: Two\n- presses: 1\n"),
        ("- hears: Yksi\n- hears: Kaksi\n", {0: "Äiti ja isä", 1: "Öljy"},
         "- hears: Äiti ja isä\n- hears: Öljy\n"),
    ],
)  # fmt: skip
def test_only_the_words_change(before: str, words: dict[int, str], after: str) -> None:
    assert rewrite(before, words) == after


@pytest.mark.parametrize("step", [0, 1])
def test_words_that_are_used_twice_are_left_to_a_person(step: int) -> None:
    steps = "- hears: &hi Hello\n- hears: *hi\n"
    told = rf"flows/main.calls.yaml:{5 + step}: these words are named"
    with pytest.raises(CannotRewrite, match=told):
        rewrite(steps, {step: "Good day"})
