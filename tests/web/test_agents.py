"""What an agent's telephone is told: whispers, decisions, the end of a talk."""

from __future__ import annotations

import pytest
from redis import Redis

from ivr.store import keys
from ivr.store.connection import connect
from tests.store.fixtures import redis, store_url
from tests.web.agents import ANNA, BO, Desk, call, heard, path_of, url_of
from tests.web.calling import PUBLIC

__all__ = ["redis", "store_url"]

LEG = call(50)


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis)


def offer(desk: Desk, name: str = "anna", ago: float = 250.0) -> str:
    """Somebody waits, and the agent's telephone rings for them; the caller's id."""
    desk.service.come(name, desk.clock.now())
    return desk.somebody_waits(ago=ago)


def test_a_whisper_tells_who_waits_for_how_long_and_why(desk: Desk) -> None:
    offer(desk)
    reply = desk.post("/agent/whisper/R1", LEG, To=ANNA)
    gather = reply.verbs[0]
    said = [(say.get("language"), say.text) for say in gather]
    assert said == [
        ("sv-SE", "Ett samtal till faktura. Det är Maria Virtanen. Har väntat i 4 minuter. "
                  "Pratar finska. Valde:"),
        ("fi-FI", "laskuasioissa, eräpäivä."),
        ("sv-SE", "customer number: 2 0 4, 1 7. Sa:"),
        ("fi-FI", "lasku on väärin."),
        ("sv-SE", "Tryck 1 för att ta samtalet, 2 för att avböja."),
    ]  # fmt: skip
    assert "+46701740605" not in reply.text
    assert "secret" not in reply.text


def test_who_accepts_meets_the_person_in_a_conference_of_their_own(desk: Desk) -> None:
    offer(desk)
    decision = url_of(desk.twice("/agent/whisper/R1", LEG), "Gather")
    reply = desk.twice(decision, LEG, Digits="1")
    [dial] = reply.verbs
    [conference] = dial
    assert (dial.tag, dial.get("hangupOnStar")) == ("Dial", "true")
    assert conference.text == "R1"
    assert conference.attrib == {
        "participantLabel": "agent-anna", "beep": "false", "startConferenceOnEnter": "true",
        "endConferenceOnExit": "false", "waitUrl": "",
    }  # fmt: skip
    assert path_of(url_of(reply, "Dial")) == "/agent/ended/R1"
    assert desk.presence("anna") == "busy"
    assert desk.redis.hexists(keys.DUE_RECORDS, "bring_person:R1")


def test_a_second_call_to_the_same_agent_does_not_get_the_person_too(desk: Desk) -> None:
    offer(desk)
    desk.post("/agent/decision/R1?l=sv", LEG, Digits="1")
    for path in ("/agent/whisper/R1?l=sv", "/agent/decision/R1?l=sv"):
        reply = desk.post(path, call(51), Digits="1")
        assert [verb.tag for verb in reply.verbs] == ["Say", "Hangup"]
        assert heard(reply) == "Det här samtalet väntar inte längre på dig."


def test_who_declines_has_a_pause_and_the_person_keeps_the_place(desk: Desk) -> None:
    caller = offer(desk)
    reply = desk.twice("/agent/decision/R1?l=sv", LEG, Digits="2")
    assert "kort paus" in heard(reply)
    assert reply.verbs[-1].tag == "Hangup"
    anna = desk.agents.read("anna")
    assert anna is not None
    assert (anna.presence, anna.until) == ("wrap_up", desk.now + 30)
    assert desk.lines.waiting("billing") == (caller,)


def test_who_presses_nothing_is_asked_once_more_and_is_then_away(desk: Desk) -> None:
    caller = offer(desk)
    whisper = desk.post("/agent/whisper/R1", LEG)
    assert [verb.tag for verb in whisper.verbs] == ["Gather", "Gather", "Redirect"]
    assert "frånvarande" in "".join(whisper.verbs[1].itertext())
    reply = desk.twice(url_of(whisper, "Redirect"), LEG)
    assert "Ingen knapp" in heard(reply)
    assert desk.presence("anna") == "away"
    assert desk.lines.waiting("billing") == (caller,)


def test_any_other_key_says_it_all_again(desk: Desk) -> None:
    offer(desk)
    whisper = desk.post("/agent/whisper/R1", LEG)
    assert desk.post("/agent/decision/R1?l=sv", LEG, Digits="7").body == whisper.body


@pytest.mark.parametrize(
    ("status", "presence"),
    [("no-answer", "away"), ("failed", "away"), ("canceled", "away"), ("busy", "wrap_up"),
     ("completed", "wrap_up"), ("ringing", "reserved"), ("in-progress", "reserved")],
)  # fmt: skip
def test_a_telephone_that_is_not_answered_makes_away_a_refusal_a_pause(
    desk: Desk, status: str, presence: str
) -> None:
    offer(desk)
    for _ in range(2):
        assert desk.post("/agent/status/R1", LEG, CallStatus=status).status == 204
        assert desk.presence("anna") == presence


def test_an_agent_whose_person_left_hears_so_and_is_free(desk: Desk) -> None:
    caller = offer(desk)
    desk.lines.leave(caller, "hung_up", desk.now)
    reply = desk.twice("/agent/gone/R1?l=sv", LEG)
    assert heard(reply) == "Den som ringde har lagt på. Du är ledig igen."
    assert desk.presence("anna") == "available"


@pytest.mark.parametrize("digits", ["1", "2", ""])
def test_who_decides_after_the_person_left_hears_so(desk: Desk, digits: str) -> None:
    caller = offer(desk)
    desk.lines.leave(caller, "hung_up", desk.now)
    reply = desk.twice("/agent/decision/R1?l=sv", LEG, Digits=digits)
    assert "lagt på" in heard(reply)
    assert desk.presence("anna") == "available"


def test_an_agent_who_hangs_up_ends_the_talk_and_wraps_up(desk: Desk) -> None:
    offer(desk)
    desk.post("/agent/decision/R1?l=sv", LEG, Digits="1")
    desk.clock.pass_by(100)
    desk.twice("/agent/ended/R1?l=sv", LEG, CallStatus="completed", DialCallStatus="completed")
    desk.post("/agent/status/R1", LEG, CallStatus="completed")
    anna = desk.agents.read("anna")
    assert anna is not None
    assert (anna.presence, anna.until) == ("wrap_up", desk.now + 30)


def test_a_late_request_does_not_lead_into_a_conference_that_is_over(desk: Desk) -> None:
    caller = offer(desk)
    desk.post("/agent/decision/R1?l=sv", LEG, Digits="1")
    desk.lines.leave(caller, "hung_up", desk.now)
    reply = desk.twice("/agent/decision/R1?l=sv", LEG, Digits="1")
    assert "Samtalet är slut." in heard(reply)
    assert desk.presence("anna") == "wrap_up"


@pytest.mark.parametrize(("digits", "presence"), [("1", "available"), ("2", "away")])
def test_a_wrap_up_is_ended_by_a_key(desk: Desk, digits: str, presence: str) -> None:
    caller = offer(desk)
    desk.post("/agent/decision/R1?l=sv", LEG, Digits="1")
    desk.lines.leave(caller, "hung_up", desk.now)
    over = desk.twice("/agent/ended/R1?l=sv&surely=1", LEG, DialCallStatus="answered")
    assert "Samtalet är slut." in heard(over)
    reply = desk.twice(url_of(over, "Gather"), LEG, Digits=digits)
    assert heard(reply) in ("Du är tillgänglig.", "Du är frånvarande.")
    assert desk.presence("anna") == presence


PATHS = ["whisper", "decision", "ended", "after", "gone"]


@pytest.mark.parametrize("what", PATHS)
def test_a_reservation_that_nobody_knows_is_told_in_one_sentence(desk: Desk, what: str) -> None:
    reply = desk.post(f"/agent/{what}/R77?l=fi", LEG, Digits="1")
    assert [verb.tag for verb in reply.verbs] == ["Say", "Hangup"]
    assert heard(reply) == "Tätä puhelua emme enää tunne."


@pytest.mark.parametrize("what", PATHS)
def test_while_the_store_is_away_an_agent_hears_an_apology(what: str) -> None:
    desk = Desk(connect("unix:///nowhere/at/all"))
    reply = desk.post(f"/agent/{what}/R1?l=sv", LEG, Digits="1")
    by_number = desk.post("/agent/whisper/R1", LEG, To=BO)
    status = desk.post("/agent/status/R1", LEG, CallStatus="completed")
    assert [verb.tag for verb in reply.verbs] == ["Say", "Hangup"]
    assert heard(reply) == "Förlåt, något gick fel hos oss. Försök igen om en liten stund."
    assert heard(by_number).startswith("I'm sorry")
    assert (status.status, status.text) == (503, "This could not be noted now.\n")


def test_a_request_that_the_carrier_did_not_sign_is_refused(desk: Desk) -> None:
    response = desk.web.post(f"{PUBLIC}/agent/decision/R1", data={"CallSid": LEG, "Digits": "1"})
    assert response.status_code == 403
