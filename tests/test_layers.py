"""The rooms import downwards only, and nothing in the project names the place it was made in."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PLACES = {
    "a package registry": re.compile(
        r"pypi\.|pythonhosted|npmjs|registry\.|crates\.io|index-url\s+http", re.IGNORECASE
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|home|Users|root)/\w"),
    "a neighbouring folder": re.compile(r"\.\./shared"),
}


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


def test_every_import_goes_down_through_the_rooms() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "complaint"),
    [
        ("ivr/engine/new.py", "import random", "ivr.engine.new -> random"),
        ("ivr/flow/new.py", "import time", "ivr.flow.new -> time"),
        ("ivr/reading/new.py", "import redis", "ivr.reading.new -> redis"),
        ("ivr/simulator/new.py", "import ivr.masking", "ivr.simulator.new -> ivr.masking"),
        ("ivr/store/new.py", "import ivr.carrier", "ivr.store.new -> ivr.carrier"),
        ("ivr/services/new.py", "import ivr.web", "ivr.services.new -> ivr.web"),
        ("ivr/new_room/__init__.py", "", "ivr.new_room"),
    ],
)
def test_an_import_that_goes_up_or_a_room_without_a_place_is_found_out(
    tmp_path: Path, module: str, line: str, complaint: str
) -> None:
    for part in ("ivr", "workers"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / module).parent.mkdir(exist_ok=True)
    (tmp_path / module).write_text(f"{line}\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert complaint in done.stdout


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode != 0:
        pytest.skip("this is not a git work tree")
    return [path for name in listing.stdout.split("\0") if name and (path := Path(name))]


def test_no_file_names_a_registry_or_the_machine_it_was_written_on() -> None:
    found = []
    for path in tracked():
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        if path == Path(__file__).relative_to(ROOT):
            continue  # the patterns themselves
        for number, line in enumerate(text.splitlines(), 1):
            found += [
                f"{path}:{number}: {what}: {line.strip()[:100]}"
                for what, pattern in PLACES.items()
                if pattern.search(line)
            ]
    assert found == []
