"""Hold and warm transfer, as an agent's telephone goes through it."""

from __future__ import annotations

import pytest
from redis import Redis

from ivr.store import keys
from ivr.store.connection import connect
from ivr.store.talks import Talk
from tests.store.fixtures import redis, store_url
from tests.web.agents import Desk, call, heard, path_of, url_of

__all__ = ["redis", "store_url"]

LEG, HERS, CALLER = call(50), call(60), call(1)


@pytest.fixture
def desk(redis: Redis) -> Desk:
    """Anna talks to a caller of billing, who rang ten minutes ago."""
    desk = Desk(redis)
    desk.service.come("anna", desk.clock.now())
    desk.somebody_waits(1, ago=600)
    desk.post("/agent/decision/R1?l=sv", LEG, Digits="1")
    return desk


def talk(desk: Desk) -> Talk:
    found = desk.talks.read("R1")
    assert found is not None
    return found


def star(desk: Desk, reservation: str = "R1", leg: str = LEG) -> str:
    """`*` in the conference; where the key of the menu goes."""
    first = desk.post(f"/agent/ended/{reservation}?l=sv", leg, DialCallStatus="answered")
    assert [verb.tag for verb in first.verbs] == ["Pause", "Redirect"]
    menu = desk.twice(url_of(first, "Redirect"), leg)
    assert "parkerad" in heard(menu)
    return url_of(menu, "Gather")


def hold_is_due(desk: Desk) -> bool:
    return bool(desk.redis.hexists(keys.DUE_RECORDS, "settle_hold:R1"))


def passed_on(desk: Desk, choice: str, key: str = "1", note: str = "") -> str:
    """Anna passes the caller on; where she asks whether somebody took them."""
    options = desk.post(star(desk), LEG, Digits=choice)
    asks_note = desk.twice(url_of(options, "Gather"), LEG, Digits=key)
    said = {"SpeechResult": note, "Confidence": "0.9"} if note else {"Digits": "1"}
    looking = desk.twice(url_of(asks_note, "Gather"), LEG, **said)
    assert "Vi söker någon" in heard(looking)
    return url_of(looking, "Redirect")


def test_star_puts_the_person_on_hold_and_one_goes_back(desk: Desk) -> None:
    choose = star(desk)
    assert (talk(desk).state, talk(desk).held, hold_is_due(desk)) == ("held", True, True)
    back = desk.twice(choose, LEG, Digits="1")
    assert back.verbs[-1].find("Conference").text == "R1"  # type: ignore[union-attr]
    assert (talk(desk).state, talk(desk).held) == ("talking", False)
    assert desk.presence("anna") == "busy"


def test_on_hold_the_person_hears_where_they_are_in_their_language(desk: Desk) -> None:
    star(desk)
    music = desk.twice("/agent/music/R1", CALLER)
    assert [verb.tag for verb in music.verbs] == ["Say", "Play", "Redirect"]
    assert "olet yhä linjalla" in heard(music)
    assert url_of(music, "Redirect").endswith("/agent/music/R1")


def test_hold_music_plays_on_while_the_store_is_away() -> None:
    music = Desk(connect("unix:///nowhere/at/all")).post("/agent/music/R1", CALLER)
    assert [verb.tag for verb in music.verbs] == ["Say", "Play", "Redirect"]


def test_a_person_who_hung_up_is_no_person_on_hold(desk: Desk) -> None:
    first = desk.post("/agent/ended/R1?l=sv", LEG, DialCallStatus="answered")
    desk.lines.leave(CALLER, "hung_up", desk.now)
    over = desk.twice(url_of(first, "Redirect"), LEG)
    assert "Samtalet är slut." in heard(over)
    assert desk.presence("anna") == "wrap_up"


def test_hash_ends_the_call_for_both(desk: Desk) -> None:
    over = desk.twice(star(desk), LEG, Digits="#")
    assert "Samtalet är slut." in heard(over)
    assert talk(desk).state == "over"
    assert desk.redis.hexists(keys.DUE_RECORDS, "end_conference:R1")


def test_a_colleague_hears_who_passes_on_whom_and_the_note(desk: Desk) -> None:
    desk.service.come("bo", desk.clock.now())
    passed_on(desk, "2", note="hon har flyttat två gånger")
    assert desk.presence("bo") == "reserved"
    whisper = heard(desk.post("/agent/whisper/R2", HERS))
    assert whisper.startswith("Anna is passing on a call for moving. It is Maria Virtanen.")
    assert "Your colleague says: hon har flyttat två gånger." in whisper
    assert "laskuasioissa" in whisper


def test_the_colleague_comes_into_the_same_conference_and_is_introduced(desk: Desk) -> None:
    desk.service.come("bo", desk.clock.now())
    wait = passed_on(desk, "2")
    joined = desk.twice("/agent/decision/R2?l=en", HERS, Digits="1")
    assert joined.verbs[0].find("Conference").text == "R1"  # type: ignore[union-attr]
    assert not desk.redis.hexists(keys.DUE_RECORDS, "bring_person:R2")
    assert not talk(desk).held
    there = desk.twice(wait, LEG)
    assert "Din kollega är på linjen" in heard(there)
    assert path_of(url_of(there, "Dial")) == "/agent/ended/R1"
    desk.twice("/agent/ended/R1?l=sv", LEG, CallStatus="completed", DialCallStatus="completed")
    assert (talk(desk).state, talk(desk).agent) == ("talking", "bo")
    assert (desk.presence("anna"), desk.presence("bo")) == ("wrap_up", "busy")


def test_star_during_the_introduction_leaves_the_other_with_the_person(desk: Desk) -> None:
    desk.service.come("bo", desk.clock.now())
    desk.post(passed_on(desk, "2"), LEG)
    desk.post("/agent/decision/R2?l=en", HERS, Digits="1")
    desk.post("/agent/ended/R1?l=sv&surely=1", LEG, DialCallStatus="answered")
    assert (talk(desk).state, talk(desk).agent, desk.presence("anna")) == (
        "talking", "bo", "wrap_up",
    )  # fmt: skip


def test_a_colleague_who_declines_gives_the_person_back(desk: Desk) -> None:
    desk.service.come("cia", desk.clock.now())
    wait = passed_on(desk, "3")
    desk.post("/agent/decision/R2?l=fi", HERS, Digits="2")
    back = desk.twice(wait, LEG)
    assert "Ingen tog samtalet. Du är tillbaka" in heard(back)
    assert back.verbs[-1].tag == "Dial"
    assert (talk(desk).state, talk(desk).held) == ("talking", False)


def test_a_queue_that_does_not_take_the_person_gives_them_back_in_time(desk: Desk) -> None:
    desk.service.come("bo", desk.clock.now())
    wait = passed_on(desk, "2")
    desk.agents.end_reservation("R2", "no_answer", desk.now)
    looking = desk.post(wait, LEG)
    assert [verb.tag for verb in looking.verbs] == ["Gather", "Redirect"]
    desk.clock.pass_by(90)
    assert "Ingen tog samtalet" in heard(desk.post(url_of(looking, "Redirect"), LEG))
    assert desk.lines.waiting("moving") == ()


def test_who_takes_the_person_back_releases_the_colleague(desk: Desk) -> None:
    desk.service.come("bo", desk.clock.now())
    wait = passed_on(desk, "2")
    assert [verb.tag for verb in desk.twice(wait, LEG, Digits="1").verbs] == ["Dial"]
    assert "not needed" in heard(desk.twice("/agent/gone/R2?l=en", HERS))
    assert (desk.presence("bo"), talk(desk).state) == ("available", "talking")


def test_an_agent_who_hangs_up_meanwhile_leaves_the_person_first_in_line(desk: Desk) -> None:
    desk.service.come("bo", desk.clock.now())
    desk.agents.depart("bo", desk.now)
    desk.service.come("bo", desk.clock.now())
    later = desk.somebody_waits(2, "moving", ago=60)  # rings Bo
    last = desk.somebody_waits(3, "moving", ago=30)
    passed_on(desk, "2")
    desk.post("/agent/status/R1", LEG, CallStatus="completed")
    assert talk(desk).state == "alone"
    assert desk.lines.waiting("moving") == (CALLER, last)
    assert "Paikkasi on tallella" in heard(desk.post("/agent/music/R1", CALLER))
    assert later not in desk.lines.waiting("moving")


def test_an_agent_who_hangs_up_on_hold_leaves_the_person_in_the_line(desk: Desk) -> None:
    star(desk)
    desk.post("/agent/status/R1", LEG, CallStatus="completed")
    assert desk.lines.waiting("billing") == (CALLER,)
    desk.service.come("cia", desk.clock.now())
    desk.post("/agent/decision/R2?l=fi", HERS, Digits="1")
    assert (talk(desk).state, talk(desk).agent, talk(desk).held) == ("talking", "cia", False)


@pytest.mark.parametrize("choice", ["2", "3"])
def test_where_nobody_is_the_agent_hears_so_and_has_the_menu(desk: Desk, choice: str) -> None:
    options = desk.post(star(desk), LEG, Digits=choice)
    if choice == "2":
        options = desk.post(url_of(options, "Gather"), LEG, Digits="1")
        assert heard(options).startswith("Det finns ingen på plats för flytt just nu.")
    else:
        assert heard(options).startswith("Ingen kollega är tillgänglig just nu.")
    assert path_of(url_of(options, "Gather")) == "/agent/hold/choose/R1"


@pytest.mark.parametrize("step", ["menu", "choose", "queue", "agent", "offer", "wait", "nonsense"])
@pytest.mark.parametrize("digits", ["", "9", "77"])
def test_every_step_answers_whatever_comes(desk: Desk, step: str, digits: str) -> None:
    path = f"/agent/hold/{step}/R1?l=sv&o=moving&to=queue:nowhere&n=x"
    assert desk.post(path, LEG, Digits=digits).verbs
    star(desk)
    assert desk.twice(path, LEG, Digits=digits).verbs
    desk.lines.leave(CALLER, "hung_up", desk.now)
    assert "Samtalet är slut." in heard(desk.twice(path, LEG, Digits=digits))
    assert "känner vi inte" in heard(desk.post(path.replace("R1", "R99"), LEG))


def test_who_is_left_alone_with_nobody_to_wait_for_is_told_and_goes_on(desk: Desk) -> None:
    star(desk)
    desk.post("/agent/status/R1", LEG, CallStatus="completed")
    desk.agents.depart("anna", desk.now)
    sorry = desk.twice("/agent/music/R1", CALLER)
    assert "ei ole enää ketään" in heard(sorry)
    assert desk.lines.waiting("billing") == (CALLER,)
    desk.twice(url_of(sorry, "Redirect"), CALLER)
    assert desk.lines.waiting("billing") == ()
    assert desk.redis.hexists(keys.DUE_RECORDS, "end_conference:R1")
