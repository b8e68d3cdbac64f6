"""Where the time comes from. Everything that needs it is handed a clock."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

logger = logging.getLogger(__name__)


class ClockError(Exception):
    """A clock cannot tell the time; says in one sentence why."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, in UTC and aware of it."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedClock:
    """Stands still at one instant. Raises ClockError for a time without an offset."""

    at: datetime

    def __post_init__(self) -> None:
        _in_utc(self.at, "A fixed clock")

    def now(self) -> datetime:
        return _in_utc(self.at, "A fixed clock")


@dataclass(frozen=True)
class FileClock:
    """Reads the instant from a file each time it is asked, so that several processes of a
    rehearsal can be moved through the day together.

    The file holds one ISO 8601 instant with its offset. Whoever writes it replaces the file
    (writes another and renames it), so that no reader finds it half-written.
    """

    path: Path

    def now(self) -> datetime:
        """Raises ClockError when the file is missing or holds no instant."""
        try:
            text = self.path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ClockError(f"The clock file {self.path} cannot be read: {error}.") from error
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise ClockError(
                f"The clock file {self.path} holds {text[:40]!r}, "
                "but an instant such as 2026-11-21T09:30:00+00:00 is needed."
            ) from None
        return _in_utc(at, f"The clock file {self.path}")


@dataclass(frozen=True)
class HastenedClock:
    """Time that goes `speed` times as fast as the machine's, for demonstrations.

    At the machine's time `began` it is `at`; so every process that is given the same three tells
    the same time. Raises ClockError for times without an offset and a speed that is not positive.
    """

    began: datetime
    at: datetime
    speed: float

    def __post_init__(self) -> None:
        _in_utc(self.began, "A hastened clock")
        _in_utc(self.at, "A hastened clock")
        if not self.speed > 0:
            raise ClockError(
                f"A hastened clock goes {self.speed} times as fast; write more than 0."
            )

    def now(self) -> datetime:
        passed = datetime.now(UTC) - self.began
        return (self.at + self.speed * passed).astimezone(UTC)

    def __str__(self) -> str:
        """As RINGBACK_CLOCK holds it."""
        return f"{self.began.isoformat()} {self.at.isoformat()} {self.speed:g}"


def read_hastened(text: str) -> HastenedClock:
    """The clock that `str(clock)` wrote. Raises ClockError."""
    try:
        began, at, speed = text.split()
        return HastenedClock(
            datetime.fromisoformat(began), datetime.fromisoformat(at), float(speed)
        )
    except ValueError:
        raise ClockError(
            f"RINGBACK_CLOCK is {text[:80]!r}, but two instants and a speed are needed: "
            "`2026-11-21T09:30:00+00:00 2026-11-23T10:00:00+00:00 6`."
        ) from None


def clock_from(clock_file: str | None, hastened: str | None = None) -> Clock:
    """The system's clock, or with the value of RINGBACK_CLOCK_FILE that file's, or with that of
    RINGBACK_CLOCK a hastened one.

    Raises ClockError when the one named cannot be used.
    """
    if hastened:
        clock_of_speed = read_hastened(hastened)
        logger.warning(
            "the time is not real: it goes %g times as fast (RINGBACK_CLOCK) and is %s",
            clock_of_speed.speed,
            clock_of_speed.now().isoformat(),
        )
        return clock_of_speed
    if not clock_file:
        return SystemClock()
    clock = FileClock(Path(clock_file))
    logger.warning(
        "the time is not real: it is read from %s (RINGBACK_CLOCK_FILE) and says %s",
        clock_file,
        clock.now().isoformat(),
    )
    return clock


def _in_utc(at: datetime, whose: str) -> datetime:
    if at.tzinfo is None:
        raise ClockError(f"{whose} says {at.isoformat()} without an offset from UTC.")
    return at.astimezone(UTC)
