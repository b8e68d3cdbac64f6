"""What somebody hears who is rung back: who is calling and why, and then the agent.

Each document is made from how things stand: a request that comes twice gets the same answer.
Staying on the line is enough to be put through. What their keys do is in `choosing`.
"""

from __future__ import annotations

from redis import Redis

from ivr.callbacks.hours import DAY
from ivr.callbacks.moves import Details
from ivr.callbacks.outcomes import Result
from ivr.callbacks.states import TOLD_BY_CALL
from ivr.config import Config
from ivr.flow.actions import Pause, Play, Prompt
from ivr.flow.language import Language
from ivr.services.agents.addresses import AgentAddresses
from ivr.services.callbacks.booking.untold import UntoldTexts
from ivr.services.callbacks.calling.choosing import NOW, Choosing
from ivr.services.callbacks.calling.desk import CallingDesk, Chosen, attempt_of
from ivr.services.callbacks.calling.documents import Documents, Leg, Scene
from ivr.services.callbacks.calling.news import News
from ivr.services.said import is_recording
from ivr.store.agents import WATCH_AFTER
from ivr.store.callbacks import CALLBACK, StoredCallback
from ivr.store.line import new_place
from ivr.store.promises import PromiseStore

# Seconds in which a key may be pressed after the announcement.
FOR_A_KEY = 2
# How often, and after how many seconds, it is asked again whether a person or a machine answered.
MOST_LOOKS, LOOK_AFTER = NOW, 2
AHEAD_OF_ALL = 86_400.0
"""Seconds by which somebody stands ahead who is on the telephone and whose agent has gone."""


class Answering:
    """Every method gives TwiML, and raises StoreDown."""

    def __init__(self, config: Config, redis: Redis, languages: dict[str, Language]) -> None:
        self._desk = CallingDesk(config, redis)
        self.news = News(self._desk)
        self.documents = Documents(self._desk, languages)
        self._choosing = Choosing(config, redis, self._desk, self.documents)
        self._promises = PromiseStore(redis)
        self._untold = UntoldTexts(redis)
        self._company = config.company
        self._music = AgentAddresses(config.web.public_url).our_music

    def answered(self, leg: Leg) -> str:
        """Somebody, or something, has picked up."""
        self.news.dialled(leg.callback, leg.attempt, leg.call, leg.now)
        scene = self.documents.scene(leg)
        if scene is None:
            return self.documents.no_more(leg)
        if scene.stored.callback.state in TOLD_BY_CALL:
            said = self._end_of(scene)
            url = self.documents.url("told", scene)
            return self.documents.blank().say([said]).go(url).xml()
        told = (*self.announcement(scene), scene.say(scene.phrases.options))
        return (
            self.documents.blank()
            .ask(told, self.documents.url("key", scene), timeout=FOR_A_KEY)
            .go(self.documents.url("join", scene))
            .xml()
        )

    def announcement(self, scene: Scene) -> tuple[Prompt, ...]:
        """Who is calling and why, and that we are sorry where we broke our word."""
        about, phrases = scene.stored.about, scene.phrases
        spoken = "" if is_recording(about.reason) else about.reason
        sentence = phrases.hello_about if spoken else phrases.hello
        told = [sentence.replace("{company}", self._company).replace("{reason}", spoken)]
        if self._promises.owed(scene.stored.id) is not None:
            told.append(phrases.sorry)
        if about.code:
            told.append(phrases.code.replace("{code}", " ".join(about.code)))
        return (scene.say(" ".join(told)),)

    def join(self, leg: Leg, again: int) -> str:
        """They have stayed on the line: to the agent, unless it is a machine."""
        scene = self.documents.scene(leg)
        if scene is None:
            return self.documents.no_more(leg)
        state = scene.stored.callback.state
        if state == "at_machine":
            return self.message(leg)
        if state == "dialling":
            if again < MOST_LOOKS:
                before = [] if again else [scene.say(scene.phrases.moment)]
                url = self.documents.url("join", scene, again + 1)
                return self.documents.blank().say([*before, Pause(LOOK_AFTER)]).go(url).xml()
            self.news.person(leg.callback, leg.attempt, leg.call, leg.now)
        reservation = self._desk.reservation_of(leg.callback)
        if reservation:
            return self.meet(leg, reservation)
        return self._hold(scene, again)

    def meet(self, leg: Leg, reservation: str) -> str:
        """Into the conference with the agent."""
        desk = self._desk

        def choose(one: StoredCallback) -> Chosen:
            if attempt_of(one, leg.attempt, leg.call) is None or one.callback.state != "answered":
                return None
            return "agent_joined", Details(call=leg.call)

        if desk.change(leg.callback, choose, leg.now) is not None:
            self._promises.apologised(leg.callback, leg.now)
        scene = self.documents.scene(leg)
        if scene is None or scene.stored.callback.state != "talking":
            return self.documents.no_more(leg)
        self._untold.talked(scene.stored.callback.number, leg.callback)
        desk.dispatch.note_person_call(reservation, leg.callback, leg.call)
        # Only a callback of the carrier's tells that they have hung up, and it can be lost.
        desk.due.schedule(CALLBACK, leg.callback, leg.now + WATCH_AFTER)
        url = self.documents.url("over", scene)
        return (
            self.documents.blank()
            .meet(reservation, "person", url, leaves_by_star=False, ends_it=True)
            .hang_up()
            .xml()
        )

    def over(self, leg: Leg) -> str:
        """They have talked."""
        scene = self.documents.scene(leg)
        if scene is not None and scene.stored.callback.state == "talking":
            self.news.over(leg.callback, leg.attempt, leg.call, "completed", leg.now)
        return self.documents.blank().hang_up().xml()

    def message(self, leg: Leg) -> str:
        """What the machine is told: once, and shortly."""
        scene = self.documents.scene(leg)
        if scene is None or scene.stored.callback.state != "at_machine":
            return self.documents.no_more(leg)
        event, _ = self.news.follow(scene.stored, Result("machine"), leg.now)
        text = scene.phrases.message_again if event == "try_again" else self._not_reached(scene)
        told = scene.say(text.replace("{company}", self._company))
        return self.documents.blank().say([Pause(1), told]).hang_up().xml()

    def told(self, leg: Leg) -> str:
        """They have heard how it ended. It is said again: a machine that has just beeped has not
        heard it."""
        scene = self.documents.told_scene(leg)
        if scene is None:
            return self.documents.no_more(leg)
        details = Details("by a call", call=leg.call, outcome="person")
        self._desk.advance(leg.callback, TOLD_BY_CALL, "told", leg.now, details)
        self._untold.talked(scene.stored.callback.number, leg.callback)
        return self.documents.blank().say([Pause(2), self._end_of(scene)]).hang_up().xml()

    def key(self, leg: Leg, keys: str) -> str:
        """They pressed a key during the announcement: so it is a person."""
        scene = self.documents.scene(leg)
        if scene is None:
            return self.documents.no_more(leg)
        self.news.person(leg.callback, leg.attempt, leg.call, leg.now)
        self._promises.apologised(leg.callback, leg.now)
        return self._choosing.key(scene, keys) or self.join(leg, NOW)

    def window(self, leg: Leg, keys: str, offered: str) -> str:
        """They have chosen one of the times that they were offered."""
        scene = self.documents.scene(leg)
        if scene is None:
            return self.documents.no_more(leg)
        return self._choosing.window(scene, keys, offered) or self.join(leg, NOW)

    def number(self, leg: Leg, keys: str) -> str:
        """They have keyed in where they are to be rung."""
        scene = self.documents.scene(leg)
        if scene is None:
            return self.documents.no_more(leg)
        return self._choosing.number(scene, keys) or self.join(leg, NOW)

    def _hold(self, scene: Scene, again: int) -> str:
        """Their agent has gone: the next one is theirs, and meanwhile they hear so."""
        callback, about, leg = scene.stored.callback, scene.stored.about, scene.leg
        place = new_place(
            callback.id, callback.queue, about.person, first=callback.rang_at, call=leg.call,
            kind="callback", boost=about.boost + AHEAD_OF_ALL,
        )  # fmt: skip
        lines = self._desk.lines
        standing = lines.place(callback.id)
        if standing is not None and standing.state == "waiting" and standing.call != leg.call:
            # It stood there as somebody who is not on the telephone.
            lines.leave(callback.id, "callback", leg.now)
        lines.join(place, leg.now)
        url = self.documents.url("join", scene, max(again, MOST_LOOKS) + 1)
        told: tuple[Prompt, ...] = (scene.say(scene.phrases.hold), Play(self._music))
        return self.documents.blank().say(told).go(url).xml()

    def _end_of(self, scene: Scene) -> Prompt:
        unreached = scene.stored.callback.state in ("unreached", "could_not_reach")
        sentence = self._not_reached(scene) if unreached else scene.phrases.called_off
        return scene.say(sentence.replace("{company}", self._company))

    def _not_reached(self, scene: Scene) -> str:
        kept = self._desk.rules.of(scene.stored.callback.queue).come_back_within
        return scene.phrases.message_last if kept >= DAY else scene.phrases.message_no_place
