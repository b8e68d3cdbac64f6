"""Calls over REST, through the official client."""

import base64
import json
import urllib.error
import urllib.request
from datetime import UTC, date, datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from ivr.simulator import Person, Step
from tests.simulator.application import (
    CALLER,
    LINE,
    TEAM,
    Network,
    eventually,
    twilio_client,
    twiml,
)

DOCUMENT = twiml("<Say>Hello, this is your callback</Say>")
EVENTS = ["initiated", "ringing", "answered", "completed"]


def create(network: Network, **options: Any) -> Any:
    """Have the application phone somebody."""
    network.app.on("/callback", DOCUMENT).on("/progress", "")
    defaults = {"to": TEAM, "from_": LINE, "url": f"{network.app.base}/callback"}
    return network.twilio().calls.create(**{**defaults, **options})


def answering(network: Network, *steps: Step, after: float = 3) -> None:
    network.carrier.carrier.directory.people[TEAM] = Person("answers", after, steps)


def refused(network: Network, **options: Any) -> tuple[int, int]:
    """The status and the code with which a create is refused."""
    with pytest.raises(TwilioRestException) as raised:
        create(network, **options)
    return raised.value.status, raised.value.code


def test_a_created_call_is_queued_and_then_requests_its_url_when_answered(
    network: Network,
) -> None:
    answering(network)
    call = create(network)
    assert (call.status, call.direction) == ("queued", "outbound-api")
    assert (call.to, call._from) == (TEAM, LINE)
    fields = network.app.wait_for("/callback")[0].fields
    assert fields["CallSid"] == call.sid
    assert (fields["CallStatus"], fields["Direction"]) == ("in-progress", "outbound-api")
    assert (fields["From"], fields["To"]) == (LINE, TEAM)


def test_a_handset_rings_answers_and_hears_what_the_application_says(network: Network) -> None:
    network.phone.register(TEAM)
    create(network)
    ring = network.phone.until_my_move()
    assert [event["type"] for event in ring] == ["ring", "your_move"]
    assert ring[0]["from"] == LINE
    network.phone.answer()
    assert network.hear_all() == ["Hello, this is your callback"]


def test_a_finished_call_can_be_fetched_with_its_times(network: Network) -> None:
    answering(network)
    sid = create(network, twiml=twiml("<Pause length='61'/>"), url=None).sid
    call = finished(network, sid)
    assert (call.status, call.duration) == ("completed", "61")
    assert call.date_created == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert (call.end_time - call.start_time).total_seconds() == 64
    assert call.uri.endswith(f"/Calls/{sid}.json")
    assert call.subresource_uris["recordings"].endswith(f"/Calls/{sid}/Recordings.json")


def finished(network: Network, sid: str) -> Any:
    """The call once it has ended; telephony time is stepped, so this takes no time."""
    eventually(lambda: network.carrier.carrier.calls.get(sid).is_over)  # type: ignore[union-attr]
    return network.twilio().calls(sid).fetch()


@pytest.mark.parametrize(
    ("does", "status"),
    [("busy", "busy"), ("failed", "failed"), ("declined", "busy"), ("no_answer", "no-answer")],
)
def test_a_call_that_is_not_taken_ends_with_the_reason(
    network: Network, does: str, status: str
) -> None:
    network.carrier.carrier.directory.people[TEAM] = Person(does)
    call = finished(network, create(network).sid)
    assert (call.status, call.duration) == (status, "0")
    assert network.app.to("/callback") == []


def test_timeout_is_sixty_seconds_and_five_more(network: Network) -> None:
    ended = finished(network, create(network).sid)
    assert (ended.end_time - ended.date_created).total_seconds() == 65
    ended = finished(network, create(network, timeout=20).sid)
    assert (ended.end_time - ended.date_created).total_seconds() == 25


def test_inline_twiml_is_carried_out(network: Network) -> None:
    network.phone.register(TEAM)
    create(network, url=None, twiml=twiml("<Say>Inline</Say>"))
    network.phone.until_my_move()
    network.phone.answer()
    assert network.hear_all() == ["Inline"]


def test_url_goes_before_twiml(network: Network) -> None:
    network.phone.register(TEAM)
    create(network, twiml=twiml("<Say>Inline</Say>"))
    network.phone.until_my_move()
    network.phone.answer()
    assert network.hear_all() == ["Hello, this is your callback"]


def test_a_fallback_url_is_asked_when_the_url_fails(network: Network) -> None:
    answering(network)
    create(network, url=f"{network.app.base}/gone", fallback_url=f"{network.app.base}/callback")
    fields = network.app.wait_for("/callback")[0].fields
    assert (fields["ErrorCode"], fields["ErrorUrl"]) == ("11200", f"{network.app.base}/gone")


def test_send_digits_and_time_limit_are_honoured(network: Network) -> None:
    network.phone.register(TEAM)
    create(network, send_digits="1w2", url=None, time_limit=30,
           twiml=twiml("<Pause length='99'/>"))  # fmt: skip
    network.phone.until_my_move()
    network.phone.answer()
    network.phone.until("ended")
    assert network.event("tones")["digits"] == "1w2"
    assert network.event("ended")["seconds"] == 30


def test_every_event_asked_for_is_told_in_order(network: Network) -> None:
    answering(network)
    create(network, status_callback=f"{network.app.base}/progress", status_callback_event=EVENTS)
    told = [request.fields for request in network.app.wait_for("/progress", 4)]
    assert [f["CallStatus"] for f in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [f["SequenceNumber"] for f in told] == ["0", "1", "2", "3"]
    assert {f["CallbackSource"] for f in told} == {"call-progress-events"}
    assert told[0]["Timestamp"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert told[2]["Timestamp"] == "Mon, 23 Nov 2026 09:00:03 +0000"
    assert [("CallDuration" in f) for f in told] == [False, False, False, True]


def test_without_events_only_the_end_is_told(network: Network) -> None:
    network.carrier.carrier.directory.people[TEAM] = Person("busy")
    create(network, status_callback=f"{network.app.base}/progress", status_callback_method="GET")
    (request,) = network.app.wait_for("/progress")
    assert (request.method, request.fields["CallStatus"]) == ("GET", "busy")


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"from_": ""}, 400, 21213),
        ({"from_": "Ringback"}, 400, 21212),
        ({"from_": "+442079460000"}, 400, 21210),
        ({"to": ""}, 400, 21201),
        ({"to": "12345"}, 400, 21211),
        ({"to": "+46"}, 400, 21211),
        ({"to": "client:ann lee"}, 400, 21211),
        ({"to": "sip:ann"}, 400, 21211),
        ({"from_": "client:ann"}, 400, 21212),
        ({"url": None}, 400, 21205),
        ({"url": "/voice"}, 400, 21205),
        ({"url": "ftp://host/voice"}, 400, 21205),
        ({"url": None, "twiml": twiml("<Say>" + "a" * 4000 + "</Say>")}, 400, 32018),
        ({"url": None, "twiml": "<Response>"}, 400, 12100),
        ({"url": None, "twiml": twiml("<Gather action='/next'/>")}, 400, 15004),
        ({"url": None, "twiml": twiml("<Redirect>next</Redirect>")}, 400, 15004),
        ({"method": "PUT"}, 400, 21209),
        ({"timeout": 601}, 400, 21208),
        ({"timeout": 0}, 400, 21208),
        ({"send_digits": "12a"}, 400, 21206),
        ({"send_digits": "1" * 33}, 400, 21206),
        ({"status_callback": "here"}, 400, 21609),
        ({"status_callback": "http://my_host/x"}, 400, 21609),
        ({"status_callback_event": ["answered completed"]}, 400, 21626),
        ({"application_sid": "AP" + "0" * 32}, 400, 21218),
        ({"machine_detection": "Always"}, 400, 21234),
        ({"machine_detection": "Enable", "machine_detection_timeout": 60}, 400, 21234),
        ({"machine_detection_silence_timeout": 1999}, 400, 21234),
        ({"recording_status_callback_event": ["begun"]}, 400, 13621),
        ({"sip_auth_username": "ann"}, 400, 21225),
        ({"byoc": "BY" + "0" * 32}, 400, 20001),
        ({"call_token": "CT0", "from_": CALLER}, 400, 21210),
    ],
)
def test_what_twilio_refuses_is_refused(
    network: Network, options: dict[str, Any], status: int, code: int
) -> None:
    assert refused(network, **options) == (status, code)
    assert network.carrier.carrier.calls.all() == []


def test_inline_twiml_of_4000_characters_is_still_fine(network: Network) -> None:
    longest = twiml("<Say>" + "a" * (4000 - len(twiml("<Say></Say>"))) + "</Say>")
    assert create(network, url=None, twiml=longest).status == "queued"


def test_a_live_call_can_be_redirected_to_a_url(network: Network) -> None:
    network.app.on("/voice", twiml("<Pause length='600'/>", "<Say>Unheard</Say>"))
    network.app.on("/callback", DOCUMENT)
    network.call(ask=["paused"])
    sid = network.phone.until_my_move()[-1]["call_sid"]
    network.twilio().calls(sid).update(url=f"{network.app.base}/callback", method="POST")
    network.phone.wait()
    assert network.hear_all() == ["Hello, this is your callback"]
    assert network.event("ended")["seconds"] < 10


def test_a_live_call_can_be_redirected_to_twiml(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather timeout='600'/>"))
    network.call()
    sid = network.phone.until_my_move()[-1]["call_sid"]
    network.twilio().calls(sid).update(twiml=twiml("<Say>Instead</Say>"))
    assert network.hear_all() == ["Instead"]


def test_a_live_call_can_be_completed(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather timeout='600'/>"))
    network.call()
    sid = network.phone.until_my_move()[-1]["call_sid"]
    assert network.twilio().calls(sid).update(status="completed").status == "completed"
    network.phone.until("ended")
    assert network.event("ended")["reason"] == "ended through the REST API"


def test_a_live_call_can_be_given_a_time_limit(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather timeout='600'/>"))
    network.call()
    sid = network.phone.until_my_move()[-1]["call_sid"]
    network.twilio().calls(sid).update(time_limit=45)
    network.phone.silence()
    assert network.phone.until("ended")[-1]["seconds"] == 45


def test_canceling_leaves_an_answered_call_alone(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather timeout='600'/>"))
    network.call()
    sid = network.phone.until_my_move()[-1]["call_sid"]
    assert network.twilio().calls(sid).update(status="canceled").status == "in-progress"


@pytest.mark.parametrize("status", ["canceled", "completed"])
def test_a_ringing_call_can_be_canceled(network: Network, status: str) -> None:
    network.phone.register(TEAM)
    sid = create(network).sid
    network.phone.until_my_move()
    assert network.twilio().calls(sid).update(status=status).status == "canceled"
    assert network.phone.until("ended")[-1]["status"] == "canceled"
    assert network.app.to("/callback") == []


def test_redirecting_a_call_that_is_not_in_progress_is_21220(network: Network) -> None:
    network.phone.register(TEAM)
    sid = create(network).sid
    network.phone.until_my_move()
    for over in (False, True):
        if over:
            network.phone.decline()
            finished(network, sid)
        with pytest.raises(TwilioRestException) as raised:
            network.twilio().calls(sid).update(twiml=twiml())
        assert (raised.value.status, raised.value.code) == (400, 21220)


def test_inline_twiml_has_no_current_document_to_request_again(network: Network) -> None:
    network.phone.register(TEAM)
    create(network, url=None, twiml=twiml("<Gather numDigits='1'/>"))
    network.phone.until_my_move()
    network.phone.answer()
    network.phone.until_my_move()
    network.phone.press("1")
    network.phone.until("ended")
    assert 11100 in network.codes()


def test_both_legs_of_a_dial_can_be_listed_by_their_parent(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    network.call(people={TEAM: "busy"})
    network.phone.until("ended")
    parent = network.event("ended")["call_sid"]
    (child,) = network.twilio().calls.list(parent_call_sid=parent)
    assert (child.direction, child.status, child.to) == ("outbound-dial", "busy", TEAM)


def test_a_bridged_leg_can_be_taken_out_of_its_conversation(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>", "<Say>They left you</Say>"))
    with network.carrier.phone() as callee:
        callee.register(TEAM)
        network.call()
        callee.until_my_move()
        callee.answer()
        sid = callee.until("connected")[-1]["call_sid"]
        network.phone.until_my_move()
        network.twilio().calls(sid).update(twiml=twiml("<Say>Something else for you</Say>"))
        assert callee.until("said")[-1]["text"] == "Something else for you"
        assert network.hear_all() == ["They left you"]


def test_a_caller_can_be_taken_out_of_a_conversation(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial action='/never'>{TEAM}</Dial>"))
    network.call(people={TEAM: "answers"})
    sid = network.phone.until_my_move()[-1]["call_sid"]
    network.twilio().calls(sid).update(twiml=twiml("<Say>Something else</Say>"))
    assert network.hear_all() == ["Something else"]
    assert network.app.to("/never") == []
    assert network.carrier.carrier.calls.all()[1].status == "completed"


def test_a_recording_that_a_redirect_cuts_short_is_kept(network: Network) -> None:
    network.app.on("/voice", twiml("<Record action='/never'/>"))
    network.call()
    network.phone.until_my_move()
    network.phone.speak(6)
    sid = network.phone.until_my_move()[-1]["call_sid"]
    network.twilio().calls(sid).update(twiml=twiml("<Say>Something else</Say>"))
    assert network.hear_all() == ["Something else"]
    assert network.app.to("/never") == []
    (recording,) = network.twilio().recordings.list()
    assert (recording.status, recording.duration) == ("completed", "6")


def test_lists_are_filtered_by_number_status_and_day(network: Network) -> None:
    network.carrier.carrier.directory.people[TEAM] = Person("busy")
    busy = finished(network, create(network).sid)
    other = finished(network, create(network, to=CALLER).sid)
    calls = network.twilio().calls
    assert [c.sid for c in calls.list()] == [other.sid, busy.sid]
    assert [c.sid for c in calls.list(to=TEAM)] == [busy.sid]
    assert [c.sid for c in calls.list(status="no-answer")] == [other.sid]
    assert [c.sid for c in calls.list(from_="+46846500499")] == []
    today, tomorrow = date(2026, 11, 23), date(2026, 11, 24)
    assert len(calls.list(start_time=today)) == 2
    assert calls.list(start_time=tomorrow) == []
    assert calls.list(start_time_after=tomorrow) == []
    assert len(calls.list(start_time_before=tomorrow)) == 2
    late = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
    assert [c.sid for c in calls.list(end_time_after=late)] == [other.sid]


def test_lists_come_in_pages_that_the_client_follows(network: Network) -> None:
    network.carrier.carrier.directory.people[TEAM] = Person("busy")
    created = [create(network).sid for _ in range(7)]
    listed = [call.sid for call in network.twilio().calls.list(page_size=3)]
    assert listed == created[::-1]
    page = network.twilio().calls.page(page_size=3)
    assert len(list(page)) == 3
    assert page.next_page_url.startswith("https://api.twilio.com/2010-04-01/Accounts/AC")


def test_a_page_is_at_most_a_thousand(network: Network) -> None:
    status, body = get(network, "/Calls.json?PageSize=1001")
    assert (status, body["code"]) == (400, 20007)


def get(network: Network, path: str, sid: str = "", token: str = "") -> tuple[int, dict[str, Any]]:
    """The status and the body of a GET below the account."""
    settings = network.carrier.carrier.settings
    pair = f"{sid or settings.account_sid}:{token or settings.auth_token}"
    url = f"{network.carrier.url}/2010-04-01/Accounts/{settings.account_sid}{path}"
    request = urllib.request.Request(url)
    request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize(("sid", "token"), [("", "wrong"), ("AC" + "f" * 32, "")])
def test_who_is_not_the_account_gets_401_and_20003(network: Network, sid: str, token: str) -> None:
    status, body = get(network, "/Calls.json", sid, token)
    assert status == body["status"] == 401
    assert (body["code"], body["message"]) == (20003, "Authenticate")


def test_another_account_is_closed_to_the_right_token(network: Network) -> None:
    client = network.twilio()
    with pytest.raises(TwilioRestException) as raised:
        client.api.accounts("AC" + "f" * 32).calls("CA" + "0" * 32).fetch()
    assert raised.value.status == 401


def test_the_called_number_may_be_shown_though_it_is_not_ours(network: Network) -> None:
    answering(network, Step("waits", 60))
    number = "+46846500499"
    network.carrier.carrier.directory.people[number] = Person("busy")
    create(network, url=None, twiml=twiml(f"<Dial callerId='{TEAM}'>{number}</Dial>"))
    calls = network.carrier.carrier.calls
    eventually(lambda: len(calls.all()) == 2 and not calls.live())
    assert calls.all()[1].caller == TEAM
    assert network.codes() == []


def test_the_official_client_sees_the_wrong_token_too(network: Network) -> None:
    with pytest.raises(TwilioRestException) as raised:
        twilio_client(network.carrier, "wrong").calls("CA" + "0" * 32).fetch()
    assert (raised.value.status, raised.value.code) == (401, 20003)


@pytest.mark.parametrize("sid", ["CA" + "0" * 32, "CA123", "SM" + "0" * 32])
def test_an_unknown_call_is_20404_in_twilios_shape(network: Network, sid: str) -> None:
    status, body = get(network, f"/Calls/{sid}.json")
    path = f"/2010-04-01/Accounts/{network.carrier.carrier.settings.account_sid}/Calls/{sid}.json"
    assert (status, body) == (404, {
        "code": 20404,
        "message": f"The requested resource {path} was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    })  # fmt: skip


def test_a_resource_that_is_not_there_yet_is_20404(network: Network) -> None:
    with pytest.raises(TwilioRestException) as raised:
        network.twilio().applications.create(friendly_name="support")
    assert (raised.value.status, raised.value.code) == (404, 20404)
