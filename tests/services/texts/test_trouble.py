"""What goes wrong with texts: who is told to wait, who is asked instead, what is given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from redis import Redis

from ivr.promises.consent import Given, Stopped
from ivr.promises.senders import Sender, Senders
from ivr.simulator import Directory, EmbeddedCarrier, Line, Person, Settings
from ivr.simulator.messaging.people import Texts
from ivr.simulator.messaging.services import Service
from ivr.store.senders import COMES_AGAIN, EVERY
from ivr.text_settings import TextSettings
from tests.services.texts.outbox_office import (
    LANDLINE,
    LINE,
    MOBILE,
    OTHER_LINE,
    SECOND_MOBILE,
    Office,
)
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

OPTED_OUT = "+46701740610"
SERVICE = "MG" + "0" * 31 + "1"
NAME = "Revontuli"
TWO = (Senders("+46", (Sender("number", "+46846500409"), Sender("number", OTHER_LINE))),)


def lines(*numbers: str) -> dict[str, Line]:
    return {number: Line(number, "http://127.0.0.1:9/voice") for number in numbers}


@pytest.fixture
def company() -> Iterator[EmbeddedCarrier]:
    directory = Directory(
        lines=lines(LINE, OTHER_LINE),
        people={OPTED_OUT: Person(texts=Texts(opted_out=True))},
        services={SERVICE: Service("waiting", SERVICE, (LINE,))},
    )
    with EmbeddedCarrier(directory) as carrier:
        yield carrier


@pytest.fixture
def office(redis: Redis, company: EmbeddedCarrier) -> Office:
    return Office(redis, company)


def test_the_more_urgent_goes_first_and_nothing_faster_than_the_sender_may(
    redis: Redis, company: EmbeddedCarrier
) -> None:
    office = Office(redis, company, settings=TextSettings.model_validate({"per_second": 2}))
    for number in range(3):
        office.want(f"info{number}")
    office.want("soon", "soon")
    sent = []
    for tenths in range(1, 31):
        office.after(tenths / 10)
        sent.append(len(office.sent))
    assert office.sent[0].endswith("soon")
    assert [office.sent[n][-5:] for n in (1, 2, 3)] == ["info0", "info1", "info2"]
    assert (sent.index(1), sent.index(4)) == (0, 15)


def test_who_has_stopped_our_texts_gets_no_more_and_is_told_by_voice(office: Office) -> None:
    office.want("one", to=OPTED_OUT)
    office.after(1)
    assert (office.stands("one").state, office.stands("one").stands.code) == ("opted_out", 21610)
    assert office.consents.read(OPTED_OUT).carrier_stops
    assert [one.id for one in office.outbox.untold(OPTED_OUT)] == ["one"]
    office.outbox.told_by_voice(OPTED_OUT, ["one"])
    assert office.outbox.untold(OPTED_OUT) == ()


def test_a_stop_that_comes_while_a_text_waits_keeps_it_from_being_sent(office: Office) -> None:
    office.consents.note(MOBILE, Given(office.now - 60, "call", "en"))
    office.want("update", "update_first")
    office.want("farewell", "stopped")
    office.consents.note(MOBILE, Stopped(office.now + 1, "text"))
    office.after(2)
    assert office.stands("update").state == "opted_out"
    assert [body.rpartition(" ")[2] for body in office.sent] == ["farewell"]


def test_an_unreachable_telephone_is_tried_once_more_and_its_old_news_counts_for_nothing(
    office: Office,
) -> None:
    office.want("one")
    office.after(1)
    first = office.stands("one").stands.told_as
    office.hears("one", "undelivered", 30003)
    assert office.stands("one").state == "wanted"
    office.after(60)
    assert len(office.sent) == 1
    office.after(122)
    assert len(office.sent) == 2
    office.hears("one", "undelivered", 30003, told_as=first)
    assert office.stands("one").state == "sent"
    office.hears("one", "undelivered", 30003)
    assert (office.stands("one").state, office.stands("one").stands.tries) == ("failed", 2)
    assert [state for _, state in office.told] == ["wanted", "failed"]
    office.after(3000)
    assert len(office.sent) == 2


def test_what_may_have_arrived_is_never_sent_again(office: Office) -> None:
    office.want("one")
    office.after(1)
    office.hears("one", "undelivered", 30008)
    office.after(3000)
    assert (office.stands("one").state, len(office.sent)) == ("failed", 1)
    assert [one.id for one in office.outbox.untold(MOBILE)] == ["one"]
    # The telephone itself knows better.
    office.hears("one", "delivered")
    assert office.stands("one").state == "delivered"
    assert office.outbox.untold(MOBILE) == ()


def test_news_overtakes_the_answer_and_comes_twice(office: Office) -> None:
    office.fault("cut", when="after")
    office.want("one")
    office.after(1)
    [message] = office.messages
    for state in ("delivered", "sent", "queued", "delivered"):
        office.hears("one", state, told_as=message.sid)
    assert (office.stands("one").state, office.stands("one").stands.told_as) == (
        "delivered", message.sid,
    )  # fmt: skip
    office.after(COMES_AGAIN * 3)
    assert len(office.sent) == 1
    assert office.told == [("one", "wanted"), ("one", "delivered")]


def test_a_worker_that_died_after_taking_a_text_leaves_it_to_another(office: Office) -> None:
    office.want("one")
    office.after(0)
    office.want("two")
    # Nothing was written of it: it was not asked for.
    office.handlers["route_texts"](office.due.claim(office.now, 1, 1.0).records[0], office.now)
    assert office.senders.claim(LINE, office.now, 5, 0) == ["two"]
    office.after(COMES_AGAIN - 5)
    assert len(office.sent) == 1
    office.after(COMES_AGAIN + 5)
    assert (len(office.sent), office.stands("two").state) == (2, "sent")


def test_a_full_queue_at_the_carrier_is_left_alone_for_a_minute(
    redis: Redis, company: EmbeddedCarrier
) -> None:
    by_service = (Senders("+", (Sender("service", SERVICE),)),)
    office = Office(redis, company, senders=by_service)
    office.want("one")
    office.after(1)
    assert office.messages[0].service_sid == SERVICE
    office.hears("one", "failed", 30001)
    office.want("two")
    office.after(30)
    assert len(office.sent) == 1
    office.after(70)
    assert sorted(body[-3:] for body in office.sent) == ["one", "one", "two"]


def test_a_sender_that_is_not_ours_is_passed_over_for_the_next(
    redis: Redis, company: EmbeddedCarrier
) -> None:
    office = Office(redis, company, senders=TWO)
    office.want("one")
    office.after(1)
    assert (office.messages[0].sender, office.stands("one").stands.sender) == (
        OTHER_LINE, OTHER_LINE,
    )  # fmt: skip
    assert office.senders.stopped() == {}


def test_a_sender_that_is_refused_is_stopped_and_its_texts_go_by_another(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    directory = Directory(lines=lines(OTHER_LINE))
    with EmbeddedCarrier(directory, Settings(unknown_sender_code=21659)) as company:
        office = Office(redis, company, senders=TWO)
        office.want("one")
        office.want("two", to=SECOND_MOBILE)
        office.after(1)
        assert [message.sender for message in office.messages] == [OTHER_LINE] * 2
        assert set(office.senders.stopped()) == {"+46846500409"}
    assert "until somebody has looked" in caplog.text


def test_texts_wait_for_an_account_that_is_refused_until_it_is_lifted(office: Office) -> None:
    office.fault("refused", status=401, times=2)
    office.want("one")
    office.want("late", "soon")
    office.after(1)
    assert set(office.senders.stopped()) == {EVERY}
    office.after(200)
    assert (office.sent, office.stands("late").state) == ([], "dropped")
    assert office.senders.resume(EVERY, office.now)
    office.after(202)
    assert (len(office.sent), office.stands("one").state) == (1, "sent")


def test_where_no_sender_is_left_the_text_fails_with_the_carriers_reason(
    redis: Redis, company: EmbeddedCarrier
) -> None:
    office = Office(redis, company, senders=(Senders("+46", (Sender("name", NAME),)),))
    office.want("abroad", to="+447700900001")
    office.want("answer", answer=True)
    office.want("fine")
    office.after(1)
    assert [message.sender for message in office.messages] == [NAME]
    for name in ("abroad", "answer"):
        assert office.stands(name).state == "failed"
        assert office.stands(name).stands.reason == "no sender of ours reaches this number"


def test_at_night_updates_wait_or_are_dropped_and_answers_go_out(
    redis: Redis, company: EmbeddedCarrier
) -> None:
    night = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    quiet = TextSettings.model_validate({"per_second": 0, "quiet": "21:00-08:00"})
    office = Office(redis, company, settings=quiet, began=night)
    office.want("update", "update_better")
    office.want("long", "update_first", useful_until=office.now + 12 * 3600)
    office.want("answer", "status_time")
    office.after(1)
    assert [body[-6:] for body in office.sent] == ["answer"]
    assert (office.stands("update").state, office.stands("long").state) == ("dropped", "wanted")
    office.after(9 * 3600 + 1)
    assert office.stands("long").state == "sent"


def test_a_text_of_which_nothing_is_heard_is_asked_for_before_its_time_is_over(
    office: Office,
) -> None:
    office.want("one")
    office.after(1)
    [message] = office.messages
    office.company.carrier.messages.delivery.move(message, "sent")
    office.company.carrier.messages.delivery.move(message, "delivered")
    office.after(100)
    assert office.stands("one").state == "sent"
    office.after(125)
    assert office.stands("one").state == "delivered"
    assert office.due.next_due() is None


def test_a_text_that_never_leaves_the_carrier_is_told_by_voice_in_the_end(office: Office) -> None:
    office.want("one")
    office.after(1)
    office.after(125)
    assert office.outbox.untold(MOBILE) == ()
    office.after(3700)
    assert [one.id for one in office.outbox.untold(MOBILE)] == ["one"]
    assert office.due.next_due() is None


def test_a_landline_is_known_as_one_from_then_on(office: Office) -> None:
    office.want("one", to=LANDLINE)
    office.after(1)
    why = office.senders.unreachable(LANDLINE)
    assert why is not None and why.error == "landline"
    assert office.senders.unreachable(MOBILE) is None


def test_the_same_words_twice_to_one_person_are_two_texts_whatever_is_lost(office: Office) -> None:
    office.fault("cut", when="after", times=2)
    office.want("one", text="The same.")
    office.want("two", text="The same.")
    office.after(1)
    assert len(office.sent) == 2
    office.after(COMES_AGAIN + 2)
    office.after(COMES_AGAIN + 10)
    told_as = {office.stands(name).stands.told_as for name in ("one", "two")}
    assert told_as == {message.sid for message in office.messages}
