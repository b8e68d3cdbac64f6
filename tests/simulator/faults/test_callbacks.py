"""Faults that strike callbacks: lost, repeated, late, out of order."""

import pytest

from ivr.simulator import Person
from tests.simulator.application import LINE, TEAM, Network, eventually, twiml
from tests.simulator.faults.conftest import Put

EVENTS = ["initiated", "ringing", "answered", "completed"]
TOKEN = "I-Twilio-Idempotency-Token"


def place_a_call(network: Network) -> None:
    """A call of one minute whose four events the application is told of."""
    network.carrier.carrier.directory.people[TEAM] = Person("answers", 3.0)
    network.app.on("/status", "")
    call = network.twilio().calls.create(
        to=TEAM, from_=LINE, twiml=twiml("<Pause length='60'/>"),
        status_callback=f"{network.app.base}/status", status_callback_event=EVENTS,
    )  # fmt: skip
    carrier = network.carrier.carrier
    eventually(lambda: carrier.calls.get(call.sid).is_over)  # type: ignore[union-attr]


def told(network: Network, count: int) -> list[str]:
    """The sequence numbers in the order in which they arrived."""
    network.app.wait_for("/status", count)
    finished = network.carrier.carrier.journal.requests
    eventually(lambda: len(finished(purpose="status-callback")) >= min(count, 4))
    return [request.fields["SequenceNumber"] for request in network.app.to("/status")]


def test_without_faults_they_arrive_in_order(network: Network) -> None:
    place_a_call(network)
    assert told(network, 4) == ["0", "1", "2", "3"]


def test_a_lost_callback_never_arrives_and_the_others_do(network: Network, put: Put) -> None:
    lost = put("callbacks", "lost", times=1)
    place_a_call(network)
    assert told(network, 3) == ["1", "2", "3"]
    assert lost.struck == 1
    eventually(lambda: 15003 in network.codes())


def test_a_repeated_callback_bears_the_same_token(network: Network, put: Put) -> None:
    put("callbacks", "repeated", times=1)
    place_a_call(network)
    assert told(network, 5) == ["0", "0", "1", "2", "3"]
    first, again, *_ = network.app.to("/status")
    assert first.headers[TOKEN] == again.headers[TOKEN]


def test_a_reordered_callback_arrives_after_the_next_one(network: Network, put: Put) -> None:
    put("callbacks", "reordered", times=1, seconds=30)
    place_a_call(network)
    assert told(network, 4) == ["1", "0", "2", "3"]


def test_every_other_one_can_be_reordered(network: Network, put: Put) -> None:
    put("callbacks", "reordered", every=2, seconds=90)
    place_a_call(network)
    assert told(network, 4) == ["0", "2", "1", "3"]


def test_what_nothing_overtakes_is_sent_when_its_time_is_over(network: Network, put: Put) -> None:
    put("callbacks", "reordered", seconds=20)
    place_a_call(network)
    assert sorted(told(network, 4)) == ["0", "1", "2", "3"]
    last = network.carrier.carrier.journal.requests(purpose="status-callback")[-1]
    assert (last.at - network.carrier.carrier.calls.all()[0].created_at).total_seconds() == 83


def test_those_behind_a_late_callback_do_not_wait_for_it(network: Network, put: Put) -> None:
    put("callbacks", "late", times=1, seconds=3600)
    place_a_call(network)
    assert told(network, 4) == ["1", "2", "3", "0"]


def test_a_late_callback_says_when_it_happened_not_when_it_arrived(
    network: Network, put: Put
) -> None:
    place_a_call(network)
    told(network, 4)
    on_time = network.app.to("/status")[0].fields["Timestamp"]
    assert on_time == "Mon, 23 Nov 2026 09:00:00 +0000"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_callback_is_a_warning_and_disturbs_no_call(
    network: Network, put: Put, when: str
) -> None:
    cut = put("callbacks", "cut", when=when)
    place_a_call(network)
    eventually(lambda: network.codes().count(15003) == 4)
    assert cut.struck == 4
    network.app.wait_for("/status", 4 if when == "after" else 0)
    assert len(network.app.to("/status")) == (4 if when == "after" else 0)
    assert network.carrier.carrier.calls.all()[0].status == "completed"


def test_documents_are_left_alone_by_faults_of_callbacks(network: Network, put: Put) -> None:
    fault = put("callbacks", "lost")
    network.app.on("/voice", twiml("<Say>Hello</Say>"))
    network.call()
    assert network.hear_all() == ["Hello"]
    assert (fault.met, fault.struck) == (0, 0)


def test_a_callback_about_no_call_keeps_the_order_of_its_key(network: Network, put: Put) -> None:
    network.app.on("/status", "")
    put("callbacks", "reordered", times=1, seconds=30)
    carrier, url = network.carrier.carrier, f"{network.app.base}/status"
    sid = "SM" + "0" * 32

    async def send() -> None:
        for status in ("sent", "delivered", "read"):
            fields = [("MessageSid", sid), ("SequenceNumber", status)]
            carrier.callbacks.send(None, url, "POST", fields, "message-callback", key=sid)

    network.carrier.run(send())
    network.app.wait_for("/status", 3)
    arrived = [request.fields["SequenceNumber"] for request in network.app.to("/status")]
    assert arrived == ["delivered", "sent", "read"]
    eventually(lambda: len(carrier.journal.requests(sid)) == 3)
