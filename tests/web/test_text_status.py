"""What the carrier tells of texts is noted if it has signed it, in any order, however often."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import msgspec
import pytest
from redis import Redis

from ivr.carrier.signature import sign
from ivr.promises.outbox_rules import useful_until
from ivr.services.addresses import Addresses
from ivr.services.texts.making import noting
from ivr.store.connection import connect
from ivr.store.outbox import Change, OutboxStore, OutboxText, StoredText, Waits
from ivr.web import create_app
from tests.store.fixtures import redis, store_url
from tests.web.agents import Desk
from tests.web.calling import FORM, PUBLIC, TOKEN

__all__ = ["redis", "store_url"]

ID = "CA1-cb3-receipt_place-1"
SID = "SM" + "1" * 32


class Sent:
    """A text that the carrier has been asked to send."""

    def __init__(self, redis: Redis) -> None:
        self.desk = Desk(redis)
        self.desk.parts = replace(self.desk.parts, text_news=noting(redis))
        self.desk.web = create_app(self.desk.parts).test_client()
        self.store = OutboxStore(redis)
        now = self.desk.now
        self.store.put(
            OutboxText(ID, "+46701740605", "information", "en", "Hello", "Hello", now,
                       useful_until("information", now), "CA1"),
            now,
        )  # fmt: skip
        stored = self.text
        sending = msgspec.structs.replace(stored.stands, state="sending", tries=1)
        assert self.store.write(stored, Change(sending, Waits()), now)

    @property
    def text(self) -> StoredText:
        found = self.store.read(ID)
        assert found is not None
        return found

    def tells(self, state: str, *, sid: str = SID, name: str = ID, signed: bool = True) -> int:
        url = Addresses(PUBLIC).text_status(name)
        form = [("MessageSid", sid), ("MessageStatus", state), ("To", "+46701740605")]
        if state == "undelivered":
            form.append(("ErrorCode", "30005"))
        token = TOKEN if signed else "another"
        response = self.desk.web.post(
            url.removeprefix(PUBLIC),
            data=urlencode(form),
            headers={"Content-Type": FORM, "X-Twilio-Signature": sign(token, url, form)},
        )
        return response.status_code


@pytest.fixture
def sent(redis: Redis) -> Sent:
    return Sent(redis)


def test_news_can_come_before_the_answer_and_in_any_order(sent: Sent) -> None:
    for state in ("delivered", "sent", "queued", "sent", "delivered"):
        assert sent.tells(state) == 204
    assert (sent.text.state, sent.text.stands.told_as) == ("delivered", SID)


def test_a_number_that_there_is_not_is_told_by_voice(sent: Sent) -> None:
    sent.tells("sent")
    sent.tells("undelivered")
    assert (sent.text.state, sent.text.stands.code) == ("failed", 30005)
    assert [one.id for one in sent.store.untold("+46701740605")] == [ID]


def test_what_is_not_signed_or_makes_no_sense_changes_nothing(sent: Sent) -> None:
    assert sent.tells("delivered", signed=False) == 403
    assert sent.tells("delivered", sid="CA" + "1" * 32) == 400
    assert sent.tells("a lot of words") == 400
    assert sent.tells("delivered", name="nobody-knows-it") == 204
    assert sent.tells("levitating") == 204
    assert sent.text.state == "sent"


def test_a_store_that_is_away_is_told_to_the_carrier(redis: Redis) -> None:
    sent = Sent(redis)
    away = replace(sent.desk.parts, text_news=noting(connect("redis://127.0.0.1:1/0")))
    sent.desk.web = create_app(away).test_client()
    assert sent.tells("delivered") == 503
