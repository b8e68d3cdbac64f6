"""Handsets that are softphones: they register a name, are told parameters, and call apps."""

import pytest

from ivr.simulator import Line
from tests.simulator.application import LINE, TEAM, Network, twiml

APP = "AP" + "b" * 32


@pytest.fixture
def network(network: Network) -> Network:
    network.carrier.carrier.directory.apps[APP] = Line(APP, f"{network.app.base}/app")
    return network


@pytest.mark.parametrize(
    ("address", "noun"),
    [
        ("client:anna", "<Client><Identity>anna</Identity>"
                        "<Parameter name='case' value='7'/></Client>"),
        ("sip:desk@office.example", "<Sip>sip:desk@office.example?x-case=7</Sip>"),
    ],
)  # fmt: skip
def test_a_registered_softphone_rings_and_shows_what_it_is_told(
    network: Network, address: str, noun: str
) -> None:
    network.app.on("/voice", twiml(f"<Dial>{noun}</Dial>"))
    with network.carrier.phone() as softphone:
        softphone.register(address)
        network.call()
        ring = next(e for e in softphone.until_my_move() if e["type"] == "ring")
        assert ring["to"] == address
        assert list(ring["parameters"].values()) == ["7"]
        softphone.answer()
        softphone.until("connected")
        network.phone.until("connected")
        network.phone.until_my_move()
        network.phone.say("hello")
        assert softphone.until("heard")[-1]["text"] == "hello"


def test_a_softphone_calls_an_app_which_dials_whom_it_asked_for(network: Network) -> None:
    network.app.on("/app", twiml(f"<Dial callerId='{LINE}'>{TEAM}</Dial>"))
    network.phone.dial(
        APP, "client:anna", parameters={"To": TEAM, "queue": "sales"}, people={TEAM: "busy"}
    )
    network.hear_all()
    fields = network.app.fields("/app")
    assert (fields["From"], fields["To"], fields["queue"]) == ("client:anna", TEAM, "sales")
    (leg,) = network.carrier.carrier.calls.all()[1:]
    assert (leg.caller, leg.called, leg.status) == (LINE, TEAM, "busy")
    assert network.codes() == []


def test_a_softphone_that_shows_no_number_of_ours_reaches_no_telephone(network: Network) -> None:
    network.app.on("/app", twiml(f"<Dial>{TEAM}</Dial>"))
    network.phone.dial(f"app:{APP}", "client:anna")
    network.hear_all()
    assert len(network.carrier.carrier.calls.all()) == 1
    assert network.codes() == [13214]


def test_what_the_carrier_of_a_handset_tells_comes_with_its_call(network: Network) -> None:
    network.app.on("/voice", twiml())
    network.phone.dial(LINE, "withheld:restricted", forwarded_from=TEAM, caller_name="ANNA")
    network.phone.until("ended")
    fields = network.app.fields("/voice")
    assert (fields["From"], fields["ForwardedFrom"], fields["CallerName"]) == (
        "+7378742833", TEAM, "ANNA",
    )  # fmt: skip


def test_parameters_that_are_none_are_refused(network: Network) -> None:
    network.phone.dial(APP, "client:anna", parameters=["x"])
    assert network.phone.until("refused")[-1]["text"] == "parameters: write names and values"
