"""Telephones that get texts: live ones, and those of a directory."""

import pytest
from click.testing import CliRunner

from ivr.simulator import DirectoryError, read_directory
from ivr.simulator.__main__ import _directory, main
from ivr.simulator.messaging.people import Reply, Texts, line_type_by_plan
from ivr.simulator.messaging.services import service_sid
from tests.simulator.application import CALLER, LINE, Network, eventually, twiml
from tests.simulator.messaging.office import ANOTHER, PERSON

DIRECTORY = """
lines:
  "+46846500400": {voice_url: "http://127.0.0.1/v", sms_url: "http://127.0.0.1/t", sms_method: get,
                   sms_fallback_url: "http://127.0.0.1/f"}
people:
  "+46701740605":
    does: busy
    line_type: mobile
    network: Revontuli Mobil
    texts:
      does: delivered
      opted_out: true
      replies:
        - {when: klocka, after: 5, says: JA, times: 2}
        - Who is this?
  "+46701740606": {texts: "off"}
nobody: {does: no_answer, texts: unknown}
services:
  waiting: ["+46846500400", Revontuli, "71234"]
  bills:
    sid: MG55555555555555555555555555555555
    senders: ["+46846500401"]
    inbound_url: http://127.0.0.1/t
    sticky_sender: false
    advanced_opt_out: {stop: {words: [sluta], answer: Klart.}}
"""


def test_a_directory_says_how_people_treat_texts() -> None:
    directory = read_directory(DIRECTORY)
    person = directory.people[PERSON]
    assert person.texts == Texts(
        "delivered", (Reply("JA", "klocka", 5, 2), Reply("Who is this?")), True
    )
    assert (person.does, person.line_type, person.network) == (
        "busy", "mobile", "Revontuli Mobil",
    )  # fmt: skip
    assert directory.people[ANOTHER].texts.does == "off"
    assert directory.nobody.texts.does == "unknown"
    line = directory.lines[LINE]
    assert (line.sms_url, line.sms_method) == ("http://127.0.0.1/t", "GET")


def test_a_directory_has_messaging_services() -> None:
    services = read_directory(DIRECTORY).services
    waiting = services[service_sid("waiting")]
    assert waiting.senders == (LINE, "Revontuli", "71234")
    assert waiting.advanced_opt_out is None
    bills = services["MG" + "5" * 32]
    assert (bills.name, bills.sticky_sender) == ("bills", False)
    assert bills.keywords.kind(" Sluta ") == bills.keywords.kind("stop") == "STOP"
    assert bills.keywords.answers["STOP"] == "Klart."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('people: {"+46701740605": {texts: perhaps}}',
         "directory: people: +46701740605: texts: does: 'perhaps' is none of delivered,"),
        ('people: {"+46701740605": {texts: {replies: JA}}}',
         "directory: people: +46701740605: texts: replies: write a list"),
        ('people: {"+46701740605": {texts: {replies: [{after: 2}]}}}',
         "directory: people: +46701740605: texts: replies: says is missing"),
        ('people: {"+46701740605": {texts: {replies: [{says: x, times: 0}]}}}',
         "directory: people: +46701740605: texts: replies: times: 0 is no whole number from 1"),
        ('people: {"+46701740605": {line_type: fixed}}',
         "directory: people: +46701740605: line_type: 'fixed' is none of mobile, landline,"),
        ("services: {a: {senders: x}}", "directory: services: a: senders: write a list"),
        ("services: {a: {senders: [TwelveLetters]}}",
         "directory: services: a: senders: 'TwelveLetters' is no number like +46846500400,"),
        ("services: {a: {sid: MG1}}", "directory: services: a: sid: write MG and 32 hexadecimal"),
        ("services: {a: {validity: 0}}", "directory: services: a: validity: write 1 to 36000"),
        ("services: {a: {advanced_opt_out: {stop: {words: sluta}}}}",
         "directory: services: a: advanced_opt_out: stop: words: write a list of words"),
        ('services: {a: [Bank, "71234"], b: [Bank, "71234"]}',
         "directory: services: b: 71234 belongs to the service a"),
        ("services: {a: {colour: red}}", "directory: services: a: 'colour' is none of"),
    ],
)  # fmt: skip
def test_a_directory_that_makes_no_sense_says_what_and_where(text: str, sentence: str) -> None:
    with pytest.raises(DirectoryError) as raised:
        read_directory(text)
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize("number", ["nobody", "+99912345678"])
def test_a_number_of_no_plan_has_no_line_type(number: str) -> None:
    assert line_type_by_plan(number) == "unknown"


def test_a_live_telephone_shows_texts_and_sends_some(network: Network) -> None:
    lines = network.carrier.carrier.directory.lines
    lines[LINE] = lines[LINE].__class__(
        LINE, f"{network.app.base}/voice", sms_url=f"{network.app.base}/text"
    )
    network.app.on("/text", twiml("<Message>You wrote to us</Message>"))
    network.phone.register(CALLER)
    network.twilio().messages.create(to=CALLER, from_=LINE, body="Your turn soon")
    first = network.phone.until("text")[-1]
    assert {key: first[key] for key in ("from", "to", "body")} == {
        "from": LINE, "to": CALLER, "body": "Your turn soon",
    }  # fmt: skip
    network.phone.send("text", to=LINE, body="Thank you")
    assert network.phone.until("text")[-1]["body"] == "You wrote to us"
    assert network.app.fields("/text")["Body"] == "Thank you"


def test_a_telephone_in_a_call_gets_texts_too(network: Network) -> None:
    network.app.on("/voice", twiml("<Sms>See you</Sms>", "<Pause length='9'/>"))
    network.phone.register(CALLER)
    network.call()
    assert network.phone.until("text")[-1]["body"] == "See you"
    eventually(lambda: network.codes() == [])


def test_lines_of_the_command_line_can_be_texted() -> None:
    refused = CliRunner().invoke(main, ["--texts", "nowhere"])
    assert refused.exit_code == 2
    assert "--texts: 'nowhere' is no http:// or https:// address." in refused.output
    number = f"{LINE}=http://127.0.0.1/v"
    directory = _directory(None, (number,), (), "", "", "http://127.0.0.1/t")
    assert directory.lines[LINE].sms_url == "http://127.0.0.1/t"
