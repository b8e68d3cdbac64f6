"""Numbers whose owners asked not to be called."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec
from rich.table import Table
from rich.text import Text

from ivr.cli.callbacks_acting import asked_for, by_and_reason
from ivr.cli.callbacks_stage import Stage, numbers_option, open_stage, short
from ivr.cli.callbacks_tables import console
from ivr.masking import mask
from ivr.services.callbacks.views import at
from ivr.store.consent import CallsWish


@click.command()
@click.argument("number", required=False)
@numbers_option
@by_and_reason
@click.pass_obj
def never(
    config_path: Path | None, number: str | None, numbers: bool, by: str | None,
    reason: str | None, as_json: bool, var: Path | None,
) -> None:  # fmt: skip
    """Ring NUMBER no more; without one, list such numbers.

    For owners who asked for no calls at all. What was promised to the number is cancelled.
    """
    with open_stage(config_path, var) as stage:
        overseer = stage.overseer
        if number is None:
            _list(overseer.refused(), stage, numbers, as_json)
            return
        overseer.number(number)
        name, why = asked_for(by, reason)
        done = overseer.never(number, name, stage.now, why)
        if as_json:
            click.echo(_json(done.number, done.wish, True, cancelled=list(done.cancelled)))
            return
        ended = ", ".join(short(one, set(done.cancelled)) for one in done.cancelled)
        click.echo(
            f"{done.number} is not rung any more"
            + (f"; cancelled: {ended}." if ended else "; nothing was promised to it.")
        )


@click.command()
@click.argument("number")
@by_and_reason
@click.pass_obj
def allow(
    config_path: Path | None, number: str, by: str | None, reason: str | None, as_json: bool,
    var: Path | None,
) -> None:  # fmt: skip
    """NUMBER may be rung again."""
    with open_stage(config_path, var) as stage:
        overseer = stage.overseer
        overseer.number(number)
        name, why = asked_for(by, reason)
        done = overseer.allow(number, name, stage.now, why)
        if as_json:
            click.echo(_json(done.number, done.wish, True))
        else:
            click.echo(f"{done.number} may be rung again.")


COMMANDS = (never, allow)


def _list(found: dict[str, CallsWish], stage: Stage, numbers: bool, as_json: bool) -> None:
    newest = sorted(found.items(), key=lambda one: -one[1].at)
    if as_json:
        click.echo(f"[{', '.join(_json(number, wish, numbers) for number, wish in newest)}]")
        return
    if not newest:
        click.echo("There is no number that is never rung.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Number", "Since", "By"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Why")
    for number, wish in newest:
        table.add_row(
            number if numbers else mask(number), stage.time(wish.at),
            wish.by.name or f"the {wish.by.kind}", Text(wish.why),
        )  # fmt: skip
    console().print(table)


def _json(number: str, wish: CallsWish, whole: bool, **more: object) -> str:
    told = {
        "number": number if whole else mask(number), "refused": wish.refused, "at": at(wish.at),
        "by": msgspec.to_builtins(wish.by), "reason": wish.why, **more,
    }  # fmt: skip
    return msgspec.json.encode(told).decode()
