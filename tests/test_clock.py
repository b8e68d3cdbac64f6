"""Clocks: the machine's, one that stands still, and one that a rehearsal moves."""

import logging
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ivr.clock import (
    ClockError,
    FileClock,
    FixedClock,
    HastenedClock,
    SystemClock,
    clock_from,
)

MORNING = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_the_systems_clock_tells_utc_and_never_goes_back() -> None:
    clock = SystemClock()
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert first <= second


def test_a_fixed_clock_stands_still_and_tells_utc() -> None:
    clock = FixedClock(MORNING.astimezone(timezone(timedelta(hours=2))))
    assert clock.now() == MORNING
    assert clock.now().tzinfo is UTC


def test_a_fixed_clock_needs_an_offset() -> None:
    with pytest.raises(ClockError, match="without an offset"):
        FixedClock(datetime(2026, 11, 21, 9, 30))  # noqa: DTZ001


def test_a_file_clock_reads_the_file_each_time(tmp_path: Path) -> None:
    file = tmp_path / "now"
    clock = FileClock(file)
    for text, at in [
        ("2026-11-21T09:30:00+00:00\n", MORNING),
        ("2026-11-21T11:31:00+02:00", MORNING + timedelta(minutes=1)),
        ("2026-11-21T09:32:00Z", MORNING + timedelta(minutes=2)),
    ]:
        file.write_text(text)
        assert clock.now() == at
        assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"", "holds '', but an instant such as 2026-11-21T09:30:00"),
        (b"tomorrow", "holds 'tomorrow', but an instant"),
        (b"2026-11-21T09:30:00", "without an offset from UTC"),
    ],
)
def test_a_file_that_tells_no_time_is_one_sentence(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "now"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ClockError, match=sentence):
        FileClock(file).now()


@pytest.mark.parametrize("unset", [None, ""])
def test_without_a_clock_file_the_time_is_real(unset: str | None) -> None:
    assert isinstance(clock_from(unset), SystemClock)


def test_with_a_clock_file_a_warning_says_that_the_time_is_not_real(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "now"
    file.write_text(MORNING.isoformat())
    with caplog.at_level(logging.WARNING):
        assert clock_from(str(file)).now() == MORNING
    assert "the time is not real" in caplog.text
    assert "2026-11-21T09:30:00" in caplog.text


def test_a_clock_file_that_is_missing_is_found_out_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ClockError, match="cannot be read"):
        clock_from(str(tmp_path / "none"))


def test_processes_that_are_given_the_same_hastened_clock_tell_the_same_time() -> None:
    began = datetime.now(UTC) - timedelta(hours=1)
    clock = HastenedClock(began, MORNING, 6.0)
    read = clock_from(None, str(clock))
    between = [clock.now(), read.now(), clock.now()]
    assert between == sorted(between)
    assert between[0] >= MORNING + timedelta(hours=6)
    assert read == clock


@pytest.mark.parametrize(
    "words",
    ["6", f"{MORNING.isoformat()} soon 6", f"{MORNING.isoformat()} 2026-11-21T09:30:00 6",
     f"{MORNING.isoformat()} {MORNING.isoformat()} 0",
     f"{MORNING.isoformat()} {MORNING.isoformat()} nan"],
)  # fmt: skip
def test_a_hastened_clock_that_makes_no_sense_is_one_sentence(words: str) -> None:
    with pytest.raises(ClockError, match=r"^[^\n]+\.$"):
        clock_from(None, words)
