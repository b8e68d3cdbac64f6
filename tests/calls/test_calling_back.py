"""People rung back in their language: what they said it is about, machines, engaged lines, another
time by a key, and the night on which clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from ivr.services.said import is_recording
from ivr.store.callbacks import About
from ivr.store.line import Person
from tests.calls.agents_floor import ANNA, CALLER
from tests.calls.callback_floor import STOCKHOLM
from tests.calls.callers_floor import (
    ANSWERS,
    CALL_ME_BACK,
    SLOW,
    TAKES,
    WITHHELD,
    CallersFloor,
    callers_floor,
    stockholm,
)
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

RIGHT, NO_TEXTS = {"presses": 1}, {"presses": 2}


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[CallersFloor]:
    with callers_floor(redis, store_url, tmp_path) as opened:
        yield opened


def in_language(language: str, code: str = "") -> About:
    return About(Person(line="main", language=language, caller=CALLER), code=code)


def test_in_swedish_what_is_said_after_the_tone_is_played_to_the_agent(
    redis: Redis, store_url: str, tmp_path: Path
) -> None:
    with callers_floor(redis, store_url, tmp_path, start="line") as there:
        there.comes(anna=TAKES)
        there.rings("en", {"waits": 90}, {"hangs_up": True}, who=WITHHELD, topic=None)
        there.until(lambda: there.presence("anna") == "busy")
        there.answers()
        call = there.rings(
            "sv", {"hears": "Eller stanna kvar"}, {"presses": 1}, RIGHT, NO_TEXTS,
            {"hears": "efter tonen"}, {"waits": 3}, {"talks": 6}, {"waits": 5}, topic=None,
        )  # fmt: skip
        heard, one = there.ends(call), there.one()
        assert heard.endswith("Tack. Hej då.")
        stored = there.store.read(one)
        assert stored is not None and is_recording(stored.about.reason)
        there.waits_until(lambda: there.state(one) == "talking", 10)
        offered = there.dialled(ANNA)[-1].sid
        assert "First rang" in there.said(offered) and "It is about:" in there.said(offered)
        assert stored.about.reason in there.said(offered, "played")
        assert "om http" not in there.heard()


def test_in_norwegian_a_machine_is_left_one_message_and_nothing_else(there: CallersFloor) -> None:
    one = there.promised({"machine": {"greeting": 6}}, about=in_language("nb"))
    there.comes(anna=TAKES)
    there.until(lambda: there.state(one) == "retry")
    assert there.heard().endswith("Vi prøver en gang til senere. Ha det bra.")
    there.skips(1790)
    there.waits_until(lambda: there.state(one) == "flagged", 10)
    there.until(lambda: there.presence("anna") == "available")
    assert there.heard().endswith("hvis du ikke trenger samtalen lenger.")
    assert len(there.dialled()) == 2


@SLOW
def test_in_finnish_engaged_twice_and_then_answered(there: CallersFloor) -> None:
    one = there.promised({"calls": ["busy", "busy", ANSWERS]}, about=in_language("fi", "407"))
    rang_at = there.callback(one).rang_at
    there.comes(anna=TAKES)
    there.waits_until(lambda: there.state(one) == "talking", 15)
    assert there.outcomes(one) == ["busy", "busy", "unknown"]
    assert there.callback(one).rang_at == rang_at
    assert "Pyysit meitä soittamaan sinulle takaisin. Koodisi on 4 0 7." in there.heard()
    assert "Speaks Finnish. We have tried 2 times already." in there.heard(ANNA)


@SLOW
def test_in_swedish_another_time_by_a_key(there: CallersFloor) -> None:
    steps = [{"presses": 2}, {"hears": "Eller stanna kvar"}, {"presses": 2}, {"waits": 30}]
    one = there.promised({"calls": [{"then": steps}, ANSWERS]}, about=in_language("sv"))
    there.comes(anna=TAKES)
    there.until(lambda: there.state(one) == "booked")
    spoken = "i dag mellan klockan 11 och klockan 11.30"
    assert there.heard().endswith(f"Vi ringer dig {spoken} i stället. Hej då.")
    window = there.callback(one).window
    assert window is not None
    there.skips(window.begins - there.at() - 20)
    assert len(there.dialled()) == 1
    there.waits_until(lambda: there.state(one) == "talking", 10)
    assert window.begins <= there.dialled()[1].created_at.timestamp() < window.ends


@pytest.mark.parametrize(
    ("begins", "times", "rung"),
    [
        ((2026, 10, 25, 1, 40), ("3 och klockan 3.30", "3.30 och klockan 4"), (3, 0)),
        ((2027, 3, 28, 1, 40), ("3 och klockan 3.30", "3.30 och klockan 4"), (3, 0)),
    ],
    ids=["put back", "put forward"],
)  # fmt: skip
def test_in_the_night_on_which_clocks_change_they_are_rung_when_they_were_told(
    redis: Redis, store_url: str, tmp_path: Path,
    begins: tuple[int, ...], times: tuple[str, ...], rung: tuple[int, int],
) -> None:  # fmt: skip
    with callers_floor(
        redis, store_url, tmp_path, begins=stockholm(*begins), hours="always", kinds="[window]"
    ) as there:
        call = there.rings("sv", {"presses": 1}, RIGHT, NO_TEXTS, topic=CALL_ME_BACK)
        heard, one = there.ends(call), there.one()
        for key, time in enumerate(times, 1):
            assert f"I dag mellan klockan {time}: tryck {key}." in heard
        there.answers()
        there.comes(anna=TAKES)
        window = there.callback(one).window
        assert window is not None
        there.skips(window.begins - there.at() - 20)
        assert there.dialled() == []
        there.waits_until(lambda: there.state(one) == "talking", 10)
        local = there.dialled()[0].created_at.astimezone(STOCKHOLM)
        assert (local.hour, local.minute) == rung
