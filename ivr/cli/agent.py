"""`ringback agent`: who is there, and presence."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec
from rich.console import Console
from rich.table import Table

from ivr.cli.problem import Problem
from ivr.cli.stores import open_store, var_option
from ivr.clock import SystemClock
from ivr.config import Config, load
from ivr.services.agents import AgentService, BadPin, Pins, UnknownAgent
from ivr.services.agents.making import agent_service
from ivr.services.agents.overview import AgentView, Overview
from ivr.store.pins import PinStore

# Columns of the table where the output is not a terminal.
WIDE = 120
COLOURS = {
    "available": "green", "reserved": "yellow", "busy": "red", "wrap_up": "yellow", "away": "dim",
}  # fmt: skip

json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")


@click.group()
def agent() -> None:
    """Agents: who is there and with whom, and presence.

    NAME is an agent's name under `agents` in config.yaml.
    """


@agent.command(name="list")
@json_option
@var_option
@click.pass_obj
def list_agents(config_path: Path | None, as_json: bool, var: Path | None) -> None:
    """List the agents: presence, since when, and with whom."""
    config = load(config_path)
    with _service(config, var) as service:
        overview = Overview(service)
        found = overview.agents()
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
    elif not found:
        click.echo("There are no agents: add some under `agents` in config.yaml.")
    else:
        console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
        console.print(_table(found, config, SystemClock().now()))


@agent.command()
@click.argument("name")
@json_option
@var_option
@click.pass_obj
def available(config_path: Path | None, name: str, as_json: bool, var: Path | None) -> None:
    """NAME is there, and gets the next person: after a talk, without any wrap-up left."""
    with _service(load(config_path), var) as service:
        now = SystemClock().now()
        if not service.ready(name, now):
            service.come(name, now)
        _tell(service, name, as_json)


@agent.command()
@click.argument("name")
@json_option
@var_option
@click.pass_obj
def away(config_path: Path | None, name: str, as_json: bool, var: Path | None) -> None:
    """NAME is away: at once, or after the talk they are in."""
    with _service(load(config_path), var) as service:
        service.go(name, SystemClock().now())
        _tell(service, name, as_json)


@agent.command()
@click.argument("name")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the PIN from standard input.")
@var_option
@click.pass_obj
def pin(config_path: Path | None, name: str, from_stdin: bool, var: Path | None) -> None:
    """Set the PIN by which NAME is known on the agents' line.

    It is asked for twice and not shown. Nobody can read it afterwards.
    """
    config = load(config_path)
    with _service(config, var) as service, open_store(config, var) as redis:
        service.staff.agent(name)
        given = (
            sys.stdin.readline().strip()
            if from_stdin
            else click.prompt("PIN", hide_input=True, confirmation_prompt="Once more")
        )
        try:
            number = Pins(PinStore(redis)).set(name, given)
        except BadPin as error:
            raise Problem(str(error)) from None
    click.echo(f"{name} has the agent number {number} and a new PIN.")


@agent.command()
@click.argument("name")
@click.option("--to", "to", metavar="ADDRESS", required=True,
              help="Who listens: a number with +, a sip: or a client: address.")  # fmt: skip
@click.option("--coach", is_flag=True, help="The agent hears them; the caller does not.")
@var_option
@click.pass_obj
def listen(config_path: Path | None, name: str, to: str, coach: bool, var: Path | None) -> None:
    """Ring ADDRESS, who then hears the talk that NAME is in. Nobody hears them."""
    from ivr.carrier import rest
    from ivr.services.agents.listening import CannotListen, Listening

    config = load(config_path)
    token = config.carrier.auth_token.get_secret_value()
    with _service(config, var) as service:
        try:
            carrier = rest.connect(
                config.carrier.account_sid, token, base_url=config.carrier.api_url
            )
            shown = next(iter(config.lines.values())).number
            call = Listening(service, carrier, shown).listen(name, to, coaches=coach)
        except (CannotListen, rest.CarrierError) as error:
            raise Problem(str(error)) from None
    click.echo(f"{to} is being rung ({call}), and then hears the talk of {name}.")


@contextmanager
def _service(config: Config, var: Path | None) -> Iterator[AgentService]:
    with open_store(config, var) as redis:
        try:
            yield agent_service(config, redis)
        except UnknownAgent as error:
            raise Problem(str(error)) from None


def _tell(service: AgentService, name: str, as_json: bool) -> None:
    view = Overview(service).agent(name)
    if as_json:
        click.echo(json.dumps(_plain(view), ensure_ascii=False))
        return
    after = ", and away after this call" if view.leaving else ""
    click.echo(f"{name} is {view.presence.replace('_', '-')}{after}.")


def _plain(view: AgentView) -> dict[str, object]:
    return {name.rstrip("_"): value for name, value in msgspec.to_builtins(view).items()}


def _table(found: list[AgentView], config: Config, now: datetime) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Agent", "", "Presence", "Since", "For", "With"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Queues")
    zone = ZoneInfo(config.time_zone)
    for one in found:
        colour = COLOURS[one.presence]
        since = datetime.fromisoformat(one.since) if one.since else None
        leaving = ", then away" if one.leaving else ""
        table.add_row(
            one.name if not one.guest else "guest",
            one.known_as if not one.guest else "",
            f"[{colour}]{one.presence.replace('_', '-')}[/]{leaving}",
            since.astimezone(zone).strftime("%Y-%m-%d %H:%M" if _old(since, now) else "%H:%M")
            if since else "",
            _length((now - since).total_seconds()) if since and not _old(since, now) else "",
            _with(one),
            ", ".join(one.queues),
        )  # fmt: skip
    return table


def _with(one: AgentView) -> str:
    if one.with_ is None:
        return "waits on the line" if one.on_a_call and one.presence == "available" else ""
    state = {"offered": "rings for", "held": "on hold:", "offering": "passing on:"}
    who = one.with_.name or "a caller"
    return f"{state.get(one.with_.state, '')} {who} ({one.with_.queue})".strip()


def _old(since: datetime, now: datetime) -> bool:
    return (now - since).total_seconds() >= 20 * 3600


def _length(seconds: float) -> str:
    whole = max(int(seconds), 0)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"
