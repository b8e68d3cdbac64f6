"""Every text of this network, and the ways in which one begins."""

from collections import Counter, deque
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from ivr.simulator import errors
from ivr.simulator.errors import RestError, SimulatorError
from ivr.simulator.journal import Note
from ivr.simulator.messaging.callbacks import tell
from ivr.simulator.messaging.delivery import Delivery, count
from ivr.simulator.messaging.inbound import Inbound
from ivr.simulator.messaging.keywords import OptOuts
from ivr.simulator.messaging.message import Message
from ivr.simulator.messaging.outgoing import Outgoing, judge
from ivr.simulator.messaging.people import Reply, Texts, line_type_by_plan
from ivr.simulator.messaging.segments import plain, segment
from ivr.simulator.messaging.services import Service
from ivr.simulator.people import Person
from ivr.simulator.sids import new_sid

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier
    from ivr.simulator.directory import Line

A_LINE = Person(line_type="mobile")
"""What every number of the account is for a text that is sent to it."""


class Messages:
    """The texts that are remembered, and what is known of those who write them."""

    def __init__(self, carrier: "Carrier") -> None:
        self._carrier = carrier
        self._settings = carrier.settings
        self._messages: dict[str, Message] = {}
        self._finished: deque[str] = deque()
        self._scheduled: set[Message] = set()
        self._replied: Counter[tuple[str, str, Reply]] = Counter()
        self.opt_outs = OptOuts()
        self.delivery = Delivery(carrier)
        self.inbound = Inbound(carrier)

    def send(self, wanted: Outgoing) -> Message:
        """An application sends a text; raises RestError when Twilio would not take it."""
        judge(self._carrier, wanted)
        service = wanted.service
        now = self._carrier.clock.now()
        smart = service.smart_encoding if service is not None else False
        if wanted.smart is not None:
            smart = wanted.smart
        validity = service.validity if service is not None else 36_000.0
        callback = wanted.status_callback or (service.status_callback if service else "")
        status = "queued" if service is None else "scheduled" if wanted.send_at else "accepted"
        message = Message(
            new_sid("MM" if wanted.media else "SM"), wanted.direction, wanted.sender, wanted.to,
            plain(wanted.body) if smart else wanted.body, status, now, now, wanted.media,
            service.sid if service else "", status_callback=callback, smart=smart,
            validity=validity if wanted.validity is None else wanted.validity,
            send_at=wanted.send_at,
        )  # fmt: skip
        if service is None:
            message.segments = count(message)
            if self.delivery.is_full(message.sender, message.segments):
                raise RestError(429, 21611, "SMS queue is full.")
        elif wanted.send_at is not None:
            if len(self._scheduled) >= self._settings.scheduled_messages:
                raise RestError(400, 35125)
            self._scheduled.add(message)
        self._messages[message.sid] = message
        self.delivery.begin(message, service)
        return message

    def cancel(self, message: Message) -> None:
        """Cancel a scheduled text; raises RestError for any other."""
        if message.status != "scheduled":
            raise RestError(409, 30409)
        self.delivery.move(message, "canceled")

    def redact(self, message: Message) -> None:
        """Blot out the words of a text."""
        message.body, message.updated_at = "", self._carrier.clock.now()

    def delete(self, message: Message) -> None:
        """Forget a text."""
        del self._messages[message.sid]

    def get(self, sid: str) -> Message | None:
        """The text of that identifier."""
        return self._messages.get(sid)

    def all(self) -> list[Message]:
        """Every text that is remembered, oldest first."""
        return list(self._messages.values())

    def changed(self, message: Message) -> None:
        """A text has a new state."""
        self._scheduled.discard(message)
        if message.error is not None:
            self.note(message, "warning", message.error, f"{message.to} by {message.sender}")
        tell(self._carrier, message)
        if message.is_over:
            self._finished.append(message.sid)
            if len(self._finished) > self._settings.finished_messages:
                self._messages.pop(self._finished.popleft(), None)

    def person(self, number: str) -> Person:
        """Who is behind a number, as far as texts are concerned."""
        directory = self._carrier.directory
        if number in directory.lines:
            return A_LINE
        person = directory.people.get(number, directory.nobody)
        if number in self._carrier.handsets:
            texts = Texts(opted_out=person.texts.opted_out)
            return Person(texts=texts, line_type=person.line_type, network=person.network)
        return person

    def line_type(self, number: str) -> str:
        """What kind of line this is: as the directory says, else as the numbering plan has it."""
        return self.person(number).line_type or line_type_by_plan(number)

    def service(self, sid: str) -> Service | None:
        """The Messaging Service of that SID."""
        return self._carrier.directory.services.get(sid)

    def service_of(self, line_number: str) -> Service | None:
        """The Messaging Service to which a number belongs."""
        services = self._carrier.directory.services.values()
        return next((service for service in services if line_number in service.senders), None)

    def has_opted_out(self, person: str, sender: str, service: Service | None) -> bool:
        """Whether somebody wants no texts from this number, or from the service it belongs to."""
        if service is None and sender:
            service = self.service_of(sender)
        scopes = [scope for scope in (service.sid if service else "", sender) if scope]
        at_first = self.person(person).texts.opted_out
        decided = [scope for scope in scopes if self.opt_outs.has_decided(scope, person)]
        if not decided:
            return at_first
        return any(self.opt_outs.is_out(scope, person) for scope in decided)

    def person_texts(
        self, sender: str, number: str, body: str, media: Iterable[str] = ()
    ) -> Message:
        """A person texts one of the lines; raises SimulatorError for another number."""
        line = self._carrier.directory.lines.get(number)
        if line is None:
            raise SimulatorError(f"{number} is no line of this network")
        return self._receive(sender, line, body, tuple(media))

    def _receive(self, sender: str, line: "Line", body: str, media: tuple[str, ...]) -> Message:
        now = self._carrier.clock.now()
        service = self.service_of(line.number)
        message = Message(
            new_sid("MM" if media else "SM"), "inbound", sender, line.number, body, "receiving",
            now, now, media, service.sid if service else "",
            segments=1 if media else segment(body).segments, sent_at=now,
        )  # fmt: skip
        self._messages[message.sid] = message
        self.delivery.move(message, "received")
        self.inbound.receive(message, line, service)
        return message

    def hand_over(self, message: Message) -> None:
        """A text has arrived: at a line of an application, a live telephone, or a script."""
        self.show(message.to, message.sender, message.body)
        line = self._carrier.directory.lines.get(message.to)
        if line is not None:
            self._receive(message.sender, line, message.body, message.media)

    def show(self, person: str, sender: str, body: str) -> None:
        """Somebody's telephone shows a text; they may write back."""
        handset = self._carrier.handsets.get(person)
        if handset is not None:
            handset.receive_text(sender, person, body)
            return
        for reply in self.person(person).texts.replies:
            key = (person, sender, reply)
            if reply.when.casefold() in body.casefold() and self._replied[key] < reply.times:
                self._replied[key] += 1
                write_back = partial(self._write_back, person, sender, reply.says)
                self._carrier.clock.call_later(reply.after, write_back)
                return

    def _write_back(self, person: str, number: str, says: str) -> None:
        # A sender of letters has no telephone: what is written to it goes nowhere.
        line = self._carrier.directory.lines.get(number)
        if line is not None:
            self._receive(person, line, says, ())

    def note(self, message: Message, level: str, code: int, text: str) -> None:
        """Put a warning or an error about a text into the journal."""
        words = f"{errors.message(code)}: {text}" if code else text
        self._carrier.journal.note(Note(self._carrier.clock.now(), level, code, words, message.sid))
