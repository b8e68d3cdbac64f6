"""Conferences and participants over REST, through the official client."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from ivr.simulator import Person
from ivr.simulator.directory import read_person
from tests.simulator.application import LINE, TEAM, eventually, twiml
from tests.simulator.conferences.room import (
    ANNA,
    BERIT,
    CARL,
    EVENTS,
    HALL,
    Room,
    refused,
    sid,
    waits_in,
)

NOBODY = "CA" + "0" * 32


def phone_in(room: Room, to: str, name: str = "hall", **options: Any) -> Any:
    """Have the application phone somebody for a conference."""
    participants = room.network.twilio().conferences(name).participants
    return participants.create(**{"from_": LINE, "to": to, "early_media": False, **options})


def test_a_participant_is_phoned_into_a_room_of_that_name(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.registered(BERIT)
    made = phone_in(room, BERIT, label="agent")
    assert (made.status, made.label) == ("queued", "agent")
    assert made.conference_sid == room.conference.sid
    berit.until_my_move()
    assert room.rest.participants("agent").fetch().status == "ringing"
    assert room.conference.status == "init"
    berit.answer()
    berit.until_my_move()
    assert room.conference.status == "in-progress"
    berit.say("Hello")
    anna.until("heard")
    assert room.heard(anna) == ["Hello"]


def test_a_name_that_nobody_uses_opens_a_conference(room: Room) -> None:
    berit = room.registered(BERIT)
    made = phone_in(room, BERIT, "new room")
    assert (room.conference.name, room.conference.status) == ("new room", "init")
    assert made.conference_sid == room.conference.sid
    berit.until_my_move()
    berit.answer()
    berit.until_my_move()
    assert waits_in(berit) == "conference"
    assert room.rest.fetch().friendly_name == "new room"


def test_the_sid_of_a_conference_that_is_over_is_refused(room: Room) -> None:
    anna = room.enter(ANNA)
    over = room.conference.sid
    anna.hang_up()
    anna.until("ended")
    assert refused(lambda: phone_in(room, BERIT, over)) == (400, 16022)
    assert refused(lambda: phone_in(room, BERIT, "CF" + "0" * 32)) == (400, 16022)


def test_with_early_media_the_ringing_is_in_the_conference_already(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.registered(BERIT)
    phone_in(room, BERIT, early_media=True)
    berit.until_my_move()
    assert room.conference.status == "in-progress"
    anna.until("ringing")
    assert room.names(3) == ["participant-join", "participant-join", "conference-start"]
    anna.say("Hello?")
    berit.answer()
    berit.until_my_move()
    assert (room.heard(berit), waits_in(berit)) == ([], "conversation")
    anna.say("There you are")
    berit.until("heard")


@pytest.mark.parametrize("early_media", [True, False])
@pytest.mark.parametrize(
    ("does", "status"), [("busy", "busy"), ("no_answer", "no-answer"), ("failed", "failed")]
)
def test_somebody_who_does_not_answer_leaves_with_the_reason(
    room: Room, does: str, status: str, early_media: bool
) -> None:
    room.network.carrier.carrier.directory.people[TEAM] = Person(does)
    made = phone_in(
        room, TEAM, early_media=early_media, label="agent",
        conference_status_callback=f"{room.network.app.base}/events",
        conference_status_callback_event=EVENTS.split(),
    )  # fmt: skip
    (left,) = room.told("participant-leave", count=1)
    assert left["ReasonParticipantLeft"] == "participant_add_failed"
    assert (left["ParticipantCallStatus"], left["CallSid"]) == (status, made.call_sid)
    (end,) = room.told("conference-end", count=1)
    assert end["ReasonConferenceEnded"] == "last-participant-left"
    assert room.conference.is_over


def test_the_call_itself_is_told_of_too(room: Room) -> None:
    room.enter(ANNA)
    berit = room.registered(BERIT)
    room.network.app.on("/call", "")
    phone_in(
        room, BERIT, status_callback=f"{room.network.app.base}/call",
        status_callback_event=["initiated ringing", "answered"],
    )  # fmt: skip
    berit.until_my_move()
    berit.answer()
    told = [request.fields["CallStatus"] for request in room.network.app.wait_for("/call", 3)]
    assert told == ["initiated", "ringing", "in-progress"]


def test_only_the_first_to_come_in_decides_who_is_told(room: Room) -> None:
    room.network.app.on("/other", "")
    room.enter(ANNA)
    room.enter(BERIT, "<Conference statusCallback='/other' statusCallbackEvent='join leave'>"
               "hall</Conference>")  # fmt: skip
    assert room.names(3) == ["participant-join", "participant-join", "conference-start"]
    assert room.network.app.to("/other") == []


def test_without_a_list_of_events_rest_tells_of_start_and_end(room: Room) -> None:
    berit = room.registered(BERIT)
    phone_in(room, BERIT, conference_status_callback=f"{room.network.app.base}/events")
    berit.until_my_move()
    berit.answer()
    berit.until_my_move()
    anna = room.enter(ANNA)
    assert room.names(1) == ["conference-start"]
    room.rest.update(status="completed")
    anna.until("left")
    assert room.names(2) == ["conference-start", "conference-end"]


def test_a_participant_is_muted_and_unmuted(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    assert room.member(anna).update(muted=True).muted is True
    anna.until("muted")
    anna.say("Hello")
    anna.until("lost")
    room.member(anna).update(muted=False)
    anna.until("unmuted", "your_move")
    anna.say("Hello again")
    berit.until("heard")
    assert room.heard(berit) == ["Hello again"]
    assert [f["Muted"] for f in room.told("participant-mute", "participant-unmute", count=2)] == [
        "true", "false",
    ]  # fmt: skip


def test_participants_are_listed_by_what_they_are(room: Room) -> None:
    anna, berit, carl = room.enter(ANNA), room.enter(BERIT), room.enter(CARL)
    room.member(anna).update(muted=True)
    room.member(berit).update(hold=True)
    room.member(carl).update(coaching=True, call_sid_to_coach=sid(anna))

    def listed(**filters: bool) -> list[str]:
        return [found.call_sid for found in room.rest.participants.list(**filters)]

    assert listed() == [sid(carl), sid(berit), sid(anna)]
    assert (listed(muted=True), listed(hold=True)) == ([sid(anna)], [sid(berit)])
    assert listed(coaching=True) == [sid(carl)]
    assert listed(muted=False) == [sid(carl), sid(berit)]


def test_only_creating_a_participant_takes_the_name_of_a_room(room: Room) -> None:
    anna = room.enter(ANNA)
    by_name = room.network.twilio().conferences("hall")
    assert refused(by_name.fetch) == (404, 20404)
    assert refused(by_name.participants(sid(anna)).fetch) == (404, 20404)


def test_a_conference_that_is_over_has_no_participants_any_more(room: Room) -> None:
    anna = room.enter(ANNA)
    anna.hang_up()
    anna.until("ended")
    assert room.rest.participants.list() == []
    assert refused(lambda: room.member(anna).fetch()) == (404, 20404)
    assert refused(lambda: room.member(anna).update(muted=True)) == (404, 20404)
    assert refused(lambda: room.member(anna).delete()) == (404, 20404)
    assert refused(lambda: room.rest.update(status="completed")) == (400, 16022)


def test_somebody_who_is_kicked_goes_on_with_what_comes_after(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    assert room.member(anna).delete() is True
    anna.until("said")
    assert room.said(anna) == ["After"]
    assert refused(lambda: room.member(anna).fetch()) == (404, 20404)
    assert room.conference.status == "in-progress"
    assert room.member(berit).delete() is True
    eventually(lambda: room.conference.reason_ended == "last-participant-kicked")


def test_kicking_the_moderator_ends_it(room: Room) -> None:
    anna = room.enter(ANNA, HALL.replace("<Conference", "<Conference endConferenceOnExit='true'"))
    room.enter(BERIT)
    room.member(anna).delete()
    kicked = "participant-with-end-conference-on-exit-kicked"
    assert room.rest.fetch().reason_conference_ended == kicked
    assert room.rest.fetch().call_sid_ending_conference == sid(anna)


def test_somebody_whose_telephone_rings_can_be_kicked(room: Room) -> None:
    room.enter(ANNA)
    berit = room.registered(BERIT)
    made = phone_in(room, BERIT)
    berit.until_my_move()
    room.rest.participants(made.call_sid).delete()
    assert berit.until("ended")[-1]["status"] == "canceled"
    (left,) = room.told("participant-leave", count=1)
    assert left["ParticipantCallStatus"] == "canceled"


def test_somebody_whose_telephone_rings_cannot_be_muted(room: Room) -> None:
    room.enter(ANNA)
    berit = room.registered(BERIT)
    made = phone_in(room, BERIT)
    berit.until_my_move()
    ringing = room.rest.participants(made.call_sid)
    assert refused(lambda: ringing.update(muted=True)) == (400, 21220)


def test_who_was_phoned_for_the_conference_hangs_up_when_it_ends(room: Room) -> None:
    anna, berit, carl = room.enter(ANNA), room.registered(BERIT), room.registered(CARL)
    phone_in(room, BERIT)
    berit.until_my_move()
    berit.answer()
    berit.until_my_move()
    phone_in(room, CARL, early_media=True)
    carl.until_my_move()
    room.rest.update(status="completed")
    assert berit.until("ended")[-1]["status"] == "completed"
    assert carl.until("ended")[-1]["status"] == "canceled"
    anna.until("said")
    assert room.said(anna) == ["After"]
    assert room.rest.fetch().status == "completed"
    assert room.rest.fetch().reason_conference_ended == "conference-ended-via-api"
    assert room.rest.fetch().call_sid_ending_conference is None


def test_a_conference_that_has_not_started_cannot_be_ended(room: Room) -> None:
    room.enter(ANNA)
    assert refused(lambda: room.rest.update(status="completed")) == (400, 16001)
    assert room.conference.status == "init"


def test_a_supervisor_coaches_and_then_speaks_to_all(room: Room) -> None:
    anna, berit, carl = room.enter(ANNA), room.enter(BERIT), room.registered(CARL)
    made = phone_in(room, CARL, call_sid_to_coach=sid(berit), start_conference_on_enter=False)
    assert (made.coaching, made.call_sid_to_coach) == (True, sid(berit))
    carl.until_my_move()
    carl.answer()
    carl.until_my_move()
    carl.say("Offer a discount")
    berit.until("heard")
    barged = room.member(carl).update(coaching=False)
    assert (barged.coaching, barged.call_sid_to_coach) == (False, None)
    carl.say("I am the supervisor")
    eventually(lambda: room.heard(anna) == ["I am the supervisor"])
    assert room.heard(berit) == ["Offer a discount", "I am the supervisor"]
    (modified,) = room.told("participant-modify", count=1)
    assert (modified["CallSid"], modified["Coaching"]) == (sid(carl), "false")


def test_nobody_coaches_who_is_not_there_or_on_hold(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    me = room.member(anna)
    assert refused(lambda: me.update(call_sid_to_coach=NOBODY)) == (400, 16028)
    assert refused(lambda: me.update(call_sid_to_coach=sid(anna))) == (400, 16028)
    assert refused(lambda: me.update(coaching=True)) == (400, 20001)
    room.member(berit).update(hold=True)
    assert refused(lambda: me.update(call_sid_to_coach=sid(berit))) == (400, 16027)
    assert refused(lambda: phone_in(room, CARL, call_sid_to_coach=NOBODY)) == (400, 16028)


def test_a_label_must_be_free_and_no_sid(room: Room) -> None:
    room.enter(ANNA, "<Conference participantLabel='agent'>hall</Conference>")
    assert refused(lambda: phone_in(room, BERIT, label="agent")) == (400, 16026)
    assert refused(lambda: phone_in(room, BERIT, label=NOBODY)) == (400, 16024)
    assert refused(lambda: phone_in(room, BERIT, label="a/b")) == (400, 16024)


def test_a_full_room_takes_nobody_by_rest(room: Room) -> None:
    room.enter(ANNA)
    made = phone_in(room, BERIT, max_participants=2)
    assert made.status == "queued"
    assert refused(lambda: phone_in(room, CARL)) == (400, 16020)


def test_whether_leaving_ends_it_can_be_changed_but_not_on_hold(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    me = room.member(anna)
    me.update(hold=True)
    assert me.update(end_conference_on_exit=True).end_conference_on_exit is True
    assert me.fetch().end_conference_on_exit is False
    me.update(hold=False, end_conference_on_exit=True)
    assert me.fetch().end_conference_on_exit is True
    anna.hang_up()
    berit.until("left")


def test_the_beep_at_leaving_can_be_changed(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    room.member(berit).update(beep_on_exit=False)
    before = room.happened(anna, "beep")
    berit.hang_up()
    berit.until("ended")
    assert room.happened(anna, "beep") == before


def test_the_music_of_somebody_who_waits_can_be_changed(room: Room) -> None:
    room.network.app.on("/wait", twiml("<Say>Nearly there</Say>"))
    anna = room.enter(ANNA)
    room.member(anna).update(wait_url=f"{room.network.app.base}/wait")
    anna.until("said")
    assert room.said(anna) == ["Nearly there"]


def test_conferences_are_listed_by_name_status_and_day(room: Room) -> None:
    anna = room.enter(ANNA, "<Conference>one</Conference>")
    room.enter(BERIT, "<Conference>two</Conference>")
    conferences = room.network.twilio().conferences

    def listed(**filters: Any) -> list[str]:
        return [found.friendly_name for found in conferences.list(**filters)]

    assert listed() == ["two", "one"]
    assert listed(friendly_name="one") == ["one"]
    anna.hang_up()
    anna.until("ended")
    assert (listed(status="init"), listed(status="completed")) == (["two"], ["one"])
    assert listed(status="in-progress") == []
    day, day_before = date(2026, 11, 23), date(2026, 11, 22)
    assert listed(date_created=day) == listed(date_updated=day) == ["two", "one"]
    assert listed(date_created_before=day_before) == []
    assert listed(date_created_after=day) == ["two", "one"]


def test_a_conference_that_there_is_not_is_404(room: Room) -> None:
    missing = room.network.twilio().conferences("CF" + "0" * 32)
    assert refused(missing.fetch) == (404, 20404)
    assert refused(lambda: missing.update(status="completed")) == (404, 20404)
    assert refused(lambda: missing.participants("agent").fetch()) == (404, 20404)


def test_a_client_can_be_phoned_and_a_time_limit_ends_the_call(room: Room) -> None:
    room.network.carrier.carrier.directory.people["client:agnes"] = Person("answers", 3)
    made = phone_in(room, "client:agnes", time_limit=60)
    calls = room.network.carrier.carrier.calls
    eventually(lambda: calls.get(made.call_sid).is_over)  # type: ignore[union-attr]
    call = calls.get(made.call_sid)
    assert call is not None
    assert (call.called, call.status, call.duration) == ("client:agnes", "completed", 60)
    assert room.conference.reason_ended == "last-participant-left"


def test_whether_a_machine_answered_is_found_out_beside_and_told(room: Room) -> None:
    app, people = room.network.app, room.network.carrier.carrier.directory.people
    app.on("/amd", "")
    people[TEAM] = read_person({"machine": {"greeting": 8}}, TEAM)
    made = phone_in(
        room, TEAM, machine_detection="DetectMessageEnd", amd_status_callback=f"{app.base}/amd"
    )
    (told,) = app.wait_for("/amd")
    assert told.fields["CallSid"] == made.call_sid
    assert told.fields["AnsweredBy"] == "machine_end_beep"
    # The carrier says so before the participant has come in.
    # On a busy machine it has heard enough of the conference when we come to look.
    call = room.network.twilio().calls(made.call_sid)
    eventually(
        lambda: (
            room.conference.find(made.call_sid) is not None or call.fetch().status == "completed"
        )
    )
    eventually(lambda: call.fetch().answered_by is not None)


def test_detection_that_makes_no_sense_phones_nobody(room: Room) -> None:
    assert refused(lambda: phone_in(room, TEAM, machine_detection="Perhaps")) == (400, 21234)
    assert room.all() == []


def test_a_sip_endpoint_is_phoned_with_its_password(room: Room) -> None:
    desk = "sip:desk@office.example"
    who = {"credentials": {"username": "ann", "password": "secret"}}
    room.network.carrier.carrier.directory.people[desk] = read_person(who, desk)
    right = phone_in(room, desk, sip_auth_username="ann", sip_auth_password="secret")
    wrong = phone_in(room, desk, sip_auth_username="ann", sip_auth_password="guess")
    for made, status in ((right, "completed"), (wrong, "failed")):
        call = room.network.twilio().calls(made.call_sid)
        eventually(partial(_has_status, call, status))


def _has_status(call: Any, status: str) -> bool:
    return bool(call.fetch().status == status)


def test_the_call_of_a_participant_is_recorded(room: Room) -> None:
    room.network.app.on("/recorded", "")
    berit = room.registered(BERIT)
    made = phone_in(
        room, BERIT, record=True, recording_channels="dual",
        recording_status_callback=f"{room.network.app.base}/recorded",
    )  # fmt: skip
    berit.until_my_move()
    berit.answer()
    berit.until_my_move()
    berit.wait(5)
    berit.until_my_move()
    berit.hang_up()
    (told,) = room.network.app.wait_for("/recorded")
    assert (told.fields["RecordingSource"], told.fields["RecordingChannels"]) == (
        "OutboundAPI",
        "2",
    )
    (recording,) = room.network.twilio().calls(made.call_sid).recordings.list()
    assert (recording.source, recording.channels) == ("OutboundAPI", 2)
