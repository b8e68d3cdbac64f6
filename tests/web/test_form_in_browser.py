"""The page `Call me back` in a real Chromium, without JavaScript, as people with a keyboard and
with small screens use it, and within a page of another site."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from redis import Redis
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.simulator.browser.conftest import ARGUMENTS, chromium_path
from tests.store.fixtures import redis, store_url
from tests.web.forms import OTHER, ROOM, Visitor, settings
from tests.web.serving import serve

__all__ = ["redis", "store_url"]

SMALL: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine")
    home = str(tmp_path_factory.mktemp("home"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=ARGUMENTS, env={**os.environ, "HOME": home}
        )
        yield browser
        browser.close()


def fits(page: Page) -> bool:
    """Whether nothing lies beyond the right edge."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_it_is_filled_in_with_the_keyboard_in_two_languages(
    chromium: Browser, redis: Redis, store_url: str
) -> None:
    visitor = Visitor(store_url)
    visitor.rooms(*[ROOM] * 6)
    context = chromium.new_context(
        java_script_enabled=False, viewport=SMALL, color_scheme="dark", locale="en-GB"
    )
    page = context.new_page()
    trouble: list[str] = []
    page.on("requestfailed", lambda request: trouble.append(request.url))
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    with serve(visitor.office.parts) as carrier:
        page.goto(f"{carrier.address}/callback")
        page.get_by_role("link", name="Billing").click()
        number = page.get_by_role("textbox", name="Your telephone number")
        number.fill("070 17")
        page.get_by_role("textbox", name="Your name (optional)").fill("Maria")
        number.press("Enter")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("there is no such telephone number")
        expect(alert).to_be_focused()
        alert.get_by_role("link").press("Enter")
        page.get_by_role("button", name="More times").click()
        expect(page.get_by_role("combobox", name="When shall we call?")).to_be_focused()
        page.get_by_role("button", name="suomi").click()
        number = page.get_by_role("textbox", name="Puhelinnumerosi")
        expect(number).to_have_value("070 17")
        expect(page.get_by_role("alert")).to_have_count(0)
        number.fill("070-174 06 05")
        page.get_by_role("combobox", name="Milloin soitamme?").select_option("Tänään 13.00–13.30")
        number.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Kiitos. Soitamme sinulle.")
        expect(page.get_by_text("Tänään 13.00–13.30")).to_be_visible()
        page.get_by_role("radio", name="Tänään 12.00–12.30").check()
        page.get_by_role("button", name="Vaihda aika").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Aika on vaihdettu.")
        assert visitor.callback.callback.window == visitor.windows[2]
        assert visitor.callback.about.person.name == "Maria"
        page.get_by_text("En tarvitse puhelua enää").click()
        page.get_by_role("button", name="Peru puhelu").click()
        expect(page.get_by_role("status")).to_have_text("Puhelu on peruttu. Emme soita.")
        assert visitor.callbacks() == [] and trouble == []
        assert all(url.startswith((carrier.address, "data:")) for url in asked)
    context.close()


@pytest.mark.slow
def test_it_fits_a_small_screen_and_large_letters(
    chromium: Browser, redis: Redis, store_url: str
) -> None:
    visitor = Visitor(store_url)
    context = chromium.new_context(viewport=SMALL)
    page = context.new_page()
    with serve(visitor.office.parts) as carrier:
        for language in ("fi", "sv"):
            page.goto(f"{carrier.address}/callback?queue=billing&l={language}")
            assert fits(page)
            page.locator("button.main").click()
            expect(page.get_by_role("alert")).to_be_visible()
            page.evaluate("document.documentElement.style.fontSize = '150%'")
            assert fits(page)
        page.locator("#number").fill(OTHER)
        page.locator("button.main").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tack. Vi ringer dig.")
        assert fits(page)
    context.close()


@pytest.mark.slow
def test_only_a_site_that_is_named_shows_it_within_its_own_pages(
    chromium: Browser, redis: Redis, store_url: str
) -> None:
    site = make_server("127.0.0.1", 0, _site)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    origin = f"http://127.0.0.1:{site.port}"
    context = chromium.new_context(locale="sv-SE")
    page = context.new_page()
    try:
        with serve(Visitor(store_url, settings({"embed": [origin]})).office.parts) as carrier:
            page.goto(f"{origin}/?{carrier.address}/callback?queue=billing")
            frame = page.frame_locator("iframe")
            frame.get_by_label("Ditt telefonnummer").fill(OTHER)
            frame.get_by_role("button", name="Ring upp mig").click()
            expect(frame.get_by_role("heading", level=1)).to_have_text("Tack. Vi ringer dig.")
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        with serve(Visitor(store_url).office.parts) as carrier:
            page.goto(f"{origin}/?{carrier.address}/callback?queue=billing")
            expect(page.frame_locator("iframe").get_by_label("Ditt telefonnummer")).to_have_count(0)
        assert any("frame-ancestors" in one for one in refused), refused
    finally:
        context.close()
        site.shutdown()
        thread.join()
        site.server_close()


@Request.application
def _site(request: Request) -> Response:
    """A page of somebody's that shows another within it."""
    shown = request.query_string.decode()
    return Response(f'<iframe title="x" src="{shown}"></iframe>', content_type="text/html")
