"""A telephone company, a store with texts in it, and time that passes in the workers' eyes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
from redis import Redis

from ivr.carrier import rest
from ivr.clock import FixedClock
from ivr.engine.call import Call
from ivr.flow.moves import TextWanted
from ivr.promises.outbox_rules import SentKind, useful_until
from ivr.promises.senders import Sender, Senders
from ivr.services.due import Done, Drained, Handler, drain
from ivr.services.texts.by_telephone import ByTelephone
from ivr.services.texts.checking import Checking
from ivr.services.texts.looking import TextCarrier
from ivr.services.texts.noting import Noting
from ivr.services.texts.routing import Routing
from ivr.services.texts.sending import Sending
from ivr.simulator import EmbeddedCarrier, Settings
from ivr.simulator.messaging.message import Message
from ivr.store import keys
from ivr.store.callbacks import CallbackStore
from ivr.store.calls import CHECK_CALL, CallStore
from ivr.store.consent import ConsentStore
from ivr.store.due import DueStore
from ivr.store.outbox import CHECK_TEXTS, ROUTE_TEXTS, OutboxStore, OutboxText, StoredText
from ivr.store.senders import SEND_TEXTS, SenderStore
from ivr.text_settings import TextSettings

LINE, OTHER_LINE = "+46846500400", "+46846500401"
MOBILE, SECOND_MOBILE = "+46701740605", "+46701740606"
LANDLINE = "+46846500455"
CALL = "CA" + "3" * 32
SAYS = "Box 12, 951 00 Kalix"
FROM_LINE = (Senders("+", (Sender("number", LINE),)),)
UNLIMITED = TextSettings.model_validate({"per_second": 0})


class Office:
    """Texts as workers send them. `at` is how many seconds have passed for them."""

    def __init__(
        self,
        redis: Redis,
        company: EmbeddedCarrier,
        *,
        senders: tuple[Senders, ...] = FROM_LINE,
        settings: TextSettings = UNLIMITED,
        status_url: Callable[[str], str] = lambda text_id: "",
        began: datetime | None = None,
        carrier: TextCarrier | None = None,
    ) -> None:
        self.redis, self.company = redis, company
        self.began = datetime.now(UTC) if began is None else began
        self.at = 0.0
        self.calls, self.outbox = CallStore(redis), OutboxStore(redis)
        self.senders, self.consents = SenderStore(redis), ConsentStore(redis)
        self.due = DueStore(redis)
        usual = Settings()
        self.api = carrier or rest.connect(
            usual.account_sid, usual.auth_token, base_url=company.url, patience=2.0
        )
        self.noting = Noting(self.outbox, self.senders, self.consents, lambda: 0.0)
        channel = ByTelephone(
            self.outbox, self.consents, self.noting, self.api, settings,
            ZoneInfo("Europe/Stockholm"), status_url, lambda: self.now,
        )  # fmt: skip
        self.sending = Sending(
            self.outbox, self.senders, CallbackStore(redis), lambda name: channel, lambda: self.now
        )
        self.handlers: Mapping[str, Handler] = {
            ROUTE_TEXTS: Routing(self.outbox, self.senders, senders).route,
            SEND_TEXTS: self.sending.send,
            CHECK_TEXTS: Checking(self.outbox, self.noting, self.api).check,
            CHECK_CALL: lambda record, now: Done(),
        }

    @property
    def now(self) -> float:
        return self.began.timestamp() + self.at

    def promise(self, *says: str, to: str = MOBILE) -> None:
        """A turn in which texts were promised."""
        call = Call(CALL, "main", "v1", "en", self.began.timestamp(), turn=1, caller=to)
        wanted = tuple(TextWanted(to, "en", text, text) for text in says or (SAYS,))
        self.calls.take_turn(
            call, answer="<Response/>", events=(), voicemail=None, texts=wanted, now=self.now
        )

    def want(
        self, name: str, kind: SentKind = "information", to: str = MOBILE, **changed: Any
    ) -> None:
        """A text that is wanted now."""
        text = OutboxText(
            id=name, to=to, kind=kind, language="en", text=f"{SAYS} {name}", shown=SAYS,
            wanted_at=self.now, useful_until=useful_until(kind, self.now), subject="CB1",
        )  # fmt: skip
        self.outbox.put(msgspec.structs.replace(text, **changed), self.now)

    def after(self, seconds: float) -> Drained:
        """What is due by then is done, so many seconds after the beginning."""
        self.at = seconds
        moment = FixedClock(self.began + timedelta(seconds=seconds))
        return drain(self.due, self.handlers, moment)

    def stands(self, name: str = f"{CALL}-1-1") -> StoredText:
        found = self.outbox.read(name)
        assert found is not None
        return found

    def hears(self, name: str, state: str, code: int | None = None, told_as: str = "") -> None:
        """The carrier tells how far a text has come."""
        sid = told_as or self.stands(name).stands.told_as
        self.noting.heard(name, sid, state, code, self.now)

    @property
    def messages(self) -> list[Message]:
        return self.company.carrier.messages.all()

    @property
    def sent(self) -> list[str]:
        """What the telephone company was given to send."""
        return [message.body for message in self.messages]

    def fault(self, does: str, **more: Any) -> None:
        """The next text is asked for in vain."""
        usual = {"strikes": "rest", "method": "POST", "times": 1}
        self.company.carrier.faults.add({**usual, "does": does, **more})

    @property
    def told(self) -> list[tuple[str, str]]:
        """The events of texts: id and state."""
        entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", self.redis.xrange(keys.EVENTS))
        return [
            (event["text"], event.get("state", "wanted"))
            for _, entry in entries
            for event in msgspec.json.decode(entry[b"events"])
            if event["type"] in ("TextWanted", "TextStood")
        ]
