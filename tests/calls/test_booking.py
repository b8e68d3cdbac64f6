"""Callbacks that callers book, get by hanging up, and give up for the line: the whole system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ivr.callbacks.offering import kept_place_id
from ivr.simulator.journal import Happening
from ivr.simulator.people_reading import read_person
from tests.calls.agents_floor import ANNA, CALLER
from tests.calls.callback_floor import QUEUE, CallbackFloor, callback_floor
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

OTHERS = [f"+467017406{number}" for number in range(20, 24)]
LINE: dict[str, Any] = {"presses": 1}
"""The menu's first choice."""


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[CallbackFloor]:
    with callback_floor(redis, store_url, tmp_path) as opened:
        yield opened


def busy(there: CallbackFloor, talks: int) -> None:
    """Anna talks to somebody for so long, then to nobody; three more wait, who hang up later."""
    there.people(anna={"then": [{"presses": 1}, {"waits": 900}]})
    there.service.come("anna", there.now)
    there.phones(LINE, {"waits": talks}, {"hangs_up": True}, who=OTHERS[0])
    there.until(lambda: len(there.in_room("R1")) == 2)
    for who in OTHERS[1:]:
        there.phones(LINE, {"waits": talks - 30}, {"hangs_up": True}, who=who)
    there.until(lambda: len(there.lines_of(QUEUE)) == 3)


def said(there: CallbackFloor, call: str) -> str:
    """All that a caller heard."""
    return " ".join(
        str(one.details.get("text", ""))
        for one in list(there.company.carrier.journal.timeline)
        if isinstance(one, Happening) and one.call_sid == call and one.kind == "said"
    )


def test_who_books_a_callback_is_rung_when_the_turn_comes_and_the_agent_knows_why(
    there: CallbackFloor,
) -> None:
    busy(there, talks=140)
    there.company.carrier.directory.people[CALLER] = read_person(
        {"then": [{"waits": 20}, {"hangs_up": True}]}, CALLER
    )
    call = there.phones(
        LINE, {"hears": "stay on the line"}, {"presses": 1},
        {"hears": "If that is right, press 1"}, {"presses": 1},
        {"hears": "text messages about it"}, {"presses": 1},
        {"waits": 30},
    )  # fmt: skip
    there.until(lambda: there.status(call) == "completed")
    heard = said(there, call)
    assert "Good. We call you" in heard and "We send you a text message about it." in heard
    (one,) = there.store.open_ids()
    assert there.state(one) == "waiting" and call not in there.lines_of(QUEUE)
    assert there.texted(one)[0].startswith("receipt_place")
    there.until(lambda: there.state(one) == "talking", 600)
    there.until(lambda: there.state(one) == "done", 200)
    assert len(there.dialled()) == 1
    assert "an invoice" in there.heard(ANNA)


def test_who_hangs_up_keeps_the_place_and_can_come_back_to_the_line(there: CallbackFloor) -> None:
    busy(there, talks=140)
    there.works(hang_up_keeps_place_after=5)
    first = there.phones(LINE, {"waits": 25}, {"hangs_up": True})
    rang_at = there.now.timestamp()
    kept = kept_place_id(first)
    there.until(lambda: there.store.read(kept) is not None)
    assert there.texted(kept)[0].startswith("kept_place")
    assert there.callback(kept).rang_at <= rang_at
    again = there.phones(
        LINE, {"hears": "To wait on the line"}, {"presses": 3}, {"waits": 900},
    )  # fmt: skip
    there.until(lambda: there.state(kept) == "superseded")
    assert "You have your old place in the line." in said(there, again)
    place = there.place(again)
    assert place is not None and place.first == there.callback(kept).rang_at
    there.until(lambda: (there.place(again) or place).state == "served", 600)
    assert there.dialled() == []
