"""Recordings over REST, through the official client."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.application import Network, twiml


@pytest.fixture
def recorded(network: Network) -> str:
    """The identifier of a call in which eight seconds were recorded."""
    network.app.on("/voice", twiml("<Record action='/done'/>")).on("/done", twiml())
    network.call()
    network.phone.until_my_move()
    network.phone.speak(8)
    network.phone.until_my_move()
    network.phone.press("#")
    sid: str = network.phone.until("ended")[-1]["call_sid"]
    return sid


def test_a_recording_can_be_fetched(network: Network, recorded: str) -> None:
    (listed,) = network.twilio().recordings.list()
    recording = network.twilio().recordings(listed.sid).fetch()
    assert (recording.call_sid, recording.duration) == (recorded, "8")
    assert (recording.status, recording.source, recording.channels) == (
        "completed", "RecordVerb", 1,
    )  # fmt: skip


def test_recordings_are_listed_by_call(network: Network, recorded: str) -> None:
    client = network.twilio()
    assert len(client.recordings.list(call_sid=recorded)) == 1
    assert client.recordings.list(call_sid="CA" + "0" * 32) == []
    assert len(client.calls(recorded).recordings.list()) == 1


def test_an_unknown_recording_is_20404(network: Network) -> None:
    with pytest.raises(TwilioRestException) as raised:
        network.twilio().recordings("RE" + "0" * 32).fetch()
    assert (raised.value.status, raised.value.code) == (404, 20404)
