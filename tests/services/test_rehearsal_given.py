"""What a script gives besides the call: hours, queues, notices, lookups; and what it can assert."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent, indent

import pytest

from ivr.config import Config, load
from ivr.reading import Unreadable
from ivr.services.company import load_company
from ivr.services.rehearsal import Failure, Script, play
from ivr.services.rehearsal.given import as_json
from ivr.services.rehearsal.script import read_scripts
from ivr.services.rehearsal.stage import InProcessStage, load_scripts, moment, unknown_lookups
from tests.rehearsed import CALLS, FLOW, company_in

NOVEMBER = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load(company_in(tmp_path), {})


def script(given: str, steps: str, at: str = "2026-11-25 10:15") -> Script:
    text = f"calls:\n- call: A call\n  at: {at}\n  from: '+46701740605'\n"
    text += indent(dedent(given), "  ") + "  script:\n" + indent(dedent(steps), "  ")
    (only,) = read_scripts(text.encode(), "flows/main.calls.yaml")
    return only


def rehearse(config: Config, only: Script) -> Failure | None:
    company = load_company(config, NOVEMBER).company
    return play(only, InProcessStage(config, company).telephone(only), config.numbers)


def problem(config: Config, given: str, steps: str) -> str:
    failure = rehearse(config, script(given, steps))
    assert failure is not None
    return str(failure)


def refused(tmp_path: Path, old: str, new: str) -> str:
    assert old in CALLS
    config = load(company_in(tmp_path, calls=CALLS.replace(old, new, 1)), {})
    with pytest.raises(Unreadable) as caught:
        list(load_scripts(config))
    return str(caught.value)


def test_every_call_goes_with_what_its_script_gives(config: Config) -> None:
    failures = [failure for one in load_scripts(config) if (failure := rehearse(config, one))]
    assert failures == []


@pytest.mark.parametrize(
    ("given", "without"),
    [
        ("        hours: {office: closed}\n", "This was not heard."),
        ("        notices: [There is a power cut.]\n", "This was not heard."),
        ("        queues: {support: {waiting: 12, agents: 3, wait_minutes: 14}}\n",
         "heard:    One moment. Your balance is"),
    ],
)  # fmt: skip
def test_a_call_goes_otherwise_without_what_its_script_gives(
    tmp_path: Path, given: str, without: str
) -> None:
    config = load(company_in(tmp_path, calls=CALLS.replace(given, "", 1)), {})
    failures = [failure for one in load_scripts(config) if (failure := rehearse(config, one))]
    assert len(failures) == 1
    assert without in str(failures[0])


def test_a_lookup_that_the_script_does_not_answer_is_told(config: Config) -> None:
    told = problem(config, "", "- presses: 12345678\n- presses: 1\n- hears: putting\n")
    assert "main/find asks the company's own system, and the script has no answer" in told
    at_the_end = problem(config, "", "- presses: 12345678\n- presses: 1\n")
    assert "give it under `lookups`" in at_the_end


def test_each_question_gets_its_own_answer_and_the_last_one_stays(config: Config) -> None:
    given = """\
        lookups:
          - {node: find, fails: not_found}
          - {node: find, fails: down}
    """
    steps = """\
        - presses: 1234#
        - presses: 1
        - hears: customer number
        - presses: 1234#
        - presses: 1
        - hears: putting you through
        - hangs_up: true
    """
    assert rehearse(config, script(given, steps)) is None


def test_what_is_in_quotes_is_a_text_and_the_rest_as_json_takes_it() -> None:
    given = """\
        lookups:
        - node: find
          answers:
            amount: 12.5
            digits: "12"
            other: '7'
            word: Kalix
            list: [1, "1", true, null, 2026-12-24]
            zero: 007
            nothing:
    """
    only = script(given, "- hangs_up: true\n")
    assert as_json(only.document, ("calls", 0, "lookups", 0, "answers")) == (
        b'{"amount": 12.5, "digits": "12", "other": "7", "word": "Kalix", '
        b'"list": [1, "1", true, null, "2026-12-24"], "zero": "007", "nothing": null}'
    )


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("- hears: customer number\n  language: fi\n", "This was said in another language."),
        ("- hears: customer number\n  slowly: true\n",
         "expected: slowly: customer number\n  heard:    at the usual pace: customer number"),
        ("- text_sent: Your balance\n", "This text was not sent.\n  expected: to +46701740605: "
         "Your balance"),
    ],
)  # fmt: skip
def test_what_is_heard_otherwise_is_told(config: Config, step: str, told: str) -> None:
    assert told in problem(config, "", step)


def test_a_text_to_somebody_else_or_with_other_words_is_not_the_one(config: Config) -> None:
    given = "queues: {support: {waiting: 12}}\nlookups: [{node: find, answers: {}}]\n"
    given = given.replace("answers: {}", "answers: {account: {balance: 3}}")
    steps = "- presses: 1234#\n- presses: 1\n- hears: Shall I\n- presses: 1\n"
    for assertion in ("- text_sent: Your bill\n", "- text_sent: Your balance\n  to: team\n"):
        told = problem(config, given, steps + assertion)
        assert "heard:    to +46701740605: Your balance is 3" in told
    twice = "- text_sent: Your balance\n- text_sent: Your balance\n"
    assert "This text was not sent." in problem(config, given, steps + twice)


def test_the_same_hour_of_an_autumn_night_comes_twice(config: Config) -> None:
    first = script("", "- hangs_up: true\n", "2026-10-25 02:30")
    second = script("", "- hangs_up: true\n", "2026-10-25 02:30 again")
    assert moment(first, config) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(second, config) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2026-10-25 02:30 again", "2026-03-29 02:30", "It is never 02:30 on that day"),
        ("2026-10-25 02:30 again", "2026-10-25 03:30 again", "It is 03:30 only once on that day."),
        ("hours: {office: closed}", "hours: {ofice: closed}", "There is no schedule `ofice`. Did "
         "you mean `office`?"),
        ("hours: {office: closed}", "hours: {office: shut}", "`office` cannot be `shut`."),
        ("support: {waiting", "suport: {waiting", "There is no queue `suport`."),
        ("waiting: 12", "waiting: -1", "`waiting` is `-1`. It must be at least 0."),
        ("text: {en: The power", "text: {xx: The power", "There is no language `xx`."),
        ("language: en", "language: xx", "There is no language `xx`."),
        ("line: other", "line: others", "There is no line `others`. Did you mean `other`?"),
        ("fails: slow", "fails: sometimes", "`fails` cannot be `sometimes`."),
        ("{node: find, fails: slow}", "{node: find}", "A lookup either `answers` or `fails`."),
        ("slowly: false", "slowly: a bit", "`slowly` must be `true` or `false`"),
        ("- text_sent: Your balance ... 12", "- to: caller", "A step is one thing"),
    ],
)  # fmt: skip
def test_what_a_script_gives_wrongly_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    finding = refused(tmp_path, old, new)
    assert finding.startswith("flows/main.calls.yaml:")
    assert told in finding


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("callbacks: {suport: {offers: [place]}}", "There is no queue `suport`."),
        ("has_callback: {queue: nobody}", "There is no queue `nobody`."),
        ('callbacks: {support: {windows: ["2 pm"]}}', "`2 pm` is no time."),
        ('callbacks: {support: {windows: ["2026-02-30 14:00"]}}', "`2026-02-30 14:00` is no time."),
        ("callbacks: {support: {offers: [lunch]}}", "It must be `place` or `window`."),
    ],
)
def test_callbacks_that_a_script_gives_wrongly_are_told(
    tmp_path: Path, given: str, told: str
) -> None:
    line = "        queues: {support: {"
    assert told in refused(tmp_path, line, f"        {given}\n{line}")


def test_a_lookup_of_a_node_that_there_is_not_is_told(tmp_path: Path) -> None:
    calls = CALLS.replace("{node: find, fails: slow}", "{node: fimd, fails: slow}")
    config = load(company_in(tmp_path, calls=calls), {})
    company = load_company(config, NOVEMBER).company
    (finding,) = unknown_lookups(list(load_scripts(config)), company)
    assert "`fimd` is no node that looks something up." in str(finding)
    assert FLOW.count("kind: lookup") == 1
