"""Whoever has a callback, or could not be reached, rings again or writes, in four languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from ivr.callbacks.offering import kept_place_id
from ivr.callbacks.record import Window
from ivr.store.callbacks import About
from ivr.store.line import Person
from tests.calls.agents_floor import CALLER
from tests.calls.callback_floor import QUEUE
from tests.calls.callers_floor import ANSWERS, SLOW, TAKES, CallersFloor, callers_floor
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

LANDLINE = "+46846500420"


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[CallersFloor]:
    with callers_floor(redis, store_url, tmp_path) as opened:
        yield opened


def in_language(language: str) -> About:
    return About(Person(line="main", language=language, caller=CALLER), reason="en faktura")


def later(there: CallersFloor) -> Window:
    begins = there.at() // 1800 * 1800 + 7200
    return Window(begins, begins + 1800)


def test_it_is_kept_in_swedish_moved_in_norwegian_and_cancelled_in_finnish(
    there: CallersFloor,
) -> None:
    first = later(there)
    one = there.promised(ANSWERS, window=first, about=in_language("nb"))
    there.consents()
    heard = there.ends(there.rings("sv", {"presses": 1}, topic=None))
    assert "Vi ringer dig i dag mellan klockan 12 och klockan 12.30." in heard
    assert "Bra, då blir det så." in heard
    assert there.callback(one).window == first
    call = there.rings("nb", {"presses": 2}, {"hears": "Ingen"}, {"presses": 1}, topic=None)
    heard = there.ends(call)
    moved = there.callback(one).window
    assert moved is not None and moved.begins == first.begins - 5400
    assert "Nå ringer vi deg i dag mellom klokken 10.30 og klokken 11." in heard
    there.passes(15)
    assert "vi ringer deg i dag kl. 10.30-11.00" in there.got()[0]
    heard = there.ends(there.rings("fi", {"presses": 3}, topic=None))
    assert "Soitamme tänään aikaisintaan kello 10.30 ja viimeistään kello 11." in heard
    assert "Takaisinsoittosi on peruttu." in heard
    assert there.state(one) == "cancelled" and there.dialled() == []


def test_in_norwegian_they_wait_at_the_old_place_hang_up_and_write_no(
    there: CallersFloor,
) -> None:
    there.busy()
    rang = there.at() - 1200
    one = there.promised(ANSWERS, rang_at=rang, about=in_language("nb"))
    call = there.rings(
        "nb", {"hears": "Gjelder det noe annet"}, {"presses": 4}, {"waits": 20},
        {"hangs_up": True}, topic=None,
    )  # fmt: skip
    there.until(lambda: call in there.lines_of(QUEUE))
    assert there.state(one) == "superseded"
    assert there.lines_of(QUEUE)[0] == call
    assert "Du har den gamle plassen din i køen." in there.ends(call)
    kept = kept_place_id(call)
    there.until(lambda: there.store.read(kept) is not None)
    assert there.callback(kept).rang_at == rang and there.lines_of(QUEUE)[0] == kept
    there.passes(15)
    assert "Trengs det ikke? Svar NEI." in there.got()[-1]
    there.writes("Nei")
    assert "samtalen er avlyst" in there.got()[-1]
    assert there.state(kept) == "cancelled" and there.dialled() == []


@pytest.mark.parametrize(
    ("language", "no", "asked", "answer"),
    [
        ("sv", "Nej tack", "Svara NEJ.", "Hej, samtalet är avbokat."),
        pytest.param("fi", "ei", "Vastaa EI.", "Hei, soittopyyntösi on peruttu.", marks=SLOW),
    ],
)
def test_who_hangs_up_keeps_the_place_until_they_write_no(
    there: CallersFloor, language: str, no: str, asked: str, answer: str
) -> None:
    there.busy()
    call = there.rings(language, {"waits": 60}, {"hangs_up": True})
    there.ends(call)
    kept = kept_place_id(call)
    there.until(lambda: there.state(kept) == "waiting" and len(there.got()) == 1)
    assert asked in there.got()[0] and there.lines_of(QUEUE)[-1] == kept
    there.writes(no)
    assert there.state(kept) == "cancelled" and answer in there.got()[1]
    assert kept not in there.lines_of(QUEUE)


def test_in_swedish_who_was_not_reached_is_told_and_has_the_old_place_the_next_day(
    there: CallersFloor,
) -> None:
    there.comes(anna=TAKES)
    one = there.promised({"fax": True}, about=in_language("sv"))
    there.consents()
    there.waits_until(lambda: there.state(one) == "could_not_reach", 10)
    there.until(lambda: len(there.got()) == 1)
    assert "vi ringde men nådde dig inte" in there.got()[0]
    there.goes_on_until(8, 30)
    there.busy()
    call = there.rings("sv", {"hears": "något annat"}, {"presses": 1}, {"waits": 600}, topic=None)
    there.until(lambda: call in there.lines_of(QUEUE))
    assert "Vi försökte ringa dig, men fick inget svar." in there.said(call)
    assert "Du har din gamla plats i kön." in there.said(call)
    place = there.place(call)
    assert place is not None and place.first == there.callback(one).rang_at
    assert there.lines_of(QUEUE)[0] == call


def test_in_finnish_a_landline_that_was_not_reached_hears_it_when_it_rings(
    there: CallersFloor,
) -> None:
    there.comes(anna=TAKES)
    one = there.promised({"fax": True}, LANDLINE, about=in_language("fi"))
    there.waits_until(lambda: there.state(one) == "flagged", 10)
    there.busy(waiting=1)
    call = there.rings("fi", {"presses": 3}, {"waits": 600}, who=LANDLINE, topic=None)
    there.until(lambda: call in there.lines_of(QUEUE))
    assert "Yritimme soittaa sinulle, mutta emme tavoittaneet sinua." in there.said(call)
    assert there.lines_of(QUEUE)[0] == call and there.state(one) == "superseded"
    assert there.got(LANDLINE) == []


def test_in_swedish_who_rings_while_we_ring_them_talks_on_the_line_they_are_on(
    there: CallersFloor,
) -> None:
    one = there.promised({"answers_after": 25}, about=in_language("sv"))
    there.comes(anna=TAKES)
    there.until(lambda: there.state(one) == "dialling")
    call = there.rings("sv", {"hears": "något annat"}, {"presses": 1}, {"waits": 600}, topic=None)
    there.until(lambda: call in there.in_room("R2"))
    assert "Vi ringer dig just i detta ögonblick." in there.said(call)
    (ours,) = there.dialled()
    assert there.status(ours.sid) in ("canceled", "completed") and there.heard() == ""
    assert there.state(one) == "superseded"


def test_in_english_a_line_is_rung_to_hear_ones_place(there: CallersFloor) -> None:
    there.busy()
    one = there.promised(ANSWERS, rang_at=there.at(), about=in_language("en"))
    heard = there.ends(there.rings("en", {"presses": 1}, topic=None))
    assert "We call you when it is your turn. There is one person ahead of you." in heard
    assert "Good, it stays like that." in heard and there.state(one) == "waiting"
