"""A text that was promised is sent once: whatever is lost on the way, and never a second time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from ivr.carrier import rest
from ivr.clock import FixedClock
from ivr.engine.call import Call
from ivr.flow.moves import TextWanted
from ivr.services.due import Done, Drained, drain
from ivr.services.texts.sending import LOOK_AGAIN_AFTER, USEFUL_FOR, Texts
from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings
from ivr.store import keys
from ivr.store.calls import CHECK_CALL, CallStore
from ivr.store.due import DueStore
from ivr.store.texts import StoredText, TextStore
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

LINE, MOBILE = "+46846500400", "+46701740605"
LANDLINE = "+46846500455"
CALL = "CA" + "3" * 32
SAYS = "Box 12, 951 00 Kalix"


class World:
    """A telephone company, a store, and time that passes in the worker's eyes."""

    def __init__(self, redis: Redis, carrier: EmbeddedCarrier) -> None:
        self.company = carrier
        self.began = datetime.now(UTC)
        self.calls, self.store = CallStore(redis), TextStore(redis)
        self.due = DueStore(redis)
        settings = Settings()
        api = rest.connect(settings.account_sid, settings.auth_token, base_url=carrier.url)
        self.handlers = {
            **Texts(self.store, api, LINE).handlers,
            CHECK_CALL: lambda record, now: Done(),
        }

    def promise(self, *says: str, to: str = MOBILE) -> None:
        """A turn in which texts were promised."""
        call = Call(CALL, "main", "v1", "en", self.began.timestamp(), turn=1, caller=to)
        wanted = tuple(TextWanted(to, "en", text, text) for text in says or (SAYS,))
        self.calls.take_turn(
            call, answer="<Response/>", events=(), voicemail=None, texts=wanted,
            now=self.began.timestamp(),
        )  # fmt: skip

    def after(self, seconds: float) -> Drained:
        return drain(self.due, self.handlers, FixedClock(self.began + timedelta(seconds=seconds)))

    @property
    def text(self) -> StoredText:
        found = self.store.read(f"{CALL}-1-1")
        assert found is not None
        return found

    @property
    def sent(self) -> list[str]:
        """What the telephone company was given to send."""
        return [message.body for message in self.company.carrier.messages.all()]


@pytest.fixture
def world(redis: Redis) -> Iterator[World]:
    directory = Directory(lines={LINE: Line(LINE, "http://127.0.0.1:9/voice")})
    with EmbeddedCarrier(directory) as carrier:
        yield World(redis, carrier)


def test_a_text_is_sent_once_from_our_number(world: World) -> None:
    world.promise()
    world.after(1)
    world.after(2)
    assert world.sent == [SAYS]
    assert (world.text.state, world.text.told_as[:2]) == ("sent", "SM")


def test_every_text_of_a_turn_is_sent(world: World) -> None:
    world.promise("One.", "Two.")
    world.after(1)
    assert sorted(world.sent) == ["One.", "Two."]


def test_an_answer_that_was_lost_is_looked_for_and_nothing_is_sent_again(world: World) -> None:
    world.company.carrier.faults.add(
        {"strikes": "rest", "does": "cut", "when": "after", "method": "POST", "times": 1}
    )
    world.promise()
    world.after(1)
    assert (world.sent, world.text.state) == ([SAYS], "sending")
    world.after(LOOK_AGAIN_AFTER + 2)
    assert (world.sent, world.text.state) == ([SAYS], "sent")


def test_a_request_that_was_lost_is_made_again(world: World) -> None:
    world.company.carrier.faults.add(
        {"strikes": "rest", "does": "cut", "when": "before", "method": "POST", "times": 1}
    )
    world.promise()
    world.after(1)
    assert (world.sent, world.text.state) == ([], "sending")
    world.after(LOOK_AGAIN_AFTER + 2)
    assert (world.sent, world.text.state) == ([SAYS], "sent")


def test_a_worker_that_died_while_sending_leaves_a_text_that_is_looked_for(world: World) -> None:
    world.promise()
    world.store.settle(world.text, "sending", world.began.timestamp())
    world.after(1)
    assert world.sent == []
    world.after(LOOK_AGAIN_AFTER + 2)
    assert (world.sent, world.text.state) == ([SAYS], "sent")


def test_a_carrier_with_too_much_to_do_is_asked_later(world: World) -> None:
    world.company.carrier.faults.add(
        {"strikes": "rest", "does": "refused", "status": 429, "method": "POST", "times": 1}
    )
    world.promise()
    world.after(1)
    assert (world.sent, world.text.state) == ([], "wanted")
    world.after(120)
    assert (world.sent, world.text.state) == ([SAYS], "sent")


def test_a_number_that_cannot_be_texted_is_not_tried_again(world: World) -> None:
    world.promise(to=LANDLINE)
    world.after(1)
    assert world.text.state == "failed"
    assert "21614" in world.text.reason
    world.after(3600)
    assert world.after(3601) == Drained()
    assert world.sent == []


def test_a_text_that_would_come_too_late_is_not_sent(world: World) -> None:
    world.promise()
    world.after(USEFUL_FOR + 1)
    assert (world.sent, world.text.state) == ([], "failed")


def test_a_text_is_forgotten_in_the_end(world: World) -> None:
    world.promise()
    world.after(1)
    world.after(keys.TEXT_LIFETIME + 60)
    assert world.store.read(f"{CALL}-1-1") is None
    assert world.due.next_due() is None


def test_a_turn_taken_twice_promises_a_text_once(world: World) -> None:
    world.promise()
    world.promise()
    world.after(1)
    assert world.sent == [SAYS]
