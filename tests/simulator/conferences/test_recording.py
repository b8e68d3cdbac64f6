"""Recordings of conferences, and of one leg in a conference."""

import io
import urllib.request
import wave

from tests.simulator.application import LINE
from tests.simulator.conferences.room import ANNA, BERIT, CARL, Room, sid

TAPED = "<Conference record='record-from-start' {}>hall</Conference>"


def talk(room: Room, attributes: str = "", dial: str = "action='/after'") -> None:
    """One waits ten seconds, two talk for thirty, and it is over."""
    anna = room.enter(ANNA, TAPED.format(attributes), dial)
    anna.wait(10)
    anna.until_my_move()
    berit = room.enter(BERIT, "<Conference>hall</Conference>")
    berit.wait(30)
    anna.until("your_move")
    anna.wait()
    berit.until("your_move")
    anna.hang_up()
    anna.until("ended")
    berit.hang_up()
    berit.until("ended")


def test_a_conference_is_recorded_from_its_start_to_its_end(room: Room) -> None:
    room.network.app.on("/taped", "")
    events = "recordingStatusCallbackEvent='in-progress completed'"
    talk(room, f"recordingStatusCallback='/taped' {events}")
    begun, done = (request.fields for request in room.network.app.wait_for("/taped", 2))
    assert (begun["RecordingStatus"], done["RecordingStatus"]) == ("in-progress", "completed")
    assert done["RecordingDuration"] == "30"
    assert (done["RecordingSource"], done["RecordingChannels"]) == ("Conference", "1")
    assert done["ConferenceSid"] == room.conference.sid
    assert done["RecordingStartTime"] == "Mon, 23 Nov 2026 09:00:10 +0000"
    assert "CallSid" not in done
    with urllib.request.urlopen(done["RecordingUrl"], timeout=20) as answer:
        sound = answer.read()
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getnframes() == 30 * 8_000


def test_it_is_listed_under_the_conference(room: Room) -> None:
    talk(room)
    (recording,) = room.rest.recordings.list()
    assert (recording.duration, recording.status) == ("30", "completed")
    assert (recording.source, recording.conference_sid) == ("Conference", room.conference.sid)
    client = room.network.twilio()
    assert [r.sid for r in client.recordings.list(conference_sid=room.conference.sid)] == [
        recording.sid
    ]
    assert client.calls(room.conference.ended_by.call.sid).recordings.list() == []  # type: ignore[union-attr]


def test_one_who_waits_alone_is_not_recorded(room: Room) -> None:
    anna = room.enter(ANNA, TAPED.format(""))
    anna.wait(10)
    anna.until_my_move()
    anna.hang_up()
    anna.until("ended")
    assert room.rest.recordings.list() == []


def test_the_old_event_callback_is_told_when_nobody_else_is(room: Room) -> None:
    room.network.app.on("/old", "").on("/taped", "")
    talk(room, "eventCallbackUrl='/old'")
    (asked,) = room.network.app.wait_for("/old")
    assert (asked.method, asked.fields["EventName"]) == ("POST", "conference-record-end")
    assert (asked.fields["Duration"], asked.fields["FriendlyName"]) == ("30", "hall")
    assert asked.fields["RecordingFileSize"] == str(30 * 16_000 + 44)
    assert asked.fields["RecordingUrl"].endswith(room.rest.recordings.list()[0].sid)


def test_the_old_event_callback_is_silent_beside_the_new_one(room: Room) -> None:
    room.network.app.on("/old", "").on("/taped", "")
    talk(room, "eventCallbackUrl='/old' recordingStatusCallback='/taped'")
    assert len(room.network.app.wait_for("/taped")) == 1
    assert room.network.app.to("/old") == []


def test_a_conference_may_be_recorded_by_one_who_is_phoned_for_it(room: Room) -> None:
    room.network.app.on("/taped", "")
    anna = room.enter(ANNA)
    carl = room.registered(CARL)
    room.network.twilio().conferences("hall").participants.create(
        from_=LINE, to=CARL, early_media=False, conference_record="true",
        conference_recording_status_callback=f"{room.network.app.base}/taped",
    )  # fmt: skip
    carl.until_my_move()
    carl.answer()
    carl.until_my_move()
    anna.until("your_move")
    anna.wait()
    carl.wait(5)
    carl.until("your_move")
    room.rest.update(status="completed")
    (taped,) = room.network.app.wait_for("/taped")
    assert taped.fields["RecordingDuration"] == "5"


def test_record_on_dial_records_the_leg_and_tells_the_action(room: Room) -> None:
    dial = "action='/after' record='record-from-answer' hangupOnStar='true'"
    anna = room.enter(ANNA, "<Conference>hall</Conference>", dial)
    room.enter(BERIT, "<Conference>hall</Conference>")
    anna.press("*")
    anna.until("said")
    (recording,) = room.network.twilio().calls(sid(anna)).recordings.list()
    assert recording.source == "DialVerb"
    assert room.network.app.fields("/after")["RecordingUrl"].endswith(recording.sid)
