"""What somebody hears who is rung back, and what their keys do.

Each document is made from how things stand: a request that comes twice gets the same answer. They
hear at once who is calling and why; staying on the line is enough to be put through.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from redis import Redis

from ivr.callbacks.moves import Details
from ivr.callbacks.outcomes import Result, at_machine, who_answered
from ivr.callbacks.reachable import Reachable, reachable
from ivr.callbacks.record import Actor, Window
from ivr.callbacks.states import Event
from ivr.callbacks.windows import WindowRules, free_windows
from ivr.callbacks.wording import say_window, zone_of
from ivr.carrier.agent_twiml import AgentDocument
from ivr.config import Config
from ivr.flow.actions import Pause, Play, Prompt, Say
from ivr.flow.language import Language
from ivr.services.agents.addresses import AgentAddresses
from ivr.services.callbacks.calling.desk import OVER, CallingDesk, Chosen, attempt_of
from ivr.services.callbacks.calling.phrases import Phrases, load_phrases
from ivr.store.agents import WATCH_AFTER
from ivr.store.callbacks import CALLBACK, StoredCallback
from ivr.store.line import new_place

logger = logging.getLogger(__name__)

PERSON = Actor("person")
# Seconds in which a key may be pressed after the announcement.
FOR_A_KEY = 2
# How often, and after how many seconds, it is asked again whether a person or a machine answered.
MOST_LOOKS, LOOK_AFTER = 3, 2
FOR_A_NUMBER = 8
AHEAD_OF_ALL = 86_400.0
"""Seconds by which somebody stands ahead who is on the telephone and whose agent has gone."""
OFFERED = 3
LONGEST_NUMBER = 20


class Answering:
    """Every method but `note_status` and `note_detection` gives TwiML; all raise StoreDown."""

    def __init__(self, config: Config, redis: Redis, languages: dict[str, Language]) -> None:
        self._desk = CallingDesk(config, redis)
        self._config = config
        self._languages = languages
        self._music = AgentAddresses(config.web.public_url).our_music

    # -- Who answered

    def answered(self, callback: str, number: int, call: str, now: float, language: str) -> str:
        """Somebody, or something, has picked up."""
        self._desk.note_dialled(callback, number, call, now)
        stored = self._under_way(callback, number, call)
        if stored is None:
            return self.no_more(language)
        phrases, language = self._phrases(stored, language)
        told = (*self.announcement(stored, phrases, language), Say(phrases.options, language))
        return (
            self._document()
            .ask(told, self._url("key", stored, language), timeout=FOR_A_KEY)
            .go(self._url("join", stored, language))
            .xml()
        )

    def announcement(
        self, stored: StoredCallback, phrases: Phrases, language: str
    ) -> tuple[Prompt, ...]:
        """Who is calling and why."""
        reason = stored.about.reason
        spoken = reason if reason and not reason.startswith(("http://", "https://")) else ""
        sentence = phrases.hello_about if spoken else phrases.hello
        told = [sentence.replace("{company}", self._config.company).replace("{reason}", spoken)]
        if stored.about.code:
            told.append(phrases.code.replace("{code}", " ".join(stored.about.code)))
        return (Say(" ".join(told), language),)

    def join(
        self, callback: str, number: int, call: str, again: int, now: float, language: str
    ) -> str:
        """They have stayed on the line: to the agent, unless it is a machine."""
        stored = self._under_way(callback, number, call)
        if stored is None:
            return self.no_more(language)
        phrases, language = self._phrases(stored, language)
        state = stored.callback.state
        if state == "at_machine":
            return self.message(callback, number, call, now, language)
        if state == "dialling":
            if again < MOST_LOOKS:
                before = [] if again else [Say(phrases.moment, language)]
                url = self._url("join", stored, language, again + 1)
                return self._document().say([*before, Pause(LOOK_AFTER)]).go(url).xml()
            self._desk.note_person(callback, number, call, now)
        reservation = self._desk.reservation_of(callback)
        if reservation:
            return self.meet(callback, number, call, reservation, now, language)
        return self._hold(stored, call, again, now, language, phrases)

    def meet(
        self, callback: str, number: int, call: str, reservation: str, now: float, language: str
    ) -> str:
        """Into the conference with the agent."""
        desk = self._desk

        def choose(one: StoredCallback) -> Chosen:
            if attempt_of(one, number, call) is None or one.callback.state != "answered":
                return None
            return "agent_joined", Details(call=call)

        desk.change(callback, choose, now)
        stored = self._under_way(callback, number, call)
        if stored is None or stored.callback.state != "talking":
            return self.no_more(language)
        desk.dispatch.note_person_call(reservation, callback, call)
        # Only a callback of the carrier's tells that they have hung up, and it can be lost.
        desk.due.schedule(CALLBACK, callback, now + WATCH_AFTER)
        url = self._url("over", stored, language)
        return (
            self._document()
            .meet(reservation, "person", url, leaves_by_star=False, ends_it=True)
            .hang_up()
            .xml()
        )

    def over(self, callback: str, number: int, call: str, now: float, language: str) -> str:
        """They have talked."""
        stored = self._under_way(callback, number, call)
        if stored is not None and stored.callback.state == "talking":
            self._desk.settle(callback, number, call, "completed", now)
        return self._document().hang_up().xml()

    def message(self, callback: str, number: int, call: str, now: float, language: str) -> str:
        """What the machine is told: once, and shortly."""
        stored = self._under_way(callback, number, call)
        if stored is None or stored.callback.state != "at_machine":
            return self.no_more(language)
        phrases, language = self._phrases(stored, language)
        event, _ = self._desk.follow(stored, Result("machine"), now)
        text = phrases.message_again if event == "try_again" else phrases.message_last
        told = Say(text.replace("{company}", self._config.company), language)
        return self._document().say([Pause(1), told]).hang_up().xml()

    # -- Keys

    def key(
        self, callback: str, number: int, call: str, keys: str, now: float, language: str
    ) -> str:
        """They pressed a key: so it is a person."""
        stored = self._under_way(callback, number, call)
        if stored is None:
            return self.no_more(language)
        phrases, language = self._phrases(stored, language)
        self._desk.note_person(callback, number, call, now)
        match keys[:1]:
            case "2":
                return self._offer(stored, phrases, language, now)
            case "3":
                return self._ask_number(stored, phrases, language, phrases.ask_number)
            case "9":
                return self._ends(stored, "cancelled", Details(), phrases.stopped, language, now)
        return self.join(callback, number, call, MOST_LOOKS, now, language)

    def window(
        self, callback: str, number: int, call: str, keys: str, offered: str, now: float,
        language: str,
    ) -> str:  # fmt: skip
        """They have chosen one of the times that they were offered."""
        stored = self._under_way(callback, number, call)
        if stored is None:
            return self.no_more(language)
        phrases, language = self._phrases(stored, language)
        begins = dict(enumerate(offered.split("-"), 1)).get(int(keys) if keys.isdigit() else 0)
        free = {f"{one.begins:.0f}": one for one in self._free(stored, now)}
        if begins not in free:
            return self.join(callback, number, call, MOST_LOOKS, now, language)
        window = free[begins]
        sentence = phrases.moved.replace("{window}", self._spoken(window, stored, language, now))
        details = Details(window=window, reason="the person chose another time")
        known = self._desk.dispatch.capacity(stored.callback.queue)
        room = dict(zip(known.windows, known.room, strict=True)).get(window, 0) if known else 0
        return self._ends(stored, "moved", details, sentence, language, now, capacity=room)

    def number(
        self, callback: str, number: int, call: str, keys: str, now: float, language: str
    ) -> str:
        """They have keyed in where they are to be rung."""
        stored = self._under_way(callback, number, call)
        if stored is None:
            return self.no_more(language)
        phrases, language = self._phrases(stored, language)
        text = keys[:LONGEST_NUMBER].replace("#", "")
        written = "+" + text[2:] if text.startswith("00") else text
        found = reachable(written, self._desk.rules.numbers)
        if not isinstance(found, Reachable):
            if not text:
                return self.join(callback, number, call, MOST_LOOKS, now, language)
            return self._ask_number(stored, phrases, language, phrases.bad_number)
        sentence = phrases.number_changed.replace("{number}", " ".join(found.number.lstrip("+")))
        details = Details(number=found.number, extension=found.extension)
        return self._ends(stored, "number_changed", details, sentence, language, now)

    # -- What the carrier tells

    def note_status(
        self, callback: str, number: int, call: str, status: str, now: float,
        sip: int | None = None, error: int | None = None,
    ) -> None:  # fmt: skip
        """How the call stands."""
        if status in OVER:
            self._desk.settle(callback, number, call, status, now, sip=sip, error=error)
        else:
            self._desk.note_dialled(callback, number, call, now)

    def note_detection(
        self, callback: str, number: int, call: str, answered_by: str, now: float
    ) -> None:
        """Whether a person answered, a machine or a fax."""
        desk = self._desk
        who = who_answered(answered_by)
        if who == "person":
            desk.note_person(callback, number, call, now)
            return
        desk.note_dialled(callback, number, call, now)

        def choose(one: StoredCallback) -> Chosen:
            if attempt_of(one, number, call) is None or one.callback.state != "dialling":
                return None
            queue = one.callback.queue
            if who == "machine":
                rules, hours = desk.rules.retries(queue), desk.rules.hours(queue, now)
                if at_machine(one.callback, now, rules, hours).message is not None:
                    return "machine_answered", Details(call=call)
            return desk.follow(one, Result(who), now)

        reservation = desk.reservation_of(callback)
        moved = desk.change(callback, choose, now)
        if moved is None:
            return
        if reservation:
            # The agent need not listen to a machine.
            desk.ringing.lose_person(reservation, now)
        if moved.callback.state == "at_machine":
            desk.due.schedule(CALLBACK, callback, now)

    # -- Documents for whenever something fails

    def no_more(self, language: str) -> str:
        """The call is not wanted any more, or is none of ours."""
        code = self._known(language)
        return self._farewell(self._phrases_of(code).no_more, code)

    def apology(self, language: str) -> str:
        """Something of ours failed; needs no store."""
        code = self._known(language)
        return self._farewell(self._phrases_of(code).apology, code)

    # -- Within

    def _hold(
        self, stored: StoredCallback, call: str, again: int, now: float, language: str,
        phrases: Phrases,
    ) -> str:  # fmt: skip
        """Their agent has gone: the next one is theirs, and meanwhile they hear so."""
        callback, about = stored.callback, stored.about
        place = new_place(
            callback.id, callback.queue, about.person, first=callback.rang_at, call=call,
            kind="callback", boost=about.boost + AHEAD_OF_ALL,
        )  # fmt: skip
        lines = self._desk.lines
        standing = lines.place(callback.id)
        if standing is not None and standing.state == "waiting" and standing.call != call:
            # It stood there as somebody who is not on the telephone.
            lines.leave(callback.id, "callback", now)
        lines.join(place, now)
        url = self._url("join", stored, language, max(again, MOST_LOOKS) + 1)
        return self._document().say([Say(phrases.hold, language), Play(self._music)]).go(url).xml()

    def _offer(self, stored: StoredCallback, phrases: Phrases, language: str, now: float) -> str:
        windows = self._free(stored, now)[:OFFERED]
        if not windows:
            url = self._url("join", stored, language, MOST_LOOKS)
            return self._document().say([Say(phrases.no_other_time, language)]).go(url).xml()
        told = [
            phrases.offer.replace("{window}", self._spoken(one, stored, language, now))
            .replace("{key}", str(key))
            for key, one in enumerate(windows, 1)
        ]  # fmt: skip
        offered = "-".join(f"{one.begins:.0f}" for one in windows)
        url = f"{self._url('window', stored, language)}&w={offered}"
        return (
            self._document()
            .ask([Say(" ".join([*told, phrases.or_stay]), language)], url, timeout=4)
            .go(self._url("join", stored, language, MOST_LOOKS))
            .xml()
        )

    def _ask_number(
        self, stored: StoredCallback, phrases: Phrases, language: str, sentence: str
    ) -> str:
        return (
            self._document()
            .ask(
                [Say(sentence, language)], self._url("number", stored, language),
                timeout=FOR_A_NUMBER, keys=LONGEST_NUMBER, finish="#",
            )
            .go(self._url("join", stored, language, MOST_LOOKS))
            .xml()
        )  # fmt: skip

    def _ends(
        self, stored: StoredCallback, event: Event, details: Details, sentence: str,
        language: str, now: float, *, capacity: int = 0,
    ) -> str:  # fmt: skip
        """The person has decided: the agent is free, and they hear what will be done."""
        number, desk = len(stored.callback.attempts), self._desk

        def choose(one: StoredCallback) -> Chosen:
            wanted = attempt_of(one, number) is not None and one.callback.state == "answered"
            return (event, details) if wanted else None

        reservation = desk.reservation_of(stored.id)
        if desk.change(stored.id, choose, now, PERSON, capacity=capacity) is None:
            # Refused, for want of room or by a rule: so they are put through.
            url = self._url("join", stored, language, MOST_LOOKS)
            phrases = self._phrases_of(language)
            return self._document().say([Say(phrases.not_possible, language)]).go(url).xml()
        if reservation:
            desk.ringing.lose_person(reservation, now)
        return self._farewell(sentence, language)

    def _free(self, stored: StoredCallback, now: float) -> Sequence[Window]:
        queue = stored.callback.queue
        known = self._desk.dispatch.capacity(queue)
        if known is None:
            return ()
        booked = self._desk.callbacks.booked(queue)
        return free_windows(known, booked, now, WindowRules(offered=OFFERED))

    def _spoken(self, window: Window, stored: StoredCallback, language: str, now: float) -> str:
        zone = zone_of(stored.callback.number, window.begins, ZoneInfo(self._config.time_zone))
        return say_window(window, self._languages[language], now, zone)

    def _under_way(self, callback: str, number: int, call: str) -> StoredCallback | None:
        """The callback, where this attempt's call is what it is and is wanted still."""
        stored = self._desk.callbacks.read(callback)
        if stored is None or attempt_of(stored, number, call) is None:
            return None
        wanted = ("attempt_written", "dialling", "answered", "at_machine", "talking")
        return stored if stored.callback.state in wanted else None

    def _url(self, step: str, stored: StoredCallback, language: str, again: int = 0) -> str:
        number = len(stored.callback.attempts)
        return self._desk.addresses.of(step, stored.id, number, language, again)

    def _document(self) -> AgentDocument:
        return AgentDocument(self._languages)

    def _farewell(self, sentence: str, language: str) -> str:
        return self._document().say([Say(sentence, language)]).hang_up().xml()

    def _phrases(self, stored: StoredCallback, language: str) -> tuple[Phrases, str]:
        code = self._known(stored.about.person.language or language)
        return self._phrases_of(code), code

    def _phrases_of(self, language: str) -> Phrases:
        return load_phrases()[language]

    def _known(self, language: str) -> str:
        return language if language in load_phrases() and language in self._languages else "en"
