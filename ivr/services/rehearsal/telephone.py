"""A telephone on the telephone company's network, for scripts that are played over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import unquote

from ivr.carrier.rest import Carrier
from ivr.services.rehearsal.handset import State, TelephoneError
from ivr.services.rehearsal.hearing import Sent, Utterance
from ivr.services.rehearsal.script import Step
from ivr.services.rehearsal.surroundings import GONE
from ivr.services.rehearsal.system import CompanySystem
from ivr.simulator import Phone, SimulatorError


class Waiting(Protocol):
    """What is around a caller who waits in a line."""

    def stands(self, queue: str, step: Step) -> int:
        """From now on the queue stands as `step` says; how often those who wait in it hear
        something, in seconds."""

    def passes(self, seconds: int) -> None:
        """So much time passes."""

    def meeting(self, reservation: str) -> str:
        """Where a caller is sent to meet the agent."""

    def talks(self, conference: str) -> None:
        """An agent comes into the conference, talks, and ends it."""


PATIENCE = 30.0
"""Seconds of real time for everything that may happen between two acts of the caller."""
_WAITS: dict[str, State] = {"input": "listening", "recording": "tone", "callee": "ringing"}
_OWN_RECORDING = re.compile(r"/audio/[0-9a-f]+/([^?#]+)$")


def recording_name(url: str) -> str:
    """How a flow names the recording that is played from this address."""
    own = _OWN_RECORDING.search(url)
    return unquote(own[1]) if own else url


class CarrierTelephone:
    """What happens on the network, as a script needs to see it.

    `languages` are their codes by the carrier's names (`fi-FI`), `texts_of` the text messages that
    were promised in a call, and `system` the company's own systems.
    """

    def __init__(
        self,
        phone: Phone,
        rest: Carrier,
        number: str,
        caller: str | None,
        languages: Mapping[str, str],
        texts_of: Callable[[str], tuple[Sent, ...]],
        system: CompanySystem,
        waiting: Waiting,
    ) -> None:
        self._phone = phone
        self._rest = rest
        self._number = number
        self._caller = caller
        self._languages = languages
        self._texts_of = texts_of
        self._system = system
        self._waiting = waiting
        self._queue = ""
        """The carrier's queue that the call is in."""
        self._heard: list[Utterance] = []
        self._entry_begun = False
        self._state: State = "ended"
        self._ringing = ""
        self._reports_silence = True
        self._call_id = ""

    @property
    def heard(self) -> str:
        return " ".join([said.text for said in self._heard])

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        return tuple(self._heard)

    @property
    def texts(self) -> tuple[Sent, ...]:
        return self._texts_of(self._call_id)

    @property
    def unanswered(self) -> str:
        return self._system.unanswered

    @property
    def state(self) -> State:
        return self._state

    @property
    def ringing(self) -> str:
        return self._ringing

    @property
    def passing(self) -> bool:
        return self._state == "listening" and not self._reports_silence

    def wait(self, seconds: int, step: Step) -> None:
        every = self._waiting.stands(self._queue, step)
        self._heard.clear()
        waited = 0
        while waited < seconds and self._state == "line":
            waited += every
            self._waiting.passes(every)
            self._phone.silence()
            self._listen(fresh=False)

    def agent(self, does: str) -> None:
        reservation = f"R{self._call_id[2:]}" if does == "accepts" else GONE
        self._rest.redirect(self._call_id, self._waiting.meeting(reservation))
        self._listen()
        if self._together:
            self._waiting.talks(reservation)
            self._listen()
        while self._together:
            self._listen()

    def dial(self) -> None:
        self._phone.dial(
            self._number,
            self._caller or "withheld",
            people={"*": "ask"},
            pace="fast",
            patience="mine",
        )
        self._listen()

    def let_pass(self) -> None:
        self._phone.silence()
        self._listen(fresh=False)

    def press(self, keys: str) -> None:
        for key in keys:
            self._phone.press(key)
            self._listen()
        if self._entry_begun:
            # A pause ends what is shorter than it could be.
            self._phone.silence()
            self._listen()

    def say(self, words: str) -> None:
        self._phone.say(words)
        self._listen()

    def stay_silent(self) -> None:
        self._phone.silence()
        self._listen(fresh=not self.passing)

    def connect(self, outcome: str) -> None:
        self._phone.send("callee", does=outcome)
        self._listen()
        if self._in_conversation:
            # The other one has said all there is to say, and hangs up.
            self._rest.end_talk(self._call_id)
            self._listen()

    def leave_message(self, seconds: int, key: str) -> None:
        self._phone.speak(seconds)
        self._listen()
        if self._state != "tone":
            return  # They spoke for longer than is recorded.
        if key:
            self._phone.press(key)
        else:
            self._phone.silence()
        self._listen()

    def hang_up(self) -> None:
        self._phone.hang_up()
        self._listen()

    def close(self) -> None:
        self._phone.close()

    def _listen(self, *, fresh: bool = True) -> None:
        """Hear everything up to the caller's next move, or to the end."""
        if fresh:
            self._heard.clear()
        self._in_conversation = self._entry_begun = self._together = False
        try:
            events = self._phone.until_my_move(PATIENCE)
        except TimeoutError:
            raise TelephoneError(f"Nothing has happened for {PATIENCE:.0f} seconds.") from None
        except SimulatorError as error:
            raise TelephoneError(f"The telephone company is gone: {error}.") from None
        for event in events:
            self._note(event)

    def _note(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "dialled":
                self._call_id = event["call_sid"]
            case "said":
                language = self._languages.get(event["language"], event["language"])
                self._heard.append(Utterance(event["text"], language, event["slow"]))
            case "played":
                self._heard.append(Utterance(f"[{recording_name(event['url'])}]"))
            case "listening":
                self._reports_silence = event["reports_silence"]
            case "dialling":
                self._ringing = event["number"]
            case "your_move":
                self._in_conversation = event["waiting_for"] == "conversation"
                self._together = event["waiting_for"] in ("conference", "conversation")
                self._entry_begun = bool(event.get("so_far"))
                self._state = _WAITS.get(event["waiting_for"], self._state)
                if self._queue and self._state == "listening":
                    self._state = "line"
            case "enqueued":
                self._queue = event["queue"]
            case "queue_result":
                self._queue = ""
            case "ended":
                self._state = "ended"
            case "refused":
                raise TelephoneError(f"The telephone company refuses: {event['text']}.")
