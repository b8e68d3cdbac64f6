"""What scripts give is there over real HTTP as well; a call that was made passes as its script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from textwrap import dedent

import pytest
from click.testing import CliRunner

from ivr.cli.http_stage import HttpStage, http_stage
from ivr.cli.phone import phone
from ivr.config import Config, load
from ivr.services.company import load_company
from ivr.services.rehearsal import Failure, play
from ivr.services.rehearsal.script import Step
from ivr.services.rehearsal.stage import InProcessStage, load_scripts, moment
from tests.rehearsed import CALLS, CONFIG, company_in

NEW = "recorded"
UNANSWERED = """
      - call: Nobody says what the system answers
        at: 2026-11-25 10:15
        script:
          - presses: "12345678"
          - presses: 1
          - hears: I am putting you through.
          - hangs_up: true
      - call: Keys that no wait ends
        at: 2026-11-25 10:15
        lookups: [{node: find, answers: {account: {balance: 12.5}}}]
        script:
          - presses: "123456"
          - hears: 1 2 3, 4 5 6
          - presses: 1
          - hears: Your balance is 13
          - hangs_up: true
"""

NIGHT_AND_DAY = """
    languages: [en]
    start: number
    person: person
    nodes:
      number:
        kind: ask
        variable: customer_number
        length: {least: 4, most: 8}
        confirm: true
        text: Please key in your customer number.
        without: person
        to: topics
      topics:
        kind: menu
        text: "What is it about: a bill, or #2?"
        options:
          - {key: 1, label: a bill, to: bill}
          - {key: 2, label: moving house, to: message}
      bill: {kind: answer, text: It is due in fourteen days., helped: bye}
      message: {kind: voicemail, text: Please leave a message., to: bye, nothing: bye}
      bye: {kind: hang_up, text: Goodbye.}
      person: {kind: transfer, number: team, text: One moment., otherwise: message}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("company")
    line = '      always: {number: "+46846500402", flow: always}\n'
    config = CONFIG.replace("    fallback:", f"{line}    fallback:")
    path = company_in(folder, calls=CALLS + UNANSWERED, config=config)
    (folder / "flows/always.yaml").write_text(dedent(NIGHT_AND_DAY), encoding="utf-8")
    return load(path, {})


@pytest.fixture(scope="module")
def small_stage(small: Config) -> Iterator[HttpStage]:
    with http_stage(small) as running:
        yield running


def in_process(config: Config) -> InProcessStage:
    return InProcessStage(config, load_company(config, datetime.now(UTC)).company)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_script_has_the_same_result_in_process_and_over_http(
    small: Config, small_stage: HttpStage
) -> None:
    scripts = list(load_scripts(small))
    alone = in_process(small)
    near = [play(script, alone.telephone(script), small.numbers) for script in scripts]
    far = [play(script, small_stage.telephone(script), small.numbers) for script in scripts]
    assert list(map(told, far)) == list(map(told, near))
    assert [failure for failure in near[:-2] if failure is not None] == []
    assert "has no answer: give it under `lookups`" in told(near[-2])
    assert "This was not heard.\n  expected: Your balance is 13" in told(near[-1])


def told(failure: Failure | None) -> str:
    return str(failure or "as written")


def test_what_one_script_gives_is_gone_with_the_next(small: Config, small_stage: HttpStage) -> None:
    closed, *_ = load_scripts(small)
    assert "as written" in told(play(closed, small_stage.telephone(closed), small.numbers))
    call = small_stage.telephone_at(moment(closed, small), "main", None)
    call.dial()
    assert "customer number" in call.heard
    call.close()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        (
            "1234\n\n1\n\n0\nn\n\n5s\n#\n\n",
            [
                "presses 1234", "presses 1", "silent", "presses 0", "put_through team no_answer",
                "leaves_message 5", "call_ends",
            ],
        ),
        pytest.param(
            "*\n\na\nhello\nh\n", ["presses *", "put_through team answers", "hangs_up"],
            marks=pytest.mark.slow,
        ),
        (
            "one two three four\n2\n12\n345678\n1\na bill, please\nyes\n\n",
            [
                "says one two three four", "presses 2", "presses 12345678", "presses 1",
                "says a bill, please", "says yes", "call_ends",
            ],
        ),
        pytest.param(
            "\n\n\nb\n\n\n\n",
            ["silent", "silent", "silent", "put_through team busy", "silent", "call_ends"],
            marks=pytest.mark.slow,
        ),
    ],
)  # fmt: skip
def test_a_call_that_was_made_passes_as_it_was_recorded(
    small: Config, small_stage: HttpStage, typed: str, steps: list[str]
) -> None:
    file = small.flows_folder / f"{NEW}.calls.yaml"
    small_stage.telephone_at(datetime.now(UTC), "main", None).close()
    done = CliRunner().invoke(
        phone,
        ["--carrier", small_stage.carrier.url, "--to", "+46846500402", "--fast", "--record", NEW],
        obj=small.file,
        input=typed,
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    assert done.output.endswith(f"Written to {file}.\n")
    try:
        (script,) = (one for one in load_scripts(small) if one.file.endswith(file.name))
    finally:
        file.unlink()
    assert script.call.line == "always"
    assert [shown(step) for step in script.call.script if step.hears is None] == steps, done.output
    for stage in (in_process(small), small_stage):
        assert told(play(script, stage.telephone(script), small.numbers)) == "as written"


def shown(step: Step) -> str:
    (kind, value), *more = step.model_dump(exclude_none=True, exclude={"key"}).items()
    return " ".join([kind, *(str(one) for one in (value, *dict(more).values()) if one is not True)])
