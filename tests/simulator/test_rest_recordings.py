"""Recordings over REST, through the official client, and the sound of them."""

import io
import urllib.error
import urllib.request
import wave
from datetime import UTC, date, datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from ivr.simulator.recordings import MP3_FRAME, Recording
from tests.simulator.application import Network, twiml
from tests.simulator.rest_requests import ask

UNKNOWN_CALL, UNKNOWN = "CA" + "0" * 32, "RE" + "0" * 32
CONFERENCE = "CF" + "a" * 32
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)


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


def of_a_conference(network: Network) -> Recording:
    """A recording of a conference put among the others."""
    carrier = network.carrier.carrier
    recording = Recording("", datetime(2026, 11, 23, 12, tzinfo=UTC), "Conference", seconds=5.0)
    recording.conference_sid = CONFERENCE
    recording.status = "completed"
    carrier.recordings.add(recording)
    return recording


def refusal(attempt: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as raised:
        attempt()
    return raised.value.status, raised.value.code


def sound(network: Network, recording: Any, suffix: str = "") -> tuple[str, bytes]:
    """The kind and the bytes of the file, fetched without a password."""
    with urllib.request.urlopen(recording.media_url + suffix) as response:
        return response.headers["Content-Type"], response.read()


def test_a_recording_can_be_fetched(network: Network, recorded: str) -> None:
    (listed,) = network.twilio().recordings.list()
    recording = network.twilio().recordings(listed.sid).fetch()
    assert (recording.call_sid, recording.duration) == (recorded, "8")
    assert (recording.status, recording.source, recording.channels) == (
        "completed", "RecordVerb", 1,
    )  # fmt: skip
    assert (recording.date_updated - recording.start_time).total_seconds() == 8


def test_recordings_are_listed_by_call(network: Network, recorded: str) -> None:
    client = network.twilio()
    assert len(client.recordings.list(call_sid=recorded)) == 1
    assert client.recordings.list(call_sid=UNKNOWN_CALL) == []
    (of_call,) = client.calls(recorded).recordings.list()
    assert (of_call.track, of_call.uri.count(f"/Calls/{recorded}/Recordings/")) == ("both", 1)
    assert client.calls(recorded).recordings(of_call.sid).fetch().sid == of_call.sid


def test_recordings_are_listed_by_conference(network: Network, recorded: str) -> None:
    client = network.twilio()
    recording = of_a_conference(network)
    (found,) = client.recordings.list(conference_sid=CONFERENCE)
    assert (found.sid, found.conference_sid, found.call_sid) == (recording.sid, CONFERENCE, None)
    (of_conference,) = client.conferences(CONFERENCE).recordings.list()
    assert of_conference.sid == recording.sid
    fetched = client.conferences(CONFERENCE).recordings(recording.sid).fetch()
    assert fetched.source == "Conference"
    assert client.recordings.list()[0].sid == recording.sid


def test_recordings_are_listed_by_day(network: Network, recorded: str) -> None:
    recordings = network.twilio().recordings
    assert len(recordings.list(date_created=TODAY)) == 1
    assert recordings.list(date_created=TOMORROW) == []
    assert len(recordings.list(date_created_before=TOMORROW)) == 1
    assert recordings.list(date_created_after=TOMORROW) == []
    nine = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert len(recordings.list(date_created_after=nine)) == 1
    assert recordings.list(date_created_before=datetime(2026, 11, 22, 9, tzinfo=UTC)) == []
    of_call = network.twilio().calls(recorded).recordings
    assert (
        len(of_call.list(date_created=TODAY)) == len(of_call.list(date_created_before=TODAY)) == 1
    )
    assert of_call.list(date_created_after=TOMORROW) == []


def test_a_recording_is_only_in_its_own_call_and_conference(
    network: Network, recorded: str
) -> None:
    client = network.twilio()
    (recording,) = client.recordings.list()
    assert refusal(client.calls(UNKNOWN_CALL).recordings(recording.sid).fetch) == (404, 20404)
    assert refusal(client.calls(UNKNOWN_CALL).recordings(recording.sid).delete) == (404, 20404)
    conference = client.conferences(CONFERENCE)
    assert refusal(conference.recordings(recording.sid).fetch) == (404, 20404)
    assert ask(network.carrier, "GET", f"/Calls/{UNKNOWN_CALL}/Recordings.json").status == 404


def test_a_deleted_recording_is_silent_and_known_only_to_who_asks_for_the_deleted(
    network: Network, recorded: str
) -> None:
    client = network.twilio()
    (recording,) = client.recordings.list()
    assert recording.delete() is True
    assert refusal(recording.delete) == refusal(recording.fetch) == (404, 20404)
    assert client.recordings.list() == []
    assert client.calls(recorded).recordings.list() == []
    (kept,) = client.recordings.list(include_soft_deleted=True)
    assert (kept.status, kept.duration) == ("deleted", "8")
    assert client.recordings(kept.sid).fetch(include_soft_deleted=True).status == "deleted"
    with pytest.raises(urllib.error.HTTPError) as raised:
        sound(network, recording)
    raised.value.close()
    assert raised.value.code == 404


def test_a_recording_is_deleted_through_its_call(network: Network, recorded: str) -> None:
    client = network.twilio()
    (recording,) = client.calls(recorded).recordings.list()
    assert recording.delete() is True
    assert client.recordings.list() == []


def test_a_recording_under_way_has_no_length_no_sound_and_cannot_be_deleted(
    network: Network,
) -> None:
    network.app.on("/voice", twiml("<Record timeout='600'/>"))
    network.call()
    network.phone.until_my_move()
    (recording,) = network.twilio().recordings.list()
    assert (recording.status, recording.duration) == ("in-progress", None)
    assert refusal(recording.delete) == (400, 20009)
    with pytest.raises(urllib.error.HTTPError) as raised:
        sound(network, recording)
    raised.value.close()
    assert raised.value.code == 404


def test_the_sound_is_a_wav_file_of_that_length(network: Network, recorded: str) -> None:
    (recording,) = network.twilio().recordings.list()
    kind, content = sound(network, recording)
    assert (kind, content) == sound(network, recording, ".wav")
    assert kind == "audio/x-wav"
    with wave.open(io.BytesIO(content)) as file:
        assert file.getnframes() == 8 * file.getframerate()
        assert file.getnchannels() == 1
        assert any(file.readframes(file.getframerate()))


def test_a_recording_of_two_channels_has_two_in_its_file(network: Network) -> None:
    recording = of_a_conference(network)
    recording.channels = 2
    fetched = network.twilio().recordings(recording.sid).fetch()
    _, content = sound(network, fetched)
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getnframes()) == (2, 5 * file.getframerate())


def test_the_sound_is_an_mp3_file_of_that_length(network: Network, recorded: str) -> None:
    (recording,) = network.twilio().recordings.list()
    kind, content = sound(network, recording, ".mp3")
    assert kind == "audio/mpeg"
    frames, left = divmod(len(content), len(MP3_FRAME))
    assert left == 0
    assert all(content[n * len(MP3_FRAME) :].startswith(MP3_FRAME) for n in range(frames))
    assert frames * 576 / 16_000 == pytest.approx(8, abs=0.04)


def test_an_unknown_recording_is_20404(network: Network) -> None:
    assert refusal(network.twilio().recordings(UNKNOWN).fetch) == (404, 20404)
    assert refusal(network.twilio().recordings(UNKNOWN).delete) == (404, 20404)


@pytest.mark.parametrize("path", [f"/Calls/{UNKNOWN_CALL}/Recordings.json", "/Recordings/x.json"])
def test_recordings_are_not_started_or_changed_over_rest(network: Network, path: str) -> None:
    assert ask(network.carrier, "POST", path, {}).status in (404, 405)
