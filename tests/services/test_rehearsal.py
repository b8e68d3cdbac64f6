"""Scripts of calls: read with their lines, played, and told where they differ."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent, indent

import pytest

from ivr.flow.flow import FlowSet
from ivr.reading import Unreadable
from ivr.services.rehearsal import Failure, play, read_scripts
from ivr.services.rehearsal.hearing import difference
from ivr.services.rehearsal.in_process import InProcessTelephone
from tests.support import ENERGY, FALLBACK, MOBILE, SUNDAY, TEAM, WEDNESDAY, company_of

COMPANY = company_of(main=ENERGY)
NUMBERS = {"team": TEAM, "fallback": FALLBACK}


def rehearse(script: str, at: object = WEDNESDAY) -> Failure | None:
    text = "calls:\n- call: A call\n  at: 2026-11-25 10:00\n  script:\n" + indent(
        dedent(script), "  "
    )
    (only,) = read_scripts(text.encode(), "main.calls.yaml")
    telephone = InProcessTelephone(COMPANY, "main", MOBILE, at)  # type: ignore[arg-type]
    return play(only, telephone, NUMBERS)


def problem(script: str, at: object = WEDNESDAY) -> str:
    failure = rehearse(script, at)
    assert failure is not None
    return str(failure)


def test_a_call_that_goes_as_written_has_no_failure() -> None:
    assert (
        rehearse("""\
        - hears: what is it about? ... invoice ... press 1
        - hears_not: fourteen
        - says: my invoice
        - hears: due in fourteen days
        - presses: 2
        - put_through: team
          outcome: busy
        - hears: leave a message
        - leaves_message: 12
        - hears: thank you for the message
        - call_ends: true
    """)
        is None
    )


def test_what_is_heard_is_heard_in_its_order() -> None:
    assert "main.calls.yaml:6: A call: This was not heard." in problem("""\
        - hears: moving house
        - hears: an invoice
        - hangs_up: true
    """)


def test_a_failure_says_where_expected_and_heard_differ() -> None:
    told = problem("""\
        - hears: What is it about? For a bill, press 1.
        - hangs_up: true
    """)
    assert "expected: What is it about? For a bill, press 1." in told
    differs = "after `it about? For`: expected `a bill, press`, heard `an invoice, press`"
    assert f"differs:  {differs}" in told


def test_no_difference_is_told_where_nothing_is_alike() -> None:
    assert difference("Tervetuloa", "What is it about?") == ""


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("- hears_not: invoice\n- hangs_up: true\n", "This should not have been heard."),
        ("- put_through: team\n  outcome: busy\n", "No putting through to `team` now: it waits for "
         "the caller."),
        ("- leaves_message: 3\n", "No leaving a message now: it waits for the caller."),
        ("- presses: 0\n- presses: 1\n", "No pressing 1 now: a number is being rung."),
        ("- presses: 0\n- put_through: fallback\n  outcome: busy\n", "Another number is rung."),
        ("- call_ends: true\n", "The call did not end: it waits for the caller."),
        ("- presses: 1\n", "The script is at its end and the call is not: it waits for the "
         "caller."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_now_is_told(script: str, told: str) -> None:
    assert told in problem(script)


def test_a_call_that_the_engine_cannot_carry_on_is_a_failure() -> None:
    text = "calls:\n- call: A call\n  at: 2026-11-25 10:00\n  script:\n  - presses: 1\n"
    (only,) = read_scripts(text.encode(), "main.calls.yaml")
    telephone = InProcessTelephone(COMPANY, "main", MOBILE, WEDNESDAY)
    telephone.company = replace(COMPANY, flows=FlowSet({}, "gone"))
    failure = play(only, telephone, NUMBERS)
    assert str(failure) == "main.calls.yaml:2: A call: The call failed: UnknownPlace: 'main/'"


def test_last_words_pass_by_themselves_and_can_be_interrupted() -> None:
    before = "- presses: 3\n- presses: 1\n- hears: goodbye\n"
    assert rehearse(before + "- call_ends: true\n") is None
    assert rehearse(before + "- presses: 0\n- put_through: team\n  outcome: answers\n") is None


def test_a_message_may_be_cut_short_by_zero() -> None:
    script = "- presses: 0\n- presses: 0\n- presses: 0\n- put_through: fallback\n"
    assert rehearse(script + "  outcome: answers\n- call_ends: true\n", SUNDAY) is None


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("- {hears: a, presses: 1}", "A step is one thing"),
        ("- {outcome: busy}", "A step is one thing"),
        ("- {put_through: team}", "`put_through` needs an `outcome`"),
        ("- {presses: 1, key: 1}", "`key` goes with `leaves_message`"),
        ("- {shouts: hey}", "`shouts` is not a setting here."),
        ("- {silent: maybe}", "Write `true`."),
        ("- {put_through: team, outcome: engaged}", "`outcome` cannot be `engaged`"),
    ],
)
def test_a_senseless_step_is_told_with_its_line(step: str, told: str) -> None:
    text = f"calls:\n- call: A call\n  at: 2026-11-25 10:00\n  script:\n  {step}\n"
    with pytest.raises(Unreadable) as caught:
        list(read_scripts(text.encode(), "main.calls.yaml"))
    assert "main.calls.yaml:5:" in str(caught.value)
    assert told in str(caught.value)


def test_a_senseless_moment_is_told() -> None:
    text = "calls:\n- call: A call\n  at: Christmas\n  script:\n  - hangs_up: true\n"
    with pytest.raises(Unreadable, match="`Christmas` is not a moment"):
        list(read_scripts(text.encode(), "main.calls.yaml"))
