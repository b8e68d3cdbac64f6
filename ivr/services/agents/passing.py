"""A person on hold: back to them, to another queue, to a colleague, or an end.

The agent has pressed `*` in the conference and hears a menu; the person hears music. Where the
person is meanwhile, and who is responsible, is kept by the store (scripts/parts/talk.lua). Whatever
an agent's telephone asks for, the answer is what goes with how the talk stands now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import structs

from ivr.flow.actions import Pause, Play, Prompt, Say
from ivr.store.agents import Reservation
from ivr.store.line import Person
from ivr.store.talks import Talk

if TYPE_CHECKING:
    from ivr.services.agents.service import AgentService

MENU_PATIENCE = 10
"""Seconds until a menu is said again."""
NOTE_PATIENCE = 5
LOOKS_EVERY = 4
"""Seconds until an agent who waits for a colleague learns that they are there."""
SAID_EVERY = 5
"""Looks until "still looking" is said again."""
PATIENCE = 90
"""Seconds for which an agent waits until somebody of a queue takes the person."""
QUIET = 5
MOST_OPTIONS = 9
"""One key each."""
BACK = "*"


class Passing:
    """The steps after `*`. Each answers with TwiML, and raises StoreDown."""

    def __init__(self, service: AgentService) -> None:
        self._service = service

    def hold(self, found: Reservation, leg: str, now: datetime, language: str) -> str:
        """The agent is out of the conference and the person is still in it."""
        state = self._service.talks.hold(found.id, now.timestamp())
        if state == "introducing":
            # Who passes on, or who took over and does not want to: the other one stays.
            self._service.end_talk(found, now)
            return self._service.after_talk(found, leg, language)
        return self._as_it_stands(found, leg, now, language)

    def step(
        self,
        step: str,
        reservation_id: str,
        leg: str,
        keys: str,
        words: str,
        query: dict[str, str],
        now: datetime,
        language: str,
    ) -> str:
        """POST /agent/hold/STEP/R: what the agent chose there."""
        found = self._service.agents.reservation(reservation_id)
        if found is None:
            return self._service.unknown(language)
        language = self._service.staff.language_of(found.agent)
        if found.state != "accepted" or found.leg != leg:
            return self._service.after_talk(found, leg, language)
        key = keys[:1]
        talk = self._service.talks.read(found.conference)
        if talk is None or talk.state == "over":
            return self._ended(found, leg, now, language)
        if key == BACK:
            return self._back(found, leg, now, language)
        if step == "choose":
            return self._chosen(found, talk, leg, key, now, language)
        if step in ("queue", "agent") and talk.state == "held":
            return self._named(found, step, key, query.get("o", ""), language)
        if step == "offer" and talk.state == "held":
            return self._offer(found, query.get("to", ""), words, now, language)
        if step == "wait":
            return self._waiting(found, talk, leg, key, query.get("n", ""), now, language)
        return self._as_it_stands(found, leg, now, language)

    def music(self, talk_id: str, told: bool, now: datetime) -> str:
        """What the person on hold hears, over and over. Whoever stands in the line alone and has
        nobody left to wait for is told so, and goes on in their flow at the next request (`told`).
        """
        talk = self._service.talks.read(talk_id)
        place = self._service.lines.place(talk.place) if talk is not None else None
        language = place.person.language if place is not None else ""
        if talk is None or place is None or talk.state == "over":
            return self._quiet(talk_id)
        alone = talk.state == "alone"
        if alone and place.state == "waiting" and not self._anybody_for(place.queue, ""):
            if not told:
                return self._sorry(talk_id, language)
            self._service.lines.leave(place.id, "nobody", now.timestamp())
            return self._quiet(talk_id)
        return self.hold_document(talk_id, language, alone)

    def hold_document(self, talk_id: str, language: str, in_line: bool = False) -> str:
        """The same, as far as it needs no store."""
        spoken = self._spoken(language)
        phrases = self._service.staff.phrases(spoken)
        words = phrases.caller_in_line if in_line else phrases.caller_on_hold
        prompts = (Say(words, spoken), Play(self._service.addresses.our_music))
        url = self._service.addresses.music(talk_id)
        return self._service.document().say(prompts).go(url).xml()

    def _quiet(self, talk_id: str) -> str:
        """Until the carrier is told that the conference is over."""
        url = self._service.addresses.music(talk_id)
        return self._service.document().say((Pause(QUIET),)).go(url).xml()

    def _sorry(self, talk_id: str, language: str) -> str:
        spoken = self._spoken(language)
        told = Say(self._service.staff.phrases(spoken).caller_alone, spoken)
        url = self._service.addresses.music(talk_id, told=True)
        return self._service.document().say((told,)).go(url).xml()

    def _spoken(self, language: str) -> str:
        known = language in self._service.staff.languages
        return language if known else self._service.staff.first

    # -- The menu

    def _as_it_stands(self, found: Reservation, leg: str, now: datetime, language: str) -> str:
        talk = self._service.talks.read(found.conference)
        if talk is None or talk.state in ("over", "alone"):
            return self._ended(found, leg, now, language)
        phrases = self._service.staff.phrases(language)
        match talk.state:
            case "held":
                return self._menu(found, language)
            case "offering":
                return self._look(found, language, 0, Say(phrases.looking, language))
            case "introducing":
                return self._join(found, language, phrases.colleague_there)
            case _:
                if not talk.refused:
                    # At once: the person hears nobody until the agent is there.
                    return self._service.conference(found, language)
                words = f"{phrases.not_taken} {phrases.back_with_caller}"
                return self._join(found, language, words)

    def _menu(self, found: Reservation, language: str, *before: Prompt) -> str:
        addresses, phrases = self._service.addresses, self._service.staff.phrases(language)
        return (
            self._service.document()
            .ask(
                (*before, Say(phrases.on_hold, language)),
                addresses.hold("choose", found.id, language), timeout=MENU_PATIENCE,
            )
            .go(addresses.hold("menu", found.id, language))
            .xml()
        )  # fmt: skip

    def _chosen(
        self, found: Reservation, talk: Talk, leg: str, key: str, now: datetime, language: str
    ) -> str:
        phrases = self._service.staff.phrases(language)
        if key == "1":
            return self._back(found, leg, now, language)
        if key == "#":
            self._service.end_talk(found, now, dismisses=True)
            return self._service.after_talk(found, leg, language)
        if talk.state == "held" and key == "2":
            queues = [queue for queue in self._service.staff.queues if queue != talk.queue]
            if not queues:
                return self._menu(found, language, Say(phrases.no_other_queue, language))
            return self._options(found, "queue", queues, language)
        if talk.state == "held" and key == "3":
            colleagues = [
                agent.name for agent in self._service.everybody()
                if agent.presence == "available" and not agent.guest
            ]  # fmt: skip
            if not colleagues:
                return self._menu(found, language, Say(phrases.no_colleague, language))
            return self._options(found, "agent", colleagues, language)
        return self._as_it_stands(found, leg, now, language)

    def _options(self, found: Reservation, step: str, names: Sequence[str], language: str) -> str:
        staff, phrases = self._service.staff, self._service.staff.phrases(language)
        named = staff.queue_name if step == "queue" else staff.spoken_name
        few = names[:MOST_OPTIONS]
        told = [
            phrases.option.replace("{name}", named(name, language)).replace("{key}", str(key))
            for key, name in enumerate(few, 1)
        ]
        # What each key means is part of the address: who is available changes meanwhile.
        url = self._service.addresses.hold(step, found.id, language, o=",".join(few))
        again = self._service.addresses.hold("menu", found.id, language)
        spoken = Say(" ".join([*told, phrases.or_back]), language)
        return self._service.document().ask([spoken], url, timeout=MENU_PATIENCE).go(again).xml()

    def _named(self, found: Reservation, step: str, key: str, options: str, language: str) -> str:
        names = [name for name in options.split(",") if name]
        if not key.isdecimal() or not 1 <= int(key) <= len(names):
            return self._menu(found, language)
        name = names[int(key) - 1]
        if step == "queue" and not self._anybody_for(name, found.agent):
            return self._menu(found, language, self._nobody(step, name, language))
        url = self._service.addresses.hold("offer", found.id, language, to=f"{step}:{name}")
        asked = Say(self._service.staff.phrases(language).give_note, language)
        return (
            self._service.document()
            .ask([asked], url, timeout=NOTE_PATIENCE, hears=language)
            .go(url)
            .xml()
        )

    # -- Passing on

    def _offer(self, found: Reservation, to: str, words: str, now: datetime, language: str) -> str:
        step, _, name = to.partition(":")
        place = self._service.lines.place(found.place)
        person = place.person if place is not None else Person()
        if words:
            person = structs.replace(person, note=words, note_language=language)
        talks, at = self._service.talks, now.timestamp()
        if step == "queue" and name in self._service.staff.queues:
            outcome = talks.offer_to_queue(found.id, name, person, at)
        elif step == "agent" and name in self._service.staff.agents:
            outcome = talks.offer_to_agent(found.id, name, person, at)
        else:
            return self._menu(found, language)
        if outcome == "busy":
            return self._menu(found, language, self._nobody(step, name, language))
        return self._as_it_stands(found, found.leg, now, language)

    def _waiting(
        self, found: Reservation, talk: Talk, leg: str, key: str, looks: str, now: datetime,
        language: str,
    ) -> str:  # fmt: skip
        """They wait until a colleague has taken the person."""
        phrases = self._service.staff.phrases(language)
        if key == "1":
            return self._back(found, leg, now, language)
        given_back = talk.state == "held"
        if talk.state == "offering":
            place = self._service.lines.place(talk.place)
            in_line = place is not None and place.state == "waiting"
            given_back = in_line and now.timestamp() - talk.since >= PATIENCE
        if not given_back:
            if talk.state != "offering":
                return self._as_it_stands(found, leg, now, language)
            times = int(looks[:4]) if looks.isdecimal() else 0
            said = () if (times + 1) % SAID_EVERY else (Say(phrases.still_looking, language),)
            return self._look(found, language, times + 1, *said)
        self._service.talks.resume(found.id, now.timestamp(), talk.refused or "no_answer")
        return self._as_it_stands(found, leg, now, language)

    def _look(self, found: Reservation, language: str, times: int, *said: Prompt) -> str:
        url = self._service.addresses.hold("wait", found.id, language, n=times)
        return self._service.document().ask(said, url, timeout=LOOKS_EVERY).go(url).xml()

    def _back(self, found: Reservation, leg: str, now: datetime, language: str) -> str:
        self._service.talks.resume(found.id, now.timestamp())
        return self._as_it_stands(found, leg, now, language)

    def _join(self, found: Reservation, language: str, sentence: str) -> str:
        return self._service.conference(found, language, Say(sentence, language))

    def _ended(self, found: Reservation, leg: str, now: datetime, language: str) -> str:
        self._service.end_talk(found, now)
        return self._service.after_talk(found, leg, language)

    def _anybody_for(self, queue: str, but: str) -> bool:
        return any(
            agent.presence != "away" and queue in dict(agent.skills) and agent.name != but
            for agent in self._service.agents.everybody()
        )

    def _nobody(self, step: str, name: str, language: str) -> Say:
        staff = self._service.staff
        named = staff.queue_name if step == "queue" else staff.spoken_name
        sentence = staff.phrases(language).nobody_there.replace("{name}", named(name, language))
        return Say(sentence, language)
