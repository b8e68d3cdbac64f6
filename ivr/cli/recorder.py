"""`ringback phone --record`: where the script of a call is written, and whose names it uses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ivr.cli.problem import Problem
from ivr.config import Config, load
from ivr.flow.names import NAME
from ivr.flow.reader import CALLS_SUFFIX
from ivr.reading import Unreadable
from ivr.simulator.terminal.script import Names, Script

SCREEN = "-"


class Recorder:
    """`record` is the name of a flow, a file, SCREEN, or None: then nothing is written.

    With settings at hand the company's clock and its names for numbers are used. Raises Problem
    when a flow is named and there are none.
    """

    def __init__(self, record: str | None, config_path: Path | None) -> None:
        self._record = record
        config: Config | None = None
        if record is not None:
            try:
                config = load(config_path)
            except Unreadable as error:
                # Any TwiML application can be phoned: it has no settings of ours.
                if config_path is not None or NAME.match(record):
                    raise Problem(str(error)) from None
        self._folder = None if config is None else config.flows_folder
        if config is None:
            self.script = Script(datetime.now())  # noqa: DTZ005  (the caller's own time of day)
        else:
            self.script = Script(datetime.now(ZoneInfo(config.time_zone)), _names(config))

    def write(self) -> None:
        """Write what was recorded. Raises Problem."""
        if self._record is None:
            return
        if self._record == SCREEN:
            click.echo("\n" + self.script.as_yaml(), nl=False)
            return
        path = Path(self._record)
        if self._folder is not None and NAME.match(self._record):
            path = self._folder / f"{self._record}{CALLS_SUFFIX}"
        try:
            self.script.append_to(path)
        except (OSError, UnicodeDecodeError) as error:
            raise Problem(f"{path} cannot be written: {error}") from None
        click.echo(f"Written to {path}.")


def _names(config: Config) -> Names:
    return Names(
        {number: name for name, number in config.numbers.items()},
        {line.number: name for name, line in config.lines.items()},
        next(iter(config.lines)),
    )
