"""`ringback check`, as a person runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.main import group

ROOT = Path(__file__).parents[2]


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A copy of the example company that may be spoilt."""
    shutil.copy(ROOT / "config.yaml", tmp_path)
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    return tmp_path


def ringback(company: Path, *words: str) -> Result:
    return CliRunner().invoke(group, ["--config", str(company / "config.yaml"), *words])


def spoil(file: Path, instead_of: str, written: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert instead_of in text
    file.write_text(text.replace(instead_of, written, 1), encoding="utf-8")


def test_the_example_company_has_nothing_to_mend(company: Path) -> None:
    result = ringback(company, "check")
    assert result.exit_code == 0
    assert result.output.startswith("Nothing to mend: ")


def test_findings_of_several_files_come_at_once_and_the_status_is_1(company: Path) -> None:
    spoil(company / "flows/invoices.yaml", "to: due_date", "to: duedate")
    spoil(company / "flows/moving.yaml", "kind: menu", "kind: manu")
    result = ringback(company, "check")
    assert result.exit_code == 1
    assert "Did you mean `due_date`? [unknown-target]" in result.output
    assert "Did you mean `menu`? [unknown-kind]" in result.output
    assert result.output.strip().splitlines()[-1].endswith(" in 2 files.")


def test_a_warning_is_told_and_is_no_error(company: Path) -> None:
    spare = company / "flows/spare.yaml"
    spare.write_text((company / "flows/person.yaml").read_text("utf-8"), "utf-8")
    spoil(spare, "person: are_we_open", "person: person/")
    result = ringback(company, "check")
    assert result.exit_code == 0
    assert "warning: No line and no other flow leads to `spare/`." in result.output


def test_settings_that_cannot_be_read_are_the_findings_and_the_status_is_2(
    company: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ivr.cli import main

    spoil(company / "config.yaml", "port: 8080", "port: eighty")
    monkeypatch.setattr("sys.argv", ["ringback", "--config", str(company / "config.yaml"), "check"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "`port` must be a number, not `eighty`. Write digits. [value]" in told
    assert "Traceback" not in told


def test_a_line_whose_flow_is_missing_is_told(company: Path) -> None:
    spoil(company / "config.yaml", "flow: main", "flow: mian")
    result = ringback(company, "check")
    assert result.exit_code == 1
    assert "there is no flows/mian.yaml" in result.output
    assert "config.yaml:12:11: " in result.output


def test_a_command_that_there_is_not_is_one_sentence(company: Path) -> None:
    result = ringback(company, "chek")
    assert result.exit_code == 2
    assert "There is no command `chek`. Did you mean `check`?" in result.output


def test_scripts_are_not_played_while_flows_have_errors(company: Path) -> None:
    spoil(company / "flows/invoices.yaml", "to: due_date", "to: duedate")
    result = ringback(company, "test")
    assert result.exit_code == 2
    assert "mend them first" in result.output


def test_a_script_that_differs_is_told_with_its_line_and_the_status_is_1(company: Path) -> None:
    spoil(company / "flows/main.yaml", "en: How can I help?", "en: How may I help?")
    result = ringback(company, "test", "main")
    assert result.exit_code == 1
    assert "flows/main.calls.yaml:" in result.output
    assert "expected" in result.output


def test_words_choose_which_scripts_are_played(company: Path) -> None:
    result = ringback(company, "test", "--list", "outages")
    assert result.exit_code == 0
    assert result.output.count("\n") > 5
    assert all("outages" in line.casefold() for line in result.output.splitlines())
    assert ringback(company, "test", "no such call").exit_code == 2


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_programs_read_findings_of_flows_and_of_settings(
    company: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(company.parent)
    spoil(company / "flows/invoices.yaml", "to: due_date", "to: duedate")
    here = Path(company.name)
    result = ringback(here, "check", "--format", form)
    assert result.exit_code == 1
    assert json.loads(result.output)
    assert f'"{here.name}/flows/invoices.yaml"' in result.output
    spoil(company / "config.yaml", "port: 8080", "port: eighty")
    result = ringback(here, "check", "--format", form)
    assert result.exit_code == 2
    assert json.loads(result.output)
    assert f'"{here.name}/config.yaml"' in result.output


def test_annotations_are_one_a_line(company: Path) -> None:
    assert ringback(company, "check", "--format", "github").output == ""
    spoil(company / "flows/invoices.yaml", "to: due_date", "to: duedate")
    told = ringback(company, "check", "--format", "github").output.splitlines()
    assert told[0].startswith(f"::error file={company.as_posix()}/flows/invoices.yaml,line=")


def test_words_in_a_sentence_are_a_setting(company: Path) -> None:
    spoil(company / "config.yaml", "\nlimits:\n", "\nlimits:\n  words_in_a_sentence: {fi: 5}\n")
    result = ringback(company, "check")
    assert "words; ears follow about 5." in result.output
    assert result.exit_code == 0


def test_the_schema_for_editors_is_printed() -> None:
    from ivr.flow.schema import written

    assert CliRunner().invoke(group, ["schema"]).output == written("flow")
    assert CliRunner().invoke(group, ["schema", "prompts"]).output == written("prompts")
