"""How windows, places and callbacks are told to somebody, in their language and time zone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from ivr.callbacks.duties import open_promise
from ivr.callbacks.record import Callback, Window
from ivr.callbacks.returning import Returning, recognise
from ivr.callbacks.states import ENDS
from ivr.callbacks.wording import say_window, zone_of
from ivr.config import Config
from ivr.flow.callback_talk import KnownCallback, SaidWindow
from ivr.flow.language import Language
from ivr.promises.updates import Words
from ivr.services.callbacks.booking.offers import words_of
from ivr.store.callbacks import StoredCallback
from ivr.store.estimates import EstimateStore

SPOKEN = "en"
"""For a language in which windows have no words."""


class Telling:
    """For many threads at once."""

    def __init__(
        self, config: Config, estimates: EstimateStore, languages: Mapping[str, Language]
    ) -> None:
        self._config = config
        self._zone = ZoneInfo(config.time_zone)
        self._estimates = estimates
        self._languages = languages

    def window(self, window: Window, number: str, language: str, now: float) -> str:
        """`today between 14:00 and 14:30`; the company's zone without a `number` (E.164)."""
        zone = zone_of(number, window.begins, self._zone) if number else self._zone
        return say_window(window, self._language(language), now, zone)

    def windows(
        self, windows: Iterable[Window], number: str, language: str, now: float
    ) -> tuple[SaidWindow, ...]:
        return tuple(
            SaidWindow(one.begins, one.ends, self.window(one, number, language, now))
            for one in windows
        )

    def words(self, words: Words | None, number: str, language: str, now: float) -> str:
        """When a turn comes; empty where no time can be told."""
        if words is None:
            return ""
        return self.window(Window(words.begins, words.ends), number, language, now)

    def known(
        self, stored: Sequence[StoredCallback], number: str, language: str, now: float,
        untold: Container[str] = (),
    ) -> KnownCallback | None:  # fmt: skip
        """Of the callbacks of somebody who rings: the one to speak of, and how it stands. `untold`
        as `recognise` has it. One round trip where that stands in the line."""
        found = self._recognised(stored, now, untold)
        if found is None:
            return None
        callback, status = found.callback, found.status
        about = next(one.about for one in stored if one.id == callback.id)
        handed_over = callback.state == "flagged" and bool(about.handed_to)
        said, ahead = "", None
        if callback.window is not None and status == "open":
            said = self.window(callback.window, number, language, now)
        elif callback.state in ("waiting", "due"):
            standing = self._estimates.standing(callback.id, callback.queue, now)
            ahead = standing.ahead
            if standing.estimate is not None and standing.sound:
                said = self.words(words_of(standing.estimate, now), number, language, now)
        return KnownCallback(
            callback.id, callback.queue, "handed_over" if handed_over else status, found.choices,
            callback.rang_at, about.boost, callback.window is not None, said, ahead,
        )  # fmt: skip

    def _recognised(
        self, stored: Sequence[StoredCallback], now: float, untold: Container[str]
    ) -> Returning | None:
        """The place of one who was not reached is kept for as long as their queue says."""
        callbacks = [one.callback for one in stored if self._matters(one.callback, now, untold)]
        return recognise(callbacks, now, float("inf"), untold)

    def _matters(self, callback: Callback, now: float, untold: Container[str]) -> bool:
        settings = self._config.queues.get(callback.queue)
        if settings is None:
            return False
        if callback.id in untold:
            return True
        if callback.state not in ENDS:
            return open_promise(callback) is not None or callback.on_the_way
        return now < callback.since + settings.callbacks.come_back_within

    def _language(self, code: str) -> Language:
        return self._languages.get(code) or self._languages[SPOKEN]
