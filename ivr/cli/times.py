"""`ringback times`: how long callers listen, line by line and language by language."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from ivr.clock import SystemClock
from ivr.config import load
from ivr.engine.proof.times import Times, times
from ivr.services.company import load_company, read_files
from ivr.services.recordings import recording_seconds


@click.command(name="times")
@click.pass_obj
def show_times(config_path: Path | None) -> None:
    """How many seconds callers listen until they can choose, and until somebody is there.

    FIRST CHOICE is when the first thing to choose has been told. PERSON is for somebody who
    hears everything and presses 0 once that was offered, until it rings or the tone comes. AT WORST
    is for somebody who goes to the place furthest away and is silent there three times. Worked out
    from the texts, by a rate measured for each language, and from the length of recordings.
    """
    config = load(config_path)
    files, _ = read_files(config.flows_folder)
    loaded = load_company(config, SystemClock().now(), files)
    if loaded.errors:
        click.echo("The flows have errors: see `ringback check`.", err=True)
        sys.exit(1)
    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False)
    console.print(_table(times(loaded.company, recording_seconds(files))))


def _table(measured: list[Times]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("line")
    table.add_column("language")
    for heading in ("first choice", "person", "at worst"):
        table.add_column(heading, justify="right")
    table.add_column("furthest")
    for row in measured:
        table.add_row(
            row.line, row.language, _seconds(row.first_choice), _seconds(row.person),
            _seconds(row.worst), str(row.furthest or ""),
        )  # fmt: skip
    return table


def _seconds(taken: float | None) -> str:
    return "-" if taken is None else f"{taken:.0f} s"
