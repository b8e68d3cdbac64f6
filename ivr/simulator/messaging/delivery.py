"""The life of a text that an application sends, from its creation to the person's telephone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ivr.simulator.clock import Timer
from ivr.simulator.errors import RestError
from ivr.simulator.messaging.message import Message
from ivr.simulator.messaging.outbox import Outbox
from ivr.simulator.messaging.outgoing import judge_consent_and_line, usable_senders
from ivr.simulator.messaging.people import LOST, WITHOUT_TEXTS
from ivr.simulator.messaging.segments import segment
from ivr.simulator.messaging.services import Service, is_short_code

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

NO_SENDER, QUEUE_OVERFLOW, LANDLINE, FILTERED, EXPIRED = 21703, 30001, 30006, 30007, 30036


class Delivery:
    """Moves texts on, one state after the other, as telephony time passes."""

    def __init__(self, carrier: "Carrier") -> None:
        self._carrier = carrier
        self._settings = carrier.settings
        self._clock = carrier.clock
        self._outboxes: dict[str, Outbox] = {}
        self._timers: dict[Message, Timer] = {}
        """What is next to happen to a text by the clock."""
        self._stuck: dict[tuple[str, str], str] = {}
        """The sender that a service chose for a person, whom it keeps."""

    def begin(self, message: Message, service: Service | None) -> None:
        """Let a text that was just created take its course."""
        if service is None:
            self._queue(message)
            return
        wait = self._settings.message_routing
        if message.send_at is not None:
            wait = (message.send_at - self._clock.now()).total_seconds()
        self._later(message, wait, lambda: self._route(message, service))

    def outbox(self, sender: str) -> Outbox:
        """The queue of a sender."""
        if sender not in self._outboxes:
            rate = self._settings.segments_per_second
            if is_short_code(sender):
                rate = self._settings.short_code_segments_per_second
            self._outboxes[sender] = Outbox(self._clock, rate, self._send)
        return self._outboxes[sender]

    def is_full(self, sender: str, segments: int) -> bool:
        """Whether a sender's queue cannot take so many segments more."""
        return self.outbox(sender).would_overflow(segments, self._settings.sender_queue)

    def move(self, message: Message, status: str, error: int | None = None) -> None:
        """Note a new state and tell of it."""
        if message.move(status, self._clock.now(), error):
            # A timer left behind would make stepped time leap to it.
            self._stop(message)
            self._carrier.messages.changed(message)

    def _later(self, message: Message, seconds: float, action: Callable[[], None]) -> None:
        self._stop(message)
        self._timers[message] = self._clock.call_later(seconds, action)

    def _stop(self, message: Message) -> None:
        timer = self._timers.pop(message, None)
        if timer is not None:
            timer.cancel()

    def _route(self, message: Message, service: Service) -> None:
        """A Messaging Service chooses the sender."""
        if not message.sender:
            chosen = self._choose(message, service)
            if not chosen:
                self.move(message, "failed", NO_SENDER)
                return
            message.sender = chosen
        message.segments = count(message)
        if self._settings.service_judges_later:
            try:
                judge_consent_and_line(self._carrier, message.to, message.sender, service)
            except RestError as refused:
                self.move(message, "failed", refused.code)
                return
        if self.is_full(message.sender, message.segments):
            self.move(message, "failed", QUEUE_OVERFLOW)
            return
        self.move(message, "queued")
        self._queue(message)

    def _choose(self, message: Message, service: Service) -> str:
        """The sender that a person knows already, else the one with the shortest queue, if any."""
        key = (service.sid, message.to)
        known = self._stuck.get(key)
        usable = usable_senders(self._carrier, service, message.to)
        if service.sticky_sender and known in usable:
            return known
        if not usable:
            return ""
        self._stuck[key] = min(usable, key=lambda sender: self.outbox(sender).backlog)
        return self._stuck[key]

    def _queue(self, message: Message) -> None:
        self.outbox(message.sender).put(message)
        self._later(message, message.validity, lambda: self._expire(message))

    def _expire(self, message: Message) -> None:
        self.outbox(message.sender).give_up(message)
        self.move(message, "failed", EXPIRED)

    def _send(self, message: Message) -> None:
        self.move(message, "sending")
        self._later(message, self._settings.message_sending, lambda: self._sent(message))

    def _sent(self, message: Message) -> None:
        self.move(message, "sent")
        self._later(message, self._settings.message_delivery, lambda: self._arrive(message))

    def _arrive(self, message: Message) -> None:
        does = self._carrier.messages.person(message.to).texts.does
        body = message.body.casefold()
        if any(words.casefold() in body for words in self._settings.filtered_words):
            self.move(message, "undelivered", FILTERED)
        elif does in LOST:
            self.move(message, "undelivered", LOST[does])
        elif self._carrier.messages.line_type(message.to) in WITHOUT_TEXTS:
            self.move(message, "undelivered", LANDLINE)
        else:
            if does != "unconfirmed":
                self.move(message, "delivered")
            self._carrier.messages.hand_over(message)


def count(message: Message) -> int:
    """The segments of a text; media count as one."""
    return 1 if message.media else segment(message.body).segments
