"""Calls that the application creates: whom, shown as whom, in turn, detected, recorded."""

from collections.abc import Iterator
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from ivr.simulator import Directory, EmbeddedCarrier, Line, Person, Settings, Step, SteppedClock
from ivr.simulator.call import Call
from ivr.simulator.people import Machine
from tests.simulator.application import (
    CALLER,
    LINE,
    TEAM,
    Application,
    Network,
    eventually,
    twilio_client,
    twiml,
)

APP = "AP" + "a" * 32
ANNA, DESK = "client:anna", "sip:desk@office.example"


def create(network: Network, **options: Any) -> Any:
    """Have the application phone somebody."""
    network.app.on("/callback", twiml("<Say>Hello</Say>")).on("/told", "").on("/recorded", "")
    defaults = {"to": TEAM, "from_": LINE, "url": f"{network.app.base}/callback"}
    return network.twilio().calls.create(**{**defaults, **options})


def person(network: Network, who: Person, address: str = TEAM) -> None:
    network.carrier.carrier.directory.people[address] = who


def finished(network: Network, sid: str) -> Any:
    eventually(lambda: network.carrier.carrier.calls.get(sid).is_over)  # type: ignore[union-attr]
    return network.twilio().calls(sid).fetch()


@pytest.mark.parametrize("address", [ANNA, DESK])
def test_clients_and_sip_endpoints_are_phoned(network: Network, address: str) -> None:
    person(network, Person(script=(Step("waits", 5.0), Step("hangs_up", True))), address)
    call = create(network, to=f"{address}?x-case=7")
    assert call.to == address
    fields = network.app.wait_for("/callback")[0].fields
    assert (fields["To"], fields["From"]) == (address, LINE)
    leg = network.carrier.carrier.calls.get(call.sid)
    assert leg is not None
    assert leg.parameters == {"x-case": "7"}


@pytest.mark.parametrize(
    ("to", "shown"),
    [(ANNA, "client:shop"), (DESK, "front.desk"), (DESK, "sip:shop@x.example"), (DESK, ANNA)],
)
def test_whom_a_client_or_a_sip_endpoint_may_be_shown(
    network: Network, to: str, shown: str
) -> None:
    assert create(network, to=to, from_=shown)._from == shown


@pytest.mark.parametrize(
    ("to", "shown", "code"),
    [
        (TEAM, ANNA, 21212), (TEAM, DESK, 21212), (ANNA, "shop", 21212), (ANNA, CALLER, 21210),
        (ANNA, DESK, 21212), (DESK, "front desk!", 21212),
    ],
)  # fmt: skip
def test_nobody_else_may_be_shown(network: Network, to: str, shown: str, code: int) -> None:
    with pytest.raises(TwilioRestException) as raised:
        create(network, to=to, from_=shown)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("does", "code"),
    [("invalid", 21217), ("unreachable", 21214), ("forbidden", 21215), ("blocked", 21216)],
)
def test_numbers_that_twilio_does_not_dial_are_refused(
    network: Network, does: str, code: int
) -> None:
    person(network, Person(does))
    with pytest.raises(TwilioRestException) as raised:
        create(network)
    assert (raised.value.status, raised.value.code) == (400, code)
    assert network.carrier.carrier.calls.all() == []


def test_another_caller_of_ours_may_be_shown(network: Network) -> None:
    network.carrier.carrier.directory.verified = frozenset({"+46846500499"})
    call = create(network, caller_id="+46846500499")
    assert call._from == "+46846500499"
    with pytest.raises(TwilioRestException) as raised:
        create(network, caller_id=CALLER)
    assert raised.value.code == 21210


def test_the_token_of_a_call_under_way_lets_its_caller_be_shown(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather timeout='600'/>"))
    network.call()
    network.phone.until_my_move()
    token = network.app.fields("/voice")["CallToken"]
    assert create(network, from_=CALLER, call_token=token)._from == CALLER
    network.phone.hang_up()
    network.phone.until("ended")
    with pytest.raises(TwilioRestException) as raised:
        create(network, from_=CALLER, call_token=token)
    assert raised.value.code == 21210


class TestByApp:
    @pytest.fixture
    def network(self, network: Network) -> Network:
        base = network.app.base
        network.app.on("/app", twiml("<Say>By the app</Say>")).on("/app-status", "")
        network.carrier.carrier.directory.apps[APP] = Line(
            APP, f"{base}/app", "GET", status_callback=f"{base}/app-status"
        )
        return network

    def test_an_app_goes_before_the_url_and_the_callbacks_of_the_request(
        self, network: Network
    ) -> None:
        person(network, Person())
        create(network, application_sid=APP, status_callback=f"{network.app.base}/told")
        assert network.app.wait_for("/app-status")[0].fields["CallStatus"] == "completed"
        assert network.app.to("/app")[0].method == "GET"
        assert network.app.to("/callback") == network.app.to("/told") == []

    def test_a_client_phones_the_app_with_its_parameters(self, network: Network) -> None:
        carrier = network.carrier.carrier
        network.app.on("/app", twiml("<Redirect method='GET'>/next</Redirect>"))
        network.app.on("/next", twiml())

        async def phone() -> Call:
            told = {"To": TEAM, "queue": "sales"}
            return carrier.person_phones(ANNA, APP, "answers", told)

        phoned = network.carrier.run(phone())
        fields = network.app.wait_for("/app")[0].fields
        assert (fields["From"], fields["To"], fields["queue"]) == (ANNA, TEAM, "sales")
        assert (fields["ApplicationSid"], fields["CallSid"]) == (APP, phoned.sid)
        assert "CallToken" not in fields
        assert "queue" not in network.app.wait_for("/next")[0].fields


def machine(network: Network, **settings: Any) -> None:
    person(network, Person(after=3, machine=Machine(**settings)))


def test_the_document_waits_until_it_is_known_who_answered(network: Network) -> None:
    machine(network, greeting=8, beep=True)
    sid = create(network, machine_detection="DetectMessageEnd").sid
    fields = network.app.wait_for("/callback")[0].fields
    assert (fields["AnsweredBy"], fields["MachineDetectionDuration"]) == (
        "machine_end_beep", "8500",
    )  # fmt: skip
    ended = finished(network, sid)
    assert ended.answered_by == "machine_end_beep"
    assert int(ended.duration) == pytest.approx(9, abs=1)


def test_thresholds_of_the_request_are_those_of_the_detection(network: Network) -> None:
    machine(network, greeting=3)
    create(network, machine_detection="Enable", machine_detection_speech_threshold=4000,
           machine_detection_speech_end_threshold=500)  # fmt: skip
    fields = network.app.wait_for("/callback")[0].fields
    assert (fields["AnsweredBy"], fields["MachineDetectionDuration"]) == ("human", "3500")


def test_asynchronous_detection_lets_the_document_go_on_and_tells_later(network: Network) -> None:
    machine(network, greeting=20, records=200)
    network.app.on("/amd", "")
    create(network, machine_detection="DetectMessageEnd", async_amd="true", url=None,
           twiml=twiml("<Pause length='60'/>"), async_amd_status_callback_method="GET",
           async_amd_status_callback=f"{network.app.base}/amd")  # fmt: skip
    (told,) = network.app.wait_for("/amd")
    assert told.method == "GET"
    assert (told.fields["AnsweredBy"], told.fields["MachineDetectionDuration"]) == (
        "machine_end_beep", "20500",
    )  # fmt: skip


def test_asynchronous_detection_that_tells_nobody_is_warned_of_and_kept(network: Network) -> None:
    machine(network, greeting=20, records=200)
    sid = create(network, machine_detection="Enable", async_amd="true", url=None,
                 twiml=twiml("<Pause length='60'/>")).sid  # fmt: skip
    assert finished(network, sid).answered_by == "machine_start"
    assert network.codes() == [21262]


def test_keys_to_send_leave_no_room_for_detection(network: Network) -> None:
    machine(network, greeting=8)
    create(network, machine_detection="Enable", send_digits="1w2")
    assert "AnsweredBy" not in network.app.wait_for("/callback")[0].fields


def test_a_person_may_be_taken_for_a_machine(network: Network) -> None:
    person(network, Person(detected_as="machine"))
    create(network, machine_detection="Enable")
    assert network.app.wait_for("/callback")[0].fields["AnsweredBy"] == "machine_start"


def test_who_hangs_up_during_detection_ends_the_call_before_any_document(network: Network) -> None:
    person(network, Person(greets=0, hangs_up_after=2.0))
    sid = create(network, machine_detection="Enable").sid
    ended = finished(network, sid)
    assert (ended.status, ended.duration, ended.answered_by) == ("completed", "2", None)
    assert network.app.to("/callback") == []


def test_a_call_is_recorded_from_answer_to_end(network: Network) -> None:
    person(network, Person(script=(Step("waits", 17.0), Step("hangs_up", True))))
    events = ["in-progress", "completed"]
    sid = create(network, record=True, recording_channels="dual",
                 recording_status_callback=f"{network.app.base}/recorded",
                 recording_status_callback_event=events, url=None,
                 status_callback=f"{network.app.base}/told",
                 twiml=twiml("<Pause length='60'/>")).sid  # fmt: skip
    told = [request.fields for request in network.app.wait_for("/recorded", 2)]
    assert [f["RecordingStatus"] for f in told] == events
    assert (told[1]["RecordingDuration"], told[1]["RecordingChannels"]) == ("17", "2")
    assert told[1]["RecordingSource"] == "OutboundAPI"
    (recording,) = network.twilio().calls(sid).recordings.list()
    assert recording.channels == 2
    ended = network.app.wait_for("/told")[0].fields
    assert ended["RecordingSid"] == recording.sid


def test_the_fallback_of_a_live_call_can_be_changed(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather timeout='600' action='/gone' numDigits='1'/>"))
    network.app.on("/rescue", twiml("<Say>Rescued</Say>"))
    network.call()
    sid = network.phone.until_my_move()[-1]["call_sid"]
    network.twilio().calls(sid).update(fallback_url=f"{network.app.base}/rescue")
    network.phone.press("1")
    assert network.hear_all() == ["Rescued"]
    assert network.app.fields("/rescue")["ErrorCode"] == "11200"


def test_a_call_that_has_ended_can_be_deleted(network: Network) -> None:
    person(network, Person("busy"))
    sid = create(network).sid
    finished(network, sid)
    assert network.twilio().calls(sid).delete()
    with pytest.raises(TwilioRestException) as raised:
        network.twilio().calls(sid).fetch()
    assert raised.value.status == 404
    assert network.twilio().calls.list() == []


def test_a_call_under_way_cannot_be_deleted(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather timeout='600'/>"))
    network.call()
    sid = network.phone.until_my_move()[-1]["call_sid"]
    with pytest.raises(TwilioRestException) as raised:
        network.twilio().calls(sid).delete()
    assert raised.value.code == 20009


@pytest.fixture
def standing(app: Application) -> Iterator[Network]:
    """A network whose time moves only when it is told to."""
    directory = Directory(lines={LINE: Line(LINE, f"{app.base}/voice")})
    clock = SteppedClock(auto=False)
    with EmbeddedCarrier(directory, clock=clock) as carrier, carrier.phone() as phone:
        yield Network(carrier, app, phone)


def statuses(network: Network) -> list[str]:
    return [call.status for call in network.carrier.carrier.calls.all()]


def advance(network: Network, seconds: float) -> None:
    network.carrier.run(network.carrier.carrier.clock.advance(seconds))


def test_one_call_a_second_is_placed_and_the_others_wait_their_turn(standing: Network) -> None:
    created = [create(standing) for _ in range(4)]
    assert [call.queue_time for call in created] == ["0", "1000", "2000", "3000"]
    assert {call.status for call in created} == {"queued"}
    eventually(lambda: statuses(standing) == ["ringing", "queued", "queued", "queued"])
    advance(standing, 1)
    eventually(lambda: statuses(standing) == ["ringing", "ringing", "queued", "queued"])
    assert [call.start_time is None for call in standing.twilio().calls.list()] == [
        True, True, False, False,
    ]  # fmt: skip
    advance(standing, 2.5)
    eventually(lambda: statuses(standing) == ["ringing"] * 4)


def test_who_is_canceled_while_queued_leaves_the_place_to_the_next_and_tells_nobody(
    standing: Network,
) -> None:
    events = ["initiated", "completed"]
    created = [
        create(standing, status_callback=f"{standing.app.base}/told", status_callback_event=events)
        for _ in range(3)
    ]
    second = standing.twilio().calls(created[1].sid).update(status="canceled")
    assert second.status == "canceled"
    advance(standing, 1)
    eventually(lambda: statuses(standing) == ["ringing", "canceled", "ringing"])
    told = {request.fields["CallSid"] for request in standing.app.wait_for("/told", 2)}
    assert told == {created[0].sid, created[2].sid}


def test_calls_in_and_dialled_legs_do_not_wait(standing: Network) -> None:
    create(standing)
    create(standing)
    standing.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    standing.call(people={TEAM: "no_answer"})
    standing.phone.until("dialling")
    eventually(lambda: statuses(standing) == ["ringing", "queued", "in-progress", "ringing"])


def test_a_days_worth_of_waiting_calls_is_22005(app: Application) -> None:
    settings = Settings(calls_per_second=1 / 50_000)
    directory = Directory(lines={LINE: Line(LINE, f"{app.base}/voice")})
    with EmbeddedCarrier(directory, settings, SteppedClock(auto=False)) as carrier:
        calls = twilio_client(carrier).calls
        for _ in range(2):
            calls.create(to=TEAM, from_=LINE, url=f"{app.base}/callback")
        with pytest.raises(TwilioRestException) as raised:
            calls.create(to=TEAM, from_=LINE, url=f"{app.base}/callback")
        assert raised.value.code == 22005
        assert len(carrier.carrier.calls.all()) == 2


def test_a_rate_of_nothing_places_every_call_at_once(app: Application) -> None:
    directory = Directory(lines={LINE: Line(LINE, f"{app.base}/voice")})
    settings = Settings(calls_per_second=0)
    with EmbeddedCarrier(directory, settings, SteppedClock(auto=False)) as carrier:
        calls = twilio_client(carrier).calls
        for _ in range(3):
            call = calls.create(to=TEAM, from_=LINE, url=f"{app.base}/callback")
            assert call.queue_time == "0"
        eventually(lambda: [c.status for c in carrier.carrier.calls.all()] == ["ringing"] * 3)


def test_machine_times_out_of_range_name_the_parameter(network: Network) -> None:
    with pytest.raises(TwilioRestException, match="achineDetectionTimeout must be") as raised:
        create(network, machine_detection="Enable", machine_detection_timeout=2)
    assert raised.value.code == 21234
