"""Schema warnings: the debugger complains, the call goes on."""

import pytest

from ivr.simulator.twiml.document import parse
from ivr.simulator.twiml.grammar import check
from tests.simulator.application import Network, twiml
from tests.simulator.test_transport import APOLOGY


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("<Say numdigits='1'>Hello</Say>", 12200),
        ("<Gather numdigits='1'/>", 12200),
        ("<Gather numDigits='many'/>", 13314),
        ("<Gather timeout='soon'/>", 13313),
        ("<Gather input='voice'/>", 13326),
        ("<Gather finishOnKey='12'/>", 13310),
        ("<Gather method='PUT'/>", 13312),
        ("<Gather speechTimeout='soon'/>", 13327),
        ("<Gather actionOnEmptyResult='yes'/>", 13338),
        ("<Gather><Dial>+46846500410</Dial></Gather>", 13320),
        ("<Say loop='twice'>Hello</Say>", 13510),
        ("<Dial hangupOnStar='maybe'>+46846500410</Dial>", 13213),
        ("<Record trim='a bit'/>", 13699),
        ("<Reject reason='tired'/>", 12200),
        ("<say>Hello</say>", 12200),
        ("<Pause length='long'/>", 12200),
        ("<Say><shout>Hello</shout></Say>", 12200),
    ],
)
def test_what_the_schema_does_not_know_is_warned_of(verb: str, code: int) -> None:
    assert [warning.code for warning in check(parse(twiml(verb).encode()))] == [code]


@pytest.mark.parametrize(
    "verb",
    [
        "<Gather input='dtmf speech' timeout='3' numDigits='4' finishOnKey='' hints='a,b'/>",
        "<Dial callReason='Your order' timeout='20'><Number statusCallbackEvent='ringing answered'>"
        "+46846500410</Number></Dial>",
        "<Say language='sv-SE'><prosody rate='slow'>Hej <break time='1s'/></prosody></Say>",
        "<Record finishOnKey='*#' maxLength='20' playBeep='false' trim='do-not-trim'/>",
    ],
)
def test_what_twilio_documents_is_not_warned_of(verb: str) -> None:
    assert check(parse(twiml(verb).encode())) == []


def test_a_warning_names_the_line_and_what_was_expected() -> None:
    (warning,) = check(parse(b"<Response>\n<Reject reason='tired'/></Response>"))
    assert (
        warning.text == "line 2: attribute reason of <Reject> is 'tired': expected busy, rejected"
    )


def test_the_call_goes_on_after_a_warning_which_the_caller_can_see(network: Network) -> None:
    network.app.on("/voice", twiml("<Say volume='11'>Hello</Say>"))
    network.call()
    assert network.hear_all() == ["Hello"]
    assert network.event("warning")["code"] == 12200


def test_an_unknown_element_is_skipped(network: Network) -> None:
    network.app.on("/voice", twiml("<say>lower case</say>", "<Say>Hello</Say>"))
    network.call()
    assert network.hear_all() == ["Hello"]


@pytest.mark.parametrize("verb", ["Connect", "Pay", "Start", "Refer"])
def test_a_verb_that_is_not_carried_out_is_refused_by_name(network: Network, verb: str) -> None:
    network.app.on("/voice", twiml(f"<{verb}/>", "<Say>Not reached</Say>"))
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert f"<{verb}>" in network.event("error")["text"]


@pytest.mark.parametrize("noun", ["Application", "Sim", "WhatsApp"])
def test_a_noun_that_is_not_carried_out_is_refused_by_name(network: Network, noun: str) -> None:
    network.app.on("/voice", twiml(f"<Dial><{noun}>front</{noun}></Dial>"))
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert f"<{noun}>" in network.event("error")["text"]


def test_comments_and_processing_instructions_are_ignored() -> None:
    root = parse(
        b"<?xml version='1.0'?><Response><!-- x --><?y z?><Say>a<!-- b -->c</Say></Response>"
    )
    assert [element.text for element in root] == ["ac"]


def test_a_byte_order_mark_is_no_blank() -> None:
    assert (
        parse("\ufeff<?xml version='1.0' encoding='UTF-8'?><Response/>".encode()).tag == "Response"
    )
