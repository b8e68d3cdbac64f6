"""Messaging Services: senders, options, and texts that are sent at a later time."""

from datetime import timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from werkzeug import Response

from ivr.simulator import Settings
from tests.simulator.application import LINE, twiml
from tests.simulator.messaging.office import ANOTHER, LANDLINE, PERSON, SECOND_LINE, Office

SERVICE = "MG" + "5" * 32
EMPTY = "MG" + "6" * 32


@pytest.fixture
def services(app: Any) -> dict[str, object]:
    return {
        "waiting": {
            "sid": SERVICE,
            "senders": [LINE, SECOND_LINE],
            "status_callback": f"{app.base}/status",
            "validity": 20,
        },
        "empty": {"sid": EMPTY},
    }


def send(office: Office, **options: Any) -> Any:
    return office.send(messaging_service_sid=SERVICE, **options)


def at(office: Office, seconds: float) -> Any:
    return office.carrier.carrier.clock.now() + timedelta(seconds=seconds)


def test_a_text_is_accepted_and_gets_its_sender_later(office: Office) -> None:
    office.app.on("/status", Response(status=204))
    created = send(office)
    assert (created.status, created.num_segments, created.from_) == ("accepted", "0", None)
    assert created.messaging_service_sid == SERVICE
    office.settle()
    found = office.find(created.sid)
    assert (found.status, found.num_segments) == ("delivered", "1")
    assert found.from_ in (LINE, SECOND_LINE)
    assert office.told() == ["queued", "sent", "delivered"]
    fields = office.app.to("/status")[0].fields
    assert (fields["MessagingServiceSid"], fields["From"]) == (SERVICE, found.from_)


def test_a_text_has_its_own_status_callback_if_it_names_one(office: Office) -> None:
    office.app.on("/other", Response(status=204))
    send(office, status_callback=f"{office.app.base}/other")
    office.settle()
    assert office.told("/other") == ["queued", "sent", "delivered"]
    assert office.told() == []


def test_the_service_replaces_typography_unless_told_otherwise(office: Office) -> None:
    assert send(office, body="14–15").body == "14-15"
    assert send(office, body="14–15", smart_encoded=False).body == "14–15"


def test_a_person_hears_from_one_number_and_people_are_spread(office: Office) -> None:
    people = [f"+4670174060{n}" for n in range(5, 10)]
    sent = [send(office, to=number).sid for number in (*people, *people)]
    office.settle()
    senders = [office.find(sid).from_ for sid in sent]
    assert senders[:5] == senders[5:]
    assert set(senders) == {LINE, SECOND_LINE}


def test_a_sender_of_the_service_may_be_named(office: Office) -> None:
    assert send(office, from_=SECOND_LINE).from_ == SECOND_LINE
    assert office.refused(messaging_service_sid=SERVICE, from_="+46846500402") == (400, 21711)


def test_a_services_sid_may_stand_in_from(office: Office) -> None:
    assert office.send(from_=SERVICE).status == "accepted"


def test_a_service_without_senders_sends_nothing(office: Office) -> None:
    assert office.refused(messaging_service_sid=EMPTY) == (400, 21704)


def test_the_services_validity_holds_for_its_texts(office: Office) -> None:
    office.app.on("/status", Response(status=204))
    for _ in range(3):
        send(office, from_=LINE, body="a" * 1600)
    last = send(office, from_=LINE)
    office.settle()
    found = office.find(last.sid)
    assert (found.status, found.error_code) == ("failed", 30036)


def test_an_inbound_text_names_the_service_of_its_line(office: Office) -> None:
    office.app.on("/text", twiml("<Message>Hi</Message>"))
    message = office.write("Hello?")
    assert office.app.fields("/text")["MessagingServiceSid"] == SERVICE
    assert message.service_sid == SERVICE
    (reply,) = [m for m in office.twilio.messages.list() if m.direction == "outbound-reply"]
    assert (reply.messaging_service_sid, reply.from_) == (SERVICE, LINE)


class TestScheduling:
    def test_a_scheduled_text_is_sent_at_its_time(self, office: Office) -> None:
        office.app.on("/status", Response(status=204))
        created = send(office, schedule_type="fixed", send_at=at(office, 3600))
        assert (created.status, created.date_sent) == ("scheduled", None)
        office.pass_time(3599)
        assert office.find(created.sid).status == "scheduled"
        assert office.told() == []
        office.settle()
        found = office.find(created.sid)
        assert found.status == "delivered"
        assert (found.date_sent - found.date_created).total_seconds() == 3600
        assert office.told() == ["queued", "sent", "delivered"]

    def test_a_scheduled_text_can_be_canceled_and_is_then_never_sent(self, office: Office) -> None:
        office.app.on("/status", Response(status=204))
        sid = send(office, schedule_type="fixed", send_at=at(office, 3600)).sid
        messages = office.twilio.messages
        assert messages(sid).update(status="canceled").status == "canceled"
        office.settle(7200)
        assert office.find(sid).status == "canceled"
        assert office.told() == ["canceled"]
        with pytest.raises(TwilioRestException) as raised:
            messages(sid).update(status="canceled")
        assert (raised.value.status, raised.value.code) == (409, 30409)

    @pytest.mark.parametrize(("seconds", "taken"), [(301, True), (35 * 86_400, True)])
    def test_the_window_is_five_minutes_to_thirty_five_days(
        self, office: Office, seconds: float, taken: bool
    ) -> None:
        created = send(office, schedule_type="fixed", send_at=at(office, seconds))
        assert created.status == "scheduled"

    @pytest.mark.parametrize("seconds", [-60, 0, 300, 35 * 86_400 + 1])
    def test_outside_of_the_window_is_35114(self, office: Office, seconds: float) -> None:
        wanted = {"schedule_type": "fixed", "send_at": at(office, seconds)}
        assert office.refused(messaging_service_sid=SERVICE, **wanted) == (400, 35114)

    @pytest.mark.parametrize(
        ("wanted", "code"),
        [
            ({"schedule_type": "fixed"}, 35111),
            ({"send_at": "2026-11-23T10:00:00Z"}, 20001),
            ({"schedule_type": "daily", "send_at": "2026-11-23T10:00:00Z"}, 20001),
            ({"schedule_type": "fixed", "send_at": "2026-11-23 10:00"}, 35114),
            ({"schedule_type": "fixed", "send_at": "2026-11-23T10:00:00+02:00"}, 35114),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, office: Office, wanted: dict[str, str], code: int
    ) -> None:
        assert office.refused(messaging_service_sid=SERVICE, **wanted) == (400, code)

    def test_only_a_service_sends_later(self, office: Office) -> None:
        wanted = {"schedule_type": "fixed", "send_at": at(office, 3600)}
        assert office.refused(**wanted) == (400, 35118)


class TestFoundOutLater:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(service_judges_later=True, landlines_refused=True)

    def test_a_landline_or_who_opted_out_fails_after_the_create(self, office: Office) -> None:
        office.app.on("/text", twiml())
        office.write("STOP", sender=ANOTHER)
        sent = [send(office, to=to).sid for to in (LANDLINE, ANOTHER, PERSON)]
        office.settle()
        outcomes = [(m.status, m.error_code) for m in map(office.find, sent)]
        assert outcomes == [("failed", 21614), ("failed", 21610), ("delivered", None)]


class TestLandlinesTakenAtFirst:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(landlines_refused=False)

    def test_a_landline_is_undelivered_later(self, office: Office) -> None:
        sid = office.send(to=LANDLINE).sid
        office.settle()
        found = office.find(sid)
        assert (found.status, found.error_code) == ("undelivered", 30006)


class TestAFullQueue:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(sender_queue=5)

    def test_it_is_found_out_after_the_create(self, office: Office) -> None:
        for _ in range(5):
            office.send()
        sid = send(office, from_=LINE, body="a" * 400).sid
        office.settle()
        found = office.find(sid)
        assert (found.status, found.error_code) == ("failed", 30001)


class TestFewScheduled:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(scheduled_messages=2)

    def test_too_many_at_once_are_35125(self, office: Office) -> None:
        wanted = {"schedule_type": "fixed", "send_at": at(office, 3600)}
        first = send(office, **wanted)
        send(office, **wanted)
        assert office.refused(messaging_service_sid=SERVICE, **wanted) == (400, 35125)
        office.twilio.messages(first.sid).update(status="canceled")
        assert send(office, **wanted).status == "scheduled"


class TestNames:
    @pytest.fixture
    def services(self) -> dict[str, object]:
        return {
            "names": {"sid": SERVICE, "senders": ["Revontuli", SECOND_LINE]},
            "nobody": {"sid": EMPTY, "senders": ["Revontuli", "+46846500402"]},
        }

    def test_a_name_is_used_where_names_are_delivered(self, office: Office) -> None:
        at_home, abroad = send(office).sid, send(office, to="+12025550101").sid
        office.settle()
        assert office.find(at_home).from_ == "Revontuli"
        assert office.find(abroad).from_ == SECOND_LINE

    def test_whom_no_sender_reaches_is_refused(self, office: Office) -> None:
        refusal = office.refused(messaging_service_sid=EMPTY, to="+12025550101")
        assert refusal == (400, 21703)

    def test_a_line_taken_out_of_service_meanwhile_fails_the_text(self, office: Office) -> None:
        sid = send(office, to="+12025550101", schedule_type="fixed", send_at=at(office, 600)).sid
        del office.carrier.carrier.directory.lines[SECOND_LINE]
        office.settle(700)
        found = office.find(sid)
        assert (found.status, found.error_code) == ("failed", 21703)


class TestAServiceWithItsOwnAddress:
    @pytest.fixture
    def services(self, app: Any) -> dict[str, object]:
        return {
            "asked": {
                "sid": SERVICE,
                "senders": [LINE, SECOND_LINE],
                "sticky_sender": False,
                "inbound_url": f"{app.base}/service",
                "inbound_method": "GET",
                "fallback_url": f"{app.base}/fallback",
            }
        }

    def test_it_is_asked_instead_of_the_line(self, office: Office) -> None:
        office.app.on("/service", twiml("<Message>Hi</Message>"))
        office.write("Hello?")
        (request,) = office.app.seen
        assert (request.path, request.method) == ("/service", "GET")
        assert request.fields["Body"] == "Hello?"

    def test_its_fallback_is_asked_when_that_fails(self, office: Office) -> None:
        office.app.on("/service", Response("", 500)).on("/fallback", twiml())
        office.write("Hello?")
        assert office.app.fields("/fallback")["ErrorCode"] == "11200"

    def test_a_person_may_hear_from_several_numbers(self, office: Office) -> None:
        sent = [send(office).sid for _ in range(6)]
        office.settle()
        assert {office.find(sid).from_ for sid in sent} == {LINE, SECOND_LINE}
