"""What somebody hears who is rung back, document by document, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from redis import Redis

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import Details, promise
from ivr.callbacks.record import SYSTEM, Callback, Window
from ivr.callbacks.states import Event
from ivr.callbacks.windows import Capacity
from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.services.callbacks.calling.answering import Answering
from ivr.services.callbacks.calling.phrases import load_phrases
from ivr.store import keys
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.connection import connect
from ivr.store.line import Person
from ivr.store.number_locks import NumberLocks
from ivr.web import create_app
from tests.store.fixtures import redis, store_url
from tests.web.agents import Desk, call, heard, url_of
from tests.web.calling import LINE, PUBLIC, Reply

__all__ = ["redis", "store_url"]

LANGUAGES = ("en", "fi", "nb", "sv")
OTHER_CALL = call(2)


def settings() -> Config:
    told: dict[str, Any] = {
        "company": "Revontuli",
        "time_zone": "Europe/Stockholm",
        "lines": {"main": {"number": LINE, "flow": "main"}},
        "fallback": {"number": "+46846500499"},
        "queues": {"billing": {}},
        "web": {"public_url": PUBLIC},
    }
    return Config.model_validate(told)


class Rung:
    """Somebody whose telephone rings; `to` is their callback."""

    def __init__(self, redis: Redis, language: str = "en", **about: Any) -> None:
        self.desk = Desk(redis)
        self.redis = redis
        self.store = CallbackStore(redis)
        answering = Answering(settings(), redis, load_languages())
        self.desk.parts = replace(self.desk.parts, callbacks=answering)
        self.desk.web = create_app(self.desk.parts).test_client()
        now = self.desk.now
        made = promise("C1", "billing", "+46701740605", "billing", now - 600, SYSTEM, now,
                       until=now + 3600)  # fmt: skip
        person = Person(line="main", language=language, caller="+46701740605")
        stored = self.store.promise(
            made, About(person, **({"reason": "12345"} | about)), Asking(Limits()), now
        )
        assert isinstance(stored, StoredCallback)
        self.moves("reserved", Details(agent="anna"))
        fence = NumberLocks(redis, "here").take("+46701740605", now)
        self.moves("attempt_written", fence=fence)

    def moves(self, event: Event, details: Details | None = None, **how: Any) -> None:
        stored = self.store.read("C1")
        assert stored is not None
        moved = self.store.move(stored, event, SYSTEM, self.desk.now, details or Details(), **how)
        assert isinstance(moved, StoredCallback), moved

    @property
    def callback(self) -> Callback:
        stored = self.store.read("C1")
        assert stored is not None
        return stored.callback

    def asks(self, step: str, leg: str = call(1), attempt: int = 1, **fields: str) -> Reply:
        """The same request twice, answered alike."""
        return self.desk.twice(f"/callback/{step}/C1/{attempt}?l=en", leg, **fields)

    def follows(self, reply: Reply, verb: str, **fields: str) -> Reply:
        return self.desk.post(url_of(reply, verb), call(1), **fields)


@pytest.fixture
def rung(redis: Redis) -> Iterator[Rung]:
    yield Rung(redis)


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_hear_at_once_who_is_calling_why_and_their_digits(redis: Redis, language: str) -> None:
    rung = Rung(redis, language, code="407")
    reply = rung.asks("answered")
    said = heard(reply)
    assert "Revontuli" in said and "12345" in said and "4 0 7" in said and "{" not in said
    assert rung.callback.state == "dialling"
    assert rung.callback.attempt is not None and rung.callback.attempt.call == call(1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_language_holds_the_same_values(language: str) -> None:
    def values(language: str) -> dict[str, list[str]]:
        told = load_phrases()[language].model_dump()
        flat = told | {f"agent {name}": text for name, text in told.pop("agent").items()}
        return {
            name: sorted(part.partition("}")[0] for part in text.split("{")[1:])
            for name, text in flat.items()
        }

    assert values(language) == values("en")


def test_a_key_shows_that_it_is_a_person_and_nobody_there_means_a_sentence(rung: Rung) -> None:
    said = heard(rung.follows(rung.asks("answered"), "Gather", Digits="1"))
    assert "next free colleague" in said
    assert rung.callback.state == "answered"
    assert rung.desk.lines.waiting("billing") == ("C1",)
    place = rung.desk.lines.place("C1")
    assert place is not None and place.call == call(1)


def test_who_presses_nothing_is_asked_for_again_until_it_is_known_who_it_is(rung: Rung) -> None:
    reply = rung.asks("answered")
    for _ in range(3):
        reply = rung.follows(reply, "Redirect")
        assert rung.callback.state == "dialling"
    rung.follows(reply, "Redirect")
    assert rung.callback.state == "answered"


def test_detection_of_a_person_is_believed_at_once(rung: Rung) -> None:
    rung.asks("answered")
    rung.desk.post("/callback/detection/C1/1", call(1), AnsweredBy="human")
    assert rung.callback.state == "answered"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_machine_hears_the_message_and_then_it_is_tried_again(
    redis: Redis, language: str
) -> None:
    rung = Rung(redis, language)
    rung.asks("answered")
    for _ in range(2):
        rung.desk.post("/callback/detection/C1/1", call(1), AnsweredBy="machine_end_beep")
    assert rung.callback.message_left
    expected = load_phrases()[language].message_again.replace("{company}", "Revontuli")
    assert heard(rung.asks("message")) == expected
    assert rung.desk.post("/callback/status/C1/1", call(1), CallStatus="completed").status == 204
    assert rung.callback.state == "retry"


@pytest.mark.parametrize("language", LANGUAGES)
def test_windows_are_told_in_words_and_the_one_chosen_is_promised(
    redis: Redis, language: str
) -> None:
    rung = Rung(redis, language)
    begins = rung.desk.now + 3600
    windows = tuple(Window(begins + n * 1800, begins + (n + 1) * 1800) for n in range(3))
    redis.hset(keys.CALLBACK_ROOMS, "billing", msgspec.json.encode(Capacity(windows, (1, 0, 1))))
    offer = rung.follows(rung.asks("answered"), "Gather", Digits="2")
    assert "{" not in heard(offer)
    rung.follows(offer, "Gather", Digits="2")
    assert rung.callback.window == windows[2]
    assert rung.callback.state == "booked"
    assert rung.store.booked("billing") == {windows[2].begins: 1}


def test_without_a_window_that_has_room_they_are_put_through(rung: Rung) -> None:
    said = heard(rung.follows(rung.asks("answered"), "Gather", Digits="2"))
    assert "no other time" in said
    assert rung.callback.state == "answered"


def test_another_number_must_be_one_that_may_be_rung(rung: Rung) -> None:
    ask = rung.follows(rung.asks("answered"), "Gather", Digits="3")
    again = rung.follows(ask, "Gather", Digits="0900123456")
    assert "cannot call that number" in heard(again)
    said = heard(rung.follows(again, "Gather", Digits="0701740699"))
    assert "4 6 7 0 1 7 4 0 6 9 9" in said
    assert (rung.callback.number, rung.callback.state) == ("+46701740699", "due")


def test_nine_ends_it(rung: Rung) -> None:
    rung.follows(rung.asks("answered"), "Gather", Digits="9")
    assert rung.callback.state == "cancelled"
    assert "no longer needed" in heard(rung.asks("answered"))


def test_news_of_another_call_or_another_attempt_change_nothing(rung: Rung) -> None:
    rung.asks("answered")
    before = rung.callback
    for path in ("/callback/status/C1/1", "/callback/status/C1/2", "/callback/status/C9/1"):
        rung.desk.post(path, OTHER_CALL, CallStatus="busy")
    assert "no longer needed" in heard(rung.asks("answered", OTHER_CALL))
    assert "no longer needed" in heard(rung.asks("key", attempt=7, Digits="9"))
    assert rung.callback == before


def test_an_end_that_is_told_before_the_beginning_counts(rung: Rung) -> None:
    for status in ("busy", "ringing", "initiated", "busy"):
        rung.desk.post("/callback/status/C1/1", call(1), CallStatus=status)
    assert rung.callback.state == "retry"
    assert [one.outcome for one in rung.callback.attempts] == ["busy"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_end_is_told_by_a_short_call_and_said_again_for_machines(
    redis: Redis, language: str
) -> None:
    rung = Rung(redis, language)
    rung.moves("given_up", Details("no_answer", outcome="no_answer"))
    fence = NumberLocks(redis, "here").take("+46701740605", rung.desk.now + 60)
    rung.moves("telling_written", fence=fence)
    expected = load_phrases()[language].message_last.replace("{company}", "Revontuli")
    reply = rung.asks("answered", OTHER_CALL, attempt=2)
    assert heard(reply) == expected
    assert rung.callback.on_the_way
    for _ in range(2):
        again = rung.desk.post(url_of(reply, "Redirect"), OTHER_CALL)
        assert heard(again) == expected
        assert rung.callback.state == "could_not_reach"
    assert "no longer needed" in heard(rung.asks("told", call(1), attempt=2))
    rung.desk.post("/callback/status/C1/2", OTHER_CALL, CallStatus="completed")
    assert [one.outcome for one in rung.callback.attempts] == ["no_answer", "person"]


def test_who_hangs_up_before_the_end_was_told_is_left_to_a_supervisor(rung: Rung) -> None:
    rung.moves("given_up", Details("no_answer", outcome="no_answer"))
    fence = NumberLocks(rung.redis, "here").take("+46701740605", rung.desk.now + 60)
    rung.moves("telling_written", fence=fence)
    rung.asks("answered", OTHER_CALL, attempt=2)
    rung.desk.post("/callback/status/C1/2", OTHER_CALL, CallStatus="completed")
    assert rung.callback.state == "flagged"


def test_enough_other_numbers_are_enough_by_key_as_well(rung: Rung) -> None:
    others = "ringback:callbacks:others:+46701740605"
    rung.redis.zadd(others, {f"+4670174069{n}": rung.desk.now - n for n in range(2)})
    ask = rung.follows(rung.asks("answered"), "Gather", Digits="3")
    said = heard(rung.follows(ask, "Gather", Digits="0701740699"))
    assert "not possible" in said
    assert rung.callback.number == "+46701740605"


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_the_store_away_they_hear_an_apology_in_their_language(
    redis: Redis, language: str
) -> None:
    desk = Desk(redis)
    with connect("redis://127.0.0.1:1/0") as away:
        answering = Answering(settings(), away, load_languages())
        desk.parts = replace(desk.parts, callbacks=answering)
        desk.web = create_app(desk.parts).test_client()
        for step in ("answered", "join", "key", "window", "number", "message", "meet", "over"):
            said = heard(desk.post(f"/callback/{step}/C1/1?l={language}", call(1)))
            assert said == load_phrases()[language].apology
        assert desk.post("/callback/status/C1/1", call(1), CallStatus="busy").status == 503
        assert desk.post("/callback/nonsense/C1/1", call(1)).status == 404
