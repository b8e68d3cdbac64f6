"""A line that callers wait on and a line that agents dial, with time in the test's hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests
from twilio.rest import Client

from ivr.simulator import EmbeddedCarrier
from ivr.simulator.call import Call
from ivr.simulator.queues import Queue
from tests.simulator.application import (
    CALLER,
    LINE,
    Application,
    Seen,
    eventually,
    twilio_client,
    twiml,
)

AGENT, AGENT_LINE = "+46846500410", "+46846500411"
WAIT = twiml("<Pause length='10'/>")
SECONDS = 20


@dataclass
class Switchboard:
    """The company, the application, and what a test does with them."""

    carrier: EmbeddedCarrier
    app: Application

    def serve(
        self, enqueue: str = "waitUrl='/wait' action='/left'", wait: str = WAIT,
        dial: str = "action='/dialled'", noun: str = "", next_verb: str = "",
    ) -> Switchboard:  # fmt: skip
        """Callers wait for support; agents take the first of them."""
        self.app.on("/voice", twiml(f"<Enqueue {enqueue}>support</Enqueue>", next_verb))
        self.app.on("/wait", wait).on("/left", twiml()).on("/dialled", twiml())
        self.app.on("/agent", twiml(f"<Dial {dial}><Queue {noun}>support</Queue></Dial>"))
        return self

    def phones(self, caller: str = CALLER, to: str = LINE, *steps: dict[str, Any]) -> Call:
        """Somebody played by script phones a line; what that sets off has happened after it."""
        body: dict[str, Any] = {"from": caller, "to": to, "person": {"then": list(steps)}}
        answer = requests.post(self.carrier.url + "/_carrier/calls", json=body, timeout=SECONDS)
        answer.raise_for_status()
        self.pass_time(0)
        call = self.carrier.carrier.calls.get(answer.json()["sid"])
        assert call is not None
        return call

    def agent_phones(self, *steps: dict[str, Any]) -> Call:
        """An agent dials the queue."""
        return self.phones(AGENT, AGENT_LINE, *steps)

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass; comes back when nothing is under way any more."""
        for part in [seconds, 0] if seconds else [0]:
            answer = requests.post(
                self.carrier.url + "/_carrier/clock", json={"advance": part}, timeout=SECONDS
            )
            answer.raise_for_status()

    @property
    def queue(self) -> Queue:
        """The only queue."""
        (queue,) = self.carrier.carrier.queues.all()
        return queue

    def line(self) -> list[str]:
        """The calls that wait, in order."""
        return [member.call.sid for member in self.queue.members]

    def twilio(self) -> Client:
        return twilio_client(self.carrier)

    def told(self, path: str, call: Call) -> list[dict[str, str]]:
        """The fields of every request to a path about a call."""
        return [seen.fields for seen in self.seen(path, call)]

    def seen(self, path: str, call: Call) -> list[Seen]:
        return [seen for seen in self.app.to(path) if seen.fields.get("CallSid") == call.sid]

    def result(self, call: Call, path: str = "/left") -> dict[str, str]:
        """What the application was told, once, of how a call left the queue."""
        eventually(lambda: len(self.told(path, call)) > 0)
        self.pass_time(0)
        (fields,) = self.told(path, call)
        return {name: value for name, value in fields.items() if name.startswith("Queue")}

    def dialled(self, call: Call) -> dict[str, str]:
        """What the application was told, once, of how an agent's Dial ended."""
        (fields,) = self.told("/dialled", call)
        chosen = ("Dial", "Deque", "Queue")
        return {name: value for name, value in fields.items() if name.startswith(chosen)}

    def codes(self) -> list[int]:
        return self.carrier.carrier.journal.codes()
