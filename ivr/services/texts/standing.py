"""How it stands with somebody's callback, or with their place on the telephone, in a text: for
whoever asks how long."""

from __future__ import annotations

from math import isfinite

from redis import Redis

from ivr.config import Config
from ivr.promises.updates import FINE, Words, in_words
from ivr.promises.wordings import TextKind
from ivr.services.texts.composing import NOTHING, Told
from ivr.store.callbacks import StoredCallback
from ivr.store.estimates import EstimateStore
from ivr.store.heard import HeardStore
from ivr.store.line import LineStore


class Standings:
    """Raises StoreDown."""

    def __init__(self, config: Config, redis: Redis) -> None:
        self._soon = config.texts.updates.soon
        self._estimates = EstimateStore(redis)
        self._heard = HeardStore(redis)
        self._lines = LineStore(redis)

    def on_the_line(self, number: str) -> tuple[TextKind, Told] | None:
        """The same of somebody who rings from that number (E.164) and waits; None where nobody
        does."""
        place = self._lines.on_the_line((number,)).get(number)
        if place is None or place.state not in ("waiting", "reserved"):
            return None
        return "status_on_line", Told(ahead=self._lines.ahead(place.id, place.queue) or 0)

    def told(self, stored: StoredCallback, now: float) -> tuple[TextKind, Told]:
        """The text that tells it, and what is filled in."""
        callback = stored.callback
        match callback.state:
            case "booked":
                return "status_window", NOTHING
            case "unreached":
                return "not_reached", NOTHING
            case "flagged" if stored.about.handed_to:
                return "passed_on", NOTHING
            case "called_off" | "flagged":
                return "withdrawn", NOTHING
            case "retry":
                begins = max(callback.not_before, now)
                return _in_time(in_words(now, begins, begins + FINE))
            case "waiting":
                return self._in_line(stored, now)
            case "due" if callback.window is not None:
                return "status_window", NOTHING
        return "soon", NOTHING

    def _in_line(self, stored: StoredCallback, now: float) -> tuple[TextKind, Told]:
        standing = self._estimates.standing(stored.id, stored.callback.queue, now)
        if standing.reserved or standing.ahead is None:
            return "soon", NOTHING
        estimate = standing.estimate
        if estimate is None or not standing.sound or not isfinite(estimate.high):
            return "status_open", Told(ahead=standing.ahead)
        if estimate.high <= self._soon:
            return "soon", NOTHING
        words = in_words(now, now + estimate.low, now + estimate.high)
        told = self._heard.read(stored.id, stored.callback.promised_at, now).words
        # Of a time that still holds nothing else is said than before.
        return _in_time(words if told is None or not _holds(told, words, now) else told)


def _in_time(words: Words) -> tuple[TextKind, Told]:
    return "status_time", Told(when=(float(words.begins), float(words.ends)))


def _holds(told: Words, words: Words, now: float) -> bool:
    if told.soon or told.ends <= now:
        return False
    return told.begins <= words.begins and words.ends <= told.ends
