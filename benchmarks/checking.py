"""`ringback check` as a whole process, against a process that merely loads the same files.

The loader is PyYAML's over libyaml, the fastest that Python has for YAML.
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
        in_turns(contestants, 1, lambda step: tell(f"warming up, {step}"))
        values = in_turns(contestants, size.rounds, tell)
    what = f"`ringback check`, {nodes:,} nodes ({len(files)} files, {megabytes:.1f} MB)"
    return [compare(what, "seconds", values, LOADER, "less", Aim("value", "under", 1.0))]


def _seconds(command: list[str | Path], expected: str) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode != 0 or expected not in done.stdout:
        raise SystemExit(f"{command[0]} did not do its work: {done.stdout}{done.stderr}")
    return seconds
