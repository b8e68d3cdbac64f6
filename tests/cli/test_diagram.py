"""`ringback diagram`, as somebody at a terminal uses it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from ivr.cli.diagram import diagram
from tests.support import ENERGY

CONFIG = """\
company: Example Energy
time_zone: Europe/Stockholm
lines:
  main: {number: "+46846500400", flow: main}
numbers: {team: "+46846500410"}
schedules: {office: {weekly: {monday-friday: "08:00-16:00"}}}
fallback: {number: "+46846500499"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/main.yaml").write_text(dedent(ENERGY))
    (tmp_path / "flows/broken.yaml").write_text("languages: [en]\nstart: nowhere\n")
    return tmp_path


def draw(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(diagram, words, obj=folder / "config.yaml")


def test_a_flow_is_drawn_in_the_language_asked_for(folder: Path) -> None:
    assert "What is it about?" in draw(folder, "main").output
    assert "Mitä asiasi koskee?" in draw(folder, "main", "--language", "fi").output


def test_all_flows_are_drawn_together(folder: Path) -> None:
    root = ElementTree.fromstring(draw(folder).output)
    assert root.get("aria-label") == "Example Energy"
    assert "line main" in draw(folder).output


def test_mermaid_is_written_to_a_file(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "main.mmd"
    answer = draw(folder, "main", "--format", "mermaid", "--out", str(out))
    assert (answer.exit_code, answer.output) == (0, "")
    assert "\nflowchart LR\n" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("mian",), "There is no flow `mian`. Did you mean `main`?"),
        (("broken",), "The flow `broken` has errors: `ringback check` tells which."),
        (("main", "--language", "sv"), "`sv` is not a language here: there are en, fi."),
        (("main", "--out", "none/main.svg"), "cannot be written: No such file or directory."),
    ],
)
def test_bad_input_gets_a_sentence(folder: Path, words: tuple[str, ...], sentence: str) -> None:
    answer = draw(folder, *words)
    assert answer.exit_code == 2
    assert sentence in answer.output
    assert "Traceback" not in answer.output
