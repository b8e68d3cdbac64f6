"""What a supervisor does with a callback at the terminal; each with a name and a reason."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from ivr.callbacks.record import Window
from ivr.cli.callbacks_stage import Stage, json_option, open_stage, short
from ivr.cli.callbacks_tables import promised
from ivr.cli.options import var_option
from ivr.cli.problem import Problem
from ivr.services.callbacks.overseeing import Overseer
from ivr.services.callbacks.views import CallbackView
from ivr.services.notices import NoticeRefused, moment
from ivr.store.callbacks import StoredCallback

PLACE = "place"

Command = TypeVar("Command", bound=Callable[..., Any])
Act = Callable[[Overseer, StoredCallback, Stage, str, str], StoredCallback]
Tell = Callable[[CallbackView, Stage], str]


def by_and_reason(command: Command) -> Command:
    """The options of every command that changes something."""
    for option in (
        var_option,
        json_option,
        click.option("--reason", metavar="TEXT", help="Why; asked for at a terminal."),
        click.option("--by", metavar="NAME", help="Who does it; asked for at a terminal."),
    ):
        command = option(command)
    return command


def asked_for(by: str | None, reason: str | None) -> tuple[str, str]:
    """Who does it and why: asked for at a terminal, required elsewhere. Raises Problem."""
    return _told("--by", "Your name", by), _told("--reason", "Why", reason)


def _told(option: str, question: str, value: str | None) -> str:
    if value is None and sys.stdin.isatty():
        value = click.prompt(question, err=True)
    if not value or not value.strip():
        raise Problem(f"Give {option}: every change is kept with a name and a reason.")
    return value.strip()


@click.command()
@click.argument("callback", metavar="ID")
@click.option("--to", "to", metavar="WINDOW|place",
              help="When a window begins (14:00, 2026-11-25T14:00), or `place`: its place in the "
              "line. At a terminal you can choose from those with room.")  # fmt: skip
@by_and_reason
@click.pass_obj
def move(
    config_path: Path | None, callback: str, to: str | None, by: str | None, reason: str | None,
    as_json: bool, var: Path | None,
) -> None:  # fmt: skip
    """Promise another window, of which they get a text, or the place in the line."""

    def act(overseer: Overseer, stored: StoredCallback, stage: Stage, name: str, why: str) -> (
        StoredCallback
    ):  # fmt: skip
        if target == PLACE:
            return overseer.put_in_line(stored, name, stage.now, why)
        window = overseer.window_at(stored.callback.queue, _moment(target, stage), stage.now)
        return overseer.move(stored, window, name, stage.now, why)

    target = to or ""
    with open_stage(config_path, var) as stage:
        stored = stage.overseer.find(callback)
        if not target:
            target = _chosen(stage.overseer.windows(stored.callback.queue, stage.now), stage)
        _carry_out(stage, stored, by, reason, as_json, act, _told_time)


@click.command()
@click.argument("callback", metavar="ID")
@by_and_reason
@click.pass_obj
def cancel(
    config_path: Path | None, callback: str, by: str | None, reason: str | None, as_json: bool,
    var: Path | None,
) -> None:  # fmt: skip
    """The person does not want it any more."""
    _do(config_path, var, callback, by, reason, as_json,
        lambda overseer, stored, stage, *who: overseer.cancel(stored, who[0], stage.now, who[1]),
        lambda view, stage: "cancelled")  # fmt: skip


@click.command(name="call-now")
@click.argument("callback", metavar="ID")
@by_and_reason
@click.pass_obj
def call_now(
    config_path: Path | None, callback: str, by: str | None, reason: str | None, as_json: bool,
    var: Path | None,
) -> None:  # fmt: skip
    """Have the next agent call them. Who is not reached keeps what was promised."""
    _do(config_path, var, callback, by, reason, as_json,
        lambda overseer, stored, stage, *who: overseer.call_now(stored, who[0], stage.now, who[1]),
        lambda view, stage: "the next agent calls them")  # fmt: skip


@click.command(name="hand-over")
@click.argument("callback", metavar="ID")
@click.option("--to", "to", metavar="WHO", required=True, help="Who takes care of it.")
@by_and_reason
@click.pass_obj
def hand_over(
    config_path: Path | None, callback: str, to: str, by: str | None, reason: str | None,
    as_json: bool, var: Path | None,
) -> None:  # fmt: skip
    """Have somebody else take care of it; it stays open until `done`."""
    _do(config_path, var, callback, by, reason, as_json,
        lambda overseer, stored, stage, *who: overseer.hand_over(
            stored, to, who[0], stage.now, who[1]
        ),
        lambda view, stage: f"{view.handed_to} sees to it")  # fmt: skip


@click.command()
@click.argument("callback", metavar="ID")
@by_and_reason
@click.pass_obj
def done(
    config_path: Path | None, callback: str, by: str | None, reason: str | None, as_json: bool,
    var: Path | None,
) -> None:  # fmt: skip
    """The person was served in another way, and is not called."""
    _do(config_path, var, callback, by, reason, as_json,
        lambda overseer, stored, stage, *who: overseer.done(stored, who[0], stage.now, who[1]),
        lambda view, stage: "done")  # fmt: skip


@click.command()
@click.argument("callback", metavar="ID")
@by_and_reason
@click.pass_obj
def again(
    config_path: Path | None, callback: str, by: str | None, reason: str | None, as_json: bool,
    var: Path | None,
) -> None:  # fmt: skip
    """Try again, at the place that they had; attempts count anew."""
    _do(config_path, var, callback, by, reason, as_json,
        lambda overseer, stored, stage, *who: overseer.put_in_line(
            stored, who[0], stage.now, who[1]
        ),
        _told_time)  # fmt: skip


@click.command(name="call-off")
@click.argument("callback", metavar="ID")
@by_and_reason
@click.pass_obj
def call_off(
    config_path: Path | None, callback: str, by: str | None, reason: str | None, as_json: bool,
    var: Path | None,
) -> None:  # fmt: skip
    """The company will not call; the person is told so."""
    _do(config_path, var, callback, by, reason, as_json,
        lambda overseer, stored, stage, *who: overseer.call_off(stored, who[0], stage.now, who[1]),
        lambda view, stage: "called off; they are told so")  # fmt: skip


COMMANDS = (move, call_now, again, hand_over, done, cancel, call_off)


def _do(
    config_path: Path | None, var: Path | None, callback: str, by: str | None, reason: str | None,
    as_json: bool, act: Act, tell: Tell,
) -> None:  # fmt: skip
    with open_stage(config_path, var) as stage:
        stored = stage.overseer.find(callback)
        _carry_out(stage, stored, by, reason, as_json, act, tell)


def _carry_out(
    stage: Stage, stored: StoredCallback, by: str | None, reason: str | None, as_json: bool,
    act: Act, tell: Tell,
) -> None:  # fmt: skip
    after = act(stage.overseer, stored, stage, *asked_for(by, reason))
    view = stage.overseer.overview.view(after, stage.now)
    if as_json:
        click.echo(msgspec.json.encode(view).decode())
    else:
        click.echo(f"{short(after.id)}: {tell(view, stage)}.")


def _told_time(view: CallbackView, stage: Stage) -> str:
    if view.window is not None:
        return f"promised {promised(view, stage)}"
    place = f"number {view.position} in the line, " if view.position is not None else ""
    return f"{place}promised {promised(view, stage)}"


def _moment(words: str, stage: Stage) -> float:
    try:
        return moment(words, stage.local(stage.now), stage.zone).timestamp()
    except NoticeRefused:
        raise Problem(
            f"--to takes when a window begins (14:00, 2026-11-25T14:00) or `place`, not `{words}`."
        ) from None


def _chosen(windows: tuple[Window, ...], stage: Stage) -> str:
    """What somebody at the terminal chooses, as --to takes it. Raises Problem elsewhere."""
    if not sys.stdin.isatty():
        raise Problem("Give --to: when a window begins, or `place`.")
    for number, one in enumerate(windows, 1):
        click.echo(f"{number:>3}  {stage.span(one.begins, one.ends)}", err=True)
    click.echo("  p  the place in the line", err=True)
    keys = [*map(str, range(1, len(windows) + 1)), "p"]
    key = click.prompt("Which", type=click.Choice(keys), show_choices=False, err=True)
    return PLACE if key == "p" else stage.local(windows[int(key) - 1].begins).isoformat()
