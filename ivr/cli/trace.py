"""`ringback trace`: one call, step by step."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ivr.cli.calls import WIDE, as_json_object, length, print_table
from ivr.cli.problem import Problem
from ivr.cli.stores import open_store, var_option
from ivr.cli.trace_words import NOT_WRITTEN, came, lines
from ivr.clock import SystemClock
from ivr.config import load
from ivr.services.last_calls import find, summary
from ivr.store.traces import Step, Trace, TraceStore


@click.command()
@click.argument("call")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@var_option
@click.pass_obj
def trace(config_path: Path | None, call: str, as_json: bool, var: Path | None) -> None:
    """Show a call step by step: what was heard, what came back, and why it went where it went.

    CALL is its id, the beginning or the end of that, `last`, or the minute when it began (10:15, or
    "2026-11-25 10:15"). Numbers are masked, and what is private is not there.
    """
    config = load(config_path)
    zone = ZoneInfo(config.time_zone)
    with open_store(config, var) as redis:
        found = find(TraceStore(redis), call, SystemClock().now(), zone)
    if not found:
        raise Problem(f"There is no call `{call}`: `ringback calls` lists those that are known.")
    if len(found) > 1:
        print_table([summary(one) for one in found], zone)
        raise Problem(f"{len(found)} calls fit `{call}`.")
    [one] = found
    if as_json:
        click.echo(json.dumps(_as_json(one), ensure_ascii=False))
    else:
        _print(one, zone)


def _print(trace: Trace, zone: ZoneInfo) -> None:
    about = summary(trace)
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    console.print(Text(trace.call, style="bold"))
    began = datetime.fromtimestamp(about.began, UTC).astimezone(zone)
    facts = [f"{began:%Y-%m-%d %H:%M:%S}", f"line {about.line or '?'}", about.language]
    facts += [length(about.seconds), about.how]
    console.print(Text("   ".join(fact for fact in facts if fact)))
    if not about.complete:
        console.print(Text(f"Of this call, {NOT_WRITTEN}.", style="italic"))
    for step in trace.steps:
        console.print()
        console.print(_heading(step, zone))
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column()
        for sign, clause in lines(step):
            style = {"→": "cyan", "»": "green", "✉": "green"}.get(sign, "")
            table.add_row(Text(sign, style=style), Text(clause, style=style))
        if table.row_count:
            console.print(Padding(table, (0, 0, 0, 14)))


def _heading(step: Step, zone: ZoneInfo) -> Text:
    at = datetime.fromtimestamp(step.at, UTC).astimezone(zone)
    number = f"{step.turn:>3}" if step.turn else "   "
    began = came(step)
    heading = Text(f"{at:%H:%M:%S}  {number} ", style="dim")
    if began != NOT_WRITTEN:
        heading.append(began, style="bold not dim")
    return heading


def _as_json(trace: Trace) -> dict[str, Any]:
    return as_json_object(summary(trace)) | {
        "steps": [
            msgspec.to_builtins(step)
            | {
                "at": datetime.fromtimestamp(step.at, UTC).isoformat(),
                "in_words": [came(step), *(f"{sign} {clause}" for sign, clause in lines(step))],
            }
            for step in trace.steps
        ]
    }
