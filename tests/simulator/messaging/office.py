"""The telephone company and an application, seen from somebody who sends and answers texts."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import EmbeddedCarrier, Person
from ivr.simulator.messaging.message import Message
from ivr.simulator.messaging.people import Texts
from tests.simulator.application import LINE, Application, twilio_client

T = TypeVar("T")
SECOND_LINE = "+46846500401"
PERSON = "+46701740605"
ANOTHER = "+46701740606"
LANDLINE = "+46313900600"


@dataclass
class Office:
    """A telephone company whose time stands still unless it is told to go on."""

    carrier: EmbeddedCarrier
    app: Application

    @property
    def twilio(self) -> Client:
        return twilio_client(self.carrier)

    @property
    def codes(self) -> list[int]:
        return self.carrier.carrier.journal.codes()

    def send(self, **options: Any) -> Any:
        """Create a message with the official client."""
        defaults = {"to": PERSON, "from_": LINE, "body": "Hello"}
        if "messaging_service_sid" in options:
            del defaults["from_"]
        return self.twilio.messages.create(**{**defaults, **options})

    def refused(self, **options: Any) -> tuple[int, int]:
        """The status and the code with which a create is refused."""
        with pytest.raises(TwilioRestException) as raised:
            self.send(**options)
        return raised.value.status, raised.value.code

    def pass_time(self, seconds: float) -> None:
        """Let so much telephony time pass, and every request that falls into it be answered."""
        self.run(self.carrier.carrier.clock.advance(seconds))

    def settle(self, seconds: float = 60) -> None:
        """Let everything that is under way come to its end."""
        self.pass_time(seconds)

    def write(self, body: str, sender: str = PERSON, line: str = LINE) -> Message:
        """A person texts a line."""

        async def text() -> Message:
            return self.carrier.carrier.messages.person_texts(sender, line, body)

        message = self.run(text())
        self.settle()
        return message

    def person(self, number: str = PERSON, **texts: Any) -> None:
        """Say how a person's telephone treats texts."""
        people = self.carrier.carrier.directory.people
        people[number] = Person("no_answer", texts=Texts(**texts))

    def find(self, sid: str) -> Any:
        return self.twilio.messages(sid).fetch()

    def told(self, path: str = "/status") -> list[str]:
        """The states that a status callback told of, in the order of their arrival."""
        return [request.fields["MessageStatus"] for request in self.app.to(path)]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something inside the event loop of the telephone company."""
        return self.carrier.run(asyncio.wait_for(work, 20))
