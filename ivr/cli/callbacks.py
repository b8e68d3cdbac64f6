"""`ringback callbacks`: who is to be called back, how that stands, and what a supervisor does."""

from __future__ import annotations

import json
from pathlib import Path

import click
import msgspec

from ivr.callbacks.record import State
from ivr.callbacks.states import ENDS, OPEN, STATES
from ivr.cli import callbacks_acting as acting
from ivr.cli import callbacks_mail as mail
from ivr.cli import callbacks_never as never
from ivr.cli.callbacks_stage import json_option, numbers_option, open_stage
from ivr.cli.callbacks_tables import (
    console,
    figures_table,
    list_table,
    print_story,
    print_windows,
)
from ivr.cli.options import var_option
from ivr.cli.problem import Problem
from ivr.services.callbacks.overview import Filter

WHICH = ("open", "ended", *STATES)


class _ListFirst(click.Group):
    """Without a command it lists."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in context.help_option_names):
            args = ["list", *args]
        return super().parse_args(context, args)


@click.group(cls=_ListFirst)
def callbacks() -> None:
    """Callbacks: who is to be called, how it stands, and what to do about it.

    Without a command: `list`. An ID may be abbreviated to a beginning that fits no other. Whoever
    changes something gives a name and a reason. Exit status: 0 done; 1 it cannot be done as things
    stand, and nothing was changed; 2 what was asked makes no sense.
    """


@callbacks.command(name="list")
@click.option("--queue", default="", metavar="NAME", help="Only this queue.")
@click.option(
    "--state", "states", multiple=True, type=click.Choice(WHICH), metavar="STATE",
    help="Only these: open (as usual), ended, or one of the states in docs/callbacks.md.",
)  # fmt: skip
@click.option("--number", default="", metavar="DIGITS", help="Only numbers that end so.")
@click.option("--last", default=50, show_default=True, type=click.IntRange(1, 100_000))
@numbers_option
@json_option
@var_option
@click.pass_obj
def list_callbacks(
    config_path: Path | None,
    queue: str,
    states: tuple[str, ...],
    number: str,
    last: int,
    numbers: bool,
    as_json: bool,
    var: Path | None,
) -> None:
    """List callbacks, those promised last first.

    CALL BY is the window or the time that was promised. Ended ones are those of today.
    """
    digits = number.strip().replace(" ", "").replace("-", "")
    if digits and not digits.removeprefix("+").isdigit():
        raise Problem("--number takes a number, or the digits at its end.")
    with open_stage(config_path, var) as stage:
        stage.must_be_a_queue(queue)
        wanted = Filter(queue, _states(states), digits, stage.overseer.figures.midnight(stage.now))
        listed = stage.overseer.overview.list(wanted, stage.now, last, numbers=numbers)
        if as_json:
            click.echo(msgspec.json.encode(listed).decode())
            return
        figures = [
            one
            for one in stage.overseer.figures.queues(stage.now)
            if queue in ("", one.queue) and (one.open or one.kept.share is not None)
        ]
        if figures:
            console().print(figures_table(figures))
            console().print()
        if not listed.total:
            click.echo("No callbacks." if not (queue or states or digits) else "No such callbacks.")
            return
        console().print(list_table(listed.callbacks, stage))
        if listed.total > last:
            click.echo(f"\nThe last {last} of {listed.total}: --last shows more.")


@callbacks.command()
@click.argument("callback", metavar="ID")
@numbers_option
@json_option
@var_option
@click.pass_obj
def show(
    config_path: Path | None, callback: str, numbers: bool, as_json: bool, var: Path | None
) -> None:
    """Show one callback, with all its moves.

    What was promised, the attempts, every move with who made it and why, and what is next.
    """
    with open_stage(config_path, var) as stage:
        stored = stage.overseer.find(callback)
        story = stage.overseer.overview.story(stored, stage.now, numbers=numbers)
        if as_json:
            click.echo(msgspec.json.encode(story).decode())
        else:
            print_story(story, stage)


@callbacks.command()
@click.option("--queue", default="", metavar="NAME", help="Only this queue.")
@json_option
@var_option
@click.pass_obj
def figures(config_path: Path | None, queue: str, as_json: bool, var: Path | None) -> None:
    """Tell what waits, is booked and was kept, by queue."""
    with open_stage(config_path, var) as stage:
        stage.must_be_a_queue(queue)
        found = stage.overseer.figures.queues(stage.now)
        shown = [one for one in found if queue in ("", one.queue)]
        if as_json:
            click.echo(json.dumps(msgspec.to_builtins(shown), ensure_ascii=False))
        elif not shown:
            click.echo("There are no queues: add some under `queues` in config.yaml.")
        else:
            console().print(figures_table(shown))
            for one in shown:
                print_windows(one, stage)


def _states(wanted: tuple[str, ...]) -> frozenset[State]:
    groups: dict[str, frozenset[State]] = {"open": frozenset(OPEN), "ended": frozenset(ENDS)}
    alone: dict[str, frozenset[State]] = {state: frozenset((state,)) for state in STATES}
    return frozenset().union(*(({**alone, **groups})[one] for one in wanted or ("open",)))


for _command in (*acting.COMMANDS, *mail.COMMANDS, *never.COMMANDS):
    callbacks.add_command(_command)
