"""`ringback demo`: starts everything anew in a place of its own, lets people ring, and tells."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from honcho.printer import Printer
from redis import Redis
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ivr.cli import run as running
from ivr.cli.credentials import CredentialsError, credentials
from ivr.cli.demo.cast import Player, read_cast
from ivr.cli.demo.company import Company, CompanyAway
from ivr.cli.demo.story import Line, Story, clock_time, length
from ivr.cli.demo.yesterday import CALLS, Yesterday, learn
from ivr.cli.problem import Problem
from ivr.cli.processes import ProcessError, Processes, read_procfile
from ivr.clock import HastenedClock
from ivr.config import DEFAULT_PATH, Config, load
from ivr.store.address import ServerError
from ivr.store.agents import AgentStore
from ivr.store.connection import connect
from ivr.store.estimates import EstimateStore
from ivr.store.server import private_server

LOOK = 0.3
"""Seconds between two looks at what happened."""
READY_PATIENCE = 60.0
LONGEST = 1800.0
"""Seconds of the story after which it ends, whoever is still on the line."""
BEGINS_AT = 10
"""The hour at which the story begins."""
YESTERDAY_EARLIER = 2
"""So many hours earlier than the story yesterday began."""
KEYS = {"fi": "1", "sv": "2", "nb": "3", "en": "4"}
"""What callers press to choose their language."""
MATTER = "122"
"""And then: an invoice, when it is due, and that this did not help."""
WIDE = 100


@click.command()
@click.option(
    "--speed", type=click.FloatRange(1, 20), default=6.0, show_default=True,
    help="How many times as fast as life.",
)  # fmt: skip
@click.option("--callers", type=click.IntRange(1, 12), default=12, show_default=True,
              help="How many people ring.")  # fmt: skip
@click.pass_obj
def demo(config_path: Path | None, speed: float, callers: int) -> None:
    """Show a peak: more people ring than the agents can answer.

    Starts a store, a telephone company, the web, workers and the clock of their own on free ports,
    lets people ring who are played by script, and tells what each hears, how long each waits, and
    what they were told. Times are told from experience only, so the line is given a made-up day of
    it. Nothing of it all is kept but the processes' log, whose place is told.
    """
    config = load((config_path or DEFAULT_PATH).resolve())
    if not config.agents:
        raise Problem("The demonstration needs `agents` in config.yaml.")
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    try:
        with _running(config, speed) as (company, redis, clock, log):
            console.print(f"What the processes write is in {log}.", style="dim")
            console.print(f"The line has learnt from a made-up yesterday of {CALLS} calls.")
            story = _play(config, company, redis, clock, callers, console)
        _print_fates(story, console)
    except (ProcessError, CredentialsError, ServerError, CompanyAway) as error:
        raise Problem(str(error)) from None


@contextmanager
def _running(config: Config, speed: float) -> Iterator[tuple[Company, Redis, HastenedClock, Path]]:
    """Everything that `ringback run` starts, in a place of its own."""
    root = config.file.parent
    settings = replace(
        running.read_settings(config.file),
        host=running.LOOPBACK, port=_free_port(), carrier_port=_free_port(),
    )  # fmt: skip
    opening = _opening(config)
    company = Company(f"http://{running.LOOPBACK}:{settings.carrier_port}")
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ringback-demo-")))
        handle, log_path = tempfile.mkstemp(prefix="ringback-demo-", suffix=".log")
        log = stack.enter_context(os.fdopen(handle, "w", encoding="utf-8"))
        url = stack.enter_context(private_server(place / "store"))
        redis = stack.enter_context(connect(url))
        learn(EstimateStore(redis), config, _yesterday(config, opening))
        clock = HastenedClock(datetime.now(UTC), opening, speed)
        account = credentials("", "", place / "account.json")
        environment = dict(os.environ) | {
            "RINGBACK_CONFIG": str(config.file),
            "RINGBACK_HOST": settings.host,
            "RINGBACK_FLOWS": "folder",
            "RINGBACK_CLOCK": str(clock),
            "RINGBACK_CARRIER_API": f"http://{running.LOOPBACK}:{settings.carrier_port}",
            "RINGBACK_PUBLIC_URL": running.base_url(settings),
            "TWILIO_ACCOUNT_SID": account.account_sid,
            "TWILIO_AUTH_TOKEN": account.auth_token,
            "PORT": str(settings.port),
            "REDIS_URL": url,
            "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", ""),
        }
        programs = [running.carrier(settings), *read_procfile(root / "Procfile")]
        programs[0] = replace(
            programs[0], command=f"{programs[0].command} --calls-per-second 0 --hastened {clock}"
        )
        processes = stack.enter_context(Processes(Printer(log), root, environment))
        for program in sorted(programs, key=lambda program: program.name == "web"):
            processes.start(program)
        _wait_until_ready(running.base_url(settings) + "/readyz", company, log_path)
        yield company, redis, clock, Path(log_path)


def _wait_until_ready(url: str, company: Company, log: str) -> None:
    given_up = time.monotonic() + READY_PATIENCE
    while (missing := running.what_is_missing(url)) is not None or not company.answers():
        if time.monotonic() > given_up:
            raise ProcessError(
                f"Not ready after {READY_PATIENCE:.0f} s: {missing or 'no answer'}; see {log}."
            )
        time.sleep(LOOK)


def _play(
    config: Config, company: Company, redis: Redis, clock: HastenedClock, callers: int,
    console: Console,
) -> Story:  # fmt: skip
    zone = ZoneInfo(config.time_zone)
    answerers, players = read_cast()
    agents = list(zip(list(config.agents.items()), answerers, strict=False))
    company.put({settings.address: answerer.person() for (_, settings), answerer in agents})
    store = AgentStore(redis)
    line = next(iter(config.lines.values())).number
    began = clock.now().timestamp()
    story = Story({name: settings.name for name, settings in config.agents.items()})
    telephones = {settings.address: settings.name for (_, settings), _ in agents}
    to_come: list[tuple[float, Player | str]] = [
        *((at, name) for (name, _), answerer in agents for at in answerer.comes),
        *((player.rings, player) for player in players[:callers]),
    ]
    to_come.sort(key=lambda one: one[0])
    while True:
        passed = clock.now().timestamp() - began
        while to_come and to_come[0][0] <= passed:
            _, who = to_come.pop(0)
            if isinstance(who, Player):
                keys = KEYS[who.language] + MATTER
                story.call_of(who.name, company.phone(who.number, line, who.person(keys)))
            else:
                agent = config.agents[who]
                store.arrive(who, agent.queues, clock.now().timestamp(), address=agent.address)
        lines = story.events(redis)
        for call in story.under_way:
            lines += story.heard(call, company.timeline(call))
        for call, address in company.calls_to(telephones):
            lines += story.whispered(call, telephones[address], company.timeline(call))
        for told in sorted(lines, key=lambda one: one.at):
            console.print(_in_words(told, clock_time(told.at, zone)))
        if (not to_come and not story.under_way) or passed > LONGEST:
            return story
        time.sleep(LOOK)


def _in_words(line: Line, at: str) -> Text:
    if line.kind == "hears":
        return Text.assemble((at, "dim"), "  ", (f"{line.who} hears: ", "bold"), line.text)
    if line.kind == "tells":
        return Text.assemble((at, "dim"), "  ", (line.text, "cyan"))
    return Text.assemble((at, "dim"), "  ", (line.who, "bold"), " ", line.text)


def _print_fates(story: Story, console: Console) -> None:
    table = Table(title="What became of everybody", title_justify="left", box=None, padding=(0, 2))
    for name in ("Caller", "Was told", "Waited", "Then"):
        table.add_column(name)
    for fate in story.fates.values():
        then = f"talked to {fate.by}" if fate.by else fate.left.replace("_", " ") or "—"
        waited = "—" if fate.waited is None else length(fate.waited)
        table.add_row(fate.name, "; ".join(fate.told) or "—", waited, then)
    console.print()
    console.print(table)
    kept = [held for fate in story.fates.values() for held in fate.held]
    served = sum(1 for fate in story.fates.values() if fate.by)
    console.print(
        f"\n{served} of {len(story.fates)} talked to somebody. "
        + (f"{sum(kept)} of {len(kept)} told times came true." if kept else
           "No times were told: there is too little history yet to promise any.")
    )  # fmt: skip


def _yesterday(config: Config, opening: datetime) -> Yesterday:
    """The day before, with the same agents, whose talks are like those of the story."""
    answerers, _ = read_cast()
    talks = {name: one.talks for name, one in zip(config.agents, answerers, strict=False)}
    return Yesterday(
        config, talks, (opening - timedelta(days=1, hours=YESTERDAY_EARLIER)).timestamp()
    )


def _opening(config: Config) -> datetime:
    """The next day at BEGINS_AT on which every queue with hours is open."""
    zone = ZoneInfo(config.time_zone)
    now = datetime.now(zone)
    years = range(now.year, now.year + 2)
    hours = {queue.hours for queue in config.queues.values() if queue.hours is not None}
    schedules = [config.schedule(name, years) for name in hours]
    for day in range(1, 15):
        at = (now + timedelta(days=day)).replace(hour=BEGINS_AT, minute=0, second=0, microsecond=0)
        if all(schedule.state(at) == "open" for schedule in schedules):
            return at
    raise Problem("The queues are never open at the same time within the next two weeks.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((running.LOOPBACK, 0))
        return int(probe.getsockname()[1])
