"""The agents' line: our number that agents ring to say that they are there, or to wait on it.

Who rings is known by their telephone number, or else by the agent number that they key in; a PIN
tells that it is them. From then on the name stands in our own addresses, which only the carrier can
ask for. Where the line has queues, anybody else gets the next person, again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ivr.flow.actions import Play, Prompt, Say
from ivr.services.agents.phrases import Phrases
from ivr.services.agents.pins import MOST_DIGITS, Pins
from ivr.services.agents.service import AgentService
from ivr.store.agents import Agent

MOST_TRIES = 3
"""Wrong PINs, or silences, in one call."""
PATIENCE = 8
SAID_EVERY = 4
"""Rounds of music until "nobody is waiting" is said again."""
GUEST = "guest-"
LONGEST_NUMBER = 5


class Reception:
    """The steps on the agents' line. Each answers with TwiML, and raises StoreDown."""

    def __init__(self, service: AgentService, pins: Pins) -> None:
        self._service = service
        self._pins = pins

    @property
    def number(self) -> str:
        """Our number that agents ring; '' where there is none."""
        line = self._service.staff.line
        return line.number if line is not None else ""

    def arrived(self, leg: str, caller: str, now: datetime) -> str:
        """Somebody rings the line. `caller`: their number, `sip:` or `client:` address, or ''."""
        staff, line = self._service.staff, self._service.staff.line
        name = staff.at(caller) if caller else None
        if name is not None:
            return self._ask_pin(name, staff.language_of(name), 0)
        if line is not None and line.queues and (not line.callers or caller in line.callers):
            phrases = staff.phrases(line.language)
            self._service.agents.arrive(
                GUEST + leg, line.queues, now.timestamp(), leg=leg, guest=True
            )
            told = Say(f"{phrases.guest} {phrases.agent_key}", line.language)
            return self._waiting(GUEST + leg, line.language, 0, told)
        return self._ask_number(staff.language_of(""), 0)

    def step(
        self, step: str, name: str, keys: str, times: str, leg: str, now: datetime, language: str
    ) -> str:
        """POST /agent/line/STEP: what they keyed in there; `name` once it is known."""
        if language not in self._service.staff.languages:
            language = self._service.staff.language_of(name)
        count = int(times[:4]) if times.isdecimal() else 0
        if step == "number":
            return self._ask_pin(self._pins.name_of(keys) or "", language, count)
        if step == "pin":
            return self._judge(name, keys, count, now, language)
        is_guest = name == GUEST + leg
        if not is_guest and name not in self._service.staff.agents:
            return self._service.farewell(self._phrases(language).not_allowed, language)
        if step == "choice":
            return self._chosen(name, keys[:1], count, leg, now, language)
        if step == "key":
            return self._key(name, keys[:1], count, leg, now, language)
        return self._wait(name, leg, count, now, language)

    def leg_ended(self, leg: str, now: datetime) -> None:
        """The call on which an agent waited is over."""
        name = self._service.agents.waits_on(leg)
        agent = self._service.agents.read(name) if name is not None else None
        if agent is None or agent.leg != leg:
            return
        at = now.timestamp()
        if agent.presence == "reserved":
            self._service.agents.end_reservation(agent.reservation, "no_answer", at)
            return
        self._service.agents.depart(agent.name, at)
        found = self._service.agents.reservation(agent.reservation) if agent.reservation else None
        if found is not None and found.state == "accepted":
            self._service.end_talk(found, now)

    # -- Who it is

    def _ask_number(self, language: str, count: int) -> str:
        phrases = self._phrases(language)
        return self._keyed(phrases.ask_number, "number", "", language, count, LONGEST_NUMBER)

    def _ask_pin(self, name: str, language: str, count: int, before: str = "") -> str:
        words = f"{before} {self._phrases(language).ask_pin}".strip()
        return self._keyed(words, "pin", name, language, count, MOST_DIGITS)

    def _keyed(self, words: str, step: str, name: str, language: str, count: int, most: int) -> str:
        url = self._service.addresses.line(step, name, language, n=count)
        goodbye = Say(self._phrases(language).goodbye, language)
        return (
            self._service.document()
            .ask([Say(words, language)], url, timeout=PATIENCE, keys=most, finish="#")
            .ask([Say(words, language)], url, timeout=PATIENCE, keys=most, finish="#")
            .say([goodbye])
            .hang_up()
            .xml()
        )

    def _judge(self, name: str, keys: str, count: int, now: datetime, language: str) -> str:
        phrases = self._phrases(language)
        # A number that is nobody's is told like a wrong PIN: nobody learns which numbers there are.
        judged = self._pins.judge(name, keys) if name in self._service.staff.agents else "wrong"
        if judged == "right":
            spoken = self._service.staff.language_of(name)
            agent = self._service.staff.agents[name]
            hello = self._phrases(spoken).welcome.replace("{name}", agent.name)
            return self._menu(name, spoken, 0, hello, self._presence(name, spoken))
        if judged in ("locked", "none"):
            return self._service.farewell(
                phrases.locked if judged == "locked" else phrases.no_pin, language
            )
        if count + 1 >= MOST_TRIES:
            return self._service.farewell(f"{phrases.wrong_pin} {phrases.goodbye}", language)
        return self._ask_pin(name, language, count + 1, phrases.wrong_pin)

    # -- What they want

    def _menu(self, name: str, language: str, count: int, *before: str) -> str:
        phrases = self._phrases(language)
        if count >= MOST_TRIES:
            return self._service.farewell(phrases.goodbye, language)
        words = " ".join([*before, phrases.menu])
        here = self._service.addresses.line("choice", name, language, n=count)
        again = self._service.addresses.line("choice", name, language, n=count + 1)
        return (
            self._service.document()
            .ask([Say(words, language)], here, timeout=PATIENCE)
            .go(again)
            .xml()
        )

    def _chosen(
        self, name: str, key: str, count: int, leg: str, now: datetime, language: str
    ) -> str:
        phrases = self._phrases(language)
        if key == "1":
            self._service.come(name, now)
        elif key == "2":
            self._service.go(name, now)
        elif key == "3":
            self._service.come(name, now, leg=leg)
            return self._waiting(name, language, 0, Say(phrases.wait_here, language))
        elif key == "9":
            return self._menu(name, language, 0, self._how_many(name, language))
        else:
            return self._menu(name, language, count + 1 if key else count)
        return self._menu(name, language, 0, self._presence(name, language))

    def _presence(self, name: str, language: str) -> str:
        agent, phrases = self._service.agents.read(name), self._phrases(language)
        if agent is None or agent.presence == "away":
            return phrases.away
        return phrases.away_after_call if agent.leaving else phrases.available

    def _how_many(self, name: str, language: str) -> str:
        phrases = self._phrases(language)
        count = sum(len(self._service.lines.waiting(queue)) for queue in self._queues(name))
        if count > 1:
            return phrases.waiting_many.replace("{n}", str(count))
        return phrases.waiting_one if count else phrases.waiting_nobody

    # -- Waiting on the call

    def _wait(self, name: str, leg: str, count: int, now: datetime, language: str) -> str:
        """One more round. Whoever is reserved for them meanwhile is told of here at the latest."""
        agent = self._service.agents.read(name)
        if agent is None or agent.leg != leg or agent.presence == "away":
            return self._service.farewell(self._phrases(language).away, language)
        if agent.presence == "reserved":
            return self._service.whisper(agent.reservation, leg, now, language)
        said = count % SAID_EVERY == 0 and agent.presence == "available"
        words = self._phrases(language).nobody_now
        return self._waiting(name, language, count, *([Say(words, language)] if said else []))

    def _waiting(self, name: str, language: str, count: int, *before: Prompt) -> str:
        addresses = self._service.addresses
        prompts: Sequence[Prompt] = (*before, Play(addresses.our_music))
        return (
            self._service.document()
            .ask(prompts, addresses.line("key", name, language, n=count), timeout=1)
            .go(addresses.line("wait", name, language, n=count + 1))
            .xml()
        )

    def _key(self, name: str, key: str, count: int, leg: str, now: datetime, language: str) -> str:
        phrases = self._phrases(language)
        if key == "*" and name.startswith(GUEST):
            self._service.agents.depart(name, now.timestamp())
            return self._ask_number(language, 0)
        if key == "2":
            self._service.agents.depart(name, now.timestamp())
            return self._service.farewell(phrases.away, language)
        if key == "1":
            self._service.agents.end_wrap_up(name, now.timestamp(), asked=True)
        agent = self._service.agents.read(name)
        if key == "9" and agent is not None and agent.presence == "available":
            return self._waiting(
                name, language, count, Say(self._how_many(name, language), language)
            )
        return self._wait(name, leg, count + 1, now, language)

    def _queues(self, name: str) -> list[str]:
        agent: Agent | None = self._service.agents.read(name)
        if agent is not None and agent.skills:
            return [queue for queue, _ in agent.skills]
        return list(self._service.staff.agents[name].queues)

    def _phrases(self, language: str) -> Phrases:
        return self._service.staff.phrases(language)
