"""A telephone on the telephone company's network, for scripts that are played over HTTP."""

from __future__ import annotations

from typing import Any

from ivr.carrier.rest import Carrier
from ivr.services.rehearsal.player import State, TelephoneError
from ivr.simulator import Phone, SimulatorError

PATIENCE = 30.0
"""Seconds of real time for everything that may happen between two acts of the caller."""
_WAITS: dict[str, State] = {"input": "listening", "recording": "tone", "callee": "ringing"}


class CarrierTelephone:
    """What happens on the network, as a script needs to see it."""

    def __init__(self, phone: Phone, rest: Carrier, number: str, caller: str | None) -> None:
        self._phone = phone
        self._rest = rest
        self._number = number
        self._caller = caller
        self._heard: list[str] = []
        self._state: State = "ended"
        self._ringing = ""
        self._reports_silence = True
        self._call_id = ""

    @property
    def heard(self) -> str:
        return " ".join(self._heard)

    @property
    def state(self) -> State:
        return self._state

    @property
    def ringing(self) -> str:
        return self._ringing

    @property
    def passing(self) -> bool:
        return self._state == "listening" and not self._reports_silence

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
        self._in_conversation = False
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
                self._heard.append(event["text"])
            case "played":
                self._heard.append(f"[{event['url'].rpartition('/audio/')[2]}]")
            case "listening":
                self._reports_silence = event["reports_silence"]
            case "dialling":
                self._ringing = event["number"]
            case "your_move":
                self._in_conversation = event["waiting_for"] == "conversation"
                self._state = _WAITS.get(event["waiting_for"], self._state)
            case "ended":
                self._state = "ended"
            case "refused":
                raise TelephoneError(f"The telephone company refuses: {event['text']}.")
