"""STOP, START and HELP."""

import pytest
from werkzeug import Response

from ivr.simulator.messaging.keywords import DEFAULT_KEYWORDS, HELP, START, STOP
from ivr.simulator.messaging.people import Reply
from tests.simulator.application import LINE, twiml
from tests.simulator.messaging.office import ANOTHER, PERSON, SECOND_LINE, Office

SERVICE = "MG" + "5" * 32


@pytest.fixture
def services() -> dict[str, object]:
    return {
        "waiting": {
            "sid": SERVICE,
            "senders": [SECOND_LINE],
            "advanced_opt_out": {
                "stop": {"words": ["SLUTA", "avsluta"], "answer": "Klart."},
                "start": {"words": ["BÖRJA"]},
            },
        }
    }


class Handset:
    """Notes what the person's telephone shows."""

    def __init__(self, office: Office, number: str = PERSON) -> None:
        self.texts: list[str] = []
        office.carrier.carrier.handsets[number] = self  # type: ignore[assignment]

    def receive_text(self, sender: str, number: str, body: str) -> None:
        self.texts.append(body)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        *((word, STOP) for word in "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT".split()),
        ("REVOKE", STOP), ("OPTOUT", STOP),
        *((word, START) for word in "START YES UNSTOP".split()),
        ("HELP", HELP), ("INFO", HELP), ("stop", STOP), ("  Stop \n", STOP),
        ("STOP please", ""), ("please stop", ""), ("STOP.", ""), ("", ""), ("LOPETA", ""),
    ],
)  # fmt: skip
def test_a_keyword_is_the_whole_text(body: str, kind: str) -> None:
    assert DEFAULT_KEYWORDS.kind(body) == kind


def test_who_stops_is_answered_asked_about_and_texted_no_more(office: Office) -> None:
    handset = Handset(office)
    office.app.on("/text", twiml())
    office.write("Stop")
    assert handset.texts == [DEFAULT_KEYWORDS.answers[STOP]]
    fields = office.app.fields("/text")
    assert fields["Body"] == "Stop"
    assert "OptOutType" not in fields
    assert office.refused() == (400, 21610)
    assert office.send(to=ANOTHER).status == "queued"
    assert office.send(from_=SECOND_LINE).status == "queued"


def test_who_starts_again_is_texted_again(office: Office) -> None:
    office.app.on("/text", twiml())
    office.write("STOP")
    handset = Handset(office)
    office.write("START")
    assert handset.texts == [DEFAULT_KEYWORDS.answers[START]]
    assert office.send().status == "queued"


def test_yes_from_somebody_who_never_stopped_is_for_the_application_alone(office: Office) -> None:
    handset = Handset(office)
    office.app.on("/text", twiml("<Message>We call at 14.30</Message>"))
    office.write("YES")
    assert handset.texts == ["We call at 14.30"]


def test_help_changes_nothing(office: Office) -> None:
    handset = Handset(office)
    office.app.on("/text", twiml())
    office.write("HELP")
    assert handset.texts == [DEFAULT_KEYWORDS.answers[HELP]]
    assert office.send().status == "queued"
    office.write("STOP")
    office.write("HELP")
    office.write("STOP")
    assert len(handset.texts) == 3  # the two after STOP are not answered; "Hello" came before
    assert DEFAULT_KEYWORDS.answers[HELP] not in handset.texts[1:]


def test_a_reply_to_a_stop_is_not_sent(office: Office) -> None:
    office.app.on("/text", twiml("<Message>You are out</Message>"))
    office.write("STOP")
    assert office.codes == [21610]


def test_who_opted_out_before_is_refused_until_they_start(office: Office) -> None:
    office.person(opted_out=True)
    assert office.refused() == (400, 21610)
    office.app.on("/text", twiml())
    office.write("YES")
    assert office.send().status == "queued"


def test_a_service_has_words_of_its_own_and_tells_the_application(office: Office) -> None:
    lines = office.carrier.carrier.directory.lines
    lines[SECOND_LINE] = lines[LINE].__class__(
        SECOND_LINE, f"{office.app.base}/voice", sms_url=f"{office.app.base}/service"
    )
    office.app.on("/service", twiml())
    handset = Handset(office)
    for body in ("avsluta", "HELP", "börja", "stop", "Hej"):
        office.write(body, line=SECOND_LINE)
    requests = [request.fields for request in office.app.to("/service")]
    kinds = [fields.get("OptOutType") for fields in requests]
    assert kinds == ["STOP", "HELP", "START", "STOP", None]
    assert {fields["MessagingServiceSid"] for fields in requests} == {SERVICE}
    assert handset.texts == ["Klart.", DEFAULT_KEYWORDS.answers[START], "Klart."]
    assert office.refused(messaging_service_sid=SERVICE) == (400, 21610)
    assert office.refused(from_=SECOND_LINE) == (400, 21610)
    assert office.send().status == "queued"


def test_a_person_by_script_may_stop(office: Office) -> None:
    office.person(replies=(Reply("STOP"),))
    office.app.on("/text", Response(status=204))
    office.send()
    office.settle(60)
    assert office.refused() == (400, 21610)
