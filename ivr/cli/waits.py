"""`ringback waits`: what became of the waits that were estimated and told."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from redis import Redis
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from ivr.cli.options import var_option
from ivr.cli.problem import Problem
from ivr.cli.stores import open_store
from ivr.clock import SystemClock
from ivr.config import load
from ivr.reading.validation import suggestion
from ivr.services.estimates.report import Report, Waits
from ivr.store import keys
from ivr.store.estimates import EstimateStore

BATCH = 1_000
BEFORE = timedelta(hours=2)
"""So much earlier is begun to read: what was told then may have its outcome later."""
WIDE = 160
_SPAN = re.compile(r"(\d{1,4})([hd])")


@click.command()
@click.option("--queue", default="", metavar="NAME", help="Only this queue.")
@click.option(
    "--since", default="7d", show_default=True, metavar="WHEN",
    help="Only who joined since then: 8h, 7d, 2026-11-22 or 2026-11-22T09:00.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@var_option
@click.pass_obj
def waits(
    config_path: Path | None, queue: str, since: str, as_json: bool, var: Path | None
) -> None:
    """Tell how long people waited, and how good the estimates of it were, by queue and hour.

    HELD is the share of ranges in which the wait ended; it should be about 80 per cent. BIAS is by
    how much estimates were too long (below zero: too short), ERROR how far off they were, AVERAGE
    how far off a moving average would have been. TOLD counts the times that callers were told, and
    TRUE how many came true. Who hung up counts with the wait that they would have had.
    """
    config = load(config_path)
    if queue and queue not in config.queues:
        raise Problem(
            f"There is no queue `{queue}` in config.yaml. {suggestion(queue, config.queues)}"
        )
    zone = ZoneInfo(config.time_zone)
    begin = moment(since, zone, SystemClock().now())
    with open_store(config, var) as redis:
        report = read(redis, zone, begin, queue)
    hours, queues = report.hours(), report.queues()
    if as_json:
        found = {
            "hours": [figures(one) for one in hours],
            "queues": [figures(one) for one in queues],
        }
        click.echo(json.dumps(found, ensure_ascii=False))
    elif not hours:
        where = f" in the queue `{queue}`" if queue else ""
        click.echo(f"Nobody's wait{where} has ended since {begin:%Y-%m-%d %H:%M}.")
    else:
        Console(width=None if sys.stdout.isatty() else WIDE, highlight=False).print(
            _table(hours, queues)
        )


def moment(written: str, zone: ZoneInfo, now: datetime) -> datetime:
    """What `--since` means, in the company's time. Raises Problem."""
    span = _SPAN.fullmatch(written)
    if span is not None:
        hours = int(span[1]) * (24 if span[2] == "d" else 1)
        return (now - timedelta(hours=hours)).astimezone(zone)
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Problem(
            f"--since takes a time such as 8h, 7d, 2026-11-22 or 2026-11-22T09:00, not `{written}`."
        ) from None
    return found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)


def read(redis: Redis, zone: ZoneInfo, begin: datetime, queue: str) -> Report:
    """The report of all that was told since, with a bar on the way where somebody looks on.

    Raises StoreDown.
    """
    store = EstimateStore(redis)
    report = Report(zone, begin.timestamp(), queue)
    first = store.first_since((begin - BEFORE).timestamp())
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Reading what happened", total=redis.xlen(keys.EVENTS))
        for entries in store.entries(first, BATCH):
            report.read(entries)
            progress.advance(task, len(entries))
    return report


def figures(one: Waits) -> dict[str, Any]:
    """The figures of a queue, or of one hour of it, for programs. Times in seconds."""
    return {
        "queue": one.queue,
        "hour": None if one.hour is None else one.hour.astimezone(UTC).isoformat(),
        "people": one.people,
        "hung_up": one.hung_up,
        "mean_wait": one.mean_wait,
        "held": one.held,
        "width": one.width,
        "bias": one.bias,
        "error": one.error,
        "absolute_error": one.absolute_error,
        "moving_average_error": one.average_error,
        "moving_average_bias": one.average_bias,
        "told": one.times_told,
        "told_held": one.told_held,
        "told_too_short": one.told_too_short,
    }


def _table(hours: list[Waits], queues: list[Waits]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Queue", no_wrap=True)
    table.add_column("Hour", no_wrap=True)
    for heading in (
        "People", "Hung up", "Waited", "Held", "Width", "Bias", "Error", "Average", "Told", "True",
    ):  # fmt: skip
        table.add_column(heading, justify="right", no_wrap=True)
    for one in queues:
        for hour in (cell for cell in hours if cell.queue == one.queue):
            table.add_row(*_row(hour))
        table.add_row(*_row(one), style="bold", end_section=True)
    return table


def _row(one: Waits) -> tuple[str, ...]:
    return (
        one.queue,
        "all" if one.hour is None else f"{one.hour:%Y-%m-%d %H:%M}",
        str(one.people),
        str(one.hung_up),
        _minutes(one.mean_wait),
        _share(one.held),
        _minutes(one.width),
        _minutes(one.bias),
        _minutes(one.error),
        _minutes(one.average_error),
        str(one.times_told),
        _share(one.told_held),
    )


def _minutes(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    whole = round(abs(seconds))
    return f"{'-' if seconds <= -0.5 else ''}{whole // 60}:{whole % 60:02}"


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
