"""`ringback test` as people use it: new words, ways that nobody takes, and one sentence for what
makes no sense."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from ivr.cli.rehearse import test as command
from tests.rehearsed import CALLS, FLOW, company_in

NEW_FLOW = FLOW.replace("I am putting you through.", "I am connecting you now.")


def run(config: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(
        command, list(arguments), obj=config, input=typed, catch_exceptions=False
    )


def scripts_of(config: Path) -> str:
    return (config.parent / "flows/main.calls.yaml").read_text(encoding="utf-8")


@pytest.fixture
def reworded(tmp_path: Path) -> Path:
    """A company whose flow says something in new words."""
    return company_in(tmp_path, flow=NEW_FLOW)


def test_new_words_are_shown_and_written_after_a_yes(reworded: Path) -> None:
    before = scripts_of(reworded)
    assert run(reworded).exit_code == 1
    done = run(reworded, "--update", typed="y\n")
    assert done.exit_code == 0
    assert "9 of 9 calls went as written, 4 of them in other words" in done.output
    assert "-      - hears: I am putting you through." in done.output
    assert "+      - hears: I am connecting you now." in done.output
    assert "Written: main.calls.yaml." in done.output
    after = scripts_of(reworded)
    assert after == before.replace("I am putting you through.", "I am connecting you now.")
    assert after.startswith("# Calls that give what is around them.\n")
    again = run(reworded)
    assert (again.exit_code, again.output.count("main.calls.yaml")) == (0, 0)


def test_nothing_is_written_after_a_no(reworded: Path) -> None:
    before = scripts_of(reworded)
    done = run(reworded, "--update", typed="n\n")
    assert (done.exit_code, scripts_of(reworded)) == (1, before)
    assert "Nothing was written." in done.output


def test_with_yes_nobody_is_asked(reworded: Path) -> None:
    done = run(reworded, "--update", "--yes")
    assert done.exit_code == 0
    assert "Write this?" not in done.output
    assert "I am connecting you now." in scripts_of(reworded)


def test_a_script_whose_way_has_changed_keeps_its_words(tmp_path: Path) -> None:
    flow = NEW_FLOW.replace("failed: person", "failed: message")
    config = company_in(tmp_path, flow=flow)
    before = scripts_of(config)
    done = run(config, "--update", "--yes")
    assert done.exit_code == 1
    assert "This was not heard." in done.output
    assert "There are no words to change." in done.output
    assert scripts_of(config) == before


def test_without_new_words_there_is_nothing_to_write(tmp_path: Path) -> None:
    config = company_in(tmp_path)
    before = scripts_of(config)
    done = run(config, "--update")
    assert (done.exit_code, scripts_of(config)) == (0, before)
    assert "There are no words to change." in done.output


def test_line_ends_stay_what_they_are(reworded: Path) -> None:
    path = reworded.parent / "flows/main.calls.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(reworded, "--update", "--yes").exit_code == 0
    written = path.read_bytes()
    assert written.count(b"\r\n") == written.count(b"\n") == dedent(CALLS).lstrip().count("\n")
    assert b"I am connecting you now.\r\n" in written


def test_coverage_tells_what_no_call_takes_and_how_much_that_is(tmp_path: Path) -> None:
    done = run(company_in(tmp_path), "--coverage")
    assert done.exit_code == 0
    assert "main/how_busy: no call takes `ways` 2\n" in done.output
    assert done.output.splitlines()[-1].endswith(" %).")
    assert " ways are taken (" in done.output


@pytest.mark.parametrize(("least", "status"), [("1", 0), ("100", 1)])
def test_coverage_can_be_demanded(tmp_path: Path, least: str, status: int) -> None:
    done = run(company_in(tmp_path), "--coverage", "--fail-under", least)
    assert done.exit_code == status
    assert ("That is less than 100 %." in done.output) == bool(status)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--coverage", "--http"], "--coverage looks into the flows themselves: leave out --http."),
        (["--fail-under", "9"], "--fail-under goes with --coverage."),
        (["--yes"], "--yes goes with --update."),
    ],
)
def test_options_that_make_no_sense_together_are_one_sentence(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    done = run(company_in(tmp_path), *arguments)
    assert (done.exit_code, done.output) == (2, f"Error: {sentence}\n")
