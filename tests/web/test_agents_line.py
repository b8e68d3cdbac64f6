"""The agents' line: PINs, presence by telephone, waiting on the call, and guests."""

from __future__ import annotations

import logging

import pytest
from redis import Redis

from ivr.staff import AgentsLineSettings
from ivr.store import keys
from ivr.store.connection import connect
from tests.store.fixtures import redis, store_url
from tests.web.agents import AGENTS_LINE, ANNA, Desk, call, heard, path_of, url_of
from tests.web.calling import Reply

__all__ = ["redis", "store_url"]

LEG, GUEST, OTHER = call(70), "+46701740620", "+46701740621"
PIN = "8351"
FOR_AGENTS = AgentsLineSettings(number=AGENTS_LINE, language="en")
FOR_ALL = AgentsLineSettings(
    number=AGENTS_LINE, queues=["billing"], callers=[GUEST, OTHER], language="sv"
)


@pytest.fixture
def desk(redis: Redis) -> Desk:
    desk = Desk(redis, FOR_AGENTS)
    desk.pins.set("anna", PIN)
    return desk


def ring(desk: Desk, caller: str, leg: str = LEG) -> Reply:
    return desk.post("/voice", leg, To=AGENTS_LINE, From=caller)


def key(desk: Desk, reply: Reply, keys: str, leg: str = LEG) -> Reply:
    return desk.post(url_of(reply, "Gather"), leg, To=AGENTS_LINE, Digits=keys)


def test_an_agent_is_known_by_their_number_and_says_by_pin_that_it_is_them(desk: Desk) -> None:
    menu = key(desk, ring(desk, ANNA), PIN)
    assert heard(menu).startswith("Hej Anna. Du är frånvarande. Tryck 1 för att vara tillgänglig")
    assert "tillgänglig" in heard(key(desk, menu, "1"))
    anna = desk.agents.read("anna")
    assert anna is not None
    assert (anna.presence, anna.leg, anna.address) == ("available", "", ANNA)
    assert "frånvarande" in heard(key(desk, menu, "2"))
    assert desk.presence("anna") == "away"


def test_who_hides_their_number_keys_in_their_agent_number_first(desk: Desk) -> None:
    asks = ring(desk, "anonymous")
    assert heard(asks).startswith("Please key in your agent number")
    assert "Hej Anna" in heard(key(desk, key(desk, asks, "11"), PIN))


@pytest.mark.parametrize("number", ["11", "99", ""])
def test_a_number_that_is_nobodys_is_told_like_a_wrong_pin(desk: Desk, number: str) -> None:
    reply = key(desk, key(desk, ring(desk, ""), number), "0000")
    assert heard(reply).startswith("That was not right. Please key in your PIN")


def test_wrong_tries_lock_an_agent_out_for_a_while_even_with_the_right_pin(desk: Desk) -> None:
    asks = ring(desk, ANNA)
    for _ in range(2):
        asks = key(desk, asks, "0000")
    assert heard(key(desk, asks, "0000")) == "Det stämde inte. Hej då."
    asks = ring(desk, ANNA)
    for _ in range(2):
        asks = key(desk, asks, "0000")
    assert heard(key(desk, asks, PIN)).startswith("Det blev för många felaktiga försök.")
    assert 0 < int(desk.redis.ttl(keys.pin_tries("anna"))) <= 900
    desk.redis.delete(keys.pin_tries("anna"))
    assert "Hej Anna" in heard(key(desk, ring(desk, ANNA), PIN))


def test_a_pin_is_neither_stored_nor_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        key(desk, ring(desk, ANNA), PIN)
        key(desk, ring(desk, ANNA), "9264")
    stored = repr(desk.redis.hgetall(keys.PINS))
    assert not any(pin in caplog.text + stored for pin in (PIN, "9264"))


def test_who_waits_on_the_call_gets_the_next_person_there(desk: Desk) -> None:
    waiting = key(desk, key(desk, ring(desk, ANNA), PIN), "3")
    assert [verb.tag for verb in waiting.verbs] == ["Gather", "Redirect"]
    assert waiting.verbs[0].find("Play") is not None
    anna = desk.agents.read("anna")
    assert anna is not None
    assert anna.leg == LEG
    desk.somebody_waits(ago=100)
    whisper = desk.post(url_of(waiting, "Redirect"), LEG, To=AGENTS_LINE)
    assert "Maria Virtanen" in heard(whisper)
    talk = desk.twice(url_of(whisper, "Gather"), LEG, Digits="1")
    assert talk.verbs[0].tag == "Dial"
    desk.lines.leave(call(1), "hung_up", desk.now)
    again = desk.twice("/agent/ended/R1?l=sv&surely=1", LEG, DialCallStatus="answered")
    assert "Du får nästa samtal" in heard(again)
    assert path_of(url_of(again, "Redirect")) == "/agent/line/wait"
    rounds = desk.post(url_of(again, "Redirect"), LEG)
    key(desk, rounds, "1")
    assert desk.presence("anna") == "available"


def test_how_many_wait_is_told(desk: Desk) -> None:
    menu = key(desk, ring(desk, ANNA), PIN)
    assert heard(key(desk, menu, "9")).startswith("Ingen väntar.")
    desk.somebody_waits(1)
    assert heard(key(desk, menu, "9")).startswith("En person väntar.")
    desk.somebody_waits(2, "moving")
    assert heard(key(desk, menu, "9")).startswith("2 personer väntar.")


@pytest.mark.parametrize("state", ["waiting", "whispered", "talking"])
def test_who_hangs_up_on_the_call_they_wait_on_is_away(desk: Desk, state: str) -> None:
    key(desk, key(desk, ring(desk, ANNA), PIN), "3")
    if state != "waiting":
        desk.somebody_waits()
    if state == "talking":
        desk.post("/agent/decision/R1?l=sv", LEG, Digits="1")
    for _ in range(2):
        ended = desk.post("/voice/status", LEG, To=AGENTS_LINE, CallStatus="completed")
        assert ended.status == 204
        assert desk.presence("anna") == "away"
    assert len(desk.lines.waiting("billing")) == (state == "whispered")


def test_anybody_who_may_gets_one_person_after_the_other(redis: Redis) -> None:
    desk = Desk(redis, FOR_ALL)
    waiting = ring(desk, GUEST)
    assert heard(waiting).startswith("Du får nästa person som ringer, och sedan nästa.")
    for number in (1, 2):
        assert "Ingen väntar just nu." in heard(
            desk.post(f"/agent/line/wait?l=sv&a=guest-{LEG}&n=4", LEG)
        )
        desk.somebody_waits(number)
        whisper = desk.post(url_of(waiting, "Redirect"), LEG)
        assert "Maria Virtanen" in heard(whisper)
        desk.post(url_of(whisper, "Gather"), LEG, Digits="1")
        desk.lines.leave(call(number), "hung_up", desk.now)
        after = desk.post(f"/agent/ended/R{number}?l=sv&surely=1", LEG, DialCallStatus="answered")
        key(desk, desk.post(url_of(after, "Redirect"), LEG), "1")
    desk.post("/voice/status", LEG, To=AGENTS_LINE, CallStatus="completed")
    assert desk.agents.everybody() == ()


def test_who_may_not_is_asked_for_an_agent_number(redis: Redis) -> None:
    desk = Desk(redis, FOR_ALL)
    assert heard(ring(desk, "+46701740699")).startswith("Slå ditt agentnummer")
    assert desk.agents.everybody() == ()


def test_a_guest_may_say_that_they_are_an_agent(redis: Redis) -> None:
    desk = Desk(redis, FOR_ALL)
    desk.pins.set("anna", PIN)
    asks = key(desk, ring(desk, GUEST), "*")
    assert "Hej Anna" in heard(key(desk, key(desk, asks, "11"), PIN))
    assert desk.agents.everybody() == ()


def test_silence_ends_in_goodbye_and_never_in_a_circle(desk: Desk) -> None:
    menu = key(desk, ring(desk, ANNA), PIN)
    for _ in range(2):
        menu = desk.post(url_of(menu, "Redirect"), LEG)
    assert heard(desk.post(url_of(menu, "Redirect"), LEG)) == "Hej då."
    assert [verb.tag for verb in ring(desk, ANNA).verbs] == ["Gather", "Gather", "Say", "Hangup"]


def test_while_the_store_is_away_the_agents_line_apologises() -> None:
    desk = Desk(connect("unix:///nowhere/at/all"), FOR_ALL)
    assert heard(ring(desk, GUEST)).startswith("Förlåt, något gick fel hos oss.")
    reply = desk.post("/agent/line/pin?l=sv&a=anna", LEG, To=AGENTS_LINE, Digits=PIN)
    assert heard(reply).startswith("Förlåt, något gick fel hos oss.")


@pytest.mark.parametrize("step", ["number", "pin", "choice", "wait", "key", "nonsense"])
@pytest.mark.parametrize("name", ["", "anna", "nobody", f"guest-{LEG}"])
def test_every_step_answers_whatever_comes(desk: Desk, step: str, name: str) -> None:
    for digits in ("", "7", "**##"):
        assert desk.post(f"/agent/line/{step}?l=xx&a={name}&n=-", LEG, Digits=digits).verbs
