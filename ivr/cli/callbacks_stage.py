"""What all of `ringback callbacks` shares: the store, the time, how times and ids are written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from redis import Redis

from ivr.cli.problem import Problem
from ivr.cli.stores import open_store
from ivr.clock import ClockError, clock_from
from ivr.config import Config, load
from ivr.reading.validation import suggestion
from ivr.services.callbacks.overseeing import NotDone, NotNowError, UnknownCallback

SHORT_ID = 10
"""Characters of an id that are shown; any beginning of it that fits one callback only names it."""

json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
numbers_option = click.option("--numbers", is_flag=True, help="Show whole telephone numbers.")


class Refused(click.ClickException):
    """What was asked cannot be done as things stand, and nothing was changed: exit status 1."""

    exit_code = 1


@dataclass(frozen=True)
class Stage:
    """A command under way. `now` in seconds since 1970."""

    config: Config
    redis: Redis
    now: float

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.config.time_zone)

    @property
    def moment(self) -> datetime:
        """Now, in UTC."""
        return datetime.fromtimestamp(self.now, UTC)

    def must_be_a_queue(self, name: str) -> None:
        """Raises Problem where config.yaml has no such queue."""
        if name and name not in self.config.queues:
            known = suggestion(name, self.config.queues)
            raise Problem(f"There is no queue `{name}` in config.yaml. {known}")

    def time(self, at: str | float) -> str:
        """`14:30`, with its day where that is not today."""
        local = self._local(at)
        days = (local.date() - self._local(self.now).date()).days
        if not days:
            return f"{local:%H:%M}"
        return f"{local:%a %H:%M}" if 0 < days < 7 else f"{local:%Y-%m-%d %H:%M}"

    def span(self, begins: str | float, ends: str | float) -> str:
        """`14:00-14:30`, with the day on which it begins."""
        return f"{self.time(begins)}-{self._local(ends):%H:%M}"

    def second(self, at: str | float) -> str:
        """`2026-11-25 14:30:05`."""
        return f"{self._local(at):%Y-%m-%d %H:%M:%S}"

    def iso(self, at: float) -> str:
        """`2026-11-25T14:30+01:00`."""
        return self._local(at).isoformat()

    def ago(self, at: str | float) -> str:
        """`12 min`: how long ago something was."""
        return length(self.now - self._local(at).timestamp())

    def _local(self, at: str | float) -> datetime:
        if isinstance(at, str):
            return datetime.fromisoformat(at).astimezone(self.zone)
        return datetime.fromtimestamp(at, self.zone)


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
        stage = Stage(config, redis, now)
        try:
            yield stage
        except UnknownCallback as error:
            raise Problem(str(error)) from None
        except NotNowError as error:
            when = "not for two weeks" if error.opens is None else f"from {stage.time(error.opens)}"
            raise Refused(f"{str(error)[:-1]}; it can be {when}.") from None
        except NotDone as error:
            room = ", ".join(stage.span(one.begins, one.ends) for one in error.windows)
            more = f" Windows with room: {room}." if room else ""
            raise Refused(f"{error}{more}") from None


def short(callback_id: str, others: set[str] | None = None) -> str:
    """An id as it is shown: its beginning, and its end where `others` shown begin alike."""
    head = callback_id[:SHORT_ID]
    alike = sum(one.startswith(head) for one in others or ())
    if alike < 2 or "-" not in callback_id[SHORT_ID:]:
        return head
    return f"{head}-{callback_id.rpartition('-')[2]}"


def length(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 05 min` or `4 days`."""
    whole = timedelta(seconds=max(round(seconds), 0))
    if whole < timedelta(minutes=2):
        return f"{whole.seconds} s"
    if whole < timedelta(hours=2):
        return f"{whole.seconds // 60} min"
    if whole < timedelta(days=2):
        minutes = int(whole.total_seconds()) // 60
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{whole.days} days"
