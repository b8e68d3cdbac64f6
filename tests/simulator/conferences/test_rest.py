"""Conferences and participants over REST, through the official client."""

from tests.simulator.application import LINE
from tests.simulator.conferences.room import ANNA, BERIT, Room, heard


def test_a_participant_is_phoned_into_a_room_of_that_name(room: Room) -> None:
    anna = room.enter(ANNA)
    berit = room.registered(BERIT)
    made = (
        room.network.twilio()
        .conferences("hall")
        .participants.create(from_=LINE, to=BERIT, label="agent", early_media=False)
    )
    assert (made.status, made.label, made.conference_sid) == (
        "queued",
        "agent",
        room.conference.sid,
    )
    berit.until_my_move()
    assert room.rest.participants("agent").fetch().status == "ringing"
    assert room.conference.status == "init"
    berit.answer()
    berit.until_my_move()
    assert room.conference.status == "in-progress"
    berit.say("Hello")
    anna.until("heard")
    assert heard(anna) == ["Hello"]
