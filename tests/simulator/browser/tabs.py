"""The tabs of one browser, used again and again: a new one costs more than all that a test does."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize

SIZE: ViewportSize = {"width": 1000, "height": 600}


@dataclass
class Tabs:
    """Gives out tabs, and notes what goes wrong in them and what they ask for."""

    context: BrowserContext
    trouble: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    _idle: list[Page] = field(default_factory=list)
    _taken: list[Page] = field(default_factory=list)

    def take(self) -> Page:
        """A tab that looks like a new one."""
        page = self._idle.pop() if self._idle else self._new()
        self._taken.append(page)
        return page

    def give_back(self) -> None:
        """Leave every page; what is noted is forgotten."""
        for page in self._taken:
            if not page.is_closed():
                page.goto("about:blank")
                page.set_viewport_size(SIZE)
                page.emulate_media(color_scheme="null")
                self._idle.append(page)
        self._taken.clear()
        self.trouble.clear()
        self.asked.clear()

    def _new(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", self._console)
        page.on("request", lambda request: self._request(request.url))
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(message.text)

    def _request(self, url: str) -> None:
        if url != "about:blank":
            self.asked.add(url)
