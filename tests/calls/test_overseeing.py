"""What a supervisor wants of callbacks comes about on the telephone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ivr.callbacks.duties import kept
from ivr.callbacks.record import Window
from ivr.services.callbacks.overseeing import Overseer
from ivr.store.callbacks import StoredCallback
from tests.calls.callback_floor import CallbackFloor, callback_floor
from tests.calls.test_callbacks import anna
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

OTHER = "+46701740641"


class Overseen:
    """A floor, and a supervisor who looks after its callbacks."""

    def __init__(self, there: CallbackFloor) -> None:
        self.there = there
        self.overseer = Overseer(there.config, there.redis)

    def does(self, act: str, callback_id: str, *more: Any) -> StoredCallback:
        stored = self.overseer.find(callback_id)
        done = getattr(self.overseer, act)(stored, *more, "Eva", self.there.at(), "wanted")
        assert isinstance(done, StoredCallback)
        return done


@pytest.fixture
def eva(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[Overseen]:
    with callback_floor(redis, store_url, tmp_path) as opened:
        yield Overseen(opened)


def test_who_is_called_now_goes_first_and_when_missed_is_called_in_the_window(
    eva: Overseen,
) -> None:
    there = eva.there
    begins = there.at() // 1800 * 1800 + 7200
    brief = {"then": [{"waits": 20}, {"hangs_up": True}]}
    first = there.promised(brief, OTHER, rang_at=there.at() - 900)
    one = there.promised(
        {"calls": ["no_answer", brief]},
        window=Window(begins, begins + 1800),
    )
    eva.does("call_now", one)
    anna(there)
    there.until(lambda: bool(there.dialled()))
    assert there.dialled(OTHER) == []
    there.until(lambda: there.state(one) == "retry", 200)
    assert (there.outcomes(one), kept(there.callback(one), there.at())) == (["no_answer"], None)
    there.until(lambda: there.state(first) == "done", 300)
    there.skips(begins - there.at() - 60)
    assert len(there.dialled()) == 1
    there.until(lambda: there.state(one) == "talking", 300)
    assert there.callback(one).attempts[-1].at >= begins
    assert kept(there.callback(one), there.at()) is True


def test_who_is_handed_over_is_not_rung_until_it_is_tried_again(eva: Overseen) -> None:
    there = eva.there
    one = there.promised({"then": [{"waits": 30}]})
    eva.does("hand_over", one, "Bo")
    anna(there)
    there.passes(120)
    assert there.dialled() == []
    eva.does("put_in_line", one)
    there.until(lambda: there.state(one) == "talking")
    assert eva.overseer.find(one).about.handed_to == ""


def test_who_is_called_off_is_told_so_by_text_and_never_rung(eva: Overseen) -> None:
    there = eva.there
    there.consents()
    one = there.promised({"then": [{"waits": 30}]})
    eva.does("call_off", one)
    anna(there)
    there.until(lambda: there.state(one) == "withdrawn", 200)
    assert there.texted(one) == ["withdrawn"]
    assert there.dialled() == []
