"""`ringback staffing`: how many agents each queue has and needs, now and in the coming hours."""

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
from rich.table import Table

from ivr.cli.options import var_option
from ivr.cli.problem import Problem
from ivr.cli.stores import open_store
from ivr.config import load
from ivr.queueing.needs import QueueNeeds
from ivr.reading.validation import suggestion
from ivr.store.estimates import EstimateStore

WIDE = 120


@click.command()
@click.option("--queue", default="", metavar="NAME", help="Only this queue.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@var_option
@click.pass_obj
def staffing(config_path: Path | None, queue: str, as_json: bool, var: Path | None) -> None:
    """Tell how many agents each queue has and how many would meet its service level.

    Worked out every minute from the calls that come, how long they take and how long callers wait
    before they hang up (Erlang A); the coming hours also from the days before. Who serves several
    queues counts for each by its share of the calls.
    """
    config = load(config_path)
    if queue and queue not in config.queues:
        raise Problem(
            f"There is no queue `{queue}` in config.yaml. {suggestion(queue, config.queues)}"
        )
    with open_store(config, var) as redis:
        found = [one for one in EstimateStore(redis).needs() if queue in ("", one.queue)]
    if as_json:
        click.echo(json.dumps(list(map(as_json_object, found)), ensure_ascii=False))
    elif not found:
        click.echo("Nothing has been worked out yet: are a worker and a clock running?")
    else:
        zone = ZoneInfo(config.time_zone)
        console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
        for one in found:
            console.print(_heading(one), style="bold")
            console.print(_table(one, zone))
            console.print(_rest(one, zone))


def as_json_object(one: QueueNeeds) -> dict[str, Any]:
    """The same for programs, with times as they are written."""
    found: dict[str, Any] = msgspec.to_builtins(one)
    for part in (found, *found["hours"]):
        for name in part.keys() & {"at", "begins"}:
            part[name] = datetime.fromtimestamp(part[name], UTC).isoformat(timespec="seconds")
    return found


def _heading(one: QueueNeeds) -> str:
    wait = "nobody can tell how long whoever joins waits" if one.wait is None else (
        f"whoever joins waits {_minutes(one.wait)}"
    )  # fmt: skip
    return f"{one.queue}: {one.waiting} waiting, {wait}{', overloaded' * one.overloaded}"


def _rest(one: QueueNeeds, zone: ZoneInfo) -> str:
    return (
        f"At {_clock(one.at, zone)}: {one.rate:.0f} calls an hour of {_minutes(one.handling)} "
        f"each; {one.answered_in_time:.0%} answered within {one.seconds:.0f} s "
        f"(aim: {one.share:.0%}).\n"
    )


def _table(one: QueueNeeds, zone: ZoneInfo) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("")
    for heading in ("Calls", "Agents", "Needed", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_row("now", f"{one.rate:.0f}", *_agents(one.agents, one.needed))
    for hour in one.hours:
        ends = _clock(hour.begins + 3600, zone)
        table.add_row(
            f"{_clock(hour.begins, zone)}-{ends}", f"{hour.calls:.0f}",
            *_agents(hour.agents, hour.needed),
        )  # fmt: skip
    return table


def _agents(agents: float, needed: int) -> tuple[str, str, str]:
    missing = needed - agents
    return f"{agents:.1f}", str(needed), f"{missing:.1f} too few" if missing >= 0.5 else ""


def _clock(at: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%H:%M}"


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"
