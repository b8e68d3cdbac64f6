"""What the keys of somebody do who is rung back: another time, another number, or no call.

Whatever cannot be done is said, and they are put through: nobody is worse off for a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from ivr.callbacks.moves import Details
from ivr.callbacks.reachable import Reachable, reachable
from ivr.callbacks.record import Actor, Window
from ivr.callbacks.states import Event
from ivr.callbacks.windows import WindowRules, free_windows
from ivr.callbacks.wording import say_window, zone_of
from ivr.carrier.agent_twiml import AgentDocument
from ivr.config import Config
from ivr.services.callbacks.calling.desk import CallingDesk, Chosen, attempt_of
from ivr.services.callbacks.calling.documents import Documents, Scene
from ivr.store.callbacks import StoredCallback

PERSON = Actor("person")
FOR_A_NUMBER, FOR_A_TIME = 8, 4
"""Seconds."""
OFFERED = 3
LONGEST_NUMBER = 20
NOW = 3
"""Of `join`: it is a person, and need not be found out."""


class Choosing:
    """Methods give TwiML, '' where they are simply put through, and raise StoreDown."""

    def __init__(self, config: Config, desk: CallingDesk, documents: Documents) -> None:
        self._desk = desk
        self._documents = documents
        self._zone = ZoneInfo(config.time_zone)

    def key(self, scene: Scene, keys: str) -> str:
        """A key during the announcement."""
        match keys[:1]:
            case "2":
                return self._offer(scene)
            case "3":
                return self._ask_number(scene, scene.phrases.ask_number)
            case "9":
                return self._ends(scene, "cancelled", Details(), scene.phrases.stopped)
        return ""

    def window(self, scene: Scene, keys: str, offered: str) -> str:
        """One of the times that were offered, by the beginnings of their windows."""
        begins = dict(enumerate(offered.split("-"), 1)).get(int(keys) if keys.isdigit() else 0)
        free = {f"{one.begins:.0f}": one for one in self._free(scene)}
        if begins not in free:
            return ""
        window = free[begins]
        sentence = scene.phrases.moved.replace("{window}", self._spoken(window, scene))
        details = Details("the person chose another time", window)
        known = self._desk.dispatch.capacity(scene.stored.callback.queue)
        room = dict(zip(known.windows, known.room, strict=True)).get(window, 0) if known else 0
        return self._ends(scene, "moved", details, sentence, capacity=room)

    def number(self, scene: Scene, keys: str) -> str:
        """Where they are to be rung."""
        text = keys[:LONGEST_NUMBER].replace("#", "")
        written = "+" + text[2:] if text.startswith("00") else text
        found = reachable(written, self._desk.rules.numbers)
        if not isinstance(found, Reachable):
            return self._ask_number(scene, scene.phrases.bad_number) if text else ""
        spoken = " ".join(found.number.lstrip("+"))
        sentence = scene.phrases.number_changed.replace("{number}", spoken)
        details = Details(number=found.number, extension=found.extension)
        return self._ends(scene, "number_changed", details, sentence)

    def _offer(self, scene: Scene) -> str:
        windows = self._free(scene)[:OFFERED]
        if not windows:
            return self._put_through(scene, scene.phrases.no_other_time)
        told = [
            scene.phrases.offer.replace("{window}", self._spoken(one, scene))
            .replace("{key}", str(key))
            for key, one in enumerate(windows, 1)
        ]  # fmt: skip
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

    def _ends(
        self, scene: Scene, event: Event, details: Details, sentence: str, *, capacity: int = 0
    ) -> str:
        """The person has decided: the agent is free, and they hear what will be done."""
        leg, desk = scene.leg, self._desk

        def choose(one: StoredCallback) -> Chosen:
            wanted = attempt_of(one, leg.attempt) is not None and one.callback.state == "answered"
            return (event, details) if wanted else None

        reservation = desk.reservation_of(leg.callback)
        if desk.change(leg.callback, choose, leg.now, PERSON, capacity=capacity) is None:
            # Refused, for want of room or by a rule.
            return self._put_through(scene, scene.phrases.not_possible)
        desk.let_go(reservation, leg.now)
        return self._documents.farewell(scene.say(sentence))

    def _free(self, scene: Scene) -> Sequence[Window]:
        queue = scene.stored.callback.queue
        known = self._desk.dispatch.capacity(queue)
        if known is None:
            return ()
        booked = self._desk.callbacks.booked(queue)
        return free_windows(known, booked, scene.leg.now, WindowRules(offered=OFFERED))

    def _spoken(self, window: Window, scene: Scene) -> str:
        zone = zone_of(scene.stored.callback.number, window.begins, self._zone)
        return say_window(window, self._documents.languages[scene.language], scene.leg.now, zone)

    def _put_through(self, scene: Scene, sentence: str) -> str:
        return self._then_join(scene, self._documents.blank().say([scene.say(sentence)]))

    def _then_join(self, scene: Scene, document: AgentDocument) -> str:
        return document.go(self._documents.url("join", scene, NOW)).xml()
