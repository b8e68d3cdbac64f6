"""Every finding: registered, explained, raised where it must be, and silenced where it may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.flow.checks.codes import codes
from ivr.flow.checks.page import page
from ivr.reading.source import comments
from tests.flow.examples import findings_of, findings_of_example

ROOT = Path(__file__).parents[2]
BAD = ROOT / "tests/flow/bad"
SHOWN = [name for name, code in codes().items() if code.of != "words"]
MARK = re.compile(r"finding( below)?: ([a-z, -]+)\Z")


def raised_in(file: Path) -> Iterator[str]:
    """The codes that a module makes findings with: words with nothing but small letters and
    hyphens, handed over as a code, or standing as the `code` of an error."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Finding"), args=[_, _, _, ast.Constant(str(code)), *_]):
                yield code
            case ast.Call(func=ast.Name(id="found"), args=[ast.Constant(str(code)), *_]):
                yield code
            case ast.Call(
                func=ast.Attribute(attr="finding" | "at_name" | "finding_at_name" | "_find"),
                args=[_, ast.Constant(str(code)), *_],
            ):
                yield code
            case ast.Call(
                func=ast.Attribute(attr="at_column" | "finding_within"),
                args=[_, _, ast.Constant(str(code)), *_],
            ):
                yield code
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(str(code))):
                yield code


def test_every_code_that_is_raised_anywhere_is_in_the_table() -> None:
    rooms = ("reading", "flow", "engine", "services", "cli")
    modules = [file for room in rooms for file in (ROOT / "ivr" / room).rglob("*.py")]
    raised = {code for file in (*modules, ROOT / "ivr/config.py") for code in raised_in(file)}
    assert len(raised) > 20
    assert raised - codes().keys() == set(), "add them to ivr/flow/checks/codes.yaml"


@pytest.mark.parametrize("code", SHOWN)
def test_the_wrong_example_of_a_code_gets_it_and_the_right_one_nothing(code: str) -> None:
    shown = codes()[code]
    assert code in {found.code for found in findings_of_example(shown, shown.wrong)}
    assert findings_of_example(shown, shown.right) == ()


def marked(files: dict[str, bytes]) -> list[tuple[str, int, str]]:
    """The findings that comments in these files say they must get: `finding: ring` on its line,
    or `finding below: ring` on the line above."""
    return sorted(
        (f"flows/{name}", comment.line + (match[1] is not None), code)
        for name, content in files.items()
        for comment in comments(content.decode("utf-8", "replace"))
        if (match := MARK.match(comment.text))
        for code in match[2].split(", ")
    )


def bad_flows() -> list[Path]:
    """Single files, and folders of several."""
    return sorted(path for path in BAD.iterdir() if path.suffix == ".yaml" or path.is_dir())


def files_of(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        return {
            file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*.yaml")
        }
    return {"main.yaml": path.read_bytes()}


@pytest.mark.parametrize("path", bad_flows(), ids=lambda path: path.stem)
def test_a_bad_flow_gets_its_findings_on_their_lines_and_no_others(path: Path) -> None:
    files = files_of(path)
    expected = marked(files)
    assert expected, "say in a comment what must be found"
    found = findings_of(files)
    assert sorted((one.file, one.line, one.code) for one in found) == expected
    for one in found:
        assert one.message.endswith(".") and one.advice.endswith((".", "?", "`", ")")), str(one)


def test_the_folder_of_bad_flows_has_every_code_of_flows() -> None:
    shown = {code for path in bad_flows() for _, _, code in marked(files_of(path))}
    expected = {name for name, code in codes().items() if code.of not in ("words", "settings")}
    assert expected - shown == set()


def test_the_page_in_docs_is_the_one_that_the_code_makes() -> None:
    assert (ROOT / "docs/findings.md").read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_finding_s_page_has_its_heading() -> None:
    headings = {line for line in page().splitlines() if line.startswith("## ")}
    assert headings == {f"## {code}" for code in codes()}
