"""On which number people are rung back: withheld ones, others, extensions, and which never are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from ivr.callbacks.record import Actor
from ivr.store.consent import ConsentStore
from tests.calls.agents_floor import ANNA, CALLER
from tests.calls.callback_floor import QUEUE
from tests.calls.callers_floor import SLOW, TAKES, WITHHELD, CallersFloor, callers_floor
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

SWITCHBOARD, SISTER = "+46313900601", "+46701740630"
PLACE, OTHER, RIGHT, NO_TEXTS = ({"presses": key} for key in (1, 2, 1, 2))


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[CallersFloor]:
    with callers_floor(redis, store_url, tmp_path, room="0") as opened:
        yield opened


def test_in_finnish_a_withheld_number_gives_another_and_its_extension_is_keyed_in(
    there: CallersFloor,
) -> None:
    there.busy(talks=60, waiting=0)
    there.answers(SWITCHBOARD, {"then": [{"waits": 60}]})
    call = there.rings(
        "fi", PLACE, {"hears": "alanumero"}, {"presses": "0313900601*123#"}, RIGHT, who=WITHHELD
    )
    heard = there.ends(call)
    assert "Numerosi on salattu, joten tarvitsemme numeron, johon voimme soittaa." in heard
    assert "Soitamme numeroon plus 4 6, 3 1, 3 9 0, 0 6, 0 1, alanumero 1 2 3." in heard
    one = there.one()
    there.waits_until(lambda: there.state(one) == "talking", 10)
    (dialled,) = there.dialled(SWITCHBOARD)
    assert there.said(dialled.sid, "tones").lstrip("w") == "123"
    assert there.got(SWITCHBOARD) == []


@pytest.mark.parametrize(
    ("language", "keys", "why", "no_callback", "safe"),
    [
        ("sv", ("112#", "0900123456#"), "Sådana nummer ringer vi inte till.",
         "Då blir det inget återuppringande.", "Du behåller din plats i kön."),
        pytest.param(
         "nb", ("+4746846500400#", "12#"), "Det ser ikke ut til å være et telefonnummer.",
         "Da blir du ikke ringt opp.", "Du beholder plassen din i køen.", marks=SLOW),
        ("en", ("0846500400#", "0018005550100#"), "We do not call numbers of that kind.",
         "So there will be no callback.", "You keep your place in the line."),
    ],
)  # fmt: skip
def test_numbers_that_are_never_rung_are_refused_with_the_reason_and_the_place_is_kept(
    there: CallersFloor, language: str, keys: tuple[str, ...], why: str, no_callback: str, safe: str
) -> None:
    there.busy(waiting=0)
    given = [{"presses": one.lstrip("+")} for one in keys]
    call = there.rings(language, PLACE, OTHER, *given, {"waits": 600})
    there.passes(40)
    heard = there.said(call)
    assert f"{why} {no_callback} {safe}" in heard
    assert there.lines_of(QUEUE) == (call,) and there.store.open_ids() == []
    there.comes(bo=TAKES)
    there.until(lambda: call in there.in_room("R2"))


@SLOW
def test_nobody_can_have_one_stranger_after_another_rung(there: CallersFloor) -> None:
    there.busy(waiting=0)
    for number, keys in (("+46701740631", "0701740631#"), (SISTER, "0701740630#")):
        call = there.rings("sv", PLACE, OTHER, {"presses": keys}, RIGHT, {"waits": 300})
        there.passes(60)
        heard = there.said(call)
        if number == SISTER:
            assert "Tyvärr kan vi inte lova att ringa upp fler just nu. Du behåller" in heard
            assert call in there.lines_of(QUEUE)
        else:
            assert there.callback(there.one()).number == number
            there.moves(there.one(), "cancelled", Actor("person"))


def test_a_stranger_who_is_rung_by_mistake_presses_nine_and_is_left_alone(
    there: CallersFloor,
) -> None:
    there.busy(talks=60, waiting=0)
    there.answers(SISTER, {"then": [{"hears": "trykk 9"}, {"presses": 9}, {"waits": 30}]})
    call = there.rings("nb", PLACE, OTHER, {"presses": "0701740630#"}, RIGHT)
    there.ends(call)
    one = there.one()
    there.waits_until(lambda: there.state(one) == "cancelled", 10)
    assert "Da ringer vi ikke mer om dette." in there.heard(SISTER)
    there.skips(900)
    assert len(there.dialled(SISTER)) == 1 and there.dialled() == []


@SLOW
def test_a_number_that_nobody_has_is_dialled_once(there: CallersFloor) -> None:
    there.busy(talks=60, waiting=0)
    there.answers(SISTER, "invalid")
    call = there.rings("fi", PLACE, OTHER, {"presses": "0701740630#"}, RIGHT)
    there.ends(call)
    one = there.one()
    there.waits_until(lambda: there.state(one) == "flagged", 10)
    assert there.outcomes(one) == ["failed"]
    assert "The number cannot be reached. We will not try again." in there.heard(ANNA)
    there.skips(900)
    assert len(there.callback(one).attempts) == 1


def test_in_swedish_a_number_that_asked_not_to_be_called_is_told_so(there: CallersFloor) -> None:
    there.busy(waiting=0)
    ConsentStore(there.redis).note_calls_wish(CALLER, Actor("person"), there.at(), refused=True)
    call = there.rings("sv", PLACE, {"presses": "*"}, {"waits": 300})
    there.passes(30)
    asked = "Vi har blivit ombedda att inte ringa numret som du ringer från."
    assert asked in there.said(call)
    assert call in there.lines_of(QUEUE) and there.store.open_ids() == []
