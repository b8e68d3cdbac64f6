"""A text that was promised is sent once: whatever is lost on the way, and never a second time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from ivr.callbacks.moves import Details
from ivr.callbacks.record import Actor, Window
from ivr.services.due import Drained
from ivr.simulator import Directory, EmbeddedCarrier, Line
from ivr.store.callbacks import CallbackStore
from ivr.store.senders import COMES_AGAIN
from tests.services.texts.outbox_office import CALL, LANDLINE, LINE, MOBILE, SAYS, Office
from tests.services.texts.promised import promised
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

USEFUL_FOR = 3600.0


@pytest.fixture
def office(redis: Redis) -> Iterator[Office]:
    directory = Directory(lines={LINE: Line(LINE, "http://127.0.0.1:9/voice")})
    with EmbeddedCarrier(directory) as carrier:
        yield Office(redis, carrier)


def test_a_text_is_sent_once_from_our_number(office: Office) -> None:
    office.promise()
    office.after(1)
    office.after(2)
    assert office.sent == [SAYS]
    assert (office.stands().state, office.stands().stands.told_as[:2]) == ("sent", "SM")
    assert office.messages[0].sender == LINE


def test_every_text_of_a_turn_is_sent(office: Office) -> None:
    office.promise("One.", "Two.")
    office.after(1)
    assert sorted(office.sent) == ["One.", "Two."]
    assert [one.id for one in office.outbox.of(CALL)] == [f"{CALL}-1-1", f"{CALL}-1-2"]


def test_an_answer_that_was_lost_is_looked_for_and_nothing_is_sent_again(office: Office) -> None:
    office.fault("cut", when="after")
    office.promise()
    office.after(1)
    assert (office.sent, office.stands().state) == ([SAYS], "sending")
    office.after(COMES_AGAIN + 2)
    assert (office.sent, office.stands().state) == ([SAYS], "sent")


def test_a_request_that_was_lost_is_made_again(office: Office) -> None:
    office.fault("cut", when="before")
    office.promise()
    office.after(1)
    assert (office.sent, office.stands().state) == ([], "sending")
    office.after(COMES_AGAIN + 2)
    assert (office.sent, office.stands().state) == ([SAYS], "sent")


def test_a_carrier_with_too_much_to_do_is_asked_later(office: Office) -> None:
    office.fault("refused", status=429)
    office.promise()
    office.after(1)
    assert (office.sent, office.stands().state) == ([], "wanted")
    office.after(20)
    assert (office.sent, office.stands().state) == ([SAYS], "sent")


def test_a_number_that_cannot_be_texted_is_not_tried_again(office: Office) -> None:
    office.promise(to=LANDLINE)
    office.after(1)
    assert (office.stands().state, office.stands().stands.code) == ("failed", 21614)
    office.after(3600)
    assert office.after(3601) == Drained()
    assert office.sent == []


def test_news_of_a_time_that_was_moved_meanwhile_are_not_sent(office: Office) -> None:
    stored = promised(office.redis, "CB1", number=MOBILE, now=office.now)
    office.want("worse", "update_worse", wanted_at=office.now + 1)
    office.want("receipt", "receipt_place", wanted_at=office.now + 1)
    begins = office.now + 1800
    moved = CallbackStore(office.redis).move(
        stored, "moved", Actor("person"), office.now + 2,
        Details(reason="later", window=Window(begins, begins + 1800)), capacity=1,
    )  # fmt: skip
    assert not isinstance(moved, str)
    office.after(3)
    assert (office.stands("worse").state, office.stands("receipt").state) == ("dropped", "sent")
    assert office.sent == [f"{SAYS} receipt"]


def test_a_text_that_would_come_too_late_is_not_sent(office: Office) -> None:
    office.promise()
    office.after(USEFUL_FOR + 1)
    assert (office.sent, office.stands().state) == ([], "dropped")


def test_a_text_is_forgotten_in_the_end(office: Office) -> None:
    office.promise()
    office.after(1)
    office.hears(f"{CALL}-1-1", "delivered")
    office.after(7200)
    assert office.due.next_due() is None
    assert int(office.redis.ttl(f"ringback:text:{CALL}-1-1")) > 0


def test_a_turn_taken_twice_promises_a_text_once(office: Office) -> None:
    office.promise()
    office.promise()
    office.after(1)
    assert office.sent == [SAYS]
