"""`ringback demo`: starts everything anew in a place of its own, lets people ring, and tells."""

from __future__ import annotations

import sys
import time
from math import inf
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from ivr.cli.credentials import CredentialsError
from ivr.cli.demo.cast import Cast, Player, Ring, read_cast
from ivr.cli.demo.company import CompanyAway
from ivr.cli.demo.ending import Ending
from ivr.cli.demo.ground import LOOK, Ground, ground
from ivr.cli.demo.page import show
from ivr.cli.demo.story import Line, Story
from ivr.cli.demo.telling import Telling
from ivr.cli.demo.yesterday import CALLS
from ivr.cli.problem import Problem
from ivr.cli.processes import ProcessError
from ivr.config import DEFAULT_PATH, load
from ivr.store.address import ServerError
from ivr.store.agents import AgentStore

LONGEST = 1800.0
"""Seconds of the story after which it ends, whoever is still on the line."""
WIDE = 80


@click.command()
@click.option(
    "--speed", type=click.FloatRange(1, 20), default=8.0, show_default=True,
    help="How many times as fast as life.",
)  # fmt: skip
@click.option(
    "--cast", "cast_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Other people, written like ivr/cli/demo/cast.yaml.",
)  # fmt: skip
@click.pass_obj
def demo(config_path: Path | None, speed: float, cast_file: Path | None) -> None:
    """Show a peak: more people ring than the agents can answer, and some are called back.

    Starts a store, a telephone company, the web, workers and the clock of their own on free ports,
    lets people ring who are played by script, and tells what each hears, how long each waits, and
    what they were told. Times are told from experience only, so the line is given a made-up day of
    it. Nothing of it all is kept but the processes' log, whose place is told.
    """
    config = load((config_path or DEFAULT_PATH).resolve())
    if not config.agents:
        raise Problem("The demonstration needs `agents` in config.yaml.")
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    cast = read_cast(cast_file)
    try:
        with ground(config, speed, cast.agents) as here:
            console.print(f"What the processes write is in {here.log}.", style="dim")
            console.print(
                f"The line has learnt from a made-up yesterday of {CALLS} calls. Time goes "
                f"{speed:g} times as fast as in life. So that all of it fits, people can choose "
                "windows of five minutes, and are told of smaller changes than usual.\n"
            )
            Play(here, cast, console).play()
    except (ProcessError, CredentialsError, ServerError, CompanyAway) as error:
        raise Problem(str(error)) from None


class Play:
    """The story, from the first ring until nobody waits and nothing is owed any more."""

    def __init__(self, here: Ground, cast: Cast, console: Console) -> None:
        config = here.config
        self._here = here
        self._players = players = cast.callers
        self._console = console
        self._zone = ZoneInfo(config.time_zone)
        self._agents = list(zip(config.agents.items(), cast.agents, strict=False))
        names = {name: settings.name for name, settings in config.agents.items()}
        self._telling = Telling(names, self._zone)
        self._names = set(names.values())
        self._story = Story(self._telling)
        self._held_back: list[Line] = []
        self._texted = {number: one.name for one in players for number in one.numbers}
        self._rung = {settings.address: settings.name for (_, settings), _ in self._agents}
        self._rung |= {one.rung_at: one.name for one in players}
        self._ending = Ending(here, self._telling, self._story, self._texted)

    def play(self) -> None:
        company, clock = self._here.company, self._here.clock
        company.put({address.address: one.person() for (_, address), one in self._agents})
        company.put({player.rung_at: dict(player.rung) for player in self._players})
        to_come = self._to_come()
        began = before = clock.now().timestamp()
        while True:
            passed = clock.now().timestamp() - began
            while to_come and to_come[0][0] <= passed:
                self._happens(to_come.pop(0)[1:])
            self._show(before)
            before = began + passed
            over = not to_come and not self._story.under_way and self._ending.is_reached()
            if over or passed > LONGEST:
                break
            time.sleep(LOOK)
        self._show(inf)
        self._ending.show(self._console)

    def _to_come(self) -> list[tuple[float, str, Player | None, Ring | None]]:
        to_come: list[tuple[float, str, Player | None, Ring | None]] = []
        for (name, _), answerer in self._agents:
            to_come += [(at, f"+{name}", None, None) for at in answerer.comes]
            to_come += [(at, f"-{name}", None, None) for at in answerer.goes]
        for player in self._players:
            to_come += [(ring.at, "", player, ring) for ring in player.calls]
        return sorted(to_come, key=lambda one: one[0])

    def _happens(self, what: tuple[str, Player | None, Ring | None]) -> None:
        agent, player, ring = what
        here, store = self._here, AgentStore(self._here.redis)
        now = here.clock.now().timestamp()
        if player is not None and ring is not None:
            line = next(iter(here.config.lines.values())).number
            call = here.company.phone(player.number, line, dict(ring.person))
            self._story.call_of(player.name, call)
        elif agent.startswith("+"):
            settings = here.config.agents[agent[1:]]
            store.arrive(agent[1:], settings.queues, now, address=settings.address)
        else:
            store.depart(agent[1:], now)

    def _show(self, until: float) -> None:
        """What has happened until then; the rest waits, as something earlier may yet be told."""
        company, story = self._here.company, self._story
        lines = self._held_back + story.events(self._here.redis)
        for call in story.under_way:
            lines += story.heard(call, company.timeline(call))
        for call, address in company.calls_to(self._rung):
            told = story.heard_when_rung(call, self._rung[address], company.timeline(call))
            lines += [one for one in told if self._is_of_callback(one.who)]
        lines += story.written(company.texts(), self._texted)
        for line in sorted(lines, key=lambda one: one.at):
            if line.at <= until:
                show(line, self._console, self._zone)
        self._held_back = [line for line in lines if line.at > until]

    def _is_of_callback(self, name: str) -> bool:
        """What agents hear of other calls is left out."""
        return name not in self._names or name in self._telling.calling_back
