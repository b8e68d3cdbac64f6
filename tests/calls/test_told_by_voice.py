"""What texts could not tell: whoever rings hears it, once; and whoever waits on the telephone is
neither rung nor told that no call waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from ivr.callbacks.record import Actor, Window
from ivr.promises.outbox_rules import useful_until
from ivr.store.callbacks import About
from ivr.store.line import Person
from ivr.store.outbox import OutboxText
from tests.calls.agents_floor import CALLER
from tests.calls.callback_floor import QUEUE
from tests.calls.callers_floor import ANSWERS, TAKES, CallersFloor, callers_floor
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

EVA = Actor("supervisor", "Eva")
WITHOUT_TEXTS = {**ANSWERS, "texts": "unknown"}


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[CallersFloor]:
    with callers_floor(redis, store_url, tmp_path) as opened:
        yield opened


def about(language: str) -> About:
    return About(Person(line="main", language=language, caller=CALLER))


def untold(there: CallersFloor) -> list[str]:
    return [one.text.kind for one in there.texts.untold(CALLER)]


def asked_for(there: CallersFloor, name: str, text: str) -> None:
    """A text that they asked for in a call."""
    now = there.at()
    assert there.texts.put(
        OutboxText(
            name, CALLER, "information", "sv", text, text, now, useful_until("information", now),
            name,
        ),
        now,
    )  # fmt: skip


def test_in_swedish_what_did_not_arrive_is_heard_once_and_the_old_place_is_theirs(
    there: CallersFloor,
) -> None:
    there.busy()
    rang = there.at() - 1200
    one = there.promised(WITHOUT_TEXTS, rang_at=rang, about=about("sv"))
    there.consents()
    asked_for(there, "T1", "Vi har öppet klockan 8 till 16.")
    asked_for(there, "T2", "Läs av mätaren: example.com/meter")
    there.moves(one, "called_off", EVA, reason="the office is closed")
    there.waits_until(lambda: len(untold(there)) == 3, 20)
    assert there.state(one) == "withdrawn" and there.got() == []
    call = there.rings("sv", {"hears": "något annat"}, {"presses": 1}, {"waits": 20}, topic=None)
    there.until(lambda: call in there.lines_of(QUEUE))
    heard = there.said(call)
    assert "Så här står det: Vi har öppet klockan 8 till 16." in heard
    assert "säg bara att du vill prata med en människa" in heard and "example" not in heard
    assert "Vi är ledsna att vi inte kunde ringa dig som avtalat." in heard
    assert "Du har din gamla plats i kön." in heard
    assert there.lines_of(QUEUE)[0] == call
    assert untold(there) == []
    there.writes("hur länge?")
    (standing,) = [one for one in there.texts.to(CALLER) if one.text.kind == "status_on_line"]
    assert standing.text.text.endswith("stanna kvar i luren. Före dig: 0.")


def test_in_norwegian_whoever_stopped_our_texts_hears_that_we_cannot_call(
    there: CallersFloor,
) -> None:
    there.answers()
    one = there.promised(ANSWERS, about=about("nb"))
    there.consents()
    there.writes("STOP")
    there.moves(one, "called_off", EVA, reason="the office is closed")
    there.waits_until(lambda: there.state(one) == "flagged", 20)
    call = there.rings("nb", {"hears": "noe annet"}, {"presses": 2}, topic=None)
    heard = there.ends(call)
    assert "Vi beklager at vi ikke kunne ringe deg som avtalt." in heard
    assert "Vi ringer deg" not in heard and "avbestilt" in heard
    assert there.state(one) == "cancelled"


def test_a_window_opens_while_they_wait_and_they_are_rung_once_they_have_hung_up(
    there: CallersFloor,
) -> None:
    there.busy(waiting=1)
    begins = there.at() + 60
    # So short that it goes before everybody as soon as it begins.
    one = there.promised(ANSWERS, window=Window(begins, begins + 300), about=about("en"))
    call = there.rings(
        "en", {"hears": "anything else"}, {"presses": 4}, {"waits": 120},
        {"hangs_up": True}, topic=None,
    )  # fmt: skip
    there.until(lambda: call in there.lines_of(QUEUE))
    there.until(lambda: there.at() > begins + 30)
    assert call in there.lines_of(QUEUE) and one not in there.lines_of(QUEUE)
    there.until(lambda: one in there.lines_of(QUEUE))
    assert there.lines_of(QUEUE)[0] == one and there.status(call) == "completed"
    assert there.dialled() == []
    there.comes(bo=TAKES)
    there.until(lambda: there.state(one) == "talking")
    assert len(there.dialled()) == 1
