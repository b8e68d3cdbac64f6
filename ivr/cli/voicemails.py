"""`ringback voicemails`: the messages that callers left."""

from __future__ import annotations

import json
import sys
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
from ivr.config import load
from ivr.masking import mask
from ivr.store.scripts import Reply
from ivr.store.voicemails import StoredVoicemail, VoicemailStore

# Characters of an id that are shown; any beginning of it that fits one message only names it.
SHORT_ID = 10
# Columns of the table where the output is not a terminal.
WIDE = 160
STATES = {"under_way": "not ready yet", "failed": "cannot be heard"}


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also those that somebody has heard.")
@click.option("--heard", metavar="ID", help="Mark a message as heard (the beginning of its id).")
@click.option("--by", metavar="NAME", help="Who has heard it.")
@click.option("--numbers", is_flag=True, help="Show the callers' whole numbers.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@var_option
@click.pass_obj
def voicemails(
    config_path: Path | None,
    everything: bool,
    heard: str | None,
    by: str | None,
    numbers: bool,
    as_json: bool,
    var: Path | None,
) -> None:
    """List the messages that callers left and nobody has heard, the oldest first."""
    if (heard is None) != (by is None):
        raise click.UsageError("--heard ID and --by NAME go together.")
    config = load(config_path)
    zone = ZoneInfo(config.time_zone)
    with open_store(config, var) as redis:
        store = VoicemailStore(redis)
        if heard is not None and by is not None:
            _mark_heard(store, heard, by, zone)
            return
        messages = store.all(heard=everything)
    if as_json:
        click.echo(json.dumps([_as_json(one, numbers) for one in messages], ensure_ascii=False))
    elif not messages:
        click.echo("No messages." if everything else "No messages that nobody has heard.")
    else:
        console = Console(width=None if sys.stdout.isatty() else WIDE)
        console.print(_table(messages, zone, numbers))
        console.print("\nRecordings", style="bold")
        for one in messages:
            console.print(Text(_recording(one)), soft_wrap=True)


def _mark_heard(store: VoicemailStore, beginning: str, by: str, zone: ZoneInfo) -> None:
    found = [one for one in store.all(heard=True) if one.id.startswith(beginning)]
    exactly = [one for one in found if one.id == beginning] or found
    if not exactly:
        raise Problem(f"There is no message whose id begins with {beginning}.")
    if len(exactly) > 1:
        raise Problem(f"{len(exactly)} messages have an id that begins with {beginning}.")
    [message] = exactly
    about = f"The message of {_time(message.message.left_at, zone)}"
    if store.mark_heard(message.id, by, SystemClock().now().timestamp()) == Reply.DONE:
        click.echo(f"{about} is marked as heard by {by}.")
        return
    before = store.read(message.id)
    who = (
        f"by {before.heard.by} on {_time(before.heard.at, zone)}" if before and before.heard else ""
    )
    click.echo(f"{about} had been heard {who} already; that stays.")


def _table(messages: list[StoredVoicemail], zone: ZoneInfo, numbers: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for heading in ("Id", "Left", "Line", "Caller", "", "Length"):
        table.add_column(heading, no_wrap=True)
    table.add_column("About")
    for one in messages:
        message = one.message
        table.add_row(
            one.id[:SHORT_ID],
            _time(message.left_at, zone),
            message.line or "?",
            _caller(one, numbers),
            message.language,
            f"{one.seconds // 60}:{one.seconds % 60:02}",
            Text(_about(one, zone)),
        )
    return table


def _about(one: StoredVoicemail, zone: ZoneInfo) -> str:
    chosen = " > ".join(one.message.path)
    said = ", ".join(f'"{words}"' for words in one.message.said)
    about = "; ".join(part for part in (chosen, said) if part) or one.message.place or "?"
    if one.heard is None:
        return about
    return f"{about}\nheard by {one.heard.by} on {_time(one.heard.at, zone)}"


def _recording(one: StoredVoicemail) -> str:
    state = STATES.get(one.recording)
    return f"{one.id[:SHORT_ID]}  {one.message.recording}" + (f" ({state})" if state else "")


def _caller(one: StoredVoicemail, numbers: bool) -> str:
    caller = one.message.caller
    if caller is None:
        return "withheld"
    return caller if numbers else mask(caller)


def _time(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _as_json(one: StoredVoicemail, numbers: bool) -> dict[str, Any]:
    message = one.message
    return {
        "id": one.id,
        "left_at": datetime.fromtimestamp(message.left_at, UTC).isoformat(),
        "line": message.line,
        "place": message.place,
        "call": message.call,
        "caller": None if message.caller is None else _caller(one, numbers),
        "language": message.language,
        "seconds": one.seconds,
        "path": message.path,
        "said": message.said,
        "recording": message.recording,
        "state": one.recording,
        "heard": None
        if one.heard is None
        else {"by": one.heard.by, "at": datetime.fromtimestamp(one.heard.at, UTC).isoformat()},
    }
