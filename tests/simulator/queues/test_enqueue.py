"""Enqueue: what a waiting caller hears, and what the application is told when the wait is over."""

import io
import wave
from typing import Any

import pytest
import requests
from werkzeug import Request, Response

from ivr.simulator import Directory, EmbeddedCarrier, Line
from ivr.simulator.queues.waiting import HOLD_MUSIC, WaitSession
from ivr.simulator.session import Flow
from tests.simulator.application import CALLER, LINE, eventually, twiml
from tests.simulator.queues.conftest import Open
from tests.simulator.queues.switchboard import Switchboard

OTHER = "+46701740606"
GATHER = "<Gather numDigits='1' timeout='30' action='/choice'/>"


def queue_parameters(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if "Queue" in name}


def test_the_wait_document_is_told_how_the_queue_stands(board: Switchboard) -> None:
    board.serve()
    board.phones(OTHER)
    board.pass_time(4)
    second = board.phones()
    (fields,) = board.told("/wait", second)
    assert queue_parameters(fields) == {
        "QueuePosition": "2", "QueueSid": board.queue.sid, "QueueTime": "0", "AvgQueueTime": "2",
        "CurrentQueueSize": "2", "MaxQueueSize": "1000",
    }  # fmt: skip
    assert fields["CallStatus"] == "in-progress"


def test_it_is_asked_for_again_whenever_it_runs_out(board: Switchboard) -> None:
    board.serve()
    call = board.phones()
    board.pass_time(35)
    assert [f["QueueTime"] for f in board.told("/wait", call)] == ["0", "10", "20", "30"]


def test_places_move_up_when_somebody_leaves(board: Switchboard) -> None:
    board.serve()
    board.phones(OTHER, LINE, {"waits": 5}, {"hangs_up": True})
    call = board.phones()
    board.pass_time(10)
    assert [f["QueuePosition"] for f in board.told("/wait", call)] == ["2", "1"]


def test_the_average_is_the_age_of_those_waiting_not_of_those_who_left(
    board: Switchboard,
) -> None:
    board.serve()
    board.phones(OTHER, LINE, {"waits": 99}, {"hangs_up": True})
    board.pass_time(100)
    call = board.phones()
    board.pass_time(10)
    assert [f["AvgQueueTime"] for f in board.told("/wait", call)] == ["0", "10"]


def test_a_redirect_in_the_wait_leads_back_to_the_wait_url(board: Switchboard) -> None:
    board.serve(wait=twiml("<Redirect>/more</Redirect>"))
    board.app.on("/more", twiml("<Pause length='7'/>"))
    call = board.phones()
    board.pass_time(7)
    assert [len(board.told(path, call)) for path in ("/wait", "/more")] == [2, 2]
    assert queue_parameters(board.told("/more", call)[0]) == {}


def test_the_queue_may_be_told_of_in_every_document_of_the_wait(open_switchboard: Open) -> None:
    board = open_switchboard(queue_fields_in_whole_wait=True)
    board.serve(wait=twiml("<Redirect>/more</Redirect>"))
    board.app.on("/more", twiml("<Pause length='7'/>"))
    (fields,) = board.told("/more", board.phones())
    assert fields["QueuePosition"] == "1"


def test_addresses_in_the_wait_are_relative_to_the_wait_document(board: Switchboard) -> None:
    board.serve(enqueue="waitUrl='/deep/wait'")
    board.app.on("/deep/wait", twiml("<Redirect>more</Redirect>"))
    board.app.on("/deep/more", twiml("<Pause length='60'/>"))
    assert len(board.told("/deep/more", board.phones())) == 1


def test_the_wait_document_can_be_got(board: Switchboard) -> None:
    board.serve(enqueue="waitUrl='/wait' waitUrlMethod='GET'")
    (request,) = board.seen("/wait", board.phones())
    assert (request.method, request.fields["QueuePosition"]) == ("GET", "1")


def test_an_empty_wait_url_is_silence_for_as_long_as_it_lasts(board: Switchboard) -> None:
    board.serve(enqueue="waitUrl='' action='/left'")
    call = board.phones(CALLER, LINE, {"waits": 3600}, {"hangs_up": True})
    board.pass_time(3599)
    assert (call.status, len(board.app.seen), call.heard) == ("in-progress", 1, 0)
    board.pass_time(1)
    assert board.result(call)["QueueTime"] == "3600"


def test_without_a_wait_url_twilios_music_plays_and_nothing_is_fetched(
    board: Switchboard,
) -> None:
    board.serve(enqueue="")
    with board.carrier.phone() as phone:
        phone.dial(LINE, CALLER)
        events = phone.until("played")
        assert "enqueued" in [event["type"] for event in events]
        assert (events[-1]["url"], events[-1]["seconds"]) == (HOLD_MUSIC, 60)
        board.pass_time(60)
        assert phone.until("played")[-1]["at"] == 60
    assert [seen.path for seen in board.app.seen] == ["/voice"]


def sound(seconds: int) -> Response:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(1)
        writer.setframerate(100)
        writer.writeframes(b"\x80" * 100 * seconds)
    return Response(file.getvalue(), mimetype="audio/wav")


def test_a_wait_url_may_be_sound_and_is_played_for_ever(board: Switchboard) -> None:
    board.serve(enqueue="waitUrl='/music.wav' waitUrlMethod='GET'")
    board.app.on("/music.wav", sound(20))
    call = board.phones()
    board.pass_time(60)
    assert (call.heard, board.line()) == (4, [call.sid])


def test_a_person_is_told_of_their_place(board: Switchboard) -> None:
    board.serve()
    board.phones(OTHER)
    with board.carrier.phone() as phone:
        phone.dial(LINE, CALLER)
        event = phone.until("enqueued")[-1]
        assert (event["queue"], event["position"], event["size"]) == ("support", 2, 2)


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("<Dial>+46846500410</Dial>", 13201), ("<Record/>", 12200), ("<Reject/>", 12200),
        ("<Enqueue>other</Enqueue>", 12200), ("<Sms>Hello</Sms>", 12200),
    ],
)  # fmt: skip
def test_other_verbs_in_the_wait_end_it_as_an_error(
    board: Switchboard, verb: str, code: int
) -> None:
    board.serve(wait=twiml(verb))
    call = board.phones()
    assert board.result(call)["QueueResult"] == "error"
    assert board.codes()[-1] == code
    assert board.line() == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("broken", 500), 11200), (Response("gone", 404), 11200),
        (Response("<Response>", mimetype="text/xml"), 12100),
        (Response("", mimetype="text/xml"), 11770),
        (Response("{}", mimetype="application/json"), 12300),
    ],
)  # fmt: skip
def test_a_wait_document_that_cannot_be_had_ends_the_wait_as_an_error(
    board: Switchboard, answer: Response, code: int
) -> None:
    board.serve()
    board.app.on("/wait", answer)
    call = board.phones()
    assert board.result(call)["QueueResult"] == "error"
    assert board.codes() == [code]


def test_it_may_fail_later_too(board: Switchboard) -> None:
    board.serve()
    call = board.phones()
    board.app.on("/wait", Response("broken", 500))
    board.pass_time(10)
    assert board.result(call) == {
        "QueueResult": "error", "QueueSid": board.queue.sid, "QueueTime": "10",
    }  # fmt: skip


def test_after_an_error_without_action_the_next_verb_follows(board: Switchboard) -> None:
    board.serve("waitUrl='/nowhere'", next_verb="<Redirect>/next</Redirect>")
    board.app.on("/next", twiml("<Pause length='9'/>"))
    call = board.phones()
    assert len(board.told("/next", call)) == 1
    assert call.status == "in-progress"


def test_silence_that_asks_and_asks_is_stopped_as_an_error(board: Switchboard) -> None:
    board.serve(wait=twiml())
    call = board.phones()
    assert board.result(call)["QueueResult"] == "error"
    assert len(board.told("/wait", call)) == 50
    assert board.codes() == [11215]


def test_a_wait_of_short_pauses_goes_on_and_on(board: Switchboard) -> None:
    board.serve(wait=twiml("<Pause length='1'/>"))
    call = board.phones()
    board.pass_time(70)
    assert len(board.told("/wait", call)) == 71
    assert board.line() == [call.sid]


def test_a_telephone_on_which_nothing_takes_time_does_not_ask_without_end(
    board: Switchboard,
) -> None:
    board.serve(wait=twiml("<Say>Please hold the line for a long time.</Say>"))
    with board.carrier.phone() as phone:
        phone.dial(LINE, CALLER, pace="fast")
        phone.until("said")
        board.pass_time(5)
        assert len(board.app.to("/wait")) == 6


def test_the_caller_can_press_a_key_in_the_wait(board: Switchboard) -> None:
    board.serve(wait=twiml(GATHER))
    board.app.on("/choice", twiml("<Leave/>"))
    call = board.phones(CALLER, LINE, {"presses": 1})
    (choice,) = board.told("/choice", call)
    assert choice["Digits"] == "1"
    assert board.result(call)["QueueResult"] == "leave"


def test_the_caller_can_speak_in_the_wait(board: Switchboard) -> None:
    board.serve(wait=twiml("<Gather input='speech' action='/choice'/>"))
    board.app.on("/choice", twiml("<Leave/>"))
    call = board.phones(CALLER, LINE, {"says": "call me back"})
    board.pass_time(20)
    assert board.told("/choice", call)[0]["SpeechResult"] == "call me back"
    assert board.result(call)["QueueResult"] == "leave"


def test_a_choice_that_runs_out_leads_back_to_the_wait(board: Switchboard) -> None:
    board.serve(wait=twiml(GATHER))
    board.app.on("/choice", twiml("<Pause length='2'/>"))
    call = board.phones(CALLER, LINE, {"presses": 1})
    board.pass_time(2)
    assert [f["QueueTime"] for f in board.told("/wait", call)] == ["0", "2"]


def test_a_gather_without_action_asks_for_the_wait_document_again(board: Switchboard) -> None:
    def wait(request: Request) -> str:
        return twiml("<Leave/>") if "Digits" in request.form else twiml("<Gather numDigits='1'/>")

    board.serve()
    board.app.on("/wait", wait)
    call = board.phones(CALLER, LINE, {"presses": 5})
    assert board.result(call)["QueueResult"] == "leave"


def test_keys_and_speech_at_once_are_refused_in_a_wait(board: Switchboard) -> None:
    board.serve(wait=twiml("<Gather input='dtmf speech'/>"))
    call = board.phones()
    assert board.result(call)["QueueResult"] == "error"
    assert board.codes() == [13326]


def test_unless_the_company_is_told_to_take_both(open_switchboard: Open) -> None:
    board = open_switchboard(wait_gathers_both=True)
    board.serve(wait=twiml("<Gather input='dtmf speech' action='/choice' numDigits='1'/>"))
    board.app.on("/choice", twiml("<Leave/>"))
    call = board.phones(CALLER, LINE, {"presses": 1})
    assert board.result(call)["QueueResult"] == "leave"


def test_who_leaves_goes_on_with_what_the_action_answers(board: Switchboard) -> None:
    board.serve(wait=twiml("<Pause length='6'/>", "<Leave/>"), next_verb="<Redirect>/no</Redirect>")
    board.app.on("/left", twiml("<Redirect>/after</Redirect>")).on("/after", twiml())
    call = board.phones()
    board.pass_time(6)
    assert board.result(call) == {
        "QueueResult": "leave", "QueueSid": board.queue.sid, "QueueTime": "6",
    }  # fmt: skip
    assert len(board.told("/after", call)) == 1
    assert board.app.to("/no") == []


def test_who_leaves_without_action_goes_on_with_the_next_verb(board: Switchboard) -> None:
    board.serve("waitUrl='/wait'", twiml("<Leave/>"), next_verb="<Redirect>/next</Redirect>")
    board.app.on("/next", twiml())
    assert len(board.told("/next", board.phones())) == 1


def test_leave_where_nobody_waits_is_warned_of_and_passed_over(board: Switchboard) -> None:
    board.app.on("/voice", twiml("<Leave/>", "<Redirect>/next</Redirect>")).on("/next", twiml())
    call = board.phones()
    assert len(board.told("/next", call)) == 1
    assert board.codes() == [12200]


def test_the_wait_can_hang_up(board: Switchboard) -> None:
    board.serve(wait=twiml("<Hangup/>"), next_verb="<Redirect>/no</Redirect>")
    call = board.phones()
    assert board.result(call)["QueueResult"] == "hangup"
    assert (call.status, call.reason) == ("completed", "the application hung up")
    assert board.app.to("/no") == []


def test_who_hangs_up_is_told_of_and_the_answer_has_no_listener(board: Switchboard) -> None:
    board.serve()
    board.app.on("/left", twiml("<Redirect>/no</Redirect>"))
    call = board.phones(CALLER, LINE, {"waits": 12}, {"hangs_up": True})
    board.pass_time(12)
    assert board.result(call) == {
        "QueueResult": "hangup", "QueueSid": board.queue.sid, "QueueTime": "12",
    }  # fmt: skip
    assert board.told("/left", call)[0]["CallStatus"] == "completed"
    assert board.app.to("/no") == []
    assert board.line() == []


def test_the_action_can_be_got(board: Switchboard) -> None:
    board.serve("waitUrl='/wait' action='/left' method='GET'", twiml("<Leave/>"))
    call = board.phones()
    board.result(call)
    assert board.seen("/left", call)[0].method == "GET"


def test_a_full_queue_takes_nobody(board: Switchboard) -> None:
    board.serve()
    board.twilio().queues.create(friendly_name="support", max_size=1)
    first, second = board.phones(OTHER), board.phones()
    assert board.result(second) == {"QueueResult": "queue-full"}
    assert board.line() == [first.sid]
    assert board.codes() == [14207]


def test_when_there_is_room_again_the_next_is_taken(board: Switchboard) -> None:
    board.serve()
    board.twilio().queues.create(friendly_name="support", max_size=1)
    board.phones(OTHER, LINE, {"waits": 5}, {"hangs_up": True})
    board.pass_time(5)
    call = board.phones()
    assert board.line() == [call.sid]


@pytest.mark.parametrize(
    ("enqueue", "code"),
    [
        ("<Enqueue action='/left'/>", 14204),
        ("<Enqueue action='/left'>" + "x" * 65 + "</Enqueue>", 14205),
        ("<Enqueue action='/left' waitUrl='ftp://x/'>support</Enqueue>", 14202),
        ("<Enqueue action='/left' workflowSid='WW1'><Task>{}</Task></Enqueue>", 14226),
    ],
)
def test_an_enqueue_that_makes_no_sense_is_an_error_for_its_action(
    board: Switchboard, enqueue: str, code: int
) -> None:
    board.app.on("/voice", twiml(enqueue)).on("/left", twiml())
    call = board.phones()
    assert board.result(call) == {"QueueResult": "error"}
    assert code in board.codes()
    assert board.carrier.carrier.queues.all() == []


def test_a_name_may_have_64_characters(board: Switchboard) -> None:
    board.app.on("/voice", twiml(f"<Enqueue waitUrl=''> {'x' * 64}\n</Enqueue>"))
    call = board.phones()
    assert (board.queue.name, board.line()) == ("x" * 64, [call.sid])


def test_names_differ_by_case_and_are_made_once(board: Switchboard) -> None:
    board.app.on("/voice", twiml("<Enqueue waitUrl=''>Support</Enqueue>"))
    board.phones()
    board.phones()
    board.serve("waitUrl=''")
    board.phones()
    names = [(q.name, len(q.members)) for q in board.carrier.carrier.queues.all()]
    assert names == [("Support", 2), ("support", 1)]


def test_an_action_that_is_no_address_is_an_error_of_the_application(board: Switchboard) -> None:
    board.serve("action='ftp://x/'")
    call = board.phones()
    board.pass_time(20)
    assert board.codes() == [14203]
    assert call.status == "completed"


def test_a_method_that_is_none_is_warned_of_and_taken_as_post(board: Switchboard) -> None:
    board.serve("waitUrl='/wait' waitUrlMethod='PUT' action='/left' method='PUT'")
    (request,) = board.seen("/wait", board.phones())
    assert request.method == "POST"
    assert sorted(board.codes()) == [14201, 14206]


def test_a_waiting_call_can_be_redirected(board: Switchboard) -> None:
    board.serve(next_verb="<Redirect>/no</Redirect>")
    board.app.on("/new", twiml("<Pause length='60'/>"))
    board.app.on("/left", twiml("<Redirect>/no</Redirect>"))
    call = board.phones()
    board.pass_time(3)
    board.twilio().calls(call.sid).update(url=board.app.base + "/new")
    assert board.result(call) == {
        "QueueResult": "redirected", "QueueSid": board.queue.sid, "QueueTime": "3",
    }  # fmt: skip
    assert len(board.told("/new", call)) == 1
    assert (board.line(), board.app.to("/no"), call.status) == ([], [], "in-progress")


def test_a_waiting_call_can_be_ended(board: Switchboard) -> None:
    board.serve()
    call = board.phones()
    board.twilio().calls(call.sid).update(status="completed")
    assert board.result(call)["QueueResult"] == "hangup"
    assert board.line() == []


def test_a_caller_can_go_from_one_queue_into_another(board: Switchboard) -> None:
    board.serve(wait=twiml("<Leave/>"))
    board.app.on("/left", twiml("<Enqueue waitUrl=''>billing</Enqueue>"))
    call = board.phones()
    assert board.result(call)["QueueResult"] == "leave"
    sizes = {queue.name: len(queue.members) for queue in board.carrier.carrier.queues.all()}
    assert sizes == {"support": 0, "billing": 1}


def test_a_failure_of_the_company_itself_is_a_system_error(
    board: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(waiting: WaitSession) -> Flow:
        raise RuntimeError("out of order")

    monkeypatch.setattr(WaitSession, "wait", broken)
    board.serve()
    call = board.phones()
    assert board.result(call)["QueueResult"] == "system-error"
    assert (board.line(), call.status) == ([], "failed")


def test_with_the_real_clock_too_a_silent_circle_is_stopped(board: Switchboard) -> None:
    board.serve(wait=twiml())
    directory = Directory(lines={LINE: Line(LINE, f"{board.app.base}/voice")})
    with EmbeddedCarrier(directory) as carrier:
        body: dict[str, Any] = {"from": CALLER, "to": LINE, "person": {}}
        requests.post(carrier.url + "/_carrier/calls", json=body, timeout=20)
        eventually(lambda: len(board.app.to("/left")) == 1)
    assert len(board.app.to("/wait")) == 50
