"""`ringback promises`: what was promised, and what came of it."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec
from rich.console import Console
from rich.table import Table

from ivr.cli.options import var_option
from ivr.cli.problem import Problem
from ivr.cli.stores import open_store
from ivr.clock import SystemClock
from ivr.config import load
from ivr.reading.validation import suggestion
from ivr.services.promises.report import Broken, DayOfPromises, Open, PromiseReport

WIDE = 160
KINDS = {
    "told_wait": "told wait", "window": "window", "call_back": "call back", "text": "text",
    "apology": "apology",
}  # fmt: skip
WHYS = {
    "late": "nobody rang or answered by then", "moved_by_us": "we moved it",
    "ended_by_us": "we ended it", "text_late": "the text had not gone by then",
    "text_failed": "the text did not arrive", "not_apologised": "no apology in two minutes",
}  # fmt: skip
APOLOGIES = {
    "told_before": "a later time was told before", "given": "apologised",
    "given_late": "apologised late", "talked": "they talked to us", "gone": "they had gone",
    "owed": "owed",
}  # fmt: skip


@click.command()
@click.option("--queue", default="", metavar="NAME", help="Only this queue.")
@click.option("--day", "written", default="", metavar="DATE", help="Another day than today.")
@click.option(
    "--open", "only_open", is_flag=True,
    help="Only promises whose time is that day or before, and which have no outcome; exit status 1 "
    "when there are any.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@var_option
@click.pass_context
def promises(
    context: click.Context, queue: str, written: str, only_open: bool, as_json: bool,
    var: Path | None,
) -> None:  # fmt: skip
    """Tell which promises of a day were kept: told waits, windows, calls, texts and apologies.

    A promise counts on the day of its time. SHARE is that of the kept among those kept or broken;
    what people took back themselves counts as neither. Waits are counted from the first ring, also
    those of people who were called back. docs/promises.md tells the rest.
    """
    config = load(context.obj)
    if queue and queue not in config.queues:
        raise Problem(
            f"There is no queue `{queue}` in config.yaml. {suggestion(queue, config.queues)}"
        )
    now, zone = SystemClock().now(), ZoneInfo(config.time_zone)
    with open_store(config, var) as redis:
        report = PromiseReport(config, redis)
        found = report.day(day_of(written) or report.today(now), now, queue)
    if as_json:
        shown = found.open if only_open else found
        click.echo(msgspec.json.encode(shown).decode())
    elif only_open:
        if not found.open:
            click.echo(f"Every promise until the end of {found.day} has an outcome.")
        else:
            _console().print(_open_table(found.open, zone))
    else:
        print_day(found, zone, _console())
    if only_open and found.open:
        context.exit(1)


def day_of(written: str) -> date | None:
    """A date, None where none is given. Raises Problem."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise Problem(f"--day takes a date such as 2026-11-22, not `{written}`.") from None


def print_day(found: DayOfPromises, zone: ZoneInfo, console: Console) -> None:
    """How a day stands, in tables."""
    if not (found.kept or found.answered or found.broken or found.open):
        console.print(f"Nothing was promised for {found.day}, and nobody rang.")
        return
    if found.kept:
        console.print(_kept_table(found))
    overdue = sum(one.overdue for one in found.open)
    console.print(f"\nOpen: {len(found.open)}, of them overdue: {overdue}")
    if found.answered:
        console.print("\nAnswered, from the first ring")
        console.print(_answered_table(found))
    if found.broken:
        console.print("\nBroken")
        console.print(_broken_table(found.broken, zone))
    if found.missing is not None:
        after, before = (_time(one, zone) for one in found.missing)
        console.print(
            f"\nEvents between {after} and {before} were lost: what they would have ended was "
            "ended by the clock."
        )


def _kept_table(found: DayOfPromises) -> Table:
    table = _table("Promise", "Queue", "Kept>", "Broken>", "Withdrawn>", "Open>", "Share>")
    for one in found.kept:
        table.add_row(
            KINDS[one.kind], one.queue or "-", str(one.kept), str(one.broken), str(one.withdrawn),
            str(one.open), _share(one.share),
        )  # fmt: skip
    return table


def _answered_table(found: DayOfPromises) -> Table:
    table = _table(
        "Queue", "Answered>", "Mean>", "Median>", "In time>", "Hung up>", "After>", "Otherwise>",
        "Waiting>", gap=1,
    )  # fmt: skip
    for one in found.answered:
        in_time = "-" if one.share_within is None else (
            f"{_share(one.share_within)} in {one.within:.0f} s"
        )  # fmt: skip
        table.add_row(
            one.queue, str(one.answered), _minutes(one.mean), _minutes(one.median), in_time,
            str(one.hung_up), _minutes(one.median_hung_up), str(one.otherwise), str(one.waiting),
        )  # fmt: skip
    return table


def _broken_table(broken: list[Broken], zone: ZoneInfo) -> Table:
    table = _table("By", "Promise", "Queue", "To", "Why", "Late>", "Apology")
    for one in broken:
        table.add_row(
            _time(one.until, zone), KINDS[one.kind], one.queue or "-", one.subject, WHYS[one.why],
            _minutes(one.late), "-" if one.apology is None else APOLOGIES[one.apology],
        )  # fmt: skip
    return table


def _open_table(waiting: list[Open], zone: ZoneInfo) -> Table:
    table = _table("By", "Promise", "Queue", "To", "Overdue")
    for one in waiting:
        table.add_row(
            _time(one.until, zone), KINDS[one.kind], one.queue or "-", one.subject,
            "overdue" if one.overdue else "",
        )  # fmt: skip
    return table


def _table(*headings: str, gap: int = 2) -> Table:
    """A heading that ends in `>` is one of figures."""
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0))
    for heading in headings:
        is_figure = heading.endswith(">")
        table.add_column(
            heading.rstrip(">"), justify="right" if is_figure else "left", no_wrap=True
        )
    return table


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)


def _time(iso: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(zone):%Y-%m-%d %H:%M}"


def _minutes(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
