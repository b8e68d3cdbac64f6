"""A company whose page `Call me back` is open, and people who use it: real store, no browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import msgspec
from werkzeug.test import TestResponse

from ivr.callbacks.record import Window
from ivr.callbacks.windows import Capacity
from ivr.config import Config
from ivr.services.callbacks.form import CallbackForm
from ivr.store import keys
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.connection import connect
from ivr.web import create_app
from tests.web.agents import BEGAN, Clock, Desk
from tests.web.calling import FORM, LINE, PUBLIC

KEY = "a key that nobody knows, 32 or more"
MINE, OTHER, THIRD = "070-174 06 05", "+46 70 174 06 31", "08-465 004 40"
LANGUAGES = ("en", "fi", "nb", "sv")
EMBED = "https://www.example.com"
ROOM = 2


def settings(form: dict[str, Any] | None = None, **limits: int) -> Config:
    told: dict[str, Any] = {
        "company": "Revontuli",
        "time_zone": "Europe/Stockholm",
        "lines": {"main": {"number": LINE, "flow": "main"}},
        "fallback": {"number": "+46846500499"},
        "queues": {
            "billing": {
                "names": {"fi": "laskutus", "sv": "faktura", "nb": "faktura"},
                "callbacks": {"code": True},
            },
            "moving": {},
            "hidden": {},
        },
        "web": {"public_url": PUBLIC},
        "callbacks": {
            "countries": ["SE", "GB"],
            "limits": limits,
            "form": {"queues": ["billing", "moving"], "embed": [EMBED]} | (form or {}),
        },
    }
    return Config.model_validate(told)


@dataclass
class Element:
    """One tag of a page, and what it says."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


class Page(HTMLParser):
    """A page as a browser without any script sees it."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.text
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in ("input", "meta", "link", "br"):
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [
            one
            for one in self.elements
            if one.tag == tag and attributes.items() <= one.attributes.items()
        ]

    @property
    def heading(self) -> str:
        return self.all("h1")[0].text

    @property
    def text(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.html)).split())

    @property
    def filled(self) -> dict[str, str]:
        """What would be sent by the form as it is shown."""
        found = {}
        for one in self.all("input"):
            kind, name = one.attributes.get("type"), one.attributes["name"]
            if kind not in ("radio", "checkbox") or "checked" in one.attributes:
                found[name] = one.attributes.get("value", "")
        for one in self.all("option"):
            if "selected" in one.attributes:
                found["when"] = one.attributes["value"]
        return found | {one.attributes["name"]: one.text for one in self.all("textarea")}

    @property
    def times(self) -> list[str]:
        """The choices of `when`."""
        shown = self.all("input", name="when") + self.all("option")
        return [one.attributes["value"] for one in shown if one.attributes["value"]]

    @property
    def wrong(self) -> dict[str, str]:
        """The sentences at the fields."""
        ids = {one.attributes.get("id", ""): one.text for one in self.all("p")}
        return {name.removesuffix("-wrong"): said for name, said in ids.items() if "-wrong" in name}

    @property
    def alert(self) -> str:
        return " ".join(" ".join(one.text.split()) for one in self.all("div", role="alert"))


class Office:
    """The company's web: one for each settings, kept for all tests that use the same store."""

    def __init__(self, url: str, config: Config) -> None:
        self.redis = connect(url)
        self.form = CallbackForm(config, self.redis, KEY, emails=True)
        self.clock = Clock()
        desk = Desk(self.redis, clock=self.clock)
        self.come = desk.service.come
        self.parts = replace(desk.parts, form=self.form)
        self.app = create_app(self.parts)


@cache
def office(url: str, config: str) -> Office:
    return Office(url, Config.model_validate_json(config))


@dataclass
class Visitor:
    """Somebody at a browser, or a program of the company's own."""

    url: str
    config: Config = field(default_factory=settings)
    address: str = "192.0.2.1"
    language: str = "en"

    def __post_init__(self) -> None:
        self.office = office(self.url, self.config.model_dump_json())
        self.redis, self.form = self.office.redis, self.office.form
        self.clock = self.office.clock
        self.clock.at = BEGAN
        self.office.come("anna", BEGAN)
        self.rooms(ROOM, ROOM, ROOM)
        self.web = self.office.app.test_client()
        self.store = CallbackStore(self.redis)

    @property
    def now(self) -> float:
        return self.clock.at.timestamp()

    def rooms(self, *room: int) -> None:
        """There are so many windows, each with room for so many callbacks."""
        self.windows = tuple(
            Window(BEGAN.timestamp() + at, BEGAN.timestamp() + at + 1800)
            for at in range(3600, 3600 + 1800 * len(room), 1800)
        )
        known = msgspec.json.encode(Capacity(self.windows, room))
        for queue in self.config.queues:
            self.redis.hset(keys.CALLBACK_ROOMS, queue, known)

    def get(self, path: str = "/callback?queue=billing", **headers: str) -> Page:
        return Page(self._send("GET", path, "", **headers))

    def post(self, path: str = "/callback", **fields: str) -> Page:
        """Send a form; a redirect is followed."""
        response = self._send("POST", path, urlencode(fields))
        if response.status_code != 303:
            return Page(response)
        base = path.rpartition("/")[0]
        return self.get(f"{base}/{response.headers['Location']}")

    def asks(self, page: Page | None = None, **fields: str) -> Page:
        """Fill in the form, by default for the first window, and send it."""
        shown = page or self.get()
        return self.post(**(shown.filled | {"number": MINE, "when": self.choice(0)} | fields))

    def json(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        told = {"Accept": "application/json", "Content-Type": "application/json"} | headers
        return self._send(method, path, msgspec.json.encode(body) if body else b"", **told)

    def choice(self, number: int) -> str:
        """A window, as it is chosen."""
        one = self.windows[number]
        return f"{one.begins:.0f}-{one.ends:.0f}"

    def callbacks(self) -> list[StoredCallback]:
        return self.store.read_all(self.store.open_ids())

    @property
    def callback(self) -> StoredCallback:
        """The only one."""
        (found,) = self.callbacks()
        return found

    def link(self, stored: StoredCallback | None = None) -> str:
        return "/callback/mine/" + self.form.tokens.link((stored or self.callback).id)

    def _send(self, method: str, path: str, body: str | bytes, **headers: str) -> TestResponse:
        told = {
            "Accept": "text/html,*/*", "Accept-Language": self.language, "Content-Type": FORM,
        }  # fmt: skip
        return self.web.open(
            path, method=method, data=body, headers=told | headers,
            environ_base={"REMOTE_ADDR": self.address},
        )  # fmt: skip
