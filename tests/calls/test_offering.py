"""Callbacks offered on the telephone, in four languages: when, what, and to the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.calls.agents_floor import ANNA, CALLER
from tests.calls.callback_floor import QUEUE, STOCKHOLM
from tests.calls.callers_floor import (
    CALL_ME_BACK,
    OTHERS,
    TAKES,
    CallersFloor,
    callers_floor,
    stockholm,
)
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

RIGHT, AGREED, NO_TEXTS = {"presses": 1}, {"presses": 1}, {"presses": 2}


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[CallersFloor]:
    with callers_floor(redis, store_url, tmp_path) as opened:
        yield opened


def test_in_swedish_on_joining_with_digits_that_are_said_again_when_we_call(
    there: CallersFloor,
) -> None:
    there.busy(talks=60, waiting=0)
    there.answers()
    rang = there.at()
    call = there.rings("sv", {"presses": 1}, RIGHT, AGREED)
    heard, one = there.ends(call), there.one()
    assert "Det är många som väntar just nu." in heard
    assert "Vi ringer dig på 0 7 0, 1 7 4, 0 6, 0 5." in heard
    assert (
        f"Vi ringer dig när det är din tur. När vi ringer säger vi siffrorna {there.code(one)}"
        in (heard)
    )
    assert "Vi skickar ett sms till dig om det." in heard
    assert rang <= there.callback(one).rang_at <= rang + 30
    assert "du har kvar din plats i kön" in there.got()[0]
    there.waits_until(lambda: there.state(one) == "talking", 10)
    assert f"Din kod är {there.code(one)}." in there.heard()
    assert "Hej, det här är Example. Du bad oss ringa upp dig" in there.heard()
    assert "First rang" in there.heard(ANNA)
    there.until(lambda: there.state(one) == "done")
    assert len(there.dialled(CALLER)) == 1


def test_in_finnish_at_a_time_that_suits(there: CallersFloor) -> None:
    there.busy(talks=60, waiting=0)
    there.answers()
    call = there.rings(
        "fi", {"hears": "Tai jää linjalle"}, {"presses": 2}, {"hears": "Ei mikään"},
        {"presses": 1}, RIGHT, NO_TEXTS,
    )  # fmt: skip
    heard, one = there.ends(call), there.one()
    window = there.callback(one).window
    assert window is not None and there.state(one) == "booked"
    spoken = "tänään aikaisintaan kello 10.30 ja viimeistään kello 11"
    assert f"Hyvä. Soitamme sinulle {spoken}." in heard
    assert there.got() == []
    there.skips(window.begins - there.at() - 20)
    assert there.dialled() == []
    there.waits_until(lambda: there.state(one) == "talking", 10)
    assert window.begins <= there.dialled()[0].created_at.timestamp() < window.ends
    assert "Hei, täällä on Example. Pyysit meitä soittamaan sinulle takaisin." in there.heard()
    assert f"Koodisi on {there.code(one)}." in there.heard()


def test_in_norwegian_by_a_key_while_they_wait_and_the_place_is_the_same(
    redis: Redis, store_url: str, tmp_path: Path
) -> None:
    with callers_floor(redis, store_url, tmp_path, kinds="[place]") as there:
        there.busy()
        call = there.rings(
            "nb", {"presses": 2}, {"waits": 30}, {"presses": 2}, {"presses": 1}, RIGHT, NO_TEXTS
        )
        there.until(lambda: call in there.lines_of(QUEUE))
        first = there.place(call)
        heard, one = there.ends(call), there.one()
        assert heard.count("Vi kan ringe deg opp når det er din tur.") == 2
        assert "Fint. Vi ringer deg når det er din tur." in heard
        assert first is not None and there.callback(one).rang_at == first.first
        assert there.lines_of(QUEUE)[-1] == one


def test_in_english_again_when_it_takes_long_and_no_third_time(there: CallersFloor) -> None:
    there.busy(waiting=0)
    call = there.rings("en", {"waits": 3000})
    there.passes(500)
    heard = there.said(call)
    assert heard.count("Or just stay on the line.") == 1
    assert heard.count("be called back") == 1
    assert there.store.open_ids() == []


def test_in_swedish_an_agent_who_is_free_before_the_number_is_right_is_theirs(
    there: CallersFloor,
) -> None:
    there.busy(waiting=0)
    call = there.rings("sv", {"presses": 2}, {"waits": 300})
    there.comes(bo=TAKES)
    there.until(lambda: call in there.in_room("R2"))
    assert there.store.open_ids() == []
    assert there.said(call).count("Ingen av dem") == 1


def test_after_hours_a_time_of_tomorrow(redis: Redis, store_url: str, tmp_path: Path) -> None:
    evening = stockholm(2026, 11, 25, 19, 40)
    with callers_floor(redis, store_url, tmp_path, begins=evening) as there:
        call = there.rings(
            "en", {"hears": "None of these"}, {"presses": 1}, RIGHT, NO_TEXTS, topic=CALL_ME_BACK
        )
        heard, one = there.ends(call), there.one()
        assert "Good. We call you tomorrow between 8:00 and 8:30." in heard
        there.answers()
        window = there.callback(one).window
        assert window is not None and window.begins == stockholm(2026, 11, 26, 8, 0).timestamp()
        there.goes_on_until(7, 59)
        there.comes(anna=TAKES)
        there.passes(50)
        assert there.dialled() == []
        there.waits_until(lambda: there.state(one) == "talking", 10)


def test_at_christmas_a_time_after_the_holidays(
    redis: Redis, store_url: str, tmp_path: Path
) -> None:
    eve = stockholm(2026, 12, 23, 15, 0)
    with callers_floor(redis, store_url, tmp_path, begins=eve) as there:
        call = there.rings(
            "fi", {"hears": "Ei mikään"}, {"presses": 1}, RIGHT, NO_TEXTS, topic=CALL_ME_BACK
        )
        heard, one = there.ends(call), there.one()
        spoken = "maanantaina aikaisintaan kello 8 ja viimeistään kello 8.30"
        assert f"Hyvä. Soitamme sinulle {spoken}." in heard
        window = there.callback(one).window
        assert window is not None and window.begins == stockholm(2026, 12, 28, 8, 0).timestamp()
        there.answers()
        there.comes(anna=TAKES)
        there.skips(window.begins - there.at() - 60)
        assert there.dialled() == []
        there.waits_until(lambda: there.state(one) == "talking", 10)
        assert there.dialled()[0].created_at.astimezone(STOCKHOLM).day == 28


def test_what_could_not_be_kept_is_not_offered_in_swedish_and_norwegian(
    redis: Redis, store_url: str, tmp_path: Path
) -> None:
    afternoon = stockholm(2026, 11, 25, 17, 15)
    with callers_floor(redis, store_url, tmp_path, begins=afternoon, room="0") as there:
        there.busy()
        first = there.rings("sv", {"hears": "Eller stanna kvar"}, {"presses": 1}, RIGHT, NO_TEXTS)
        assert "välja en tid" not in there.ends(first)
        assert there.state(there.one()) == "waiting"
        second = there.rings("nb", {"waits": 900}, who=OTHERS[0])
        there.until(lambda: second in there.lines_of(QUEUE))
        assert "ringe deg opp" not in there.said(second), "enough of the line are callbacks"
        there.skips(25 * 60)
        third = there.rings("sv", {"waits": 900}, who=OTHERS[1], topic=CALL_ME_BACK)
        there.passes(20)
        assert "ringa upp" not in there.said(third), "it is too near the end of the hours"
        assert "Message." in there.said(third)
        assert len(there.store.open_ids()) == 1
