"""Pages in a real Chromium: the one that is installed, headless."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from ivr.simulator import Directory, EmbeddedCarrier, Line, SteppedClock
from tests.simulator.application import LINE, Application
from tests.simulator.browser.desk import Desk
from tests.simulator.browser.tabs import SIZE, Tabs

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Without these a browser on a closed network spends its first seconds looking for its maker.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--renderer-process-limit=1", "--mute-audio", "--disable-extensions",
]  # fmt: skip
PATIENCE = 20_000
"""Milliseconds until something that is waited for counts as missing."""
expect.set_options(timeout=PATIENCE)


def chromium_path() -> str | None:
    """The Chromium of this machine, or the one that RINGBACK_CHROMIUM names."""
    named = os.environ.get("RINGBACK_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in the browser follow one another, in any order, so that one browser serves all."""
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    if here:
        first = items.index(here[0])
        rest = [item for item in items[first:] if item not in set(here)]
        items[first:] = here + rest


# Not for the whole session: while it lasts, no other test of the process can run an event loop.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip(
            "no Chromium on this machine: install it (Debian: apt-get install chromium), or name "
            "one with RINGBACK_CHROMIUM"
        )
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=ARGUMENTS, env={**os.environ, "HOME": home}
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def window(chromium: Browser) -> Tabs:
    """One person's browser; override it for another."""
    return open_window(chromium)


def open_window(chromium: Browser) -> Tabs:
    """A new window."""
    context = chromium.new_context(viewport=SIZE)
    context.set_default_timeout(PATIENCE)
    return Tabs(context)


@pytest.fixture
def tabs(window: Tabs) -> Iterator[Tabs]:
    """The tabs of that browser, none of them in use."""
    yield window
    window.give_back()


@pytest.fixture
def desk(app: Application, tabs: Tabs) -> Iterator[Desk]:
    """A network, its application, and pages on it; nothing may have gone wrong in any of them."""
    line = Line(LINE, f"{app.base}/voice", sms_url=f"{app.base}/text")
    with EmbeddedCarrier(Directory(lines={LINE: line}), clock=SteppedClock()) as carrier:
        desk = Desk(carrier, app, tabs)
        yield desk
        assert tabs.trouble == []
        assert desk.elsewhere() == []
