"""Texts that an application sends, through the official client."""

from datetime import UTC, datetime

import pytest
from twilio.request_validator import RequestValidator
from werkzeug import Response

from tests.simulator.application import LINE
from tests.simulator.messaging.office import ANOTHER, LANDLINE, PERSON, Office

OK = Response(status=204)


def test_a_text_is_queued_and_then_delivered(office: Office) -> None:
    created = office.send(body="Hello there")
    assert (created.status, created.direction, created.num_segments) == (
        "queued", "outbound-api", "1",
    )  # fmt: skip
    assert created.date_sent is None
    assert created.messaging_service_sid is None
    office.settle()
    found = office.find(created.sid)
    assert (found.status, found.body, found.error_code) == ("delivered", "Hello there", None)
    assert found.date_created == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert found.date_sent is not None


def test_the_application_is_told_what_became_of_it_but_not_of_its_first_state(
    office: Office,
) -> None:
    office.app.on("/status", OK)
    sid = office.send(status_callback=f"{office.app.base}/status").sid
    office.settle()
    assert office.told() == ["sent", "delivered"]
    sent, delivered = office.app.to("/status")
    assert sent.fields == {
        "SmsSid": sid, "MessageSid": sid, "SmsStatus": "sent", "MessageStatus": "sent",
        "To": PERSON, "From": LINE, "ApiVersion": "2010-04-01",
        "AccountSid": office.carrier.carrier.settings.account_sid,
    }  # fmt: skip
    assert delivered.fields["RawDlrDoneDate"] == "2611230900"
    assert delivered.method == "POST"
    validator = RequestValidator(office.carrier.carrier.settings.auth_token)
    signature = delivered.headers["X-Twilio-Signature"]
    assert validator.validate(delivered.url, delivered.fields, signature)


@pytest.mark.parametrize(
    ("does", "code"),
    [("off", 30003), ("blocked", 30004), ("unknown", 30005), ("filtered", 30007), ("lost", 30008)],
)
def test_a_text_that_does_not_arrive_is_undelivered_with_the_reason(
    office: Office, does: str, code: int
) -> None:
    office.app.on("/status", OK)
    office.person(does=does)
    sid = office.send(status_callback=f"{office.app.base}/status").sid
    office.settle()
    assert office.told() == ["sent", "undelivered"]
    assert office.app.to("/status")[-1].fields["ErrorCode"] == str(code)
    found = office.find(sid)
    assert (found.status, found.error_code) == ("undelivered", code)
    assert found.error_message
    assert office.codes == [code]


def test_a_network_may_never_say_that_a_text_arrived(office: Office) -> None:
    office.person(does="unconfirmed")
    sid = office.send().sid
    office.settle(3600)
    assert office.find(sid).status == "sent"


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"to": ""}, (400, 21604)),
        ({"to": "+12"}, (400, 21211)),
        ({"to": "nobody"}, (400, 21211)),
        ({"to": LANDLINE}, (400, 21614)),
        ({"to": LINE}, (400, 21266)),
        ({"from_": ""}, (400, 21603)),
        ({"from_": "+46846500477"}, (400, 21606)),
        ({"from_": "12345678901"}, (400, 21212)),
        ({"body": ""}, (400, 21602)),
        ({"body": "  "}, (400, 21602)),
        ({"body": "a" * 1601}, (400, 21617)),
        ({"body": "👍" * 801}, (400, 21617)),
        ({"validity_period": 0}, (400, 21624)),
        ({"validity_period": 36001}, (400, 21624)),
        ({"status_callback": "nowhere"}, (400, 21609)),
        ({"status_callback": "http://un_der.example/"}, (400, 21609)),
        ({"media_url": ["nowhere"]}, (400, 21620)),
        ({"media_url": ["http://127.0.0.1/a.png"] * 11}, (400, 21623)),
        ({"messaging_service_sid": "MG" + "0" * 32}, (400, 21701)),
        ({"content_sid": "HX" + "0" * 32}, (400, 20001)),
        ({"send_as_mms": True}, (400, 20001)),
        ({"to": f"whatsapp:{PERSON}"}, (400, 20001)),
    ],
)
def test_what_twilio_would_not_take_is_refused_with_its_code(
    office: Office, wanted: dict[str, object], refusal: tuple[int, int]
) -> None:
    assert office.refused(**wanted) == refusal
    assert office.twilio.messages.list() == []


@pytest.mark.parametrize(
    ("does", "code"), [("invalid", 21211), ("unreachable", 21612), ("not_permitted", 21408)]
)
def test_some_people_cannot_be_texted_at_all(office: Office, does: str, code: int) -> None:
    office.person(does=does)
    assert office.refused() == (400, code)


def test_sixteen_hundred_characters_are_taken(office: Office) -> None:
    assert office.send(body="a" * 1600).num_segments == "11"


def test_a_sender_of_letters_reaches_sweden_and_not_america(office: Office) -> None:
    created = office.send(from_="Revontuli")
    office.settle()
    assert office.find(created.sid).status == "delivered"
    assert office.refused(from_="Revontuli", to="+12025550101") == (400, 21612)


def test_smart_encoding_replaces_typography(office: Office) -> None:
    created = office.send(body="14.30–15.00 " + "x" * 60, smart_encoded=True)
    assert (created.body, created.num_segments) == ("14.30-15.00 " + "x" * 60, "1")
    assert office.send(body="14.30–15.00 " + "x" * 60).num_segments == "2"


def test_texts_are_listed_by_number_and_by_day(office: Office) -> None:
    first, second = office.send().sid, office.send(to=ANOTHER).sid
    office.settle()
    office.pass_time(86_400)
    third = office.send().sid
    office.settle()
    messages = office.twilio.messages
    assert [m.sid for m in messages.list()] == [third, second, first]
    assert [m.sid for m in messages.list(to=ANOTHER)] == [second]
    assert [m.sid for m in messages.list(from_=LINE, to=PERSON)] == [third, first]
    day = datetime(2026, 11, 23, tzinfo=UTC)
    assert [m.sid for m in messages.list(date_sent=day)] == [second, first]
    late = datetime(2026, 11, 24, tzinfo=UTC)
    assert [m.sid for m in messages.list(date_sent_after=late)] == [third]
    assert [m.sid for m in messages.list(date_sent_before=late)] == [second, first]


def test_lists_of_texts_come_in_pages(office: Office) -> None:
    created = [office.send().sid for _ in range(5)]
    assert [m.sid for m in office.twilio.messages.list(page_size=2)] == created[::-1]


def test_a_text_can_be_redacted_and_deleted_once_it_is_over(office: Office) -> None:
    sid = office.send(body="a secret").sid
    messages = office.twilio.messages
    for refuse in (lambda: messages(sid).update(body=""), messages(sid).delete):
        assert refusal(refuse) == (409, 20009)
    office.settle()
    assert messages(sid).update(body="").body == ""
    assert office.find(sid).body == ""
    assert messages(sid).delete()
    assert refusal(messages(sid).fetch) == (404, 20404)


@pytest.mark.parametrize(
    "change", [{"body": "other words"}, {"status": "sent"}, {}, {"body": "", "status": "canceled"}]
)
def test_an_update_that_makes_no_sense_is_30400(office: Office, change: dict[str, str]) -> None:
    sid = office.send().sid
    office.settle()
    assert refusal(lambda: office.twilio.messages(sid).update(**change)) == (400, 30400)


def refusal(action: object) -> tuple[int, int]:
    from twilio.base.exceptions import TwilioRestException

    with pytest.raises(TwilioRestException) as raised:
        action()  # type: ignore[operator]
    return raised.value.status, raised.value.code


def test_media_make_it_an_mms_and_can_be_listed(office: Office) -> None:
    urls = ["http://127.0.0.1/a.png", "http://127.0.0.1/b"]
    sent = office.send(body="", media_url=urls)
    assert sent.sid.startswith("MM")
    assert (sent.num_media, sent.num_segments) == ("2", "1")
    listed = office.twilio.messages(sent.sid).media.list(page_size=1)
    assert [m.content_type for m in listed] == ["image/png", "application/octet-stream"]
    assert {m.parent_sid for m in listed} == {sent.sid}


def test_feedback_is_taken(office: Office) -> None:
    sid = office.send(provide_feedback=True).sid
    assert office.twilio.messages(sid).feedback.create(outcome="unconfirmed").outcome == (
        "unconfirmed"
    )
    unknown = office.twilio.messages("SM" + "0" * 32).feedback
    assert refusal(unknown.create) == (404, 20404)
