"""Whose wait has changed is told so by text: once, and never what they know already."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from msgspec import structs
from redis import Redis

from ivr.callbacks.record import Actor, State, Window
from ivr.flow.language import load_languages
from ivr.promises.consent import Given, Stopped
from ivr.promises.wordings import TextKind
from ivr.queueing.board import Board
from ivr.queueing.protocol import Estimate
from ivr.services.due import PutOff
from ivr.services.texts.composing import Composer
from ivr.services.texts.standing import Standings
from ivr.services.texts.updates import EVERY, LINE, UPDATE_WAITS, WaitUpdates
from ivr.store import keys
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.connection import connect
from ivr.store.consent import ConsentStore
from ivr.store.due import DueRecord
from ivr.store.estimates import EstimateStore
from ivr.store.heard import HeardStore
from ivr.store.line import LineStore, Person, new_place
from ivr.store.outbox import Change, OutboxStore, Stands
from tests.services.texts.promised import AINO, NOON, QUEUE, agreed, office, promised
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

MINUTE = 60.0
PEKKA = "+46701740606"


class Line:
    """Those who wait to be rung back, and the waits as somebody works them out."""

    def __init__(self, redis: Redis, **settings: Any) -> None:
        self.redis, self.config = redis, office(**settings)
        self.updates = WaitUpdates(self.config, redis, load_languages())
        self.estimates, self.outbox = EstimateStore(redis), OutboxStore(redis)
        self.composer = Composer(self.config, redis, load_languages())
        self.entry = 0

    def tells(self, kind: str, stored: StoredCallback, low: float, high: float) -> None:
        when = (NOON + low * MINUTE, NOON + high * MINUTE)
        text = self.composer.write(kind, stored, NOON, when=when)  # type: ignore[arg-type]
        assert text is not None
        self.outbox.put(text, NOON)

    def estimated(self, minutes: float, waits: dict[str, tuple[float, float]]) -> None:
        """What is worked out `minutes` after noon, in minutes from then."""
        self.entry += 1
        at = NOON + minutes * MINUTE
        board = Board(QUEUE, at, sound=True, agents=2)
        ranges = {
            place: Estimate(*(60 * n for n in (low, (low + high) / 2, high, (low + high) / 2)))
            for place, (low, high) in waits.items()
        }
        read = self.estimates.knowledge()
        assert self.estimates.write(
            read, b"{}", f"{self.entry}-1", at, boards={QUEUE: board}, waits=ranges
        )

    def kinds(self, minutes: float, waits: dict[str, tuple[float, float]]) -> list[str]:
        """What is told then."""
        self.estimated(minutes, waits)
        before = {one.id for one in self.outbox.latest(1000)}
        self.updates.look(NOON + minutes * MINUTE)
        return [one.text.kind for one in self.outbox.latest(1000) if one.id not in before]


@pytest.fixture
def line(redis: Redis) -> Line:
    agreed(redis)
    agreed(redis, PEKKA, "Pekka")
    return Line(redis)


def test_worse_and_better_news_are_told_once_and_so_is_the_call_that_comes(line: Line) -> None:
    line.tells("receipt_place", promised(line.redis), 20, 30)
    assert line.kinds(3, {"cb1": (17, 27)}) == []
    assert line.kinds(5, {"cb1": (26, 36)}) == ["update_worse"]
    worse = line.outbox.latest(1)[0].text
    assert "odotus venyy valitettavasti. Soitamme arviolta tänään klo 12.30-12.45" in worse.text
    assert line.kinds(5.2, {"cb1": (26, 36)}) == []
    assert line.kinds(17, {"cb1": (3, 11)}) == ["update_better"]
    assert line.kinds(24, {"cb1": (0, 4)}) == ["soon"]
    assert "5 minuutin sisällä numerosta +46 8 465 004 00" in line.outbox.latest(1)[0].text.text
    assert line.kinds(25, {"cb1": (0, 3)}) == []


def test_who_heard_no_time_is_told_one_when_it_is_known(line: Line) -> None:
    promised(line.redis)
    assert line.kinds(1, {"cb1": (20, 30)}) == []
    assert line.kinds(4, {"cb1": (20, 30)}) == ["update_first"]


def test_of_two_who_look_at_the_same_moment_one_tells(line: Line, store_url: str) -> None:
    people = {f"cb{n}": f"+4670174061{n}" for n in range(10)}
    for name, number in people.items():
        agreed(line.redis, number)
        promised(line.redis, name, number=number, caller=number)
    line.estimated(10, dict.fromkeys(people, (20, 30)))

    def look(_: int) -> None:
        with connect(store_url) as own:
            updates = WaitUpdates(line.config, own, load_languages())
            updates.look(NOON + 10 * MINUTE)
            updates.look(NOON + 10 * MINUTE)

    with ThreadPoolExecutor(4) as four:
        list(four.map(look, range(4)))
    assert sorted(one.text.subject for one in line.outbox.latest(100)) == sorted(people)


def test_who_has_not_agreed_or_has_stopped_or_is_on_the_telephone_is_told_nothing(
    line: Line,
) -> None:
    consents = ConsentStore(line.redis)
    promised(line.redis)
    stranger = "+46701740607"
    promised(line.redis, "cb2", number=stranger, caller=stranger)
    person = Person(line="main", language="fi", caller=PEKKA)
    LineStore(line.redis).join(new_place("CA1", QUEUE, person, first=NOON - 90), NOON)
    consents.note(AINO, Stopped(NOON + 1, "text"))
    everybody = dict.fromkeys(("cb1", "cb2", "CA1"), (20.0, 30.0))
    assert line.kinds(5, everybody) == []
    consents.note(AINO, Given(NOON + 6 * MINUTE, "text", "fi", "Aino"))
    HeardStore(line.redis).forget(("cb1",))
    assert line.kinds(7, everybody) == ["update_first"]
    consents.note(stranger, Given(NOON + 8 * MINUTE, "agent", "sv"))
    assert line.kinds(9, everybody) == []
    known = {"cb1": (11.0, 21.0), "cb2": (20.0, 30.0), "CA1": (20.0, 30.0)}
    assert line.kinds(16, known) == ["update_first"], "who was passed over is tried again"


def test_a_text_that_never_went_is_as_if_nothing_had_been_told(line: Line) -> None:
    line.tells("receipt_place", promised(line.redis), 20, 30)
    assert line.kinds(5, {"cb1": (26, 36)}) == ["update_worse"]
    (worse,) = (one for one in line.outbox.of("cb1") if one.text.kind == "update_worse")
    assert line.outbox.write(
        worse, Change(Stands("dropped", NOON + 900, reason="late"), told="dropped"), NOON + 900
    )
    assert line.kinds(15, {"cb1": (16, 26)}) == []
    assert line.kinds(16.5, {"cb1": (16, 26)}) == ["update_worse"]


def test_the_new_time_of_an_apology_is_what_they_know_from_then_on(line: Line) -> None:
    stored = promised(line.redis)
    line.tells("receipt_place", stored, 5, 10)
    assert line.kinds(4, {"cb1": (3, 6)}) == []
    assert line.kinds(12, {"cb1": (20, 30)}) == [], "an apology tells the new time"
    text = line.composer.write(
        "sorry", stored, NOON + 720, when=(NOON + 30 * MINUTE, NOON + 45 * MINUTE)
    )
    assert text is not None and line.outbox.put(text, NOON + 720)
    assert line.kinds(14, {"cb1": (18, 28)}) == []
    assert line.kinds(20, {"cb1": (28, 40)}) == ["update_worse"]


def test_who_was_promised_a_time_is_told_when_it_comes_near_or_does_not(line: Line) -> None:
    window = Window(NOON + 10 * MINUTE, NOON + 40 * MINUTE)
    stored = promised(line.redis, window=window)
    receipt = line.composer.write("receipt_window", stored, NOON)
    assert receipt is not None and line.outbox.put(receipt, NOON)
    line.redis.zadd(keys.callback_windows(QUEUE), {"cb1": window.ends})
    person = Person(line="main", language="fi", caller=AINO)
    LineStore(line.redis).join(
        new_place("cb1", QUEUE, person, first=NOON, kind="callback"), NOON + 600
    )
    assert line.kinds(12, {"cb1": (5, 20)}) == []
    assert line.kinds(20, {"cb1": (15, 30)}) == ["update_worse"]
    assert line.kinds(40, {"cb1": (0, 3)}) == ["soon"]


def test_who_stands_there_no_more_is_forgotten_and_nobody_is_woken(redis: Redis) -> None:
    agreed(redis)
    line = Line(redis, texts={"quiet": "21:00-08:00"})
    stored = promised(redis)
    line.estimated(5, {"cb1": (20, 30)})
    record = DueRecord(UPDATE_WAITS, LINE)
    night = NOON + 11 * 3600
    assert line.updates.update(record, night) == PutOff(night + EVERY)
    assert line.outbox.latest(10) == []
    assert line.kinds(5, {"cb1": (20, 30)}) == ["update_first"]
    CallbackStore(redis).move(stored, "cancelled", Actor("person"), NOON + 400)
    assert line.kinds(9, {"cb1": (40, 50)}) == []
    assert redis.hgetall(keys.HEARD) == {}


@pytest.mark.parametrize("seed", [3, 17])
def test_whatever_waits_do_nobody_is_told_the_same_again_or_more_often_than_was_set(
    line: Line, seed: int
) -> None:
    chance = random.Random(seed)
    line.tells("receipt_place", promised(line.redis, now=NOON), 20, 30)
    left = 25.0
    for minutes in range(1, 90, 2):
        left = max(left + chance.uniform(-6, 4), 0.5)
        line.estimated(minutes, {"cb1": (left * 0.8, left * 1.2 + 1)})
        line.updates.look(NOON + minutes * MINUTE)
    told = [one.text for one in line.outbox.of("cb1")]
    assert [text.id for text in told] == list(dict.fromkeys(text.id for text in told))
    for before, after in pairwise(told):
        assert after.text != before.text
        soon_after = after.kind == "soon" or before.kind == "soon"
        assert soon_after or after.wanted_at - before.wanted_at >= 180
    kinds = [text.kind for text in told[1:]]
    assert len(kinds) >= 2 and len([kind for kind in kinds if kind != "soon"]) <= 4
    assert kinds[:-1].count("update_better") <= 3


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("booked", "status_window"), ("due", "status_window"), ("reserved", "soon"),
        ("dialling", "soon"), ("retry", "status_time"), ("unreached", "not_reached"),
        ("called_off", "withdrawn"), ("flagged", "withdrawn"),
    ],
)  # fmt: skip
def test_in_every_state_there_is_something_true_to_say(
    line: Line, state: State, kind: TextKind
) -> None:
    stored = promised(line.redis, window=Window(NOON + 1800, NOON + 3600))
    callback = structs.replace(stored.callback, state=state, not_before=NOON + 700)
    stored = structs.replace(stored, callback=callback)
    said, told = Standings(line.config, line.redis).told(stored, NOON)
    assert said == kind
    text = line.composer.write(
        said, stored, NOON, when=told.when, ahead=told.ahead, asked=True, serial="-x"
    )
    assert text is not None
    assert ("klo 12.10-12.20" in text.text) == (kind == "status_time")
