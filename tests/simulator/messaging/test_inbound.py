"""What people write: the application is asked, and its answer is carried out."""

import socket
from dataclasses import replace

import pytest
from twilio.request_validator import RequestValidator
from werkzeug import Request, Response

from ivr.simulator.messaging.people import Reply
from tests.simulator.application import LINE, twiml
from tests.simulator.messaging.office import ANOTHER, PERSON, SECOND_LINE, Office


def outbound(office: Office) -> list[tuple[str, str, str]]:
    messages = office.carrier.carrier.messages.all()
    return [(m.sender, m.to, m.body) for m in messages if m.direction != "inbound"]


def test_the_application_is_asked_with_twilios_fields(office: Office) -> None:
    office.app.on("/text", twiml())
    message = office.write("Hei! Åäö 👍")
    (request,) = office.app.to("/text")
    account = office.carrier.carrier.settings.account_sid
    assert request.fields == {
        "MessageSid": message.sid, "SmsSid": message.sid, "SmsMessageSid": message.sid,
        "AccountSid": account, "ApiVersion": "2010-04-01", "SmsStatus": "received",
        "From": PERSON, "To": LINE, "Body": "Hei! Åäö 👍", "NumMedia": "0", "NumSegments": "1",
        "FromCountry": "SE", "ToCountry": "SE", "FromCity": "", "FromState": "", "FromZip": "",
        "ToCity": "", "ToState": "", "ToZip": "",
    }  # fmt: skip
    validator = RequestValidator(office.carrier.carrier.settings.auth_token)
    signature = request.headers["X-Twilio-Signature"]
    assert validator.validate(request.url, request.fields, signature)
    found = office.find(message.sid)
    assert (found.direction, found.status, found.num_segments) == ("inbound", "received", "1")
    assert found.date_sent is not None


def test_media_are_announced(office: Office) -> None:
    office.app.on("/text", twiml())
    messages = office.carrier.carrier.messages

    async def write() -> None:
        messages.person_texts(PERSON, LINE, "", ["http://127.0.0.1/cat.png"])

    office.run(write())
    office.settle()
    fields = office.app.fields("/text")
    assert (fields["NumMedia"], fields["MediaContentType0"]) == ("1", "image/png")
    assert fields["MediaUrl0"] == "http://127.0.0.1/cat.png"
    assert fields["MessageSid"].startswith("MM")


@pytest.mark.parametrize(
    "answer",
    ["<Message>Hi</Message>", "<Message><Body>Hi</Body></Message>", "<Sms>Hi</Sms>"],
)
def test_a_reply_goes_back_to_the_sender_from_the_line(office: Office, answer: str) -> None:
    office.app.on("/text", twiml(answer))
    office.write("Hello?")
    assert outbound(office) == [(LINE, PERSON, "Hi")]
    (reply,) = [m for m in office.twilio.messages.list() if m.direction != "inbound"]
    assert (reply.direction, reply.status) == ("outbound-reply", "delivered")
    assert office.codes == []


def test_a_reply_may_go_elsewhere_and_several_may_follow_each_other(office: Office) -> None:
    first = f"<Message to='{ANOTHER}' from='{SECOND_LINE}'>One</Message>"
    office.app.on("/text", twiml(first, "<Message>Two</Message>"))
    office.write("Hello?")
    assert outbound(office) == [(SECOND_LINE, ANOTHER, "One"), (LINE, PERSON, "Two")]


def test_the_status_of_a_reply_is_told(office: Office) -> None:
    office.app.on("/text", twiml("<Message statusCallback='status'>Hi</Message>"))
    office.app.on("/status", Response(status=204))
    office.write("Hello?")
    assert office.told() == ["sent", "delivered"]


def test_an_action_is_told_and_takes_over(office: Office) -> None:
    office.app.on("/text", twiml("<Message action='/next'>One</Message><Message>Never</Message>"))
    office.app.on("/next", twiml("<Message>Two</Message>"))
    office.write("Hello?")
    assert [body for _, _, body in outbound(office)] == ["One", "Two"]
    fields = office.app.fields("/next")
    assert (fields["MessageStatus"], fields["SmsStatus"]) == ("sending", "sending")
    assert fields["Body"] == "Hello?"


def test_a_redirect_goes_on_with_another_document(office: Office) -> None:
    office.app.on("/text", twiml("<Redirect method='GET'>/next</Redirect>"))
    office.app.on("/next", twiml("<Message>Hi</Message>"))
    office.write("Hello?")
    assert office.app.to("/next")[0].method == "GET"
    assert outbound(office) == [(LINE, PERSON, "Hi")]


def test_plain_text_is_sent_as_it_is(office: Office) -> None:
    office.app.on("/text", Response("<b>Hi</b>", mimetype="text/plain"))
    office.write("Hello?")
    assert outbound(office) == [(LINE, PERSON, "<b>Hi</b>")]


@pytest.mark.parametrize(
    "answer",
    [twiml(), Response(status=204), Response("", mimetype="text/plain")],
    ids=["empty", "204", "plain"],
)
def test_nothing_is_sent_when_nothing_is_said(office: Office, answer: str | Response) -> None:
    office.app.on("/text", answer)
    office.write("Hello?")
    assert outbound(office) == []
    assert office.codes == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (twiml("<Say>Hi</Say>"), 14110),
        (twiml("<Body>Hi</Body>"), 14110),
        (twiml("<Message/>"), 14103),
        (twiml("<Message to='x'>Hi</Message>"), 14101),
        (twiml("<Message from='1'>Hi</Message>"), 14102),
        (twiml("<Message from='+46846500477'>Hi</Message>"), 14108),
        (twiml("<Message method='PUT' action='/none'/>"), 14104),
        (twiml("<Message statusCallback='mailto:x'/>"), 14103),
        (twiml("<Message To='x'><Body/></Message>"), 12200),
        (twiml("<Message><Number/></Message>"), 12200),
        (twiml("<Redirect method='PUT'>/none</Redirect>"), 13710),
        (twiml(f"<Message to='{LINE}'>Hi</Message>"), 21266),
        (twiml(f"<Message>{'a' * 1601}</Message>"), 21617),
        ("<Response>", 12100),
        ("<Request/>", 12102),
        (Response("{}", mimetype="application/json"), 12300),
        (Response("", mimetype="text/xml"), 11770),
        (Response("", 500), 11200),
    ],
)
def test_what_twilio_warns_of_is_noted_and_sends_nothing(
    office: Office, answer: str | Response, code: int
) -> None:
    office.app.on("/text", answer).on("/none", twiml())
    office.write("Hello?")
    assert code in office.codes
    assert outbound(office) == []


def test_a_status_callback_that_is_no_address_does_not_stop_the_text(office: Office) -> None:
    office.app.on("/text", twiml("<Message statusCallback='mailto:x'>Hi</Message>"))
    office.write("Hello?")
    assert office.codes == [14105]
    assert len(outbound(office)) == 1


def test_ten_replies_are_the_most(office: Office) -> None:
    office.app.on("/text", twiml(*["<Message>Hi</Message>"] * 12))
    office.write("Hello?")
    assert len(outbound(office)) == 10
    assert office.codes == [14109, 14109]


def test_a_circle_of_documents_ends_at_the_fiftieth(office: Office) -> None:
    office.app.on("/text", twiml("<Redirect/>"))
    office.write("Hello?")
    assert len(office.app.to("/text")) == 50
    assert office.codes == [14106]


def with_fallback(office: Office) -> None:
    lines = office.carrier.carrier.directory.lines
    lines[LINE] = replace(lines[LINE], sms_fallback_url=f"{office.app.base}/fallback")


def test_the_fallback_is_asked_with_the_error_when_the_application_fails(office: Office) -> None:
    with_fallback(office)
    office.app.on("/text", Response("", 500)).on("/fallback", twiml("<Message>Sorry</Message>"))
    office.write("Hello?")
    fields = office.app.fields("/fallback")
    assert (fields["ErrorCode"], fields["ErrorUrl"]) == ("11200", f"{office.app.base}/text")
    assert fields["Body"] == "Hello?"
    assert outbound(office) == [(LINE, PERSON, "Sorry")]


def test_a_fallback_that_fails_too_ends_it(office: Office) -> None:
    with_fallback(office)
    office.app.on("/text", Response("", 500)).on("/fallback", Response("", 500))
    office.write("Hello?")
    assert office.codes == [11200, 11200]
    assert outbound(office) == []


def test_an_application_that_is_not_there_is_11205_or_so(office: Office) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        lines = office.carrier.carrier.directory.lines
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        lines[LINE] = replace(lines[LINE], sms_url=url)
        office.write("Hello?")
    assert office.codes == [11205]


def test_a_line_without_address_asks_nobody_and_says_so(office: Office) -> None:
    office.write("Hello?", line=SECOND_LINE)
    assert office.app.seen == []
    (note,) = office.carrier.carrier.journal.notes
    assert note.text == f"{SECOND_LINE} has no sms_url: nobody is asked"


def test_cookies_are_kept_for_four_hours_between_two_numbers(office: Office) -> None:
    def answer(request: Request) -> Response:
        response = Response(twiml(), mimetype="text/xml")
        response.set_cookie("step", request.cookies.get("step", "") + "x")
        return response

    office.app.on("/text", answer)
    for _ in range(2):
        office.write("Hello?")
    office.write("Hello?", sender=ANOTHER)
    office.pass_time(4 * 3600 + 1)
    office.write("Hello?")
    cookies = [request.headers.get("Cookie") for request in office.app.to("/text")]
    assert cookies == [None, "step=x", None, None]


def test_a_person_by_script_writes_back_once(office: Office) -> None:
    office.app.on("/text", twiml("<Message>Thank you</Message>"))
    office.person(replies=(Reply("JA", when="suits", after=30), Reply("Who is this?")))
    office.send(body="Call you at 14.30? Answer YES if it SUITS.")
    office.settle(120)
    assert [request.fields["Body"] for request in office.app.to("/text")] == ["JA", "Who is this?"]
    office.send(body="suits")
    office.settle(120)
    assert len(office.app.to("/text")) == 2


def test_a_text_from_line_to_line_is_an_inbound_text_there(office: Office) -> None:
    office.app.on("/text", twiml())
    office.send(from_=SECOND_LINE, to=LINE, body="Internal")
    office.settle()
    fields = office.app.fields("/text")
    assert (fields["From"], fields["Body"]) == (SECOND_LINE, "Internal")


def test_a_reply_may_bear_media(office: Office) -> None:
    media = "<Media>http://127.0.0.1/map.png</Media>"
    office.app.on("/text", twiml(f"<Message><Body>Here</Body>{media}</Message>"))
    office.write("Where?")
    (reply,) = [m for m in office.twilio.messages.list() if m.direction != "inbound"]
    assert (reply.body, reply.num_media) == ("Here", "1")
    (listed,) = office.twilio.messages(reply.sid).media.list()
    assert listed.content_type == "image/png"
