"""`ringback demo`: real processes, and a story that holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).parents[2]
RINGBACK = Path(sys.executable).parent / "ringback"
PATIENCE = 120.0
CALLERS = ("Elli", "Björn", "Carol")


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


def test_everybody_is_answered_or_hangs_up_and_what_they_were_told_is_listed() -> None:
    mark = uuid4().hex
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "REDIS_URL" and not name.startswith(("TWILIO_", "RINGBACK_"))
    }
    done = subprocess.run(
        [RINGBACK, "demo", "--speed", "20", "--callers", str(len(CALLERS))],
        cwd=ROOT, env=kept | {"MARK": mark}, capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    story, _, fates = done.stdout.partition("What became of everybody")
    assert "The line has learnt from a made-up yesterday of 200 calls." in story
    for name in CALLERS:
        assert f"{name} rings, and is answered" in story
        assert re.search(rf"{name} waits in the line; (nobody|one person|\d people) ahead", story)
        (row,) = (line for line in fates.splitlines() if line.split()[:1] == [name])
        taken = re.search(rf"(\w+) takes {name}, who waited", story)
        if taken is None:
            assert f"{name} hangs up after" in story and "hung up" in row
        else:
            assert f"talked to {taken[1]}" in row
            assert f"{taken[1]} has finished with {name}" in story
    assert re.search(r"under 2 min|up to \d+ min|\d+–\d+ min", fates)
    assert re.search(r"^[23] of 3 talked to somebody\. \d+ of \d+ told times came true\.$",
                     fates, re.MULTILINE)  # fmt: skip
    assert re.search(r"(declines|does not answer): \w+ keeps their place", story)

    place = re.search(r"write is in (\S+)\.$", story, re.MULTILINE)
    assert place is not None
    log = Path(place[1])
    assert "Traceback" not in log.read_text(encoding="utf-8")
    log.unlink()
    assert not still_running(mark)
