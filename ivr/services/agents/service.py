"""Agents: whether they are there, what they hear of whom, and what they decide.

A request that comes twice gets the same answer twice: each is made from how things stand after it,
not from whether this request brought that about.
"""

from __future__ import annotations

import logging
from datetime import datetime

from ivr.carrier.agent_twiml import AgentDocument
from ivr.flow.actions import Pause, Prompt, Say
from ivr.promises.breaks import is_late
from ivr.services.agents.addresses import AgentAddresses
from ivr.services.agents.passing import Passing
from ivr.services.agents.staff import Staff
from ivr.services.agents.whisper import whisper
from ivr.services.callbacks.calling.whispering import CallbackWords
from ivr.store.agents import Agent, AgentStore, Presence, Reservation, WhyNot
from ivr.store.line import LineStore
from ivr.store.promises import PromiseStore
from ivr.store.talks import TalkStore

logger = logging.getLogger(__name__)

ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""The carrier's words for a call that is over."""
SETTLES_IN = 1
"""Seconds until the carrier has told that the person hung up, when it was that."""
LONGEST_AFTER = 60
"""Seconds for which an agent's telephone is kept after a talk, for a key."""
ACCEPTS, DECLINES = "1", "2"


class AgentService:
    """Presence, whispers and decisions. Methods that answer give TwiML; all raise StoreDown."""

    def __init__(
        self,
        agents: AgentStore,
        lines: LineStore,
        talks: TalkStore,
        staff: Staff,
        addresses: AgentAddresses,
        callbacks: CallbackWords | None = None,
        promises: PromiseStore | None = None,
    ) -> None:
        self.agents = agents
        self.lines = lines
        self.talks = talks
        self.staff = staff
        self.addresses = addresses
        self.callbacks = callbacks
        self.promises = promises
        self.passing = Passing(self)

    # -- Presence

    def come(self, name: str, now: datetime, *, leg: str = "") -> Presence:
        """They are there; `leg`: they wait on this call. Raises UnknownAgent."""
        settings = self.staff.agent(name)
        return self.agents.arrive(
            name, settings.queues, now.timestamp(), address=settings.address, leg=leg
        )

    def go(self, name: str, now: datetime) -> Presence:
        """They go away, after the talk they are in. Raises UnknownAgent."""
        self.staff.agent(name)
        return self.agents.depart(name, now.timestamp())

    def ready(self, name: str, now: datetime) -> bool:
        """Their wrap-up is over; False when they are not in one. Raises UnknownAgent."""
        self.staff.agent(name)
        return self.agents.end_wrap_up(name, now.timestamp(), asked=True)

    def everybody(self) -> tuple[Agent, ...]:
        """All agents of `config.yaml` and the guests who are there, by name."""
        known = {agent.name: agent for agent in self.agents.everybody()}
        for name, settings in self.staff.agents.items():
            skills = tuple(sorted(settings.queues.items(), key=lambda skill: -skill[1]))
            known.setdefault(name, Agent(name, "away", 0.0, skills, settings.address))
        kept = (agent for agent in known.values() if agent.guest or agent.name in self.staff.agents)
        return tuple(sorted(kept, key=lambda agent: agent.name))

    # -- What an agent's telephone does

    def whisper(self, reservation_id: str, leg: str, now: datetime, language: str) -> str:
        """They have picked up: who waits, and what to press."""
        found = self.agents.reservation(reservation_id)
        if found is None:
            return self.unknown(language)
        language = self.staff.language_of(found.agent)
        if found.state != "offered":
            return self._decided(found, leg, now, language)
        place = self.lines.place(found.place)
        if place is None:
            return self.unknown(language)
        colleague = self._colleague(found, language)
        phrases = self.staff.phrases(language)
        told = (
            *whisper(
                self.staff, place, language, now, colleague, late=self._is_late(place.id, now)
            ),
            *self._of_callback(found, language),
            Say(phrases.decide, language),
        )  # fmt: skip
        url = self.addresses.decision(found.id, language)
        patience = max(self.staff.queue(found.queue).decide // 3, 4)
        return (
            self.document()
            .ask(told, url, timeout=patience)
            .ask([Say(phrases.decide_again, language)], url, timeout=patience)
            .go(self.addresses.decision(found.id, language, silent=True))
            .xml()
        )

    def decide(
        self, reservation_id: str, leg: str, keys: str, silent: bool, now: datetime, language: str
    ) -> str:
        """They pressed a key, or nothing for too long. Any other key says it all again."""
        found = self.agents.reservation(reservation_id)
        if found is None:
            return self.unknown(language)
        if found.state == "offered":
            if keys[:1] == ACCEPTS:
                self.agents.accept(found.id, leg, now.timestamp())
            elif keys[:1] == DECLINES:
                pause = self.staff.queue(found.queue).after_decline
                until = now.timestamp() + pause
                self.agents.end_reservation(found.id, "declined", now.timestamp(), until)
            elif silent:
                self.agents.end_reservation(found.id, "no_answer", now.timestamp())
            else:
                return self.whisper(reservation_id, leg, now, language)
            found = self.agents.reservation(reservation_id) or found
            logger.info("%s of %s: %s", found.id, found.agent, found.state)
        return self._decided(found, leg, now, self.staff.language_of(found.agent))

    def gone(self, reservation_id: str, leg: str, now: datetime, language: str) -> str:
        """Their telephone was picked up, and the person has left meanwhile."""
        found = self.agents.reservation(reservation_id)
        if found is None:
            return self.unknown(language)
        language = self.staff.language_of(found.agent)
        return self._decided(found, leg, now, language)

    def ended(
        self,
        reservation_id: str,
        leg: str,
        status: str,
        surely: bool,
        now: datetime,
        language: str,
    ) -> str:
        """The agent is out of the conference: they hung up, or pressed `*`, or it is over."""
        found = self.agents.reservation(reservation_id)
        if found is None:
            return self.unknown(language)
        language = self.staff.language_of(found.agent)
        if found.state != "accepted" or found.leg != leg:
            return self.after_talk(found, leg, language)
        talk = None if status in ENDED else self.talks.read(found.conference)
        if talk is None or talk.state == "over":
            self.end_talk(found, now)
            return self.after_talk(found, leg, language)
        if not surely:
            return self._settling(found, language)
        return self.passing.hold(found, leg, now, language)

    def status(self, reservation_id: str, leg: str, status: str, now: datetime) -> None:
        """The carrier tells how the call to the agent stands."""
        found = self.agents.reservation(reservation_id)
        if found is None or status not in ENDED:
            return
        at = now.timestamp()
        if found.state == "offered":
            if status in ("completed", "busy"):
                # They picked up and hung up, or refused on their telephone: no, and not away.
                pause = self.staff.queue(found.queue).after_decline
                self.agents.end_reservation(found.id, "declined", at, at + pause)
            else:
                why: WhyNot = "failed" if status == "failed" else "no_answer"
                self.agents.end_reservation(found.id, why, at)
        elif found.state == "accepted" and found.leg == leg:
            self.end_talk(found, now)

    def after(self, reservation_id: str, leg: str, keys: str, now: datetime, language: str) -> str:
        """After a talk they pressed a key: ready for the next person, or away."""
        found = self.agents.reservation(reservation_id)
        if found is None:
            return self.unknown(language)
        language = self.staff.language_of(found.agent)
        phrases = self.staff.phrases(language)
        if keys[:1] == "2":
            self.agents.depart(found.agent, now.timestamp())
            agent = self.agents.read(found.agent)
            leaving = agent is not None and agent.leaving
            return self.farewell(phrases.away_after_call if leaving else phrases.away, language)
        if keys[:1] == "1":
            self.agents.end_wrap_up(found.agent, now.timestamp(), asked=True)
            if self._waits_here(found.agent, leg):
                return self._wait(found.agent, language)
            return self.farewell(phrases.available, language)
        return self.after_talk(found, leg, language)

    # -- What several of these answer

    def document(self) -> AgentDocument:
        return AgentDocument(self.staff.languages)

    def apology(self, language: str, address: str = "") -> str:
        """Something of ours failed; needs no store. `address` is where the agent is."""
        name = self.staff.at(address) if not language else None
        spoken = self.staff.language_of(name) if name is not None else language
        spoken = spoken if spoken in self.staff.languages else self.staff.language_of("")
        return self.farewell(self.staff.phrases(spoken).apology, spoken)

    def unknown(self, language: str) -> str:
        """The store does not know what the request is about."""
        spoken = language if language in self.staff.languages else self.staff.language_of("")
        return self.farewell(self.staff.phrases(spoken).unknown, spoken)

    def farewell(self, sentence: str, language: str) -> str:
        return self.document().say([Say(sentence, language)]).hang_up().xml()

    def end_talk(self, found: Reservation, now: datetime, *, dismisses: bool = False) -> None:
        """The agent is out of the talk, for good."""
        at = now.timestamp()
        wrap_up = self.staff.queue(found.queue).wrap_up
        self.agents.end_talk(found.id, at + wrap_up, at, dismisses=dismisses)

    def after_talk(self, found: Reservation, leg: str, language: str) -> str:
        """The talk is over: what to press to be ready at once."""
        phrases = self.staff.phrases(language)
        if self._waits_here(found.agent, leg):
            return self._wait(
                found.agent, language, Say(phrases.talk_over, language),
                Say(phrases.after_talk_waiting, language),
            )  # fmt: skip
        wrap_up = self.staff.queue(found.queue).wrap_up
        if not wrap_up:
            return self.farewell(phrases.talk_over, language)
        told = [Say(f"{phrases.talk_over} {phrases.after_talk}", language)]
        patience = min(wrap_up, LONGEST_AFTER)
        return (
            self.document()
            .ask(told, self.addresses.after(found.id, language), timeout=patience)
            .hang_up()
            .xml()
        )

    def _decided(self, found: Reservation, leg: str, now: datetime, language: str) -> str:
        """What this leg does, now that the reservation stands so."""
        if found.state == "person_left":
            self.agents.release(found.id, now.timestamp())
        phrases = self.staff.phrases(language)
        if found.leg == leg and found.state in ("accepted", "over"):
            talk = self.talks.read(found.conference)
            if found.state == "over" or (talk is not None and talk.state == "over"):
                # A late request: nobody is there to be met any more.
                self.end_talk(found, now)
                return self.after_talk(found, leg, language)
            if found.kind == "callback" and self.callbacks is not None and not found.talk:
                return self.conference(
                    found, language, *self.callbacks.ringing(found.place, language)
                )
            return self.conference(found, language)
        if found.state == "no_answer":
            return self.farewell(phrases.set_away, language)
        left = phrases.taken_back if found.talk else phrases.person_gone
        if found.kind == "callback" and self.callbacks is not None and not found.talk:
            left = self.callbacks.ended(found.place, language)
        sentence = {"declined": phrases.declined, "person_left": left}.get(
            found.state, phrases.too_late
        )
        if self._waits_here(found.agent, leg):
            return self._wait(found.agent, language, Say(sentence, language))
        return self.farewell(sentence, language)

    def conference(self, found: Reservation, language: str, *before: Prompt) -> str:
        """Meet the person."""
        return (
            self.document()
            .say(before)
            .meet(
                found.conference, f"agent-{found.agent}", self.addresses.ended(found.id, language)
            )
            .xml()
        )

    def _settling(self, found: Reservation, language: str) -> str:
        """Ask again in a moment, when it is known why they are out of the conference."""
        return (
            self.document()
            .say([Pause(SETTLES_IN)])
            .go(self.addresses.ended(found.id, language, surely=True))
            .xml()
        )

    def _of_callback(self, found: Reservation, language: str) -> tuple[Prompt, ...]:
        if found.kind != "callback" or self.callbacks is None:
            return ()
        return self.callbacks.whisper(found.place, language)

    def _is_late(self, place: str, now: datetime) -> bool:
        if self.promises is None:
            return False
        return is_late(self.promises.accounts((place,))[place], now.timestamp())

    def _colleague(self, found: Reservation, language: str) -> str:
        talk = self.talks.read(found.talk) if found.talk else None
        return "" if talk is None else self.staff.spoken_name(talk.agent, language)

    def _waits_here(self, name: str, leg: str) -> bool:
        agent = self.agents.read(name)
        return agent is not None and bool(leg) and agent.leg == leg

    def _wait(self, name: str, language: str, *before: Prompt) -> str:
        return self.document().say(before).go(self.addresses.line("wait", name, language)).xml()
