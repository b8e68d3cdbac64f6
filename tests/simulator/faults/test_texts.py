"""Faults that strike the callbacks of texts, which bear no sequence number."""

from tests.simulator.application import LINE, Network, eventually
from tests.simulator.faults.conftest import Put

MOBILE = "+46701740606"


def told_of_a_text(network: Network) -> list[str]:
    """The states in the order in which the application was told of them."""
    network.app.on("/status", "")
    message = network.twilio().messages.create(
        to=MOBILE, from_=LINE, body="Hello", status_callback=f"{network.app.base}/status"
    )
    journal = network.carrier.carrier.journal
    eventually(lambda: len(journal.requests(message.sid, "message-status")) == 2)
    return [request.fields["MessageStatus"] for request in network.app.to("/status")]


def test_in_order(network: Network) -> None:
    assert told_of_a_text(network) == ["sent", "delivered"]


def test_delivered_before_sent(network: Network, put: Put) -> None:
    put("callbacks", "reordered", purpose="message-*", times=1, seconds=3600)
    assert told_of_a_text(network) == ["delivered", "sent"]


def test_told_of_the_delivery_only(network: Network, put: Put) -> None:
    put("callbacks", "lost", call=MOBILE, times=1)
    assert told_of_a_text(network) == ["delivered"]
