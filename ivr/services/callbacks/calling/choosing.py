"""What the keys of somebody do who is rung back: another time, another number, or no call.

Whatever cannot be done is said, and they are put through: nobody is worse off for a key.
"""

from __future__ import annotations

from redis import Redis

from ivr.callbacks.moves import Details
from ivr.callbacks.reachable import Reachable
from ivr.carrier.agent_twiml import AgentDocument
from ivr.config import Config
from ivr.services.callbacks.booking.promising import Booking
from ivr.services.callbacks.booking.telling import Telling
from ivr.services.callbacks.booking.wanted import PERSON
from ivr.services.callbacks.calling.desk import CallingDesk, Chosen, attempt_of
from ivr.services.callbacks.calling.documents import Documents, Scene
from ivr.store.callbacks import StoredCallback
from ivr.store.estimates import EstimateStore

FOR_A_NUMBER, FOR_A_TIME = 8, 4
"""Seconds."""
LONGEST_NUMBER = 20
NOW = 3
"""Of `join`: it is a person, and need not be found out."""


class Choosing:
    """Methods give TwiML, '' where they are simply put through, and raise StoreDown."""

    def __init__(
        self, config: Config, redis: Redis, desk: CallingDesk, documents: Documents
    ) -> None:
        self._desk = desk
        self._booking = Booking(config, redis)
        self._telling = Telling(config, EstimateStore(redis), documents.languages)
        self._documents = documents

    def key(self, scene: Scene, keys: str) -> str:
        """A key during the announcement."""
        match keys[:1]:
            case "2":
                return self._offer(scene)
            case "3":
                return self._ask_number(scene, scene.phrases.ask_number)
            case "9":
                return self._cancel(scene)
        return ""

    def window(self, scene: Scene, keys: str, offered: str) -> str:
        """One of the times that were offered, by the beginnings of their windows."""
        begins = dict(enumerate(offered.split("-"), 1)).get(int(keys) if keys.isdigit() else 0)
        now, queue = scene.leg.now, scene.stored.callback.queue
        free = {f"{one.begins:.0f}": one for one in self._booking.windows(queue, now)}
        stored = self._now(scene)
        if begins not in free or stored is None:
            return ""
        window = free[begins]
        reason = "the person chose another time"
        moved = self._booking.move(stored, window, PERSON, now, reason)
        if not isinstance(moved, StoredCallback):
            return self._put_through(scene, scene.phrases.not_possible)
        spoken = self._telling.window(window, stored.callback.number, scene.language, now)
        return self._farewell(scene, scene.phrases.moved.replace("{window}", spoken))

    def number(self, scene: Scene, keys: str) -> str:
        """Where they are to be rung."""
        text = keys[:LONGEST_NUMBER].replace("#", "")
        if not text:
            return ""
        found = self._booking.check("+" + text[2:] if text.startswith("00") else text)
        if not isinstance(found, Reachable):
            return self._ask_number(scene, scene.phrases.bad_number)
        leg, desk = scene.leg, self._desk
        details = Details(number=found.number, extension=found.extension)

        def choose(one: StoredCallback) -> Chosen:
            wanted = attempt_of(one, leg.attempt) is not None and one.callback.state == "answered"
            return ("number_changed", details) if wanted else None

        reservation = desk.reservation_of(leg.callback)
        most = desk.config.callbacks.limits.others_a_day
        if desk.change(leg.callback, choose, leg.now, PERSON, others_a_day=most) is None:
            return self._put_through(scene, scene.phrases.not_possible)
        desk.let_go(reservation, leg.now)
        spoken = " ".join(found.number.lstrip("+"))
        return self._farewell(scene, scene.phrases.number_changed.replace("{number}", spoken))

    def _cancel(self, scene: Scene) -> str:
        stored = self._now(scene)
        if stored is None:
            return ""
        done = self._booking.cancel(stored, PERSON, scene.leg.now)
        if not isinstance(done, StoredCallback):
            return self._put_through(scene, scene.phrases.not_possible)
        return self._farewell(scene, scene.phrases.stopped)

    def _offer(self, scene: Scene) -> str:
        callback, now = scene.stored.callback, scene.leg.now
        windows = self._telling.windows(
            self._booking.windows(callback.queue, now), callback.number, scene.language, now
        )
        if not windows:
            return self._put_through(scene, scene.phrases.no_other_time)
        told = [
            scene.phrases.offer.replace("{window}", one.said).replace("{key}", str(key))
            for key, one in enumerate(windows, 1)
        ]
        offered = "-".join(f"{one.begins:.0f}" for one in windows)
        url = f"{self._documents.url('window', scene)}&w={offered}"
        said = scene.say(" ".join([*told, scene.phrases.or_stay]))
        return self._then_join(scene, self._documents.blank().ask([said], url, timeout=FOR_A_TIME))

    def _ask_number(self, scene: Scene, sentence: str) -> str:
        asked = self._documents.blank().ask(
            [scene.say(sentence)], self._documents.url("number", scene),
            timeout=FOR_A_NUMBER, keys=LONGEST_NUMBER, finish="#",
        )  # fmt: skip
        return self._then_join(scene, asked)

    def _now(self, scene: Scene) -> StoredCallback | None:
        """The callback, while this call is one in which they can decide."""
        stored = self._desk.callbacks.read(scene.leg.callback)
        if stored is None or attempt_of(stored, scene.leg.attempt, scene.leg.call) is None:
            return None
        return stored if stored.callback.state == "answered" else None

    def _farewell(self, scene: Scene, sentence: str) -> str:
        return self._documents.farewell(scene.say(sentence))

    def _put_through(self, scene: Scene, sentence: str) -> str:
        return self._then_join(scene, self._documents.blank().say([scene.say(sentence)]))

    def _then_join(self, scene: Scene, document: AgentDocument) -> str:
        return document.go(self._documents.url("join", scene, NOW)).xml()
