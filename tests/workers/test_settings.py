"""What the background processes need to be told, and what they say when it is wrong."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.clock import FileClock, SystemClock
from ivr.reading import Unreadable
from tests.workers.processes import CONFIG
from workers.settings import SettingsError, read_settings


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Reading the settings sends the log of the whole process elsewhere."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    (tmp_path / "config.yaml").write_text(CONFIG)
    for name in ("RINGBACK_LOG", "RINGBACK_LOG_LEVEL", "RINGBACK_CLOCK_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RINGBACK_CONFIG", str(tmp_path / "config.yaml"))
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "a secret token")
    return monkeypatch


def test_the_settings_are_read_without_asking_the_store_or_the_carrier() -> None:
    settings = read_settings()
    assert settings.redis_url == "redis://127.0.0.1:1/0"
    assert isinstance(settings.clock, SystemClock)
    assert settings.config.checks.call_after == 600


def test_the_time_can_come_from_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("2026-11-21T09:30:00+00:00")
    environment.setenv("RINGBACK_CLOCK_FILE", str(tmp_path / "clock"))
    assert read_settings().clock == FileClock(tmp_path / "clock")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("REDIS_URL", "", r"^Set REDIS_URL, such as redis://127\.0\.0\.1:6379/0\.$"),
        ("REDIS_URL", "nonsense", r"^The store's URL should look like redis://HOST:PORT/0"),
        ("TWILIO_AUTH_TOKEN", "", r"^Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"),
        ("TWILIO_ACCOUNT_SID", "", r"^Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"),
        ("RINGBACK_LOG", "xml", r"^RINGBACK_LOG is 'xml'"),
        ("RINGBACK_CLOCK_FILE", "/nowhere", r"/nowhere cannot be read"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_a_sentence(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsError, match=said) as raised:
        read_settings()
    assert "\n" not in str(raised.value)


def test_what_is_wrong_in_the_configuration_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as raised:
        read_settings(tmp_path / "missing.yaml")
    assert [finding.file for finding in raised.value.findings] == [str(tmp_path / "missing.yaml")]
