"""`ringback choices`: what callers choose from each menu; and the counting, with its progress."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from redis import Redis
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from ivr.cli.options import days_option, var_option
from ivr.cli.stores import open_store
from ivr.clock import SystemClock
from ivr.config import load
from ivr.services.choices import Choices, MenuChoices, read_choices
from ivr.store import keys
from ivr.store.choices import PERSON


@click.command()
@click.option("--flow", default="", metavar="NAME", help="Only the menus of this flow.")
@days_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@var_option
@click.pass_obj
def choices(
    config_path: Path | None, flow: str, days: int, as_json: bool, var: Path | None
) -> None:
    """Tell in how many calls each option of each menu was chosen.

    A call counts once for a menu, with what was chosen first there, by key or by word. Counted are
    choices among the options that the menu has now, in the order that they have now.
    """
    config = load(config_path)
    with open_store(config, var) as redis:
        counted = counted_choices(redis, days)
    newest = counted.newest()
    menus = [menu for place, menu in sorted(newest.items()) if flow in ("", place.split("/")[0])]
    if as_json:
        click.echo(json.dumps([as_json_object(menu) for menu in menus], ensure_ascii=False))
        return
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    for menu in menus:
        console.print(_table(menu))
    if not menus:
        click.echo(f"Nobody chose anything in the last {days} days.")
    if counted.unknown:
        click.echo(
            f"{counted.unknown} calls are not counted: their flows are kept no more.", err=True
        )


def counted_choices(redis: Redis, days: int, most: int = keys.EVENTS_KEPT) -> Choices:
    """What callers chose, with a bar on the way where somebody looks on. Raises StoreDown."""
    shown = Console(stderr=True)
    with Progress(console=shown, transient=True, disable=not shown.is_terminal) as bar:
        task = bar.add_task("Counting choices", total=None)
        return read_choices(
            redis, SystemClock().now(), days, most,
            lambda seen, total: bar.update(task, completed=seen, total=total),
        )  # fmt: skip


def as_json_object(menu: MenuChoices) -> dict[str, Any]:
    """The same for programs."""
    return {
        "menu": menu.offered.place,
        "options": [
            {"key": key, "label": label, "to": to, "calls": menu.calls[key]}
            for (key, to), label in zip(menu.offered.options, menu.labels, strict=True)
        ],
        "person": menu.calls[PERSON],
    }


def _table(menu: MenuChoices) -> Table:
    calls = menu.calls.total()
    table = Table(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False,
        title=f"{menu.offered.place}  ({calls} {'call' if calls == 1 else 'calls'})",
        title_justify="left", title_style="bold",
    )  # fmt: skip
    table.add_column()
    table.add_column(min_width=24)
    for _ in ("calls", "share"):
        table.add_column(justify="right", no_wrap=True)
    rows = [(key, label) for (key, _), label in zip(menu.offered.options, menu.labels, strict=True)]
    for key, label in (*rows, (PERSON, "a person")):
        share = f"{menu.calls[key] / calls:.0%}" if calls else ""
        table.add_row(f"  {key}", Text(label), str(menu.calls[key]), share)
    table.add_row()
    return table
