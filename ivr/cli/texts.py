"""`ringback texts`: what is sent to people, how it stands, and senders that are stopped."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
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
from ivr.store.outbox import OutboxStore, State, StoredText
from ivr.store.senders import EVERY, SenderStore, Stop, Waiting

# Columns of the table where the output is not a terminal.
WIDE = 180
# Texts that are looked through for those that are asked for.
MOST = 100_000
ALL = "all"
STATES: tuple[State, ...] = get_args(State)

numbers_option = click.option("--numbers", is_flag=True, help="Show whole numbers.")
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")


class _ListFirst(click.Group):
    """Without a command it lists."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in context.help_option_names):
            args = ["list", *args]
        return super().parse_args(context, args)


@click.group(cls=_ListFirst)
def texts() -> None:
    """Text messages: what is sent, how it stands, and what holds it up.

    Without a command: `list`.
    """


@texts.command(name="list")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only these.")
@click.option("--of", "subject", default="", metavar="ID", help="Only those of a callback or call.")
@click.option("--number", default="", metavar="DIGITS", help="Only to numbers that end so.")
@click.option("--last", default=50, show_default=True, type=click.IntRange(1, MOST))
@numbers_option
@json_option
@var_option
@click.pass_obj
def list_texts(
    config_path: Path | None,
    states: tuple[str, ...],
    subject: str,
    number: str,
    last: int,
    numbers: bool,
    as_json: bool,
    var: Path | None,
) -> None:
    """List texts, the newest first, and say which senders are stopped."""
    digits = number.strip().replace(" ", "").replace("-", "")
    if digits and not digits.removeprefix("+").isdigit():
        raise Problem("--number takes a number, or the digits at its end.")
    config = load(config_path)
    zone = ZoneInfo(config.time_zone)
    with open_store(config, var) as redis:
        outbox, senders = OutboxStore(redis), SenderStore(redis)
        filtered = bool(states or digits)
        known: Iterable[StoredText] = (
            reversed(outbox.of(subject)) if subject else outbox.latest(MOST if filtered else last)
        )
        found = [
            one
            for one in known
            if (not states or one.state in states) and one.text.to.endswith(digits)
        ][:last]
        stopped = senders.stopped()
    if as_json:
        click.echo(json.dumps([_as_json(one, numbers) for one in found], ensure_ascii=False))
        return
    if found:
        _console().print(_table(found, zone, numbers))
    else:
        click.echo("No such texts." if filtered or subject else "No texts.")
    for stop in stopped.values():
        click.echo(_sentence(stop, zone))


@texts.command(name="senders")
@json_option
@var_option
@click.pass_obj
def list_senders(config_path: Path | None, as_json: bool, var: Path | None) -> None:
    """Say what waits for each sender, and which are stopped, and why."""
    config = load(config_path)
    zone = ZoneInfo(config.time_zone)
    with open_store(config, var) as redis:
        store = SenderStore(redis)
        waiting, stopped = store.waiting(), store.stopped()
    if as_json:
        click.echo(json.dumps(_senders_json(waiting, stopped), ensure_ascii=False))
        return
    if waiting:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for heading in ("Sender", "Waiting", "Later", "A second"):
            table.add_column(heading, no_wrap=True)
        for one in waiting:
            by_mail = config.mail if config.mail and config.mail.sender == one.sender else None
            rate = by_mail.per_second if by_mail else config.texts.rate(one.sender)
            most = f"{rate:g}" if rate else "no limit"
            table.add_row(Text(one.sender), str(one.now), str(one.later), most)
        _console().print(table)
    else:
        click.echo("No sender has sent anything yet.")
    for stop in stopped.values():
        click.echo(_sentence(stop, zone))


@texts.command(name="resume")
@click.argument("sender")
@var_option
@click.pass_obj
def resume(config_path: Path | None, sender: str, var: Path | None) -> None:
    """Let a stopped sender send again; `all` where no texts are sent at all."""
    config = load(config_path)
    with open_store(config, var) as redis:
        store = SenderStore(redis)
        stopped = store.stopped()
        whose = EVERY if sender == ALL else sender
        if not store.resume(whose, SystemClock().now().timestamp()):
            others = ", ".join(ALL if one == EVERY else one for one in stopped) or "none"
            raise Problem(f"`{sender}` is not stopped. Stopped: {others}.")
    click.echo("Texts are sent again." if whose == EVERY else f"{sender} sends texts again.")


def _table(found: Iterable[StoredText], zone: ZoneInfo, numbers: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Wanted", "To", "Kind", "State", "Sender", "Tries"):
        table.add_column(heading, no_wrap=True)
    table.add_column("What it says")
    for one in found:
        text, stands = one.text, one.stands
        what = text.shown
        if stands.reason:
            code = f", error {stands.code}" if stands.code else ""
            what = f"{what}\n({stands.reason}{code})"
        table.add_row(
            _time(text.wanted_at, zone), text.to if numbers else mask(text.to), text.kind,
            one.state.replace("_", " "), stands.sender, str(stands.tries), Text(what),
        )  # fmt: skip
    return table


def _sentence(stop: Stop, zone: ZoneInfo) -> str:
    code = f" (error {stop.code})" if stop.code else ""
    every = stop.sender == EVERY
    who = "No texts are sent" if every else f"{stop.sender} sends nothing"
    lift = ALL if every else f"'{stop.sender}'"
    return (
        f"{who} since {_time(stop.at, zone)}: {stop.meaning}{code}. "
        f"`ringback texts resume {lift}` lifts that."
    )


def _as_json(one: StoredText, numbers: bool) -> dict[str, Any]:
    text, stands = one.text, one.stands
    return {
        "id": one.id,
        "wanted_at": _iso(text.wanted_at),
        "useful_until": _iso(text.useful_until),
        "to": text.to if numbers else mask(text.to),
        "kind": text.kind,
        "language": text.language,
        "says": text.shown,
        "subject": text.subject,
        "call": text.call,
        "queue": text.queue,
        "state": one.state,
        "since": _iso(stands.since),
        "sender": stands.sender,
        "tries": stands.tries,
        "carrier_id": stands.told_as,
        "carrier_state": stands.delivery.state if stands.told_as else None,
        "code": stands.code,
        "reason": stands.reason,
        "by_voice": stands.by_voice,
    }


def _senders_json(waiting: Iterable[Waiting], stopped: dict[str, Stop]) -> dict[str, Any]:
    return {
        "senders": [
            {"sender": one.sender, "waiting": one.now, "later": one.later} for one in waiting
        ],
        "stopped": [
            {
                "sender": ALL if stop.sender == EVERY else stop.sender,
                "at": _iso(stop.at),
                "code": stop.code,
                "reason": stop.meaning,
            }
            for stop in stopped.values()
        ],
    }


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else WIDE)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _time(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
