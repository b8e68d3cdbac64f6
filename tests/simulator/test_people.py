"""People played by script: who phones, who is phoned, and what they do at which call."""

from itertools import pairwise
from typing import Any

import pytest

from ivr.simulator import SimulatorError
from ivr.simulator.addresses import caller
from ivr.simulator.call import Call
from ivr.simulator.people_reading import read_person
from tests.simulator.application import CALLER, LINE, TEAM, Network, eventually, twiml


def phones(network: Network, person: Any, caller: str = CALLER, called: str = LINE) -> Call:
    """Somebody played by script phones the line."""

    async def phone() -> Call:
        return network.carrier.carrier.person_phones(caller, called, person)

    return network.carrier.run(phone())


def phoned(network: Network, person: Any, count: int = 1) -> list[Call]:
    """Those calls to the line in which somebody behind TEAM is dialled so often, when all end."""
    calls = network.carrier.carrier.calls
    network.carrier.carrier.directory.people[TEAM] = read_person(person, TEAM)
    network.app.on("/voice", twiml(f"<Dial action='/dialled'>{TEAM}</Dial>"))
    network.app.on("/dialled", twiml())
    for _ in range(count):
        phones(network, "answers")
        eventually(lambda: calls.all() != [] and not calls.live())
    return calls.all()


def all_over(network: Network, calls: int) -> list[Call]:
    """Every call, once so many have been made and all have ended."""
    made = network.carrier.carrier.calls
    eventually(lambda: len(made.all()) == calls and not made.live())
    return made.all()


@pytest.mark.parametrize(
    ("calls", "statuses"),
    [
        (["busy", {"answers_after": 2, "then": [{"hangs_up": True}]}, "no_answer"],
         ["busy", "completed", "no-answer", "no-answer"]),
        (["declined", "failed"], ["busy", "failed", "failed", "failed"]),
    ],
)  # fmt: skip
def test_somebody_may_do_something_else_at_each_call(
    network: Network, calls: list[Any], statuses: list[str]
) -> None:
    phoned(network, {"calls": calls}, count=4)
    told = [request.fields["DialCallStatus"] for request in network.app.to("/dialled")]
    assert told == statuses


def test_a_person_who_is_replaced_begins_at_their_first_call_again(network: Network) -> None:
    person = {"calls": ["busy", "no_answer"]}
    for _ in range(2):
        phoned(network, person)
    told = [request.fields["DialCallStatus"] for request in network.app.to("/dialled")]
    assert told == ["busy", "busy"]


@pytest.mark.parametrize(("seconds", "duration"), [(7, "7"), (0, "0")])
def test_somebody_hangs_up_at_a_moment_whatever_else_they_do(
    network: Network, seconds: float, duration: str
) -> None:
    phoned(network, {"hangs_up_after": seconds, "then": [{"talks": 600}]})
    assert network.app.to("/dialled")[0].fields["DialCallDuration"] == duration


def test_a_caller_gives_up_when_nobody_talks_to_them(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather timeout='900'/>"))
    phones(network, {"gives_up_after": 100})
    (call,) = all_over(network, 1)
    assert (call.duration, call.reason) == (100, "the person hung up")


def test_a_caller_gives_up_before_anybody_has_answered(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial answerOnBridge='true' timeout='90'>{TEAM}</Dial>"))
    phones(network, {"gives_up_after": 20})
    caller, callee = all_over(network, 2)
    assert (caller.status, callee.status) == ("no-answer", "canceled")


def test_a_caller_who_has_reached_somebody_does_not_give_up(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    talks = {"answers_after": 5, "then": [{"waits": 300}, {"hangs_up": True}]}
    network.carrier.carrier.directory.people[TEAM] = read_person(talks, TEAM)
    phones(network, {"gives_up_after": 20})
    caller, _ = all_over(network, 2)
    assert caller.duration == 305


def test_a_caller_who_reached_nobody_redials(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>All lines are busy</Say>"))
    phones(network, {"redials": {"after": 60, "times": 2}})
    calls = all_over(network, 3)
    assert {call.caller for call in calls} == {CALLER}
    gaps = [b.created_at - a.ended_at for a, b in pairwise(calls) if a.ended_at]
    assert [gap.total_seconds() for gap in gaps] == [60, 60]


@pytest.mark.parametrize(("always", "calls"), [(False, 2), (True, 4)])
def test_a_caller_who_reached_somebody_redials_only_if_they_always_do(
    network: Network, always: bool, calls: int
) -> None:
    network.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    talks = {"then": [{"waits": 3}, {"hangs_up": True}]}
    network.carrier.carrier.directory.people[TEAM] = read_person(talks, TEAM)
    phones(network, {"redials": {"after": 5, "always": always}})
    all_over(network, calls)


def test_a_redialler_may_do_something_else_at_each_call(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather numDigits='1' action='/key'/>"))
    network.app.on("/key", twiml())
    presses = [{"then": [{"presses": key}]} for key in "12"]
    phones(network, {"calls": presses, "redials": {"after": 5, "times": 2}})
    all_over(network, 3)
    assert [r.fields["Digits"] for r in network.app.to("/key")] == ["1", "2", "2"]


def test_somebody_acts_when_they_have_heard_the_words(network: Network) -> None:
    network.app.on("/voice", twiml(
        "<Gather numDigits='1' action='/early'><Say>Welcome</Say></Gather>",
        "<Gather numDigits='1' action='/right'><Say>For support, press two</Say></Gather>",
    )).on("/early", twiml()).on("/right", twiml())  # fmt: skip
    phones(network, {"then": [{"hears": "PRESS TWO"}, {"presses": 2}]})
    assert network.app.wait_for("/right")[0].fields["Digits"] == "2"
    assert network.app.to("/early") == []


WHISPER = twiml("<Gather numDigits='1' timeout='8' action='/accepted'>"
                "<Say>A customer. Press 1 to take it</Say></Gather>", "<Hangup/>")  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "bridged", "keys"),
    [
        ({"accepts": "1"}, "true", ["1"]),
        ({"accepts": {"key": 1, "hears": "press 1", "thinks": 2, "talks": 30}}, "true", ["1"]),
        ({"refuses": 2}, "false", ["2"]),
        ({"refuses": True}, "false", []),
        ({"accepts": False}, "false", []),
        ({"accepts": True}, "false", []),
    ],
)
def test_an_agent_accepts_by_the_key_or_does_not(
    network: Network, agent: Any, bridged: str, keys: list[str]
) -> None:
    def accepted(request: Any) -> str:
        return twiml() if request.form["Digits"] == "1" else twiml("<Hangup/>")

    network.carrier.carrier.directory.people[TEAM] = read_person(agent, TEAM)
    network.app.on("/voice", twiml("<Dial action='/dialled'>"
                                   f"<Number url='/whisper'>{TEAM}</Number></Dial>"))  # fmt: skip
    network.app.on("/whisper", WHISPER).on("/accepted", accepted).on("/dialled", twiml())
    phones(network, "answers")
    all_over(network, 2)
    assert network.app.fields("/dialled")["DialBridged"] == bridged
    assert [r.fields["Digits"] for r in network.app.to("/accepted")] == keys


def test_an_agent_who_accepts_talks_as_long_as_they_do(network: Network) -> None:
    phoned(network, {"accepts": {"talks": 45}})
    assert network.app.fields("/dialled")["DialCallDuration"] == "45"


@pytest.mark.parametrize(
    ("machine", "duration"),
    [({"machine": {"greeting": 4, "beep": False, "records": 10}}, "14"),
     ({"machine": True}, "128"), ({"fax": True}, "124")],
)  # fmt: skip
def test_machines_hang_up_by_themselves(network: Network, machine: Any, duration: str) -> None:
    phoned(network, machine)
    assert network.app.fields("/dialled")["DialCallDuration"] == duration


def test_what_the_callers_carrier_tells_comes_with_every_request(network: Network) -> None:
    network.app.on("/voice", twiml("<Redirect>/next</Redirect>")).on("/next", twiml())
    told = {"forwarded_from": "+46846500477", "caller_name": "ANNA BERG",
            "stir_verstat": "TN-Validation-Passed-A"}  # fmt: skip
    call = phones(network, told)
    for path in ("/voice", "/next"):
        fields = network.app.wait_for(path)[0].fields
        assert fields["ForwardedFrom"] == "+46846500477"
        assert fields["CallerName"] == "ANNA BERG"
        assert fields["StirVerstat"] == "TN-Validation-Passed-A"
    fetched = network.twilio().calls(call.sid).fetch()
    assert (fetched.forwarded_from, fetched.caller_name) == ("+46846500477", "ANNA BERG")


@pytest.mark.parametrize(
    ("written", "arrives"),
    [
        ("withheld", "+266696687"), ("anonymous", "+266696687"),
        ("withheld:restricted", "+7378742833"), ("withheld:blocked", "+2562533"),
        ("withheld:unknown", "+8656696"), ("withheld:unavailable", "+86282452253"),
        ("withheld:text:anonymous", "anonymous"), ("withheld:text:private", "private"),
        ("withheld:nothing", ""), ("client:anna", "client:anna"),
        ("sip:ann@office.example", "sip:ann@office.example"), ("+46 70 174 06 05", CALLER),
    ],
)  # fmt: skip
def test_a_caller_arrives_in_every_form_that_callers_have(
    network: Network, written: str, arrives: str
) -> None:
    network.app.on("/voice", twiml())
    phones(network, "answers", written)
    fields = network.app.wait_for("/voice")[0].fields
    assert (fields["From"], fields["Caller"]) == (arrives, arrives)


@pytest.mark.parametrize("written", ["", "Ann", "withheld:", "withheld:text:Ann", "client:", "12"])
def test_who_is_no_caller_cannot_phone(network: Network, written: str) -> None:
    assert caller(written) is None
    with pytest.raises(SimulatorError, match="nor withheld"):
        phones(network, "answers", written)


def test_only_lines_and_apps_can_be_phoned(network: Network) -> None:
    with pytest.raises(SimulatorError, match="is no line of this network"):
        phones(network, "answers", called=TEAM)
