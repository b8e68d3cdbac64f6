"""What is heard while waiting, on hold, and announced."""

from typing import Any

import pytest
from werkzeug import Request, Response

from tests.simulator.application import LINE, eventually, twiml
from tests.simulator.conferences.room import (
    ANNA,
    BERIT,
    CARL,
    HALL,
    Room,
    kinds,
    refused,
    sid,
    waits_in,
)

WAITS = "<Conference waitUrl='/wait'>hall</Conference>"


def counted(document: str) -> Any:
    """A document that says how often it was asked for."""
    rounds = iter(range(1, 1_000))

    def answer(request: Request) -> str:
        return document.replace("#", str(next(rounds)))

    return answer


def test_the_wait_document_is_heard_once_and_then_there_is_silence(room: Room) -> None:
    room.network.app.on("/wait", counted(twiml("<Say>Please wait #</Say>")))
    anna = room.enter(ANNA, WAITS)
    anna.wait(3600)
    anna.until_my_move()
    assert room.said(anna) == ["Please wait 1"]
    fields = room.network.app.to("/wait")[0].fields
    assert (fields["CallSid"], fields["From"], fields["To"]) == (sid(anna), ANNA, LINE)
    assert room.network.app.to("/wait")[0].method == "POST"


def test_a_redirect_at_its_end_makes_it_go_on(room: Room) -> None:
    document = twiml("<Say>Please wait #</Say>", "<Pause length='9'/>", "<Redirect/>")
    room.network.app.on("/wait", counted(document))
    anna = room.enter(ANNA, WAITS)
    anna.wait(25)
    anna.until_my_move()
    assert room.said(anna) == ["Please wait 1", "Please wait 2", "Please wait 3"]


def test_the_music_stops_when_the_conference_starts(room: Room) -> None:
    document = twiml("<Say>Please wait</Say>", "<Pause length='9'/>", "<Redirect/>")
    room.network.app.on("/wait", document)
    anna, berit = room.enter(ANNA, WAITS), room.enter(BERIT, WAITS)
    waited = len(room.network.app.to("/wait"))
    for phone in (anna, berit):
        phone.wait()
    anna.until("connected")
    assert len(room.network.app.to("/wait")) == waited
    assert "said" not in kinds(berit)


def test_the_wait_document_may_be_asked_for_by_get(room: Room) -> None:
    room.network.app.on("/wait", twiml("<Say>Please wait</Say>"))
    anna = room.enter(ANNA, "<Conference waitUrl='/wait' waitMethod='GET'>hall</Conference>")
    anna.wait()
    assert room.network.app.wait_for("/wait")[0].method == "GET"


def test_an_empty_address_is_silence_and_none_is_twilios_own_music(room: Room) -> None:
    silent = room.enter(ANNA, "<Conference waitUrl=''>quiet</Conference>")
    assert "played" not in kinds(silent)
    assert "played" in kinds(room.enter(BERIT, "<Conference>loud</Conference>"))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("no", 500), 11200),
        (twiml("<Gather><Say>Press</Say></Gather>"), 13238),
        (twiml("<Dial>+46846500410</Dial>"), 13238),
        (twiml("<Hangup/>"), 13238),
        (twiml("<Record/>"), 13238),
        ("<Response>", 12100),
    ],
)
def test_when_it_fails_the_caller_is_not_in_and_the_action_is_told(
    room: Room, answer: Any, code: int
) -> None:
    room.network.app.on("/wait", answer)
    anna = room.turned_away(ANNA, WAITS)
    assert room.said(anna) == ["After"]
    assert room.network.codes() == [code]
    assert room.network.app.fields("/after")["DialCallStatus"] == "failed"
    assert room.conference.status == "completed"


def test_an_address_that_is_none_is_13233_and_lets_nobody_in(room: Room) -> None:
    room.turned_away(ANNA, "<Conference waitUrl='ftp://example.org/x'>hall</Conference>")
    assert room.network.codes() == [13233]
    assert room.all() == []


def test_who_is_on_hold_neither_hears_nor_is_heard_and_has_music(room: Room) -> None:
    anna, berit, carl = room.enter(ANNA), room.enter(BERIT), room.enter(CARL)
    room.network.app.on("/hold", twiml("<Say>You are on hold</Say>"))
    held = room.member(anna).update(hold=True, hold_url=f"{room.network.app.base}/hold")
    assert (held.hold, held.status) == (True, "connected")
    anna.until("your_move")
    berit.say("Is she gone?")
    carl.until("heard")
    anna.say("I can hear you")
    anna.until("lost")
    assert (room.heard(anna), room.heard(berit)) == ([], [])
    (asked,) = room.network.app.wait_for("/hold")
    assert (asked.method, asked.fields["CallSid"]) == ("GET", sid(anna))


def test_who_is_taken_off_hold_is_back_in_the_conversation(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    room.network.app.on("/hold", twiml("<Say>Hold #</Say>", "<Redirect/>"))
    room.member(anna).update(
        hold=True, hold_url=f"{room.network.app.base}/hold", hold_method="POST"
    )
    room.network.app.wait_for("/hold")
    assert room.network.app.to("/hold")[0].method == "POST"
    room.member(anna).update(hold=False)
    eventually(lambda: room.happened(anna, "held", "unheld") == ["held", "unheld"])
    berit.say("Welcome back")
    anna.until("heard")
    assert room.heard(anna) == ["Welcome back"]
    assert waits_in(anna) == "conversation"


def test_hold_without_an_address_is_twilios_own_music(room: Room) -> None:
    anna, _ = room.enter(ANNA), room.enter(BERIT)
    room.member(anna).update(hold=True)
    anna.until("held")
    assert room.happened(anna, "held", "played")[-2:] == ["held", "played"]


def test_a_hold_document_that_fails_is_silence(room: Room) -> None:
    anna, _ = room.enter(ANNA), room.enter(BERIT)
    room.network.app.on("/hold", twiml("<Record/>"))
    room.member(anna).update(hold=True, hold_url=f"{room.network.app.base}/hold")
    anna.until("error")
    assert room.network.codes() == [13238]
    assert room.member(anna).fetch().hold is True


def test_an_announcement_is_heard_by_all_while_they_talk(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    room.network.app.on("/announce", twiml("<Say>Five minutes left</Say>"))
    room.rest.update(announce_url=f"{room.network.app.base}/announce")
    anna.until("said")
    berit.until("said")
    (asked,) = room.network.app.to("/announce")
    assert (asked.method, asked.fields["ConferenceSid"]) == ("POST", room.conference.sid)
    assert "CallSid" not in asked.fields
    anna.say("So soon?")
    berit.until("heard")
    for phone in (anna, berit):
        phone.wait()
    (ended,) = room.told("announcement-end", count=1)
    assert ended["AnnounceUrl"] == f"{room.network.app.base}/announce"
    assert "CallSid" not in ended


def test_an_announcement_to_one_is_heard_by_that_one_only(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    room.network.app.on("/announce", twiml("<Say>A caller waits</Say>"))
    room.member(anna).update(
        announce_url=f"{room.network.app.base}/announce", announce_method="GET"
    )
    anna.until("said")
    for phone in (anna, berit):
        phone.wait()
    (ended,) = room.told("announcement-end", count=1)
    assert ended["CallSid"] == sid(anna)
    assert room.said(berit) == []
    assert room.network.app.to("/announce")[0].method == "GET"


def test_an_announcement_that_fails_is_an_error_and_no_event(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    room.network.app.on("/announce", twiml("<Dial>+46846500410</Dial>"))
    room.rest.update(announce_url=f"{room.network.app.base}/announce")
    eventually(lambda: room.network.codes() == [13238])
    berit.hang_up()
    room.told("participant-leave", count=1)
    assert room.told("announcement-end") == []
    assert room.said(anna) == []


def test_nothing_can_be_announced_before_the_start(room: Room) -> None:
    room.enter(ANNA, HALL)
    url = f"{room.network.app.base}/announce"
    assert refused(lambda: room.rest.update(announce_url=url)) == (400, 16001)
