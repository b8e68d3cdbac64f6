"""The handset API, its asyncio client and its blocking one."""

import asyncio
from typing import Any

import pytest

from ivr.simulator import (
    Carrier,
    Directory,
    HandsetClient,
    HandsetClosedError,
    Line,
    Phone,
    RealClock,
    Server,
    SimulatorError,
    SteppedClock,
    said,
)
from ivr.simulator import EmbeddedCarrier as Embedded
from tests.simulator.application import (
    CALLER,
    LINE,
    TEAM,
    Application,
    Network,
    eventually,
    twiml,
)


def test_an_asyncio_program_can_phone(app: Application) -> None:
    app.on("/voice", twiml("<Gather numDigits='1' action='/next'/>"))
    app.on("/next", twiml("<Say>Thank you</Say>"))

    async def call() -> list[str]:
        server = Server(Carrier(Directory({LINE: Line(LINE, f"{app.base}/voice")}),
                                clock=SteppedClock()))  # fmt: skip
        url = await server.start()
        try:
            async with await HandsetClient.connect(url) as handset:
                await handset.dial(LINE, CALLER)
                async for event in handset.moves():
                    if event["type"] == "your_move":
                        await handset.press("1")
                return said(handset.events)
        finally:
            await server.stop()

    assert asyncio.run(call()) == ["Thank you"]


def test_a_call_is_a_story_in_order(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Hello</Say>", "<Gather timeout='2'/>"))
    network.call()
    network.phone.until_my_move()
    network.phone.silence()
    network.phone.until("ended")
    assert network.kinds() == [
        "dialled", "ringing", "request", "answered", "said", "listening", "your_move", "ended",
    ]  # fmt: skip
    assert len({event["call_sid"] for event in network.phone.events}) == 1


def test_one_telephone_can_make_several_calls_in_turn(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Hello</Say>"))
    for _ in range(2):
        network.call()
        assert network.hear_all() == ["Hello"]


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"type": "sing"}, "there is no message of type 'sing'"),
        ({"type": "press", "keys": "12a"}, "'12a' are not keys of a telephone (0-9 * #)"),
        ({"type": "press", "keys": "1"}, "you are not in a call"),
        ({"type": "dial", "to": "+46846500499"},
         "'+46846500499' is no line of this network (lines: +46846500400)"),
        ({"type": "dial", "to": LINE, "from": "Ann"},
         "from: 'Ann' is neither a number like +46701740605 nor withheld"),
        ({"type": "dial", "to": LINE, "pace": "brisk"}, "pace: 'brisk' is none of real, fast"),
        ({"type": "dial", "to": LINE, "people": {TEAM: "asleep"}},
         f"people: {TEAM}: 'asleep' is none of answers, busy, no_answer, declined, failed, "
         "invalid, unreachable, forbidden, blocked"),
        ({"type": "register", "numbers": ["12"]}, "'12' is no number like +46846500410"),
        ({"type": "answer"}, "you are not in a call"),
        ({"type": "dial", "to": "http://127.0.0.1:1/", "fallback": "x"},
         "fallback: 'x' is no http:// or https:// address"),
    ],
)  # fmt: skip
def test_a_message_that_makes_no_sense_is_refused_with_a_sentence(
    network: Network, message: dict[str, Any], sentence: str
) -> None:
    network.phone.send(message.pop("type"), **message)
    assert network.phone.next_event() == {"type": "refused", "text": sentence}


def test_a_refused_message_is_no_move(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather numDigits='1' action='/next'/>"))
    network.app.on("/next", twiml("<Say>Still here</Say>"))
    network.call()
    network.phone.until_my_move()
    network.phone.press("x")
    assert network.phone.next_event()["type"] == "refused"
    network.phone.press("1")
    assert network.hear_all() == ["Still here"]


def test_a_connection_that_closes_hangs_up(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather timeout='600'/>"))
    with network.carrier.phone() as other:
        other.dial(LINE)
        other.until_my_move()
    (call,) = network.carrier.carrier.calls.all()
    eventually(lambda: call.is_over)
    assert (call.status, call.reason) == ("completed", "the person hung up")


def test_a_number_has_one_telephone(network: Network) -> None:
    network.phone.register(TEAM)
    with (
        network.carrier.phone() as other,
        pytest.raises(SimulatorError, match="a telephone already"),
    ):
        other.register(TEAM)


def test_a_registered_telephone_that_is_in_a_call_is_busy(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial action='/next'>{TEAM}</Dial>"))
    network.app.on("/next", twiml("<Say>Busy</Say>")).on("/wait", twiml("<Gather timeout='600'/>"))
    with network.carrier.phone() as team:
        team.register(TEAM)
        team.dial(f"{network.app.base}/wait")
        team.until_my_move()
        network.call()
        team.wait(30)
        assert network.hear_all() == ["Busy"]


def test_a_ring_can_be_declined(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial action='/next'>{TEAM}</Dial>")).on("/next", twiml())
    with network.carrier.phone() as team:
        team.register(TEAM)
        network.call()
        assert team.until_my_move()[-1]["waiting_for"] == "answer"
        team.decline()
        network.phone.until("ended")
    assert network.app.fields("/next")["DialCallStatus"] == "busy"


def test_a_ring_can_be_let_ring(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial action='/next'>{TEAM}</Dial>")).on("/next", twiml())
    with network.carrier.phone() as team:
        team.register(TEAM)
        network.call()
        team.until_my_move()
        team.send("let_ring")
        assert team.until("ended")[-1]["status"] == "no-answer"
    network.phone.until("ended")
    assert network.app.fields("/next")["DialCallStatus"] == "no-answer"


def test_both_parties_of_a_bridge_hear_each_other(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    with network.carrier.phone() as team:
        team.register(TEAM)
        network.call()
        team.until_my_move()
        team.answer()
        team.until("connected")
        network.phone.until_my_move()
        network.phone.say("My invoice, please")
        assert team.until("heard")[-1]["text"] == "My invoice, please"
        team.speak(4)
        assert network.phone.until("heard")[-1]["seconds"] == 4
        team.hang_up()
        network.phone.wait()
        network.phone.until("ended")
    assert network.event("dial_ended")["status"] == "completed"


def test_people_can_be_changed_during_a_call(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather numDigits='1' action='/dial'/>"))
    network.app.on("/dial", twiml(f"<Dial action='/next'>{TEAM}</Dial>")).on("/next", twiml())
    network.call()
    network.phone.until_my_move()
    network.phone.send("people", people={TEAM: "busy"})
    network.phone.press("1")
    network.phone.until("ended")
    assert network.app.fields("/next")["DialCallStatus"] == "busy"


def test_in_real_time_silence_ends_the_wait_at_once(app: Application) -> None:
    app.on("/voice", twiml("<Gather timeout='600'/>", "<Hangup/>"))
    directory = Directory({LINE: Line(LINE, f"{app.base}/voice")})
    with Embedded(directory, clock=RealClock()) as carrier, carrier.phone() as phone:
        phone.dial(LINE)
        phone.until_my_move()
        phone.silence()
        assert phone.until("ended", timeout=5)[-1]["status"] == "completed"


def test_at_a_fast_pace_speech_takes_no_real_time(app: Application) -> None:
    app.on("/voice", twiml("<Say>" + "a" * 3000 + "</Say>", "<Pause length='600'/>"))
    directory = Directory({LINE: Line(LINE, f"{app.base}/voice")})
    with Embedded(directory, clock=RealClock()) as carrier, carrier.phone() as phone:
        phone.dial(LINE, pace="fast")
        assert phone.until("ended", timeout=5)[-1]["seconds"] < 5


def test_with_patience_of_mine_a_wait_ends_only_by_a_move(app: Application) -> None:
    app.on("/voice", twiml("<Gather timeout='0' numDigits='1' action='/next'/>"))
    app.on("/next", twiml())
    directory = Directory({LINE: Line(LINE, f"{app.base}/voice")})
    with Embedded(directory, clock=RealClock()) as carrier, carrier.phone() as phone:
        phone.dial(LINE, patience="mine")
        phone.until_my_move()
        phone.wait(0.05)
        assert phone.until_my_move()[-1]["waiting_for"] == "input"
        phone.press("1")
        phone.until("ended")
    assert app.fields("/next")["Digits"] == "1"


def test_connecting_to_nothing_says_so() -> None:
    with pytest.raises(HandsetClosedError, match="no telephone company answers at"):
        Phone("http://127.0.0.1:1")


def test_a_second_call_to_a_busy_telephone_leaves_the_first_alone(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    with network.carrier.phone() as team, network.carrier.phone() as second:
        team.register(TEAM)
        network.call()
        team.until_my_move()
        team.answer()
        team.until_my_move()
        second.dial(LINE, "+46701740606")
        ended = second.until("dial_ended")[-1]
        assert ended["status"] == "busy"
        team.press("1")
        assert network.phone.until("heard")[-1]["keys"] == "1"
        assert "ended" not in [event["type"] for event in team.events]


def test_a_telephone_that_lies_idle_sends_and_gets_texts(app: Application) -> None:
    app.on("/text", twiml("<Message>Got it</Message>"))
    line = Line(LINE, f"{app.base}/voice", sms_url=f"{app.base}/text")
    with Embedded(Directory({LINE: line}), clock=SteppedClock()) as carrier:
        with carrier.phone() as phone:
            phone.register(CALLER)
            phone.text(LINE, "When do you come?")
            text = phone.until("text")[-1]
            assert text == {"type": "text", "from": LINE, "to": CALLER, "body": "Got it"}
        assert app.fields("/text")["Body"] == "When do you come?"
        assert app.fields("/text")["From"] == CALLER


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"to": LINE, "body": "Hello"}, "text: register a number first, or give from"),
        ({"to": LINE, "body": "", "from": CALLER}, "body: write what the text says"),
        ({"to": LINE, "body": "Hello", "from": "12"}, "from: '12' is neither a number like"),
        ({"to": TEAM, "body": "Hello", "from": CALLER}, f"'{TEAM}' is no line of this network"),
    ],
)
def test_a_text_that_makes_no_sense_is_refused(
    network: Network, message: dict[str, str], sentence: str
) -> None:
    network.phone.send("text", **message)
    assert sentence in network.phone.until("refused")[-1]["text"]
