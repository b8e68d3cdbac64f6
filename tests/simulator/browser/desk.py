"""A telephone company and the pages that are open on it."""

from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import Page, expect

from ivr.simulator import EmbeddedCarrier
from tests.simulator.application import Application
from tests.simulator.browser.tabs import Tabs


@dataclass
class Desk:
    """Opens pages of the company."""

    carrier: EmbeddedCarrier
    app: Application
    tabs: Tabs

    def open(self, path: str) -> Page:
        """One more tab."""
        page = self.tabs.take()
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
        return sorted(url for url in self.tabs.asked if not url.startswith(own))


def call(page: Page) -> None:
    """Press the button that calls."""
    page.get_by_role("button", name="Call", exact=True).click()


def screen(page: Page, text: str) -> None:
    """Wait until this stands on the screen of the telephone."""
    expect(page.locator("#screen")).to_contain_text(text)
