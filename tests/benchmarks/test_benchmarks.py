"""Each benchmark runs, at its smallest, and prints its figures. How fast is not asked here.

Those that take longer run with `make slow` only.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.figures import Aim, Spread, compare
from benchmarks.tables import markdown

ROOT = Path(__file__).parents[2]
SLOW = pytest.mark.slow

pytestmark = pytest.mark.timeout(120)


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", *words],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=110,
    )


@pytest.mark.parametrize(
    ("part", "others"),
    [
        pytest.param("webhook", ("a bare Flask view", "a Flask menu by hand"), marks=SLOW),
        pytest.param("check", ("PyYAML's C loader alone",), marks=SLOW),
        pytest.param("line", ("bare ZADD and HSET",), marks=SLOW),
        pytest.param("interpreter", ("json, the call there and back",), marks=SLOW),
        pytest.param(
            "updates",
            (
                "json, what they were told there and back",
                "the same read from the store, nothing decided",
            ),
            marks=SLOW,
        ),
        pytest.param("texts", ("Twilio's client alone",), marks=SLOW),
        pytest.param("waits", ("json, the table there and back",), marks=SLOW),
        pytest.param(
            "carrier",
            (
                "a bare Flask view, answering it",
                "Ringback's webhook, answering it",
                "as many as phoned",
                "the day itself",
            ),
            marks=SLOW,
        ),
    ],
)
def test_a_benchmark_runs_and_prints_what_it_is_compared_with(
    part: str, others: tuple[str, ...]
) -> None:
    done = bench("--only", part)
    assert done.returncode == 0, done.stderr
    head, *rows = done.stdout.splitlines()
    assert head.startswith("# ") and "cores" in head
    assert {row.split("\t")[2] for row in rows} == set(others)
    assert part in done.stderr


def test_the_table_for_the_readme_is_markdown() -> None:
    done = bench("--only", "check", "--markdown")
    assert done.returncode == 0, done.stderr
    table = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert len(table) == 3
    assert len({line.count("|") for line in table}) == 1
    assert "`ringback check`" in table[2]


def test_a_ratio_is_taken_round_by_round() -> None:
    values = {"Ringback": [10.0, 40.0, 30.0], "the other": [20.0, 50.0, 10.0]}
    figure = compare("speed", "a second", values, "the other", "more")
    assert figure.ours == Spread(30.0, 10.0, 40.0)
    assert figure.ratio == Spread(0.8, 0.5, 3.0)


@pytest.mark.parametrize(
    ("aim", "met"),
    [
        (Aim("ratio", "at least", 0.5), True),
        (Aim("ratio", "at least", 0.6), False),
        (Aim("value", "under", 1.0), False),
        (Aim("value", "under", 1.1), True),
    ],
)
def test_whether_an_aim_is_met_is_said_in_the_table(aim: Aim, met: bool) -> None:
    values = {"Ringback": [1.0], "the other": [2.0]}
    figure = compare("speed", "seconds", values, "the other", "less", aim)
    assert markdown("a machine", [figure]).count(": yes |" if met else ": no |") == 1
