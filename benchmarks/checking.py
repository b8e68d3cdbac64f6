"""`ringback check` as a whole process, against a process that merely loads the same files.

The loader is PyYAML's over libyaml, the fastest that Python has for YAML. The check proves that no
call of these flows is a maze; that it does is seen by the same flows with one way less.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import RINGBACK, Aim, Figure, compare, in_turns
from benchmarks.generated import NODES_A_SUBJECT, write_company

LOADER = "PyYAML's C loader alone"
_LOAD = """\
import sys
import yaml
for file in sys.argv[1:]:
    with open(file, "rb") as content:
        yaml.load(content, yaml.CSafeLoader)
"""


@dataclass(frozen=True)
class Size:
    rounds: int
    flows: int
    subjects: int


FULL = Size(rounds=7, flows=20, subjects=10)
QUICK = Size(rounds=1, flows=2, subjects=2)


def measure(_config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """The seconds of `ringback check`, of flows that are made for it."""
    nodes = size.flows * size.subjects * NODES_A_SUBJECT
    with TemporaryDirectory(prefix="ringback-bench-") as folder:
        config = write_company(Path(folder) / "company", size.flows, size.subjects)
        files = sorted((config.parent / "flows").glob("*.yaml"))
        megabytes = sum(file.stat().st_size for file in files) / 1e6
        ringback = Path(sys.executable).with_name("ringback")
        contestants = {
            RINGBACK: lambda: _seconds([ringback, "--config", config, "check"], f"{nodes} nodes"),
            LOADER: lambda: _seconds([sys.executable, "-c", _LOAD, *files], ""),
        }
        _finds_a_maze(ringback, write_company(Path(folder) / "spoilt", size.flows, size.subjects))
        in_turns(contestants, 1, lambda step: tell(f"warming up, {step}"))
        values = in_turns(contestants, size.rounds, tell)
    languages = f"in 4 languages ({len(files)} files, {megabytes:.1f} MB)"
    what = f"`ringback check` with its proof, {nodes:,} nodes {languages}"
    return [compare(what, "seconds", values, LOADER, "less", Aim("value", "under", 2.0))]


def _finds_a_maze(ringback: Path, config: Path) -> None:
    """A number that is busy leads to the end in the last of the flows: no proof can pass that."""
    last = max((config.parent / "flows").glob("*.yaml"))
    text = last.read_text(encoding="utf-8")
    last.write_text(
        text.replace("otherwise: message_0\n", "otherwise: goodbye_0\n"), encoding="utf-8"
    )
    done = subprocess.run([ringback, "--config", config, "check"], capture_output=True, text=True)
    if done.returncode != 1 or "[maze]" not in done.stdout:
        raise SystemExit(f"The proof found no maze where there is one: {done.stdout}{done.stderr}")


def _seconds(command: list[str | Path], expected: str) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode != 0 or expected not in done.stdout:
        raise SystemExit(f"{command[0]} did not do its work: {done.stdout}{done.stderr}")
    return seconds
