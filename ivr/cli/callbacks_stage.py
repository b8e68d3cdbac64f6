"""What all of `ringback callbacks` shares: the store, the time, how times and ids are written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from redis import Redis

from ivr.cli.problem import Problem
from ivr.cli.stores import open_store
from ivr.clock import ClockError, clock_from
from ivr.config import Config, load
from ivr.reading.validation import suggestion
from ivr.services.callbacks.overseeing import NotDone, Overseer, Unknown
from ivr.services.callbacks.times import Times

SHORT_ID = 10
"""Characters of an id that are shown; any beginning of it that fits one callback only names it."""

json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
numbers_option = click.option("--numbers", is_flag=True, help="Show whole telephone numbers.")


class Refused(click.ClickException):
    """What was asked cannot be done as things stand, and nothing was changed: exit status 1."""

    exit_code = 1


@dataclass(frozen=True)
class Stage(Times):
    """A command under way."""

    config: Config
    redis: Redis

    @cached_property
    def overseer(self) -> Overseer:
        return Overseer(self.config, self.redis)

    def must_be_a_queue(self, name: str) -> None:
        """Raises Problem where config.yaml has no such queue."""
        if name and name not in self.config.queues:
            known = suggestion(name, self.config.queues)
            raise Problem(f"There is no queue `{name}` in config.yaml. {known}")


@contextmanager
def open_stage(config_path: Path | None, var: Path | None) -> Iterator[Stage]:
    """Everything that a command needs. What cannot be done becomes one sentence for the person."""
    config = load(config_path)
    try:
        clock = clock_from(os.environ.get("RINGBACK_CLOCK_FILE"), os.environ.get("RINGBACK_CLOCK"))
        now = clock.now().timestamp()
    except ClockError as error:
        raise Problem(str(error)) from None
    with open_store(config, var) as redis:
        stage = Stage(ZoneInfo(config.time_zone), now, config, redis)
        try:
            yield stage
        except Unknown as error:
            raise Problem(str(error)) from None
        except NotDone as error:
            raise Refused(str(error)) from None


def short(callback_id: str, others: set[str] | None = None) -> str:
    """An id as it is shown: its beginning, and its end where `others` shown begin alike."""
    head = callback_id[:SHORT_ID]
    alike = sum(one.startswith(head) for one in others or ())
    if alike < 2 or "-" not in callback_id[SHORT_ID:]:
        return head
    return f"{head}-{callback_id.rpartition('-')[2]}"
