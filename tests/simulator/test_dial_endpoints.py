"""Dial: clients, SIP endpoints, lines of the same company, machines, and how it is recorded."""

from typing import Any

import pytest

from ivr.simulator import Line, Person, Step
from ivr.simulator.people import Machine
from tests.simulator.application import (
    CALLER,
    LINE,
    TEAM,
    Network,
    eventually,
    twiml,
)

ANNA, DESK = "client:anna", "sip:desk@office.example"
OTHER = "+46846500411"
EVENTS = "initiated ringing answered completed"


def dial(network: Network, inside: str, attributes: str = "", **options: Any) -> dict[str, str]:
    """Phone a line that dials, wait to the end, and return what the action was told."""
    network.app.on("/voice", twiml(f"<Dial action='/dialled' {attributes}>{inside}</Dial>"))
    network.app.on("/dialled", twiml()).on("/progress", "").on("/recorded", "").on("/amd", "")
    network.call(**options)
    network.hear_all()
    told = network.app.to("/dialled")
    return {k: v for k, v in told[-1].fields.items() if k.startswith(("Dial", "Recording"))}


def talks(seconds: float, after: float = 3) -> dict[str, Any]:
    return {"answers_after": after, "then": [{"waits": seconds}, {"hangs_up": True}]}


def legs(network: Network) -> list[Any]:
    return network.carrier.carrier.calls.all()[1:]


@pytest.mark.parametrize(
    "noun",
    [
        "<Client>anna</Client>",
        "<Client><Identity>anna</Identity><Parameter name='case' value='7'/></Client>",
    ],
)
def test_a_client_rings_and_talks(network: Network, noun: str) -> None:
    told = dial(network, noun, people={ANNA: talks(20)})
    assert (told["DialCallStatus"], told["DialCallDuration"]) == ("completed", "20")
    (leg,) = legs(network)
    assert (leg.called, leg.caller) == (ANNA, CALLER)


def test_a_client_is_given_the_parameters_when_it_rings(network: Network) -> None:
    network.carrier.carrier.directory.people[ANNA] = Person("busy")
    inside = "<Identity>anna</Identity><Parameter name='case' value='7'/>"
    dial(network, f"<Client>{inside}<Parameter name='why' value='late'/></Client>")
    assert legs(network)[0].parameters == {"case": "7", "why": "late"}


def test_a_client_hears_a_whisper_and_reports_its_progress(network: Network) -> None:
    network.app.on("/whisper", twiml("<Say>A customer</Say>"))
    noun = f"<Client url='/whisper' statusCallback='/progress' statusCallbackEvent='{EVENTS}'>"
    dial(network, f"{noun}anna</Client>", people={ANNA: talks(9)})
    told = [request.fields for request in network.app.wait_for("/progress", 4)]
    assert [f["SequenceNumber"] for f in told] == ["0", "1", "2", "3"]
    assert {f["To"] for f in told} == {ANNA}
    assert network.app.fields("/whisper")["To"] == ANNA


def test_numbers_clients_and_sip_endpoints_ring_together_and_the_first_answer_wins(
    network: Network,
) -> None:
    inside = f"<Number>{TEAM}</Number><Client>anna</Client><Sip>{DESK}</Sip>"
    told = dial(network, inside, people={
        TEAM: {"answers_after": 9}, ANNA: {"answers_after": 8}, DESK: talks(5, after=4),
    })  # fmt: skip
    assert told["DialCallStatus"] == "completed"
    assert {leg.called: leg.status for leg in legs(network)} == {
        TEAM: "canceled", ANNA: "canceled", DESK: "completed",
    }  # fmt: skip


def test_in_sequence_each_rings_until_one_takes_it(network: Network) -> None:
    inside = f"<Client>anna</Client><Sip>{DESK}</Sip><Number>{TEAM}</Number>"
    told = dial(network, inside, "sequential='true' timeout='10'", people={
        ANNA: "no_answer", DESK: "busy", TEAM: talks(5),
    })  # fmt: skip
    assert told["DialCallStatus"] == "completed"
    assert [(leg.called, leg.status) for leg in legs(network)] == [
        (ANNA, "no-answer"), (DESK, "busy"), (TEAM, "completed"),
    ]  # fmt: skip
    assert network.event("connected")["at"] == 15 + 3


def test_the_eleventh_of_a_mixture_is_not_rung(network: Network) -> None:
    inside = "".join(f"<Client>agent{n}</Client>" for n in range(11))
    dial(network, inside, people={"*": "busy"})
    assert len(legs(network)) == 10
    assert network.codes() == [13215]


@pytest.mark.parametrize(
    ("person", "status", "code"),
    [(talks(7), "completed", "200"), ("busy", "busy", "486"), ("no_answer", "no-answer", "487"),
     ("failed", "failed", "404")],
)  # fmt: skip
def test_a_sip_endpoint_answers_with_a_code_that_the_action_is_told(
    network: Network, person: Any, status: str, code: str
) -> None:
    noun = f"<Sip statusCallback='/progress'>{DESK}</Sip>"
    told = dial(network, noun, people={DESK: person})
    assert (told["DialCallStatus"], told["DialSipResponseCode"]) == (status, code)
    assert "@" in told["DialSipCallId"]
    (progress,) = network.app.wait_for("/progress")
    assert (progress.fields["To"], progress.fields["SipResponseCode"]) == (DESK, code)


@pytest.mark.parametrize(
    "noun",
    [
        f"<Sip username='u' password='p'>{DESK}</Sip>",
        f"<Sip><Uri username='u' password='p'>{DESK}</Uri></Sip>",
    ],
)
def test_a_sip_endpoint_that_demands_a_password_is_given_it(network: Network, noun: str) -> None:
    locked = talks(5) | {"credentials": {"username": "u", "password": "p"}}
    assert dial(network, noun, people={DESK: locked})["DialCallStatus"] == "completed"


def test_a_sip_endpoint_refuses_another_password(network: Network) -> None:
    locked = talks(5) | {"credentials": {"username": "u", "password": "p"}}
    told = dial(network, f"<Sip username='u'>{DESK}</Sip>", people={DESK: locked})
    assert told["DialCallStatus"] == "failed"


def test_sip_headers_go_with_the_call_if_they_may(network: Network) -> None:
    network.carrier.carrier.directory.people[DESK] = Person("busy")
    header = "<Headers><Header name='x-case' value='7'/><Header name='Via' value='me'/></Headers>"
    dial(network, f"<Sip><Uri>{DESK}?x-tier=gold&amp;User-to-User=a</Uri>{header}</Sip>")
    (leg,) = legs(network)
    assert leg.called == DESK
    assert leg.parameters == {"x-tier": "gold", "User-to-User": "a", "x-case": "7"}
    assert network.codes() == [13252]


@pytest.mark.parametrize(
    ("noun", "code"),
    [
        ("<Sip>desk@office.example</Sip>", 13243),
        ("<Sip>sip:desk</Sip>", 13243),
        ("<Client>anna lee</Client>", 13223),
        ("<Client/>", 13223),
    ],
)
def test_what_cannot_be_rung_is_warned_of(network: Network, noun: str, code: int) -> None:
    assert dial(network, noun)["DialCallStatus"] == "failed"
    assert network.codes() == [code]


@pytest.mark.parametrize(
    ("noun", "caller_id", "shown"),
    [
        ("<Client>anna</Client>", "client:shop", "client:shop"),
        ("<Client>anna</Client>", LINE, LINE),
        ("<Client>anna</Client>", "+442079460000", None),
        (f"<Sip>{DESK}</Sip>", "front.desk_1", "front.desk_1"),
        (f"<Sip>{DESK}</Sip>", "front desk!", None),
        (f"<Number>{TEAM}</Number>", "client:shop", None),
    ],
)
def test_whom_each_kind_of_telephone_may_be_shown(
    network: Network, noun: str, caller_id: str, shown: str | None
) -> None:
    dial(network, noun, f"callerId='{caller_id}'", people={"*": talks(1)})
    assert [leg.caller for leg in legs(network)] == ([shown] if shown else [])
    assert network.codes() == ([] if shown else [13214])


@pytest.mark.parametrize(
    ("does", "code"),
    [("invalid", 13224), ("unreachable", 13224), ("blocked", 13225), ("forbidden", 13227)],
)
def test_a_number_that_the_network_does_not_dial_is_warned_of(
    network: Network, does: str, code: int
) -> None:
    network.carrier.carrier.directory.people[TEAM] = Person(does)
    assert dial(network, TEAM) == {"DialCallStatus": "failed", "DialBridged": "false"}
    assert (legs(network), network.codes()) == ([], [code])


AMD = "machineDetection='DetectMessageEnd' amdStatusCallback='/amd'"


def test_a_number_is_connected_at_once_and_told_later_who_answered(network: Network) -> None:
    machine = {"machine": {"greeting": 10, "beep": True, "records": 30}}
    told = dial(network, f"<Number {AMD}>{TEAM}</Number>", people={TEAM: machine})
    (found,) = network.app.wait_for("/amd")
    assert set(found.fields) == {
        "CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration",
    }  # fmt: skip
    assert found.fields["CallSid"] == told["DialCallSid"]
    assert found.fields["AnsweredBy"] == "machine_end_beep"
    assert found.fields["MachineDetectionDuration"] == "10500"
    assert network.event("connected")["at"] == 3


def test_who_answered_stands_in_the_later_callbacks_and_in_the_call(network: Network) -> None:
    noun = f"<Number {AMD} statusCallback='/progress'>{TEAM}</Number>"
    told = dial(network, noun, people={TEAM: talks(20)})
    (progress,) = network.app.wait_for("/progress")
    assert progress.fields["AnsweredBy"] == "human"
    assert network.twilio().calls(told["DialCallSid"]).fetch().answered_by == "human"


def test_nobody_is_told_of_a_call_that_ends_before_detection_does(network: Network) -> None:
    dial(network, f"<Number {AMD}>{TEAM}</Number>", people={TEAM: talks(1)})
    eventually(lambda: not network.carrier.carrier.calls.live())
    assert network.app.to("/amd") == []


@pytest.mark.parametrize(
    ("attributes", "code"),
    [("machineDetection='Enable'", 21262),
     ("machineDetection='Enable' machineDetectionTimeout='2' amdStatusCallback='/amd'", 21234)],
)  # fmt: skip
def test_detection_that_makes_no_sense_is_warned_of(
    network: Network, attributes: str, code: int
) -> None:
    dial(network, f"<Number {attributes}>{TEAM}</Number>", people={TEAM: talks(20)})
    assert network.codes() == [code]
    assert network.app.to("/amd") == []


@pytest.mark.parametrize(
    ("record", "seconds", "channels"),
    [
        ("record-from-answer", "12", "1"), ("true", "12", "1"),
        ("record-from-answer-dual", "12", "2"),
        ("record-from-ringing", "15", "1"), ("record-from-ringing-dual", "15", "2"),
    ],
)  # fmt: skip
def test_a_conversation_is_recorded_from_ringing_or_answer_on_one_or_two_channels(
    network: Network, record: str, seconds: str, channels: str
) -> None:
    attributes = f"record='{record}' recordingStatusCallback='/recorded'"
    told = dial(network, TEAM, attributes, people={TEAM: talks(12)})
    (request,) = network.app.wait_for("/recorded")
    assert request.fields["RecordingDuration"] == seconds
    assert request.fields["RecordingChannels"] == channels
    assert told["RecordingUrl"] == request.fields["RecordingUrl"]


def test_a_recording_tells_of_every_state_asked_for(network: Network) -> None:
    attributes = ("record='record-from-ringing' recordingStatusCallback='/recorded' "
                  "recordingStatusCallbackEvent='in-progress completed absent'")  # fmt: skip
    told = dial(network, TEAM, attributes, people={TEAM: "busy"})
    states = [r.fields["RecordingStatus"] for r in network.app.wait_for("/recorded", 2)]
    assert states == ["in-progress", "absent"]
    assert "RecordingUrl" not in told


@pytest.fixture
def other_line(network: Network) -> Line:
    """Another line of the same account, with an application of its own."""
    line = Line(OTHER, f"{network.app.base}/other", status_callback=f"{network.app.base}/ended")
    network.carrier.carrier.directory.add(line)
    network.app.on("/ended", "")
    return line


def test_a_line_that_is_dialled_carries_out_its_own_document(
    network: Network, other_line: Line
) -> None:
    network.app.on("/other", twiml("<Say>You have reached the other shop</Say>"))
    told = dial(network, OTHER)
    assert told["DialCallStatus"] == "completed"
    fields = network.app.fields("/other")
    assert (fields["Direction"], fields["From"], fields["To"]) == ("inbound", CALLER, OTHER)
    assert "ParentCallSid" not in fields
    assert fields["CallSid"] not in (told["DialCallSid"], network.event("ended")["call_sid"])
    assert network.event("heard")["text"] == "You have reached the other shop"
    assert network.app.wait_for("/ended")[0].fields["CallStatus"] == "completed"


def test_keys_and_words_reach_the_line_that_was_dialled(network: Network, other_line: Line) -> None:
    network.app.on("/other", twiml("<Gather numDigits='1' action='/chosen'/>"))
    network.app.on("/chosen", twiml("<Hangup/>")).on("/dialled", twiml())
    network.app.on("/voice", twiml(f"<Dial action='/dialled'>{OTHER}</Dial>"))
    network.call()
    network.phone.until("connected")
    network.phone.until_my_move()
    network.phone.press("4")
    network.hear_all()
    assert network.app.fields("/chosen")["Digits"] == "4"


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_a_line_that_rejects_is_not_taken(
    network: Network, other_line: Line, reason: str, status: str
) -> None:
    network.app.on("/other", twiml(f"<Reject reason='{reason}'/>"))
    assert dial(network, OTHER)["DialCallStatus"] == status


def test_a_caller_who_hangs_up_hangs_up_at_the_dialled_line_too(
    network: Network, other_line: Line
) -> None:
    network.app.on("/other", twiml("<Pause length='600'/>"))
    network.app.on("/voice", twiml(f"<Dial>{OTHER}</Dial>"))
    network.call()
    network.phone.until("connected")
    network.phone.hang_up()
    (request,) = network.app.wait_for("/ended")
    assert request.fields["CallStatus"] == "completed"
    eventually(lambda: not network.carrier.carrier.calls.live())


def test_lines_that_dial_each_other_in_a_circle_come_to_an_end(network: Network) -> None:
    told = dial(network, LINE)
    hops = network.carrier.carrier.settings.forwarding_hops
    assert told["DialCallStatus"] in ("completed", "failed")
    eventually(lambda: not network.carrier.carrier.calls.live())
    assert len(network.app.to("/voice")) == hops + 1
    assert network.codes() == [13224]


def test_a_machine_greets_beeps_records_and_hangs_up(network: Network) -> None:
    machine = Machine(greeting=6, beep=True, records=20)
    network.carrier.carrier.directory.people[TEAM] = Person(machine=machine)
    told = dial(network, TEAM)
    assert told["DialCallDuration"] == "26" or told["DialCallDuration"] == "27"
    assert [e["seconds"] for e in network.phone.events if e["type"] == "heard"] == [6, 0.5]


def test_a_client_person_can_accept_after_hearing_the_whisper(network: Network) -> None:
    network.app.on("/whisper", twiml("<Gather numDigits='1' action='/ok'>"
                                     "<Say>Hello. Press 1 to take it</Say></Gather>",
                                     "<Hangup/>"))  # fmt: skip
    network.app.on("/ok", twiml())
    hears = (Step("hears", "press 1"), Step("presses", "1"), Step("talks", 30.0),
             Step("hangs_up", True))  # fmt: skip
    network.carrier.carrier.directory.people[ANNA] = Person(after=2, script=hears)
    told = dial(network, "<Client url='/whisper'>anna</Client>")
    assert told["DialBridged"] == "true"
    assert network.event("heard")["seconds"] == 30


@pytest.mark.parametrize(
    ("attributes", "noun", "code"),
    [
        ("", f"<Sip method='PUT'>{DESK}</Sip>", 13241),
        ("recordingStatusCallbackEvent='begun'", TEAM, 13621),
        ("timeLimit='90000'", TEAM, 13216),
    ],
)
def test_a_value_that_makes_no_sense_is_warned_of_and_the_rest_goes_on(
    network: Network, attributes: str, noun: str, code: int
) -> None:
    told = dial(network, noun, attributes, people={"*": talks(3)})
    assert told["DialCallStatus"] == "completed"
    assert network.codes() == [code]


def test_attributes_that_are_not_carried_out_are_warned_of_by_name(network: Network) -> None:
    dial(network, f"<Number byoc='BY0'>{TEAM}</Number>", "referUrl='/refer'", people={"*": "busy"})
    warned = [e["text"] for e in network.phone.events if e["type"] == "warning"]
    assert [text.rpartition("carry out ")[2] for text in warned] == [
        "referUrl of <Dial>", "byoc of <Number>",
    ]  # fmt: skip
