"""A telephone company and the pages that are open on it."""

from dataclasses import dataclass, field
from urllib.parse import quote

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from ivr.simulator import EmbeddedCarrier
from tests.simulator.application import Application


@dataclass
class Desk:
    """Opens pages, and notes what goes wrong in them and where they ask."""

    carrier: EmbeddedCarrier
    app: Application
    browser: BrowserContext
    trouble: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def open(self, path: str) -> Page:
        """A new tab."""
        page = self.browser.new_page()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", self._console)
        page.on("request", lambda request: self.asked.add(request.url))
        page.goto(self.carrier.url + path)
        return page

    def caller(self) -> Page:
        """A caller's telephone, connected."""
        page = self.open("/phone")
        expect(page.locator("#state")).to_have_text("Connected to the telephone company.")
        expect(page.locator("#line option")).not_to_have_count(0)
        return page

    def telephone(self, number: str, way: str = "answer") -> Page:
        """The telephone of that number, registered."""
        page = self.open(f"/phone?{way}={quote(number, safe='')}")
        expect(page.locator("#state")).to_contain_text("Connected: this is the telephone of")
        return page

    def elsewhere(self) -> list[str]:
        """What the pages asked of anybody but the telephone company."""
        own = (self.carrier.url + "/", "data:")
        return sorted(url for url in self.asked if not url.startswith(own))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(message.text)


def call(page: Page) -> None:
    """Press the button that calls."""
    page.get_by_role("button", name="Call", exact=True).click()


def screen(page: Page, text: str) -> None:
    """Wait until this stands on the screen of the telephone."""
    expect(page.locator("#screen")).to_contain_text(text)
