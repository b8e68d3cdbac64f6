"""Where a demonstration takes place: everything that `ringback run` starts, on free ports, in a
folder that is gone afterwards, in hastened time."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from honcho.printer import Printer
from redis import Redis

from ivr.cli import run as running
from ivr.cli.credentials import credentials
from ivr.cli.demo.cast import Answerer
from ivr.cli.demo.company import Company
from ivr.cli.demo.yesterday import Yesterday, learn
from ivr.cli.problem import Problem
from ivr.cli.processes import ProcessError, Processes, read_procfile
from ivr.clock import HastenedClock
from ivr.config import Config, load
from ivr.reading.parsing import read_tree
from ivr.store.connection import connect
from ivr.store.estimates import EstimateStore
from ivr.store.server import private_server

LOOK = 0.3
"""Seconds between two looks."""
READY_PATIENCE = 60.0
BEGINS_AT = 10, 3
"""The time of day at which the processes start: hours and minutes."""
YESTERDAY_EARLIER = 2
"""So many hours earlier than the story yesterday began."""


@dataclass(frozen=True)
class Ground:
    """What a story needs to be played. `log` is what the processes write."""

    config: Config
    company: Company
    redis: Redis
    clock: HastenedClock
    log: Path


@contextmanager
def ground(given: Config, speed: float, answerers: tuple[Answerer, ...]) -> Iterator[Ground]:
    """Raises ProcessError, CredentialsError, ServerError and CompanyAway."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ringback-demo-")))
        config = _hastened(given, place / "config.yaml")
        settings = replace(
            running.read_settings(config.file),
            host=running.LOOPBACK, port=_free_port(), carrier_port=_free_port(),
        )  # fmt: skip
        carrier_url = f"http://{running.LOOPBACK}:{settings.carrier_port}"
        company = Company(carrier_url)
        opening = _opening(config)
        handle, log_path = tempfile.mkstemp(prefix="ringback-demo-", suffix=".log")
        log = stack.enter_context(os.fdopen(handle, "w", encoding="utf-8"))
        url = stack.enter_context(private_server(place / "store"))
        redis = stack.enter_context(connect(url))
        learn(EstimateStore(redis), config, _yesterday(config, opening, answerers))
        clock = HastenedClock(datetime.now(UTC), opening, speed)
        account = credentials("", "", place / "account.json")
        environment = dict(os.environ) | {
            "RINGBACK_CONFIG": str(config.file),
            "RINGBACK_HOST": settings.host,
            "RINGBACK_FLOWS": "folder",
            "RINGBACK_CLOCK": str(clock),
            "RINGBACK_CARRIER_API": carrier_url,
            "RINGBACK_PUBLIC_URL": running.base_url(settings),
            "TWILIO_ACCOUNT_SID": account.account_sid,
            "TWILIO_AUTH_TOKEN": account.auth_token,
            "PORT": str(settings.port),
            "REDIS_URL": url,
            "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", ""),
        }
        root = given.file.parent
        programs = [running.carrier(settings), *read_procfile(root / "Procfile")]
        programs[0] = replace(
            programs[0], command=f"{programs[0].command} --calls-per-second 0 --hastened {clock}"
        )
        processes = stack.enter_context(Processes(Printer(log), root, environment))
        for program in sorted(programs, key=lambda program: program.name == "web"):
            processes.start(program)
        _wait_until_ready(running.base_url(settings) + "/readyz", company, log_path)
        yield Ground(config, company, redis, clock, Path(log_path))


def _hastened(given: Config, file: Path) -> Config:
    """The company's settings with those of the demonstration, in a file of its own."""
    own = files("ivr.cli.demo").joinpath("settings.yaml").read_bytes()
    changes: dict[str, Any] = dict(read_tree(own, "settings.yaml").root)
    told = read_tree(given.file.read_bytes(), str(given.file)).root
    every_queue = changes.pop("queue")
    changes["queues"] = dict.fromkeys(given.queues, every_queue)
    changes["flows"] = str(given.flows_folder.resolve())
    file.write_text(json.dumps(_merged(told, changes)), encoding="utf-8")
    return load(file)


def _merged(told: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(told)
    for name, change in changes.items():
        before = merged.get(name)
        if isinstance(before, Mapping) and isinstance(change, Mapping):
            change = _merged(before, change)
        merged[name] = change
    return merged


def _wait_until_ready(url: str, company: Company, log: str) -> None:
    given_up = time.monotonic() + READY_PATIENCE
    while (missing := running.what_is_missing(url)) is not None or not company.answers():
        if time.monotonic() > given_up:
            raise ProcessError(
                f"Not ready after {READY_PATIENCE:.0f} s: {missing or 'no answer'}; see {log}."
            )
        time.sleep(LOOK)


def _yesterday(config: Config, opening: datetime, answerers: tuple[Answerer, ...]) -> Yesterday:
    """The day before, with the same agents, whose talks are like those of the story."""
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
    hour, minute = BEGINS_AT
    for day in range(1, 15):
        at = (now + timedelta(days=day)).replace(hour=hour, minute=minute, second=0, microsecond=0)
        if all(schedule.state(at) == "open" for schedule in schedules):
            return at
    raise Problem("The queues are never open at the same time within the next two weeks.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((running.LOOPBACK, 0))
        return int(probe.getsockname()[1])
