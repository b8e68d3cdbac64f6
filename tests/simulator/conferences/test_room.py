"""Conference in Dial: coming in, waiting, starting, talking, leaving."""

import pytest

from tests.simulator.application import eventually
from tests.simulator.conferences.room import (
    ANNA,
    BERIT,
    CARL,
    EVENTS,
    HALL,
    Room,
    kinds,
    sid,
    waits_in,
)


def noun(attributes: str = "", name: str = "hall") -> str:
    told = f"statusCallback='/events' statusCallbackEvent='{EVENTS}'"
    return f"<Conference {told} {attributes}>{name}</Conference>"


def test_the_first_waits_with_music_and_the_second_starts_it(room: Room) -> None:
    anna = room.enter(ANNA)
    assert (room.conference.status, waits_in(anna)) == ("init", "conference")
    assert kinds(anna)[-3:] == ["joined", "played", "your_move"]
    berit = room.enter(BERIT)
    assert (room.conference.status, waits_in(berit)) == ("in-progress", "conversation")
    anna.until("beep")
    assert "played" not in kinds(berit)
    assert room.names(3) == ["participant-join", "participant-join", "conference-start"]


def test_what_one_says_and_presses_the_others_hear(room: Room) -> None:
    anna, berit, carl = room.enter(ANNA), room.enter(BERIT), room.enter(CARL)
    anna.say("Good morning")
    berit.until("heard")
    berit.press("5")
    anna.until("heard")
    carl.speak(2)
    eventually(lambda: 2.0 in room.heard(anna))
    assert room.heard(anna) == ["5", 2.0]
    assert room.heard(berit) == ["Good morning", 2.0]
    assert room.heard(carl) == ["Good morning", "5"]


def test_without_anybody_who_may_start_it_all_wait_unheard(room: Room) -> None:
    waiting = noun("startConferenceOnEnter='false'")
    anna, berit = room.enter(ANNA, waiting), room.enter(BERIT, waiting)
    assert room.conference.status == "init"
    anna.say("Anybody here?")
    anna.until("lost")
    assert room.heard(berit) == []
    room.enter(CARL)
    assert room.conference.status == "in-progress"
    berit.until("connected")
    anna.say("Good morning")
    berit.until("heard")
    assert room.heard(berit) == ["Good morning"]


def test_somebody_muted_hears_and_is_not_heard(room: Room) -> None:
    anna, berit = room.enter(ANNA, noun("muted='true'")), room.enter(BERIT)
    berit.say("Can you hear me?")
    anna.until("heard")
    anna.say("Yes")
    anna.until("lost")
    assert room.heard(berit) == []


@pytest.mark.parametrize(
    ("beep", "enters", "leaves"),
    [("true", 1, 1), ("false", 0, 0), ("onEnter", 1, 0), ("onExit", 0, 1)],
)
def test_a_beep_tells_the_others_who_comes_and_goes(
    room: Room, beep: str, enters: int, leaves: int
) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT, noun(f"beep='{beep}'"))
    assert len(room.happened(anna, "beep")) == enters
    berit.hang_up()
    berit.until("ended")
    assert len(room.happened(anna, "beep")) == enters + leaves
    assert room.happened(berit, "beep") == []


def test_when_the_last_leaves_it_is_over_and_the_next_is_another(room: Room) -> None:
    anna = room.enter(ANNA)
    anna.hang_up()
    anna.until("ended")
    room.enter(BERIT)
    first, second = room.all()
    assert (first.status, second.status) == ("completed", "init")
    assert first.sid != second.sid
    assert (first.name, first.reason_ended) == ("hall", "last-participant-left")


def test_one_who_is_left_alone_stays_and_others_may_come(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    berit.hang_up()
    berit.until("ended")
    assert room.conference.status == "in-progress"
    carl = room.enter(CARL)
    assert waits_in(carl) == "conversation"
    anna.say("Welcome")
    carl.until("heard")


def test_when_the_moderator_leaves_all_go_on_with_what_comes_after(room: Room) -> None:
    anna, berit = room.enter(ANNA, noun("endConferenceOnExit='true'")), room.enter(BERIT)
    anna.hang_up()
    berit.until("said", "ended")
    assert room.said(berit) == ["After"]
    told = room.network.app.fields("/after")
    assert told["DialCallStatus"] == "answered"
    assert told["DialBridged"] == "true"
    assert not {"DialCallSid", "DialCallDuration", "RecordingUrl"} & set(told)
    assert told["CallSid"] == sid(berit)
    assert room.conference.reason_ended == "participant-with-end-conference-on-exit-left"


def test_without_action_the_next_verb_follows(room: Room) -> None:
    moderator = room.enter(ANNA, noun("endConferenceOnExit='true'"))
    berit = room.enter(BERIT, HALL, dial="")
    moderator.hang_up()
    berit.until("said", "ended")
    assert room.said(berit) == ["Next"]


def test_a_star_leaves_when_asked_for_also_while_waiting(room: Room) -> None:
    anna = room.enter(ANNA, HALL, dial="hangupOnStar='true' action='/after'")
    anna.press("5")
    anna.until("lost")
    anna.press("*")
    anna.until("said")
    assert room.network.app.fields("/after")["DialCallStatus"] == "answered"
    assert room.network.app.fields("/after")["DialBridged"] == "false"
    assert room.conference.is_over


def test_otherwise_a_star_is_heard_like_any_key(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    anna.press("*")
    berit.until("heard")
    assert room.heard(berit) == ["*"]


def test_the_time_limit_takes_out_the_one_who_has_it(room: Room) -> None:
    anna = room.enter(ANNA, HALL, dial="timeLimit='60' action='/after'")
    anna.wait()
    anna.until("said")
    left = next(event for event in anna.events if event["type"] == "left")
    assert left["at"] == 60


def test_a_full_room_takes_nobody(room: Room) -> None:
    room.enter(ANNA, noun("maxParticipants='2'")), room.enter(BERIT)
    room.turned_away(CARL, HALL)
    assert room.network.app.fields("/after")["DialCallStatus"] == "failed"
    assert 16020 in room.network.codes()
    assert len(room.conference.present) == 2


def test_a_label_in_use_skips_the_verb_and_its_action(room: Room) -> None:
    room.enter(ANNA, noun("participantLabel='agent'"))
    berit = room.turned_away(BERIT, noun("participantLabel='agent'"))
    assert room.said(berit) == ["Next"]
    assert room.network.app.to("/after") == []
    assert room.network.codes() == [16025]


@pytest.mark.parametrize("label", ["x" * 129, "CA" + "0" * 32, "a/b", "a%2Fb"])
def test_a_label_that_is_none_is_16023(room: Room, label: str) -> None:
    room.turned_away(ANNA, noun(f"participantLabel='{label}'"))
    assert room.network.codes() == [16023]
    assert room.network.app.fields("/after")["DialCallStatus"] == "failed"
    assert room.all() == []


@pytest.mark.parametrize("name", ["", "x" * 129])
def test_a_room_without_a_name_or_with_too_long_a_one_is_13237(room: Room, name: str) -> None:
    room.turned_away(ANNA, noun(name=name))
    assert room.network.codes() == [13237]


def test_a_conference_can_be_named_by_its_sid_while_it_lasts(room: Room) -> None:
    room.enter(ANNA)
    berit = room.enter(BERIT, noun(name=room.conference.sid))
    assert waits_in(berit) == "conversation"
    assert room.conference.name == "hall"
    room.turned_away(CARL, noun(name="CF" + "0" * 32))
    assert room.network.codes() == [13236]


def test_a_call_that_is_redirected_leaves(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    url = f"{room.network.app.base}/after"
    room.network.twilio().calls(sid(anna)).update(url=url)
    anna.until("said")
    assert [member.call.sid for member in room.conference.present] == [sid(berit)]
    assert room.conference.status == "in-progress"
    (left,) = room.told("participant-leave", count=1)
    assert left["ReasonParticipantLeft"] == "participant_updated_via_api"


def test_redirecting_the_moderator_ends_it_for_all(room: Room) -> None:
    anna, berit = room.enter(ANNA, noun("endConferenceOnExit='true'")), room.enter(BERIT)
    room.network.twilio().calls(sid(anna)).update(twiml="<Response><Pause/></Response>")
    berit.until("said", "ended")
    assert room.said(berit) == ["After"]
    assert room.conference.status == "completed"


def test_redirecting_both_at_once_takes_both_where_they_are_sent(room: Room) -> None:
    """One whose leaving ends the conference and one who is sent on lose neither way."""
    anna, berit = room.enter(ANNA, noun("endConferenceOnExit='true'")), room.enter(BERIT)
    calls = room.network.twilio().calls
    calls(sid(berit)).update(twiml="<Response><Say>There</Say></Response>")
    calls(sid(anna)).update(twiml="<Response><Say>Here</Say></Response>")
    anna.until("said", "ended")
    berit.until("said", "ended")
    assert (room.said(anna), room.said(berit)) == (["Here"], ["There"])


def test_a_call_that_is_ended_by_rest_leaves(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    room.network.twilio().calls(sid(anna)).update(status="completed")
    anna.until("ended")
    assert [member.call.sid for member in room.conference.present] == [sid(berit)]


def test_coaching_is_heard_by_the_coached_one_only(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    carl = room.enter(CARL, noun(f"coach='{sid(berit)}'"))
    carl.say("Offer a discount")
    berit.until("heard")
    anna.say("It is too dear")
    eventually(lambda: len(room.heard(berit)) == 2)
    berit.say("I offer a discount")
    eventually(lambda: len(room.heard(anna)) == 1)
    assert room.heard(anna) == ["I offer a discount"]
    assert room.heard(berit) == ["Offer a discount", "It is too dear"]
    assert room.heard(carl) == ["It is too dear", "I offer a discount"]


def test_coaching_somebody_who_is_not_there_is_13240_and_fails_to_the_action(room: Room) -> None:
    room.enter(ANNA), room.enter(BERIT)
    room.turned_away(CARL, noun("coach='CA" + "0" * 32 + "'"))
    assert room.network.codes() == [13240]
    assert room.network.app.fields("/after")["DialCallStatus"] == "failed"


def test_bad_values_of_attributes_are_warned_of_by_twilios_codes(room: Room) -> None:
    bad = "muted='no' beep='loud' startConferenceOnEnter='1' endConferenceOnExit='1' trim='all'"
    room.enter(ANNA, noun(bad + " waitMethod='PUT' region='mars'"))
    codes = [13230, 13235, 13232, 13231, 13239, 13234, 12200]
    assert sorted(room.network.codes()) == sorted(codes)


def test_an_answer_on_bridge_is_answered_when_the_caller_comes_in(room: Room) -> None:
    anna = room.enter(ANNA, HALL, dial="answerOnBridge='true'")
    assert room.status(anna) == "in-progress"


def test_a_caller_of_script_is_heard_once_the_conference_listens(room: Room) -> None:
    anna = room.enter(ANNA)
    room.person(BERIT, {"then": [{"says": "Good morning"}, {"waits": 5}, {"hangs_up": True}]})
    anna.until("heard")
    assert room.heard(anna) == ["Good morning"]
    anna.hang_up()
    eventually(lambda: room.conference.is_over)
    (_, left) = room.told("participant-leave", count=2)
    assert left["Timestamp"] == "Mon, 23 Nov 2026 09:00:05 +0000"


def test_words_of_a_script_wait_until_there_is_somebody_to_hear_them(room: Room) -> None:
    carl = room.enter(CARL, noun("startConferenceOnEnter='false'"))
    unheard = noun("startConferenceOnEnter='false'")
    room.person(BERIT, {"then": [{"says": "Good morning"}]}, unheard)
    eventually(lambda: len(room.conference.present) == 2)
    room.enter(ANNA)
    carl.until("heard")
    assert room.heard(carl) == ["Good morning"]


def test_a_conference_does_not_mix_with_numbers(room: Room) -> None:
    room.turned_away(ANNA, f"{HALL}<Number>{CARL}</Number>")
    assert room.network.codes() == [13000]
    assert room.all() == []
