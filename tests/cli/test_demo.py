"""`ringback demo`: real processes, and a story that holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from ivr.cli.demo.cast import read_cast
from ivr.cli.main import group

ROOT = Path(__file__).parents[2]
RINGBACK = Path(sys.executable).parent / "ringback"
CAST = Path(__file__).with_name("demo_cast.yaml")
PATIENCE = 120.0
TAKEN = ("Björn", "Dagny")


def still_running(mark: str) -> list[str]:
    """The processes that were started with this mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_people_wait_or_are_called_back_or_need_nothing_any_more_and_every_promise_is_kept() -> (
    None
):
    mark = uuid4().hex
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "REDIS_URL" and not name.startswith(("TWILIO_", "RINGBACK_"))
    }
    done = subprocess.run(
        [RINGBACK, "demo", "--speed", "20", "--cast", CAST],
        cwd=ROOT, env=kept | {"MARK": mark}, capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    story, _, end = done.stdout.partition("What became of everybody")
    assert max(map(len, done.stdout.splitlines())) <= 80
    rows = {line.split()[0]: line for line in end.partition("\n\n")[0].splitlines()[2:]}
    for name in (*TAKEN, "Carol", "Eero"):
        assert f"{name} rings, and is answered" in story
        assert re.search(rf"{name} waits in the line; (nobody|one person|\d people) ahead", story)
    for name in TAKEN:
        assert f"Aino takes {name}, who waited" in story
        assert "talked to Aino" in rows[name]

    assert "Carol keeps the place without holding: promised by" in story
    assert "Carol gets a text: Revontuli Energia: Hi, your place is kept." in story
    assert "Carol hears: Hello, this is Revontuli Energia." in story
    assert re.search(r"Aino talks to Carol, as promised, \d min \d\d s after the first ring", story)
    assert "talked to Aino" in rows["Carol"]
    assert "Eero's place in the line is kept" in story and "Eero writes: Ei tarvitse" in story
    assert "needed no call" in rows["Eero"]

    told = " ".join(end.split())
    assert "3 of 4 talked to somebody." in told
    assert "Of 2 callbacks promised, 1 were made, 1 of them in time; 1 not needed any more." in told
    assert "People were rung 1 time, for 1 attempt: nobody twice for one." in told
    assert re.search(r"^call back +billing +1 +0 +1 +0 +100\.0%$", end, re.MULTILINE)
    assert "Open: 0, of them overdue: 0" in end

    place = re.search(r"write is in (\S+)\.$", story, re.MULTILINE)
    assert place is not None
    log = Path(place[1])
    assert "Traceback" not in log.read_text(encoding="utf-8")
    log.unlink()
    assert not still_running(mark)


def test_the_usual_people_can_be_read() -> None:
    cast = read_cast()
    numbers = [number for caller in cast.callers for number in caller.numbers]
    assert len(set(numbers)) == len(numbers) and len(cast.agents) == 3


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("agents: [", "cannot be read: "),
        ("agents: []", "callers: Field required."),
        ("agents: [{comes: [0], thinks: x, talks: 2}]\ncallers: []", "agents.0.thinks: "),
    ],
)
def test_a_cast_that_makes_no_sense_is_told_in_a_sentence(
    tmp_path: Path, written: str, told: str
) -> None:
    file = tmp_path / "cast.yaml"
    file.write_text(written, encoding="utf-8")
    config = str(ROOT / "config.yaml")
    done = CliRunner().invoke(group, ["--config", config, "demo", "--cast", str(file)])
    assert done.exit_code == 2 and told in done.output.replace("\n", " ")
