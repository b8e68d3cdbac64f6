"""What the application is told of a conference: which events, in which order, with which fields."""

import re

import pytest

from tests.simulator.application import LINE, eventually
from tests.simulator.conferences.room import ANNA, BERIT, CARL, HALL, Room, sid

AGENT = HALL.replace("<Conference", "<Conference participantLabel='agent'")
MODERATOR = HALL.replace("<Conference", "<Conference endConferenceOnExit='true'")
COMMON = {"ConferenceSid", "FriendlyName", "AccountSid", "SequenceNumber", "Timestamp",
          "StatusCallbackEvent"}  # fmt: skip
OF_A_PARTICIPANT = {"CallSid", "Muted", "Hold", "Coaching", "EndConferenceOnExit",
                    "StartConferenceOnEnter"}  # fmt: skip


def test_the_life_of_a_conference_in_order_and_without_a_gap(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    room.member(anna).update(muted=True)
    room.member(anna).update(hold=True)
    room.member(anna).update(hold=False)
    room.member(anna).update(muted=False)
    room.member(berit).update(end_conference_on_exit=True)
    anna.hang_up()
    anna.until("ended")
    berit.hang_up()
    assert room.names(11) == [
        "participant-join", "participant-join", "conference-start", "participant-mute",
        "participant-hold", "participant-unhold", "participant-unmute", "participant-modify",
        "participant-leave", "participant-leave", "conference-end",
    ]  # fmt: skip
    numbers = [int(fields["SequenceNumber"]) for fields in room.told()]
    assert numbers == list(range(1, 12))
    arrived = [request.fields["SequenceNumber"] for request in room.network.app.to("/events")]
    assert [int(number) for number in arrived] == numbers


def test_the_fields_of_each_event(room: Room) -> None:
    anna, berit = room.enter(ANNA, AGENT), room.enter(BERIT)
    anna.hang_up()
    anna.until("ended")
    berit.hang_up()
    joined, _, start, left, _, end = room.told(count=6)
    assert joined.keys() == COMMON | OF_A_PARTICIPANT | {"ParticipantLabel"}
    assert joined["CallSid"] == sid(anna)
    assert joined["ParticipantLabel"] == "agent"
    assert (joined["Muted"], joined["Hold"], joined["Coaching"]) == ("false", "false", "false")
    assert (joined["EndConferenceOnExit"], joined["StartConferenceOnEnter"]) == ("false", "true")
    assert start.keys() == COMMON
    assert start["FriendlyName"] == "hall"
    assert re.fullmatch("CF[0-9a-f]{32}", start["ConferenceSid"])
    assert start["Timestamp"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert left["ParticipantCallStatus"] == "completed"
    assert left["ReasonParticipantLeft"] == "participant_hung_up"
    assert end.keys() == COMMON | {"CallSidEndingConference", "ReasonConferenceEnded", "Reason"}
    assert end["CallSidEndingConference"] == sid(berit)
    assert end["ReasonConferenceEnded"] == "last-participant-left"
    assert sid(berit) in end["Reason"]


def test_when_the_moderator_leaves_the_others_are_told_to_have_been_moderated_out(
    room: Room,
) -> None:
    moderator = MODERATOR.replace("<Conference", "<Conference participantLabel='boss'")
    anna, berit = room.enter(ANNA, moderator), room.enter(BERIT)
    anna.hang_up()
    berit.until("left")
    first, second, end = room.told(count=6)[3:]
    assert (first["CallSid"], first["ReasonParticipantLeft"]) == (sid(anna), "participant_hung_up")
    assert second["ReasonParticipantLeft"] == "moderator_ended_conference"
    assert second["ParticipantCallStatus"] == "in-progress"
    assert end["CallSidEndingConference"] == sid(anna)
    assert end["ParticipantLabelEndingConference"] == "boss"
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"


def test_a_conference_ended_by_rest(room: Room) -> None:
    anna, _ = room.enter(ANNA), room.enter(BERIT)
    room.rest.update(status="completed")
    anna.until("left")
    first, second, end = room.told(count=6)[3:]
    for left in (first, second):
        assert left["ReasonParticipantLeft"] == "conference_ended_via_api"
    assert end["ReasonConferenceEnded"] == "conference-ended-via-api"
    assert "CallSidEndingConference" not in end


def test_a_kick_and_the_end_by_a_kick(room: Room) -> None:
    anna = room.enter(ANNA)
    room.member(anna).delete()
    anna.until("left")
    left, end = room.told(count=3)[1:]
    assert left["ReasonParticipantLeft"] == "participant_updated_via_api"
    assert end["ReasonConferenceEnded"] == "last-participant-kicked"


def test_only_what_is_asked_for_is_told_and_counted(room: Room) -> None:
    noun = "<Conference statusCallback='/events' statusCallbackEvent='join end'>hall</Conference>"
    anna, berit = room.enter(ANNA, noun), room.enter(BERIT, noun)
    room.member(anna).update(muted=True)
    anna.hang_up()
    berit.hang_up()
    assert room.names(3) == ["participant-join", "participant-join", "conference-end"]
    assert [fields["SequenceNumber"] for fields in room.told()] == ["1", "2", "3"]


@pytest.mark.parametrize("noun", [
    "<Conference statusCallback='/events'>hall</Conference>",
    "<Conference statusCallbackEvent='join'>hall</Conference>",
])  # fmt: skip
def test_an_address_without_events_and_events_without_an_address_tell_nothing(
    room: Room, noun: str
) -> None:
    anna = room.enter(ANNA, noun)
    anna.hang_up()
    anna.until("ended")
    assert room.told() == []


def test_somebody_speaks_and_stops(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    anna.speak(4)
    berit.until("heard")
    berit.wait()
    anna.wait()
    start, stop = room.told("participant-speech-start", "participant-speech-stop", count=2)
    assert (start["StatusCallbackEvent"], stop["StatusCallbackEvent"]) == (
        "participant-speech-start", "participant-speech-stop",
    )  # fmt: skip
    assert start["CallSid"] == stop["CallSid"] == sid(anna)
    assert start["Timestamp"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert stop["Timestamp"] == "Mon, 23 Nov 2026 09:00:04 +0000"


def test_speech_that_goes_on_starts_once_and_a_mute_stops_it(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    anna.speak(4)
    berit.until("heard")
    anna.until_my_move()
    anna.say("And another thing")
    berit.until("heard")
    room.member(anna).update(muted=True)
    events = [f["StatusCallbackEvent"] for f in room.told(count=6)[3:]]
    assert events == [
        "participant-speech-start", "participant-speech-stop", "participant-mute",
    ]  # fmt: skip


def test_an_event_that_is_refused_is_a_warning_and_the_conference_goes_on(room: Room) -> None:
    noun = "<Conference statusCallback='/gone' statusCallbackEvent='join'>hall</Conference>"
    room.enter(ANNA, noun), room.enter(BERIT)
    eventually(lambda: len(room.network.codes()) == 2)
    assert room.network.codes() == [16011, 16011]
    assert room.conference.status == "in-progress"


def test_the_waits_of_others_are_told_by_get_when_asked_for(room: Room) -> None:
    noun = HALL.replace("<Conference", "<Conference statusCallbackMethod='GET'")
    room.enter(ANNA, noun)
    (asked,) = room.network.app.wait_for("/events")
    assert asked.method == "GET"
    assert asked.fields["StatusCallbackEvent"] == "participant-join"
    assert asked.headers["X-Twilio-Signature"]
    assert CARL not in asked.fields.values()
    assert LINE not in asked.fields.values()
