"""`ringback calls`: the last calls, each in a line."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ivr.cli.problem import Problem
from ivr.cli.stores import open_store, var_option
from ivr.config import load
from ivr.reading.validation import suggestion
from ivr.services.last_calls import CallSummary, Wanted, last_calls
from ivr.store.traces import TraceStore

# Characters of an id that are shown; `ringback trace` takes them.
SHORT_ID = 10
# Columns of the table where the output is not a terminal.
WIDE = 160


@click.command()
@click.option("--flow", default="", metavar="NAME", help="Only calls that came through this flow.")
@click.option("--line", default="", metavar="NAME", help="Only calls on this line.")
@click.option(
    "--caller", default="", metavar="DIGITS", help="Only from numbers that end so (two digits)."
)
@click.option("--last", default=20, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@var_option
@click.pass_obj
def calls(
    config_path: Path | None,
    flow: str,
    line: str,
    caller: str,
    last: int,
    as_json: bool,
    var: Path | None,
) -> None:
    """List the last calls, the newest first: when, where they went, and how they ended.

    `ringback trace CALL` shows one of them step by step. Numbers are masked.
    """
    config = load(config_path)
    if line and line not in config.lines:
        raise Problem(f"There is no line `{line}` in config.yaml. {suggestion(line, config.lines)}")
    if caller and not (caller.isdigit() and len(caller) <= 2):
        raise Problem("--caller takes the last two digits: no more of a number is kept.")
    with open_store(config, var) as redis:
        found = last_calls(TraceStore(redis), Wanted(flow, line, caller), last)
    if as_json:
        click.echo(json.dumps([as_json_object(one) for one in found], ensure_ascii=False))
    elif not found:
        click.echo("No calls." if not (flow or line or caller) else "No such calls.")
    else:
        print_table(found, ZoneInfo(config.time_zone))


def print_table(found: list[CallSummary], zone: ZoneInfo) -> None:
    """The calls, a line each."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Call", "Began", "Line", "Caller", "", "Length"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Through")
    table.add_column("How it went")
    for one in found:
        began = datetime.fromtimestamp(one.began, UTC).astimezone(zone)
        table.add_row(
            one.call[:SHORT_ID],
            f"{began:%Y-%m-%d %H:%M:%S}",
            one.line or "?",
            one.caller or ("withheld" if one.line and one.complete else "?"),
            one.language,
            length(one.seconds),
            Text(" > ".join(one.flows)),
            Text(one.how),
        )
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def length(seconds: float) -> str:
    """`1:05`, for people."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def as_json_object(one: CallSummary) -> dict[str, Any]:
    """The same for programs."""
    began = datetime.fromtimestamp(one.began, UTC).isoformat()
    return asdict(one) | {"began": began, "caller": one.caller or None}
