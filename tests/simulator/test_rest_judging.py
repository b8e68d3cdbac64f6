"""Requests are judged as Twilio's description of its API judges them."""

import pytest
from twilio.base.exceptions import TwilioRestException

from ivr.simulator import EmbeddedCarrier
from ivr.simulator.rest.description import methods, operation, operations
from ivr.simulator.rest.values import fault
from tests.simulator.application import LINE, TEAM, Network
from tests.simulator.rest_requests import ask

UNKNOWN_CALL = "CA" + "0" * 32


@pytest.fixture
def carrier(network: Network) -> EmbeddedCarrier:
    return network.carrier


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/Calls.json?Status=dialling", "Status must be queued, ringing, in-progress, completed,"
         " busy, failed, no-answer or canceled, not 'dialling'"),
        ("/Calls.json?ParentCallSid=CA123", "ParentCallSid must match ^CA[0-9a-fA-F]{32}$,"
         " and 'CA123' does not"),
        ("/Calls.json?StartTime=yesterday", "StartTime must be a date like 2026-11-23T09:00:00Z,"
         " not 'yesterday'"),
        ("/Calls.json?StartTime%3E=23.11.2026", "StartTime> must be a date like"
         " 2026-11-23T09:00:00Z, not '23.11.2026'"),
        ("/Recordings.json?IncludeSoftDeleted=maybe", "IncludeSoftDeleted must be true or false,"
         " not 'maybe'"),
        ("/Calls.json?Page=-1", "Page must be a whole number"),
        ("/Calls.json?PageSize=0", "PageSize must be at least 1, not 0"),
    ],
)  # fmt: skip
def test_a_wrong_filter_is_refused_with_one_sentence(
    carrier: EmbeddedCarrier, path: str, sentence: str
) -> None:
    answered = ask(carrier, "GET", path)
    assert answered.refusal == (400, 20001)
    assert answered.body["message"] == sentence


def test_a_value_out_of_range_of_a_create_is_refused(network: Network) -> None:
    with pytest.raises(TwilioRestException) as raised:
        network.twilio().calls.create(to=TEAM, from_=LINE, twiml="<Response/>", time_limit=86_401)
    assert (raised.value.status, raised.value.code) == (400, 20001)
    assert "TimeLimit must be at most 86400, not 86401" in raised.value.msg


def test_a_status_that_no_call_can_be_given_is_refused_before_the_call_is_looked_for(
    carrier: EmbeddedCarrier,
) -> None:
    answered = ask(carrier, "POST", f"/Calls/{UNKNOWN_CALL}.json", {"Status": "busy"})
    assert answered.refusal == (400, 20001)
    assert answered.body["message"] == "Status must be canceled or completed, not 'busy'"


@pytest.mark.parametrize("sid", ["CA123", "SM" + "0" * 32, "ca" + "0" * 32, "CA" + "g" * 32])
def test_an_identifier_in_the_path_that_no_call_can_have_is_404(
    carrier: EmbeddedCarrier, sid: str
) -> None:
    assert ask(carrier, "GET", f"/Calls/{sid}.json").refusal == (404, 20404)


def test_a_misspelt_parameter_is_ignored_and_the_journal_says_which_may_be_meant(
    network: Network,
) -> None:
    fields = {"To": TEAM, "From": LINE, "Twiml": "<Response/>", "Timeuot": "10", "Colour": "red"}
    assert ask(network.carrier, "POST", "/Calls.json", fields).status == 201
    path = f"/2010-04-01/Accounts/{network.carrier.carrier.settings.account_sid}/Calls.json"
    told = [note.text for note in network.carrier.carrier.journal.notes]
    assert told == [
        f"POST {path}: Twilio does not know the parameter Timeuot and ignores it;"
        " did you mean Timeout?",
        f"POST {path}: Twilio does not know the parameter Colour and ignores it",
    ]


def test_a_body_that_is_no_form_is_not_read_and_the_journal_says_so(
    carrier: EmbeddedCarrier,
) -> None:
    answered = ask(
        carrier, "POST", "/Calls.json", body=b'{"To": "+46846500410"}',
        content_type="application/json",
    )  # fmt: skip
    assert answered.refusal == (400, 21201)
    assert "application/json is not read" in carrier.carrier.journal.notes[-1].text


def test_a_form_that_cannot_be_read_is_refused(carrier: EmbeddedCarrier) -> None:
    answered = ask(
        carrier, "POST", "/Calls.json", body=b"no boundary", content_type="multipart/form-data"
    )
    assert answered.refusal == (400, 20001)


def test_a_file_in_a_form_is_refused(carrier: EmbeddedCarrier) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="To"; filename="to.txt"\r\n\r\n'
        b"+46846500410\r\n--x--\r\n"
    )
    answered = ask(
        carrier, "POST", "/Calls.json", body=body, content_type="multipart/form-data; boundary=x"
    )
    assert answered.refusal == (400, 20001)
    assert answered.body["message"] == "To must be text, not a file"


def test_a_form_that_is_too_large_is_refused(carrier: EmbeddedCarrier) -> None:
    answered = ask(carrier, "POST", "/Calls.json", {"To": "1" * 1_100_000})
    assert answered.refusal == (413, 20001)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/Calls.json"),
        ("DELETE", "/Calls.json"),
        ("POST", f"/Recordings/RE{'0' * 32}.json"),
        ("PATCH", f"/Calls/{UNKNOWN_CALL}.json"),
        ("POST", "/Usage/Records.json"),
    ],
)
def test_a_method_that_twilio_does_not_take_there_is_405(
    carrier: EmbeddedCarrier, method: str, path: str
) -> None:
    assert ask(carrier, method, path, {}).refusal == (405, 20004)


def test_what_twilio_has_and_this_company_has_not_is_404_by_name(carrier: EmbeddedCarrier) -> None:
    answered = ask(carrier, "GET", "/Usage/Records.json")
    assert answered.refusal == (404, 20404)
    assert answered.body["message"].startswith("this simulator does not carry out GET /2010-04-01/")
    assert answered.body["message"].endswith("/Usage/Records.json")


@pytest.mark.parametrize("path", ["/Calls", "/Nonsense.json", "/Calls.xml"])
def test_what_nobody_has_is_404(carrier: EmbeddedCarrier, path: str) -> None:
    assert ask(carrier, "GET", path).refusal == (404, 20404)


def test_a_parameter_that_is_not_carried_out_is_refused_by_name_unless_it_is_off(
    network: Network,
) -> None:
    number = network.twilio().incoming_phone_numbers.list()[0]
    with pytest.raises(TwilioRestException) as raised:
        number.update(voice_application_sid="AP" + "0" * 32)
    assert (raised.value.status, raised.value.code) == (400, 20001)
    assert "does not carry out the parameter VoiceApplicationSid" in raised.value.msg
    assert number.update(voice_caller_id_lookup=False).voice_caller_id_lookup is False


PARTICIPANTS = operation("POST", "/2010-04-01/Accounts/{a}/Conferences/{b}/Participants.json")
MESSAGES = operation("POST", "/2010-04-01/Accounts/{a}/Messages.json")


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("Timeout", ["4"], "Timeout must be at least 5, not 4"),
        ("Timeout", ["5"], ""),
        ("Timeout", ["five"], "Timeout must be a whole number, not 'five'"),
        ("Muted", ["yes"], "Muted must be true or false, not 'yes'"),
        ("Muted", ["True"], ""),
        ("Beep", ["onenter"], "Beep must be true, false, onEnter or onExit, not 'onenter'"),
        ("Label", ["x" * 129], "Label has 129 characters, at most 128"),
        ("WaitUrl", ["/wait"], "WaitUrl must be an absolute http or https address, not '/wait'"),
        ("WaitMethod", ["PUT"], "WaitMethod must be GET or POST, not 'PUT'"),
        ("CallSidToCoach", ["CA1"],
         "CallSidToCoach must match ^CA[0-9a-fA-F]{32}$, and 'CA1' does not"),
        ("StatusCallbackEvent", ["ringing answered", "completed"], ""),
        ("StatusCallbackEvent", ["ringing hung-up"],
         "StatusCallbackEvent must be initiated, ringing, answered or completed, not 'hung-up'"),
        ("ConferenceStatusCallbackEvent", ["start", "end", "dance"],
         "ConferenceStatusCallbackEvent must be start, end, join, leave, mute, hold, modify,"
         " speaker or announcement, not 'dance'"),
    ],
)  # fmt: skip
def test_the_values_of_a_participant_are_judged_by_description_and_prose(
    name: str, values: list[str], sentence: str
) -> None:
    assert PARTICIPANTS is not None
    assert fault(name, values, PARTICIPANTS.form[name]) == sentence


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("ValidityPeriod", ["36001"], "ValidityPeriod must be at most 36000, not 36001"),
        ("SendAt", ["2026-11-23T09:00:00Z"], ""),
        ("SendAt", ["soon"], "SendAt must be a date like 2026-11-23T09:00:00Z, not 'soon'"),
        ("ScheduleType", ["daily"], "ScheduleType must be fixed, not 'daily'"),
        ("MaxPrice", ["0.05"], ""),
        ("MaxPrice", ["cheap"], "MaxPrice must be a number, not 'cheap'"),
        ("MediaUrl", ["http://h/1"] * 11, "MediaUrl is there 11 times, at most 10"),
        ("Body", ["x" * 1601], "Body has 1601 characters, at most 1600"),
    ],
)
def test_the_values_of_a_message_are_judged_by_description_and_prose(
    name: str, values: list[str], sentence: str
) -> None:
    assert MESSAGES is not None
    assert fault(name, values, MESSAGES.form[name]) == sentence


def test_every_operation_of_the_description_is_found_by_its_path() -> None:
    for known in operations():
        assert operation(known.method, known.path) is known
        assert known.method in methods(known.path.replace("{", "").replace("}", ""))
