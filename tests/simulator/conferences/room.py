"""A conference in a test: telephones that enter it, and what the application is told of it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from werkzeug import Request

from ivr.simulator import Phone
from ivr.simulator.conferences.conference import Conference
from ivr.simulator.journal import Happening
from tests.simulator.application import LINE, Network, eventually, twiml

ANNA, BERIT, CARL, DAGNY = "+46701740605", "+46701740606", "+46701740607", "+46701740608"
EVENTS = "start end join leave mute hold modify speaker announcement"
HALL = f"<Conference statusCallback='/events' statusCallbackEvent='{EVENTS}'>hall</Conference>"


@dataclass
class Room:
    """A network whose line sends each caller where the test says."""

    network: Network
    stack: ExitStack
    documents: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        app = self.network.app
        app.on("/voice", self._document).on("/events", "").on("/after", twiml("<Say>After</Say>"))

    def _document(self, request: Request) -> str:
        return self.documents[request.values["From"]]

    def enter(
        self, number: str, noun: str = HALL, dial: str = "action='/after'", **options: Any
    ) -> Phone:
        """Somebody phones in and is put into a conference; comes back when they are asked."""
        phone = self._dial(number, noun, dial, **options)
        phone.until_my_move()
        return phone

    def turned_away(self, number: str, noun: str, dial: str = "action='/after'") -> Phone:
        """Somebody phones in and is not let in; comes back when they hear what comes after."""
        phone = self._dial(number, noun, dial)
        phone.until("said")
        return phone

    def _dial(self, number: str, noun: str, dial: str, **options: Any) -> Phone:
        phone: Phone = self.stack.enter_context(self.network.carrier.phone())
        self.documents[number] = twiml(f"<Dial {dial}>{noun}</Dial>", "<Say>Next</Say>")
        phone.dial(LINE, number, **options)
        return phone

    def person(self, number: str, script: dict[str, Any], noun: str = HALL) -> None:
        """Somebody played by script phones in."""
        self.documents[number] = twiml(f"<Dial>{noun}</Dial>")
        body = json.dumps({"from": number, "to": LINE, "person": script}).encode()
        request = urllib.request.Request(self.network.carrier.url + "/_carrier/calls", body)
        request.add_header("Content-Type", "application/json")
        urllib.request.urlopen(request, timeout=20).close()

    def registered(self, number: str) -> Phone:
        """A telephone that can be phoned."""
        phone: Phone = self.stack.enter_context(self.network.carrier.phone())
        phone.register(number)
        return phone

    def all(self) -> list[Conference]:
        return self.network.carrier.carrier.conferences.all()

    @property
    def conference(self) -> Conference:
        """The only conference there was so far."""
        (conference,) = self.all()
        return conference

    @property
    def rest(self) -> Any:
        """The newest conference, by the official client."""
        return self.network.twilio().conferences(self.all()[-1].sid)

    def member(self, phone: Phone) -> Any:
        """A caller as a participant, by the official client."""
        return self.rest.participants(sid(phone))

    def heard(self, phone: Phone) -> list[Any]:
        """What reached this telephone from the others so far: words, keys or seconds."""
        details = [event.details for event in self._happened(phone) if event.kind == "heard"]
        return [found.get("text") or found.get("keys") or found["seconds"] for found in details]

    def happened(self, phone: Phone, *chosen: str) -> list[str]:
        """The kinds of what happened on this telephone so far, or of those named."""
        found = [event.kind for event in self._happened(phone)]
        return [kind for kind in found if not chosen or kind in chosen]

    def said(self, phone: Phone) -> list[str]:
        """What the application said to this telephone so far."""
        return [event.details["text"] for event in self._happened(phone) if event.kind == "said"]

    def _happened(self, phone: Phone) -> list[Happening]:
        timeline = tuple(self.network.carrier.carrier.journal.timeline)
        own = sid(phone)
        return [
            entry for entry in timeline if isinstance(entry, Happening) and entry.call_sid == own
        ]

    def status(self, phone: Phone) -> str:
        """The status of the call of this telephone."""
        call = self.network.carrier.carrier.calls.get(sid(phone))
        assert call is not None
        return call.status

    def told(self, *names: str, count: int = 0) -> list[dict[str, str]]:
        """What the application was told, in order; of these events only, once there are `count`."""

        def found() -> list[dict[str, str]]:
            seen = [request.fields for request in self.network.app.to("/events")]
            chosen = [f for f in seen if not names or f["StatusCallbackEvent"] in names]
            return sorted(chosen, key=lambda fields: int(fields["SequenceNumber"]))

        eventually(lambda: len(found()) >= count)
        return found()

    def names(self, count: int) -> list[str]:
        """The events that the application was told of, once there are so many."""
        return [fields["StatusCallbackEvent"] for fields in self.told(count=count)]


def sid(phone: Phone) -> str:
    """The identifier of the call that this telephone is in or was in last."""
    sids: list[str] = [event["call_sid"] for event in phone.events if "call_sid" in event]
    return sids[-1]


def kinds(phone: Phone) -> list[str]:
    return [event["type"] for event in phone.events]


def waits_in(phone: Phone) -> str:
    """What the network waits for on this telephone."""
    moves = [event for event in phone.events if event["type"] == "your_move"]
    return str(moves[-1]["waiting_for"])


def refused(work: Callable[[], Any]) -> tuple[int, int]:
    """The status and the code with which the REST API refuses."""
    with pytest.raises(TwilioRestException) as raised:
        work()
    return raised.value.status, raised.value.code
