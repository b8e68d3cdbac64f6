"""Dial with Queue: the first of the line is taken, hears a document, and talks."""

import pytest
from werkzeug import Response

from ivr.simulator import Person
from tests.simulator.application import CALLER, LINE, twiml
from tests.simulator.queues.conftest import Open
from tests.simulator.queues.switchboard import AGENT, AGENT_LINE, WAIT, Switchboard

FIRST, SECOND, THIRD = "+46701740601", "+46701740602", "+46701740603"
HANGS_UP = {"hangs_up": True}
SOON = {"waits": 8}


def test_the_first_of_the_line_is_taken(board: Switchboard) -> None:
    board.serve()
    calls = [board.phones(number) for number in (FIRST, SECOND, THIRD)]
    board.agent_phones()
    assert board.line() == [call.sid for call in calls[1:]]
    board.agent_phones()
    assert board.line() == [calls[2].sid]


def test_the_caller_is_told_of_after_the_talk_not_before(board: Switchboard) -> None:
    board.serve(next_verb="<Redirect>/no</Redirect>")
    board.app.on("/left", twiml("<Redirect>/survey</Redirect>")).on("/survey", twiml())
    call = board.phones()
    board.pass_time(25)
    board.agent_phones({"waits": 40}, HANGS_UP)
    board.pass_time(39)
    assert board.told("/left", call) == []
    board.pass_time(1)
    assert board.result(call) == {
        "QueueResult": "bridged", "QueueSid": board.queue.sid, "QueueTime": "25",
    }  # fmt: skip
    assert len(board.told("/survey", call)) == 1


def test_the_agents_action_is_told_whom_they_had(board: Switchboard) -> None:
    board.serve()
    call = board.phones(CALLER, LINE, {"waits": 55}, HANGS_UP)
    board.pass_time(20)
    agent = board.agent_phones()
    board.pass_time(35)
    assert board.dialled(agent) == {
        "DialCallStatus": "completed", "DialBridged": "true", "QueueSid": board.queue.sid,
        "DequeueResult": "bridged", "DequeuedCallSid": call.sid, "DequeuedCallQueueTime": "20",
        "DequeuedCallDuration": "35",
    }  # fmt: skip
    assert board.result(call)["QueueResult"] == "bridged"
    assert board.told("/left", call)[0]["CallStatus"] == "completed"


def test_the_agent_who_hangs_up_has_no_action(board: Switchboard) -> None:
    board.serve()
    board.phones()
    agent = board.agent_phones(SOON, HANGS_UP)
    board.pass_time(8)
    assert board.told("/dialled", agent) == []


def test_without_actions_both_go_on_with_their_next_verbs(board: Switchboard) -> None:
    board.serve("waitUrl='/wait'", dial="timeLimit='5'", next_verb="<Redirect>/c</Redirect>")
    agents = "<Dial timeLimit='5'><Queue>support</Queue></Dial>"
    board.app.on("/agent", twiml(agents, "<Redirect>/a</Redirect>"))
    board.app.on("/a", twiml()).on("/c", twiml())
    call = board.phones()
    agent = board.agent_phones()
    board.pass_time(5)
    assert (len(board.told("/c", call)), len(board.told("/a", agent))) == (1, 1)


def test_the_two_hear_each_other(board: Switchboard) -> None:
    board.serve()
    with board.carrier.phone() as caller, board.carrier.phone() as agent:
        caller.dial(LINE, CALLER)
        caller.until("enqueued")
        agent.dial(AGENT_LINE, AGENT)
        assert agent.until("connected")[-1]["number"] == CALLER
        heard = caller.until("connected")
        assert heard[-1]["number"] == AGENT
        assert "dequeued" in [event["type"] for event in heard]
        caller.until_my_move()
        agent.until_my_move()
        caller.say("Hello, it is me")
        assert agent.until("heard")[-1]["text"] == "Hello, it is me"
        agent.press("5")
        assert caller.until("heard")[-1]["keys"] == "5"
        agent.hang_up()
        event = caller.until("queue_result")[-1]
        assert (event["queue"], event["result"]) == ("support", "bridged")


def test_the_member_hears_a_document_before(board: Switchboard) -> None:
    board.serve(noun="url='/about'")
    board.app.on("/about", twiml("<Pause length='3'/>", "<Redirect>/more</Redirect>"))
    board.app.on("/more", twiml("<Play digits='1'/>", "<Pause length='2'/>"))
    call = board.phones(CALLER)
    board.pass_time(4)
    agent = board.agent_phones()
    (fields,) = board.told("/about", call)
    assert {name: fields[name] for name in ("QueueSid", "QueueTime", "DequeingCallSid")} == {
        "QueueSid": board.queue.sid, "QueueTime": "4", "DequeingCallSid": agent.sid,
    }  # fmt: skip
    assert (fields["CallSid"], fields["From"]) == (call.sid, CALLER)
    assert board.line() == []
    board.pass_time(4)
    assert agent.heard == 0
    board.pass_time(2)
    assert agent.heard == 1


def test_the_document_before_can_be_got(board: Switchboard) -> None:
    board.serve(noun="url='/about' method='GET'")
    board.app.on("/about", twiml())
    call = board.phones()
    board.agent_phones()
    assert board.seen("/about", call)[0].method == "GET"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (twiml("<Gather/>"), 12200), (twiml("<Hangup/>"), 12200), (twiml("<Leave/>"), 12200),
        (twiml("<Dial>+46846500410</Dial>"), 13201), (Response("broken", 500), 11200),
    ],
)  # fmt: skip
def test_a_document_before_that_fails_leaves_both_without_a_talk(
    board: Switchboard, answer: str | Response, code: int
) -> None:
    board.serve(noun="url='/about'")
    board.app.on("/about", answer)
    call = board.phones()
    agent = board.agent_phones()
    assert board.result(call)["QueueResult"] == "error"
    told = board.dialled(agent)
    assert (told["DialCallStatus"], told["DialBridged"], told["DequeueResult"]) == (
        "no-answer", "false", "error",
    )  # fmt: skip
    assert board.codes() == [code]


def test_an_agent_waits_for_somebody_to_come(board: Switchboard) -> None:
    board.serve()
    board.twilio().queues.create(friendly_name="support")
    agent = board.agent_phones({"waits": 60}, HANGS_UP)
    board.pass_time(29)
    call = board.phones()
    assert (board.line(), call.heard, agent.heard) == ([], 1, 1)
    assert board.told("/wait", call) == []


def test_who_dialled_first_is_served_first(board: Switchboard) -> None:
    board.serve()
    board.twilio().queues.create(friendly_name="support")
    early, late = board.agent_phones(), board.agent_phones()
    board.phones()
    assert (early.heard, late.heard) == (1, 0)
    board.phones()
    assert (early.heard, late.heard) == (1, 1)


@pytest.mark.parametrize(("asked", "lasts"), [("", 30), ("12", 12), ("1", 5), ("999", 600)])
def test_an_agent_does_not_wait_longer_than_the_timeout(
    board: Switchboard, asked: str, lasts: int
) -> None:
    timeout = f"timeout='{asked}'" if asked else ""
    board.serve(dial=f"action='/dialled' {timeout}")
    board.twilio().queues.create(friendly_name="support")
    agent = board.agent_phones()
    board.pass_time(lasts - 1)
    assert board.told("/dialled", agent) == []
    board.pass_time(1)
    assert board.dialled(agent) == {
        "DialCallStatus": "no-answer", "DialBridged": "false", "QueueSid": board.queue.sid,
        "DequeueResult": "queue-empty",
    }  # fmt: skip


def test_an_agent_who_gave_up_gets_nobody(board: Switchboard) -> None:
    board.serve()
    board.twilio().queues.create(friendly_name="support")
    board.agent_phones(SOON, HANGS_UP)
    board.pass_time(8)
    call = board.phones()
    assert board.line() == [call.sid]


def test_a_queue_that_does_not_exist_is_an_error_for_the_action(board: Switchboard) -> None:
    board.serve()
    agent = board.agent_phones()
    assert board.dialled(agent) == {
        "DialCallStatus": "failed", "DialBridged": "false", "DequeueResult": "queue-not-found",
    }  # fmt: skip


def test_a_queue_deleted_meanwhile_exists_no_more(board: Switchboard) -> None:
    board.serve()
    sid = board.twilio().queues.create(friendly_name="support").sid
    agent = board.agent_phones()
    board.twilio().queues(sid).delete()
    board.pass_time(0)
    assert board.dialled(agent)["DequeueResult"] == "queue-not-found"


@pytest.mark.parametrize(
    ("noun", "code"),
    [
        ("<Queue/>", 14212), ("<Queue>" + "x" * 65 + "</Queue>", 14213),
        ("<Queue url='ftp://x/'>support</Queue>", 14211),
        ("<Queue reservationSid='WR1'>support</Queue>", 14219),
    ],
)  # fmt: skip
def test_a_queue_noun_that_makes_no_sense_takes_nobody(
    board: Switchboard, noun: str, code: int
) -> None:
    board.serve()
    board.app.on("/agent", twiml(f"<Dial action='/dialled'>{noun}</Dial>"))
    call = board.phones()
    agent = board.agent_phones()
    told = board.dialled(agent)
    assert (told["DialCallStatus"], told["DequeueResult"]) == ("failed", "error")
    assert code in board.codes()
    assert board.line() == [call.sid]


def test_the_time_limit_ends_the_talk(board: Switchboard) -> None:
    board.serve(dial="action='/dialled' timeLimit='90'")
    call = board.phones()
    agent = board.agent_phones()
    board.pass_time(90)
    assert board.dialled(agent)["DequeuedCallDuration"] == "90"
    assert board.result(call)["QueueResult"] == "bridged"


@pytest.mark.parametrize(("attribute", "talks_on"), [("hangupOnStar='true'", False), ("", True)])
def test_a_star_of_the_agent_ends_the_talk_when_asked_for(
    board: Switchboard, attribute: str, talks_on: bool
) -> None:
    board.serve(dial=f"action='/dialled' {attribute}")
    call = board.phones()
    agent = board.agent_phones({"presses": "*"})
    assert (board.told("/dialled", agent) == []) is talks_on
    assert (board.told("/left", call) == []) is talks_on


def test_an_agent_may_be_answered_by_the_bridge_only(board: Switchboard) -> None:
    board.serve(dial="answerOnBridge='true' action='/dialled'")
    board.twilio().queues.create(friendly_name="support")
    agent = board.agent_phones()
    board.pass_time(5)
    assert agent.status == "ringing"
    board.phones()
    assert agent.status == "in-progress"


def test_two_agents_never_get_the_same_caller(board: Switchboard) -> None:
    board.serve(noun="url='/about'")
    board.app.on("/about", twiml("<Pause length='1'/>"))
    calls = [board.phones(number) for number in (FIRST, SECOND)]
    agents = [board.agent_phones(SOON, HANGS_UP) for _ in range(3)]
    board.pass_time(2)
    takers = [board.told("/about", call)[0]["DequeingCallSid"] for call in calls]
    assert takers == [agents[0].sid, agents[1].sid]
    assert agents[2].heard == 0


def test_a_caller_who_hangs_up_while_hearing_the_document_was_not_bridged(
    board: Switchboard,
) -> None:
    board.serve(noun="url='/about'")
    board.app.on("/about", twiml("<Pause length='30'/>"))
    call = board.phones(CALLER, LINE, {"waits": 5}, HANGS_UP)
    agent = board.agent_phones()
    board.pass_time(5)
    assert board.result(call) == {
        "QueueResult": "hangup", "QueueSid": board.queue.sid, "QueueTime": "0",
    }  # fmt: skip
    told = board.dialled(agent)
    assert (told["DialCallStatus"], told["DialBridged"], told["DequeueResult"]) == (
        "no-answer", "false", "hangup",
    )  # fmt: skip


def test_a_caller_redirected_while_hearing_the_document_was_not_bridged(
    board: Switchboard,
) -> None:
    board.serve(noun="url='/about'")
    board.app.on("/about", twiml("<Pause length='30'/>")).on("/new", WAIT)
    call = board.phones()
    agent = board.agent_phones()
    board.twilio().calls(call.sid).update(url=board.app.base + "/new")
    assert board.result(call)["QueueResult"] == "redirected"
    assert board.dialled(agent)["DequeueResult"] == "redirected"
    assert len(board.told("/new", call)) == 1


def test_a_caller_whose_agent_goes_before_the_bridge_has_lost_the_place(
    board: Switchboard,
) -> None:
    board.serve(noun="url='/about'")
    board.app.on("/about", twiml("<Pause length='30'/>"))
    call = board.phones()
    board.agent_phones(SOON, HANGS_UP)
    board.pass_time(8)
    assert board.result(call)["QueueResult"] == "bridging-in-process"
    assert board.line() == []


def test_or_stands_at_the_front_again_when_the_company_is_told_so(open_switchboard: Open) -> None:
    board = open_switchboard(lost_member_rejoins=True)
    board.serve(noun="url='/about'")
    board.app.on("/about", twiml("<Pause length='30'/>"))
    first, second = board.phones(FIRST), board.phones(SECOND)
    board.agent_phones(SOON, HANGS_UP)
    assert board.line() == [second.sid]
    board.pass_time(8)
    assert board.line() == [first.sid, second.sid]
    assert board.told("/left", first) == []
    assert board.told("/wait", first)[-1]["QueueTime"] == "8"


def test_a_caller_redirected_out_of_the_talk_is_told_apart(board: Switchboard) -> None:
    board.serve()
    board.app.on("/new", WAIT)
    call = board.phones()
    agent = board.agent_phones()
    board.pass_time(3)
    board.twilio().calls(call.sid).update(url=board.app.base + "/new")
    assert board.result(call)["QueueResult"] == "redirected-from-bridged"
    told = board.dialled(agent)
    assert (told["DialCallStatus"], told["DequeuedCallDuration"]) == ("completed", "3")
    assert len(board.told("/new", call)) == 1


def test_an_agent_redirected_out_of_the_talk_ends_it(board: Switchboard) -> None:
    board.serve()
    board.app.on("/new", WAIT)
    call = board.phones()
    agent = board.agent_phones()
    board.twilio().calls(agent.sid).update(url=board.app.base + "/new")
    assert board.result(call)["QueueResult"] == "bridged"
    assert board.told("/dialled", agent) == []
    assert len(board.told("/new", agent)) == 1


def test_an_agent_redirected_while_waiting_gets_nobody(board: Switchboard) -> None:
    board.serve()
    board.app.on("/new", WAIT)
    board.twilio().queues.create(friendly_name="support")
    agent = board.agent_phones()
    board.twilio().calls(agent.sid).update(url=board.app.base + "/new")
    call = board.phones()
    assert board.line() == [call.sid]


def test_an_agent_who_is_called_can_take_from_the_queue(board: Switchboard) -> None:
    board.serve()
    call = board.phones()
    board.carrier.carrier.directory.people[AGENT] = Person("answers", after=2)
    document = twiml(f"<Dial><Queue url='{board.app.base}/about'>support</Queue></Dial>")
    board.app.on("/about", twiml())
    made = board.twilio().calls.create(to=AGENT, from_=AGENT_LINE, twiml=document)
    board.pass_time(2)
    assert board.told("/about", call)[0]["DequeingCallSid"] == made.sid
    agent = board.carrier.carrier.calls.get(made.sid)
    assert agent is not None
    assert (board.line(), agent.heard, call.status) == ([], 1, "in-progress")


@pytest.mark.parametrize(
    ("wanted", "seconds"),
    [("record-from-answer", 40), ("record-from-ringing-dual", 47), ("true", 40)],
)
def test_the_talk_can_be_recorded(board: Switchboard, wanted: str, seconds: int) -> None:
    board.serve(dial=f"action='/dialled' record='{wanted}'", noun="url='/about'")
    board.app.on("/about", twiml("<Pause length='7'/>"))
    board.phones(CALLER, LINE, {"waits": 47}, HANGS_UP)
    agent = board.agent_phones()
    board.pass_time(47)
    (fields,) = board.told("/dialled", agent)
    (recording,) = board.twilio().recordings.list(call_sid=agent.sid)
    assert fields["RecordingUrl"].endswith(recording.sid)
    assert recording.duration == str(seconds)


def test_without_a_talk_there_is_no_recording(board: Switchboard) -> None:
    board.serve(dial="action='/dialled' record='record-from-ringing'")
    board.twilio().queues.create(friendly_name="support")
    agent = board.agent_phones()
    board.pass_time(30)
    assert "RecordingUrl" not in board.told("/dialled", agent)[0]
    assert [r.status for r in board.twilio().recordings.list()] == ["absent"]
