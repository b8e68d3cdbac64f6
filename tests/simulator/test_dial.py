"""Dial and Number: ringing, whispering, talking, and how it ended."""

from typing import Any

import pytest
from werkzeug import Request

from ivr.simulator import Directory, EmbeddedCarrier, Line, Person, Step, SteppedClock
from tests.simulator.application import CALLER, LINE, TEAM, Application, Network, twiml

DIALLED = twiml("<Say>After</Say>")
OTHER = "+46846500411"


def dial(network: Network, inside: str = TEAM, attributes: str = "action='/dialled'",
         **options: Any) -> None:  # fmt: skip
    """Phone a line that dials."""
    network.app.on("/voice", twiml(f"<Dial {attributes}>{inside}</Dial>", "<Say>Next</Say>"))
    network.app.on("/dialled", DIALLED)
    network.call(**options)


def result(network: Network) -> dict[str, str]:
    """What the action was told of the dialled call."""
    fields = network.app.fields("/dialled")
    return {name: value for name, value in fields.items() if name.startswith("Dial")}


def talks(seconds: float, **settings: Any) -> dict[str, Any]:
    return {"then": [{"waits": seconds}, {"hangs_up": True}], **settings}


def test_an_answered_call_is_bridged_until_one_side_hangs_up(network: Network) -> None:
    dial(network, people={TEAM: talks(42)})
    assert network.hear_all() == ["After"]
    told = result(network)
    assert told.pop("DialCallSid").startswith("CA")
    assert told == {
        "DialCallStatus": "completed", "DialCallDuration": "42", "DialBridged": "true",
    }  # fmt: skip
    assert network.event("connected")["at"] == 3
    assert network.event("dial_ended")["at"] == 45


@pytest.mark.parametrize(
    ("person", "status", "at"),
    [
        ("busy", "busy", 0),
        ("failed", "failed", 0),
        ({"does": "declined", "answers_after": 9}, "busy", 9),
        ("no_answer", "no-answer", 35),
        ({"answers_after": 36}, "no-answer", 35),
    ],
)
def test_a_call_that_is_not_taken_tells_why(
    network: Network, person: Any, status: str, at: float
) -> None:
    dial(network, people={TEAM: person})
    assert network.hear_all() == ["After"]
    told = result(network)
    assert (told["DialCallStatus"], told["DialBridged"]) == (status, "false")
    assert "DialCallDuration" not in told
    assert network.event("dial_ended")["at"] == at


def test_the_network_rings_five_seconds_longer_than_asked(network: Network) -> None:
    dial(network, attributes="action='/dialled' timeout='10'", people={TEAM: "no_answer"})
    assert network.hear_all() == ["After"]
    assert network.event("dial_ended")["at"] == 15


@pytest.mark.parametrize(("asked", "rings"), [("1", 10), ("700", 605)])
def test_the_time_of_ringing_is_from_5_to_600_seconds(
    network: Network, asked: str, rings: int
) -> None:
    dial(network, attributes=f"timeout='{asked}'", people={TEAM: "no_answer"})
    network.hear_all()
    assert network.event("dial_ended")["at"] == rings


def test_without_action_the_document_goes_on(network: Network) -> None:
    dial(network, attributes="", people={TEAM: talks(5)})
    assert network.hear_all() == ["Next"]


def test_the_time_limit_ends_the_conversation(network: Network) -> None:
    dial(network, attributes="action='/dialled' timeLimit='60'", people={TEAM: "answers"})
    assert network.hear_all() == ["After"]
    assert result(network)["DialCallDuration"] == "60"


def test_a_star_drops_the_called_party_when_asked_for(network: Network) -> None:
    dial(network, attributes="action='/dialled' hangupOnStar='true'", people={TEAM: "answers"})
    assert network.phone.until_my_move()[-1]["waiting_for"] == "conversation"
    network.phone.wait(7)
    network.phone.until_my_move()
    network.phone.press("*")
    assert network.hear_all() == ["After"]
    assert result(network)["DialCallDuration"] == "7"


def test_otherwise_a_star_is_heard_like_any_key(network: Network) -> None:
    with network.carrier.phone() as callee:
        callee.register(TEAM)
        dial(network)
        callee.until("ring", "your_move")
        callee.answer()
        network.phone.until("connected")
        callee.until("connected")
        network.phone.until_my_move()
        network.phone.press("*")
        assert callee.until("heard")[-1]["keys"] == "*"


def test_when_the_caller_hangs_up_the_session_is_over(network: Network) -> None:
    dial(network, people={TEAM: "answers"})
    network.phone.until_my_move()
    network.phone.hang_up()
    network.phone.until("ended")
    assert network.app.to("/dialled") == []
    child = network.carrier.carrier.calls.all()[1]
    assert (child.status, child.parent.sid if child.parent else "") == (
        "completed", network.event("ended")["call_sid"],
    )  # fmt: skip


def test_a_caller_who_hangs_up_while_it_rings_cancels_the_other_leg(network: Network) -> None:
    dial(network, people={TEAM: "no_answer"}, ask=["dialling"])
    network.phone.until_my_move()
    network.phone.wait(4)
    network.phone.until_my_move()
    network.phone.hang_up()
    network.phone.until("ended")
    assert network.carrier.carrier.calls.all()[1].status == "canceled"


def test_the_caller_is_shown_unless_another_number_is_asked_for(network: Network) -> None:
    dial(network, people={TEAM: talks(1)})
    network.hear_all()
    assert network.carrier.carrier.calls.all()[1].caller == CALLER


@pytest.mark.parametrize("number", [CALLER, LINE, "+46846500499"])
def test_the_caller_the_called_or_a_number_of_ours_may_be_shown(
    network: Network, number: str
) -> None:
    network.carrier.carrier.directory.verified = frozenset({"+46846500499"})
    dial(network, attributes=f"action='/dialled' callerId='{number}'", people={TEAM: talks(1)})
    network.hear_all()
    assert network.carrier.carrier.calls.all()[1].caller == number
    assert network.codes() == []


def test_another_caller_id_is_13214_and_nobody_is_rung(network: Network) -> None:
    dial(network, attributes="action='/dialled' callerId='+442079460000'")
    assert network.hear_all() == ["After"]
    assert result(network) == {"DialCallStatus": "failed", "DialBridged": "false"}
    assert network.codes() == [13214]


@pytest.mark.parametrize("number", ["customer service", "0846500410", "+46", ""])
def test_what_is_no_number_is_13223(network: Network, number: str) -> None:
    dial(network, number)
    assert network.hear_all() == ["After"]
    assert result(network)["DialCallStatus"] == "failed"
    assert network.codes() == [13223]


def test_answer_on_bridge_keeps_the_caller_ringing_until_the_answer(network: Network) -> None:
    dial(network, attributes="answerOnBridge='true'", people={TEAM: talks(10)})
    network.hear_all()
    assert network.event("answered")["at"] == network.event("connected")["at"] == 3


def test_without_it_the_caller_is_answered_at_once(network: Network) -> None:
    dial(network, attributes="", people={TEAM: talks(10)})
    network.hear_all()
    assert network.event("answered")["at"] == 0


def test_answer_on_bridge_of_a_busy_number_leaves_the_call_ringing_for_the_action(
    network: Network,
) -> None:
    dial(network, attributes="answerOnBridge='true' action='/dialled'", people={TEAM: "busy"})
    network.hear_all()
    assert network.app.fields("/dialled")["CallStatus"] == "ringing"


def test_a_whisper_is_heard_by_the_called_party_only(network: Network) -> None:
    network.app.on("/whisper", twiml("<Say>A customer</Say>"))
    with network.carrier.phone() as callee:
        callee.register(TEAM)
        dial(network, f"<Number url='/whisper'>{TEAM}</Number>")
        callee.until_my_move()
        callee.answer()
        callee.until("connected")
        assert [e["text"] for e in callee.events if e["type"] == "said"] == ["A customer"]
        network.phone.until("connected")
        assert "said" not in network.kinds()
        assert network.event("whispered")["text"] == "A customer"
        fields = network.app.fields("/whisper")
    assert fields["Direction"] == "outbound-dial"
    assert fields["ParentCallSid"] == network.app.fields("/voice")["CallSid"]
    assert (fields["To"], fields["CallStatus"]) == (TEAM, "in-progress")


ACCEPT = twiml("<Gather numDigits='1' action='/accepted'><Say>Press 1</Say></Gather>", "<Hangup/>")


def test_the_called_party_can_accept_by_a_key(network: Network) -> None:
    network.app.on("/whisper", ACCEPT).on("/accepted", twiml())
    accepts = {"then": [{"presses": 1}, {"waits": 5}, {"hangs_up": True}]}
    dial(network, f"<Number url='/whisper'>{TEAM}</Number>", people={TEAM: accepts})
    assert network.hear_all() == ["After"]
    assert network.app.fields("/accepted")["Digits"] == "1"
    assert result(network)["DialBridged"] == "true"


def test_a_called_party_who_does_not_accept_was_answered_but_never_bridged(
    network: Network,
) -> None:
    network.app.on("/whisper", ACCEPT)
    dial(network, f"<Number url='/whisper'>{TEAM}</Number>", people={TEAM: "answers"})
    assert network.hear_all() == ["After"]
    told = result(network)
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", "false")
    assert "connected" not in network.kinds()


@pytest.mark.parametrize(("verb", "code"), [(f"<Dial>{OTHER}</Dial>", 13201), ("<Record/>", 12200)])
def test_a_whisper_may_not_dial_or_record(network: Network, verb: str, code: int) -> None:
    network.app.on("/whisper", twiml(verb))
    dial(network, f"<Number url='/whisper'>{TEAM}</Number>", people={TEAM: "answers"})
    assert network.hear_all() == ["After"]
    assert network.codes() == [code]
    assert result(network)["DialBridged"] == "false"


def test_digits_are_sent_when_the_call_is_answered(network: Network) -> None:
    with network.carrier.phone() as callee:
        callee.register(TEAM)
        dial(network, f"<Number sendDigits='ww12'>{TEAM}</Number>")
        callee.until_my_move()
        callee.answer()
        heard = callee.until("connected")
    tones = next(event for event in heard if event["type"] == "tones")
    assert tones["digits"] == "ww12"
    assert heard[-1]["at"] == pytest.approx(1.4)


def test_several_numbers_ring_at_once_and_the_first_answer_wins(network: Network) -> None:
    slow, quick = {"answers_after": 8}, talks(20, answers_after=4)
    dial(network, f"<Number>{OTHER}</Number><Number>{TEAM}</Number>",
         people={OTHER: slow, TEAM: quick})  # fmt: skip
    assert network.hear_all() == ["After"]
    assert network.event("connected") | {"at": 4, "number": TEAM} == network.event("connected")
    statuses = {call.called: call.status for call in network.carrier.carrier.calls.all()[1:]}
    assert statuses == {OTHER: "canceled", TEAM: "completed"}


def test_in_sequence_the_next_number_rings_when_the_one_before_is_busy(network: Network) -> None:
    dial(network, f"<Number>{OTHER}</Number><Number>{TEAM}</Number>",
         "sequential='true' action='/dialled'", people={OTHER: "busy", TEAM: talks(5)})  # fmt: skip
    assert network.hear_all() == ["After"]
    assert result(network)["DialCallStatus"] == "completed"
    assert [call.called for call in network.carrier.carrier.calls.all()[1:]] == [OTHER, TEAM]


def test_a_number_reports_its_progress_in_order(network: Network) -> None:
    network.app.on("/progress", "")
    events = "initiated ringing answered completed"
    dial(network, f"<Number statusCallback='/progress' statusCallbackEvent='{events}'>{TEAM}"
                  "</Number>", people={TEAM: talks(9)})  # fmt: skip
    network.hear_all()
    told = [request.fields for request in network.app.wait_for("/progress", 4)]
    assert [f["CallStatus"] for f in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [f["SequenceNumber"] for f in told] == ["0", "1", "2", "3"]
    assert told[3]["CallDuration"] == "9"
    assert all(f["ParentCallSid"] for f in told)
    assert "CallDuration" not in told[2]


def test_without_events_only_the_end_is_told(network: Network) -> None:
    network.app.on("/progress", "")
    dial(network, f"<Number statusCallback='/progress'>{TEAM}</Number>", people={TEAM: "busy"})
    network.hear_all()
    (request,) = network.app.wait_for("/progress")
    assert request.fields["CallStatus"] == "busy"


def test_a_recorded_conversation_has_a_recording(network: Network) -> None:
    network.app.on("/recorded", "")
    attributes = "action='/dialled' record='record-from-answer'"
    attributes += " recordingStatusCallback='/recorded'"
    dial(network, attributes=attributes, people={TEAM: talks(12)})
    network.hear_all()
    url = network.app.fields("/dialled")["RecordingUrl"]
    (told,) = network.app.wait_for("/recorded")
    assert told.fields["RecordingUrl"] == url
    assert (told.fields["RecordingDuration"], told.fields["RecordingSource"]) == ("12", "DialVerb")


def test_the_handset_can_decide_for_the_called_party(network: Network) -> None:
    dial(network, people={"*": "ask"})
    move = network.phone.until_my_move()[-1]
    assert (move["waiting_for"], move["number"]) == ("callee", TEAM)
    network.phone.send("callee", does="busy")
    assert network.hear_all() == ["After"]
    assert result(network)["DialCallStatus"] == "busy"


def test_the_directory_says_who_answers_and_nobody_rings_out(app: Application) -> None:
    def voice(request: Request) -> str:
        return twiml(f"<Dial>{TEAM}</Dial>", f"<Dial>{OTHER}</Dial>")

    app.on("/voice", voice)
    script = (Step("waits", 6.0), Step("hangs_up", True))
    directory = Directory(
        lines={LINE: Line(LINE, f"{app.base}/voice")},
        people={TEAM: Person("answers", after=1, script=script)},
    )
    with EmbeddedCarrier(directory, clock=SteppedClock()) as carrier, carrier.phone() as phone:
        phone.dial(LINE)
        while phone.until_my_move()[-1]["type"] != "ended":
            phone.wait()
        ends = [(e["status"], e["at"]) for e in phone.events if e["type"] == "dial_ended"]
    assert ends == [("completed", 7), ("no-answer", 7 + 35)]
