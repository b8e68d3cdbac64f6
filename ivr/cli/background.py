"""`ringback worker` and `ringback clock`: what runs beside the web process."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.cli.problem import Problem
from workers import jobs
from workers.clock import run_clock
from workers.settings import Settings, SettingsError, read_settings
from workers.stopping import Stopping
from workers.worker import run_worker


@click.command()
@click.pass_obj
def worker(config_path: Path | None) -> None:
    """Do what is due: ring agents, send texts, ask the carrier for news that did not come.

    Runs until it is stopped (SIGTERM, Ctrl-C); a job under way is finished first. Any number of
    workers can run.
    """
    settings = _settings(config_path)
    # Read and imported before the forks, which spares each job the time.
    jobs.use(settings)
    run_worker(settings.redis_url, Stopping())


@click.command()
@click.pass_obj
def clock(config_path: Path | None) -> None:
    """Tell the workers when something is due.

    Runs until it is stopped (SIGTERM, Ctrl-C). Several can run: one leads, and another takes over
    within seconds when it is gone.
    """
    settings = _settings(config_path)
    run_clock(settings.redis_url, settings.clock, Stopping(), jobs.periodic(settings.config))


def _settings(config_path: Path | None) -> Settings:
    try:
        return read_settings(config_path)
    except SettingsError as error:
        raise Problem(str(error)) from None
