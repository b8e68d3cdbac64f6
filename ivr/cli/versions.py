"""`ringback versions` and `ringback diff`: what was published, and how it differs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
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
from ivr.clock import SystemClock
from ivr.config import Config, load
from ivr.services.company import read_files
from ivr.services.publishing import Refused, difference
from ivr.services.publishing.forgetting import FEWEST_DAYS, forget_unused
from ivr.services.publishing.publisher import find_version
from ivr.services.publishing.wording import scope, told, yaml_difference
from ivr.store.published import Change, Published, PublishedStore

# Columns of the table where the output is not a terminal.
WIDE = 160
DONE = {
    "published": "published",
    "rolled_back": "gone back to",
    "began_trial": "trial began",
    "ended_trial": "trial ended",
    "promoted": "trial promoted",
}
FOLDER = "folder"
CURRENT = "current"
TRIAL = "trial"


@click.command()
@click.option("--most", type=click.IntRange(1), default=20, show_default=True,
              help="Only the latest so many.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.option("--forget", metavar="DAYS", type=click.IntRange(FEWEST_DAYS),
              help="Delete what no call has begun with for so many days.")  # fmt: skip
@var_option
@click.pass_obj
def versions(
    config_path: Path | None, most: int, as_json: bool, forget: int | None, var: Path | None
) -> None:
    """List what was published: when, by whom, why, and what changed; the latest first.

    `>` marks the version that new calls begin with, `?` the one on trial.
    """
    config = load(config_path)
    with open_store(config, var) as redis:
        store = PublishedStore(redis)
        if forget is not None:
            _forget(store, forget)
            return
        published, _ = store.now()
        history = store.history(most)
    if as_json:
        told_all = [_as_json(change, published) for change in history]
        click.echo(json.dumps(told_all, ensure_ascii=False))
    elif not history:
        click.echo("Nothing has been published.")
    else:
        console = Console(width=None if sys.stdout.isatty() else WIDE)
        console.print(_table(history, published, ZoneInfo(config.time_zone)))
        if published.trial is not None:
            console.print(f"\nOn trial: {scope(published.trial)}", soft_wrap=True)


@click.command()
@click.argument("old", default=CURRENT)
@click.argument("new", default=FOLDER)
@click.option("--yaml", "as_yaml", is_flag=True, help="As a unified diff of the files.")
@var_option
@click.pass_obj
def diff(config_path: Path | None, old: str, new: str, as_yaml: bool, var: Path | None) -> None:
    """Tell in words how the flows NEW differ from the flows OLD.

    OLD and NEW are versions (their beginning will do), or `current`, `trial` or `folder`; by
    default, what the folder would change of what new calls begin with now.
    """
    config = load(config_path)
    with open_store(config, var) as redis:
        store = PublishedStore(redis)
        (old, before), (new, after) = (_files(one, store, config) for one in (old, new))
    if as_yaml:
        lines = list(yaml_difference(before, after, old, new))
    else:
        lines = list(told(difference(before, after)))
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(f"{old} and {new} do not differ.")


def _forget(store: PublishedStore, days: int) -> None:
    try:
        forgotten = forget_unused(store, SystemClock().now(), days)
    except Refused as error:
        raise Problem(str(error)) from None
    for version in forgotten:
        click.echo(f"{version} is forgotten.")
    if not forgotten:
        click.echo(f"Every version that is kept was in use in the last {days} days.")


def _files(asked: str, store: PublishedStore, config: Config) -> tuple[str, Mapping[str, bytes]]:
    """The name of a set for people, and its files. Raises Problem."""
    if asked == FOLDER:
        files, findings = read_files(config.flows_folder)
        if findings:
            raise Problem(str(findings[0]))
        return FOLDER, files
    published, _ = store.now()
    version = asked
    if asked == CURRENT:
        version = published.version
        if not version:
            raise Problem("Nothing has been published.")
    elif asked == TRIAL:
        if published.trial is None:
            raise Problem("No trial is on.")
        version = published.trial.version
    else:
        try:
            version = find_version(asked, store.history())
        except Refused as error:
            raise Problem(str(error)) from None
    kept = store.files(version)
    if kept is None:
        raise Problem(f"The store no longer has version {version}.")
    return version, kept


def _table(history: tuple[Change, ...], published: Published, zone: ZoneInfo) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("", "Version", "When", "Who", "Done"):
        table.add_column(heading, no_wrap=heading != "Who")
    table.add_column("Why")
    table.add_column("What")
    marked: set[str] = set()
    for change in history:
        version = _version(change)
        # Only its latest entry: that is what it is there for.
        mark = "" if version in marked else _mark(version, published)
        marked.add(version)
        at = datetime.fromtimestamp(change.at, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")
        table.add_row(
            mark, version, at, Text(change.who), DONE[change.did], Text(change.why),
            Text(change.what),
        )  # fmt: skip
    return table


def _version(change: Change) -> str:
    if change.did == "ended_trial" and change.trial is not None:
        return change.trial.version
    return change.version


def _mark(version: str, published: Published) -> str:
    if version == published.version:
        return ">"
    return "?" if published.trial is not None and version == published.trial.version else ""


def _as_json(change: Change, published: Published) -> dict[str, Any]:
    version = _version(change)
    return {
        "version": version,
        "at": datetime.fromtimestamp(change.at, UTC).isoformat(),
        "who": change.who,
        "done": change.did,
        "why": change.why,
        "what": change.what,
        "current": version == published.version,
        "on_trial": published.trial is not None and version == published.trial.version,
    }
