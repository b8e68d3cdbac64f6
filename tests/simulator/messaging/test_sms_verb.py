"""<Sms> in a document of a call."""

import pytest
from werkzeug import Response

from tests.simulator.application import CALLER, LINE, Network, eventually, twiml


def texts(network: Network) -> list[tuple[str, str, str, str]]:
    messages = network.carrier.carrier.messages.all()
    return [(m.direction, m.sender, m.to, m.body) for m in messages]


def test_the_caller_is_texted_by_the_line_they_phoned(network: Network) -> None:
    network.app.on("/voice", twiml("<Sms>See you</Sms>", "<Say>Sent</Say>"))
    network.call()
    assert network.hear_all() == ["Sent"]
    assert texts(network) == [("outbound-call", LINE, CALLER, "See you")]
    assert network.codes() == []


def test_the_action_is_told_and_takes_over(network: Network) -> None:
    app = network.app
    app.on("/voice", twiml("<Sms action='/done'>See you</Sms>", "<Say>Never</Say>"))
    app.on("/done", twiml("<Say>Done</Say>"))
    network.call()
    assert network.hear_all() == ["Done"]
    (message,) = network.carrier.carrier.messages.all()
    fields = app.fields("/done")
    assert (fields["SmsSid"], fields["SmsStatus"]) == (message.sid, "sending")


def test_its_status_callback_is_resolved_against_the_document(network: Network) -> None:
    network.app.on("/voice", twiml("<Sms statusCallback='status'>See you</Sms>"))
    network.app.on("/status", Response(status=204))
    network.call()
    network.phone.until("ended")
    told = network.app.wait_for("/status", 2)
    assert [request.fields["MessageStatus"] for request in told] == ["sent", "delivered"]


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("<Sms action='/done'/>", 14103),
        ("<Sms action='/done' to='nobody'>x</Sms>", 14101),
        ("<Sms action='/done' from='+46846500477'>x</Sms>", 14108),
        ("<Sms action='/done' from='123'>x</Sms>", 14102),
    ],
)
def test_what_cannot_be_sent_is_invalid_to_the_action(
    network: Network, verb: str, code: int
) -> None:
    network.app.on("/voice", twiml(verb)).on("/done", twiml("<Say>Done</Say>"))
    network.call()
    assert network.hear_all() == ["Done"]
    fields = network.app.fields("/done")
    assert (fields["SmsSid"], fields["SmsStatus"]) == ("", "invalid")
    assert network.codes() == [code]
    assert texts(network) == []


def test_a_number_without_a_plus_is_one_of_the_lines_country(network: Network) -> None:
    network.app.on("/voice", twiml("<Sms to='070-174 06 05'>x</Sms>"))
    network.call()
    network.phone.until("ended")
    eventually(lambda: len(texts(network)) == 1)
    assert texts(network)[0][2] == CALLER


def test_message_has_no_place_in_a_call(network: Network) -> None:
    network.app.on("/voice", twiml("<Message>x</Message>", "<Say>Go on</Say>"))
    network.call()
    assert network.hear_all() == ["Go on"]
    assert network.codes() == [12200]
    assert texts(network) == []
