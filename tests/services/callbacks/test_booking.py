"""What callers are offered, promised and can change: by the real desk, in a real store."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import structs
from redis import Redis

from ivr.callbacks.record import SYSTEM, Actor
from ivr.flow.callback_talk import (
    CallbackWanted,
    ChangeWanted,
    NumberChecked,
    NumberWanted,
    ReasonTold,
    WhyNotRung,
)
from ivr.queueing.protocol import Estimate
from ivr.services.callbacks.booking import NotBooked, NotMoved, Wanted
from ivr.store import keys
from ivr.store.agents import AgentStore
from ivr.store.callbacks import StoredCallback
from ivr.store.calls import CallStore
from ivr.store.consent import ConsentStore, Given
from ivr.store.outbox import OutboxStore
from ivr.store.voicemails import VoicemailStore
from tests.services.callbacks.offices import MOBILE, NOON, QUEUE, Office, at, settings
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

FINNISH, LANDLINE = "+358401234567", "+46846500405"
PREMIUM = "+469001234567"
EVA = Actor("supervisor", "Eva")


# -- What is offered


def test_in_a_calm_queue_a_callback_is_offered_only_to_whoever_asks(redis: Redis) -> None:
    office = Office(redis)
    office.board(joining=Estimate(0.0, 0.0, 0.0, 0.0))
    assert (office.offer(office.call()).kinds, office.offer(office.call()).why_not) == (
        (), "not_busy"
    )  # fmt: skip
    assert office.offer(office.call(), asked=True).kinds == ("place", "window")


def test_in_a_busy_queue_times_are_offered_that_have_room_as_a_person_would_say_them(
    redis: Redis,
) -> None:
    office = Office(redis)
    office.busy()
    offer = office.offer(office.call(language="sv"))
    assert offer.kinds == ("place", "window")
    assert [one.said for one in offer.windows] == [
        "i dag mellan klockan 12.30 och klockan 13",
        "i dag mellan klockan 13 och klockan 13.30",
        "i dag mellan klockan 13.30 och klockan 14",
    ]
    # The place's turn is told as a time between whole steps, and only where the wait is sound.
    assert offer.said == "i dag mellan klockan 12.10 och klockan 12.20"
    office.busy(sound=False)
    assert office.offer(office.call()).said == ""


def test_somebody_abroad_is_told_times_of_their_own_clock(redis: Redis) -> None:
    office = Office(redis, settings(countries=["SE", "FI"]))
    office.busy()
    offer = office.offer(office.call(FINNISH, language="fi"))
    assert offer.number == FINNISH
    assert "13.30" in offer.windows[0].said or "13" in offer.windows[0].said
    assert offer.windows[0].begins == at(25, "12:30")


@pytest.mark.parametrize(
    ("caller", "why"),
    [
        (None, "withheld"),
        ("+266696687", "withheld"),
        (PREMIUM, "not_allowed"),
        ("+46846500400", "not_allowed"),
        ("+4420794600", "not_possible"),
        ("+442079460000", "not_allowed"),
        (MOBILE, ""),
    ],
)
def test_whose_own_number_is_not_rung_is_told_why_and_may_key_in_another(
    redis: Redis, caller: str | None, why: WhyNotRung
) -> None:
    office = Office(redis)
    office.busy()
    offer = office.offer(office.call(caller))
    assert (offer.why_number, bool(offer.number)) == (why, not why)
    assert offer.kinds


def test_who_asked_not_to_be_called_is_not_offered_their_number(redis: Redis) -> None:
    office = Office(redis)
    office.busy()
    ConsentStore(redis).note_calls_wish(MOBILE, EVA, NOON, refused=True, why="asked")
    offer = office.offer(office.call())
    assert (offer.number, offer.why_number) == ("", "stopped")
    assert office.promise(office.call()).why == "number"


@pytest.mark.parametrize(
    ("keys", "checked"),
    [
        ("0701740606#", NumberChecked("+46701740606")),
        ("0046846500406*12", NumberChecked("+46846500406", "12")),
        ("112", NumberChecked(why="not_allowed")),
        ("12", NumberChecked(why="not_possible")),
        ("00447700900000", NumberChecked(why="not_allowed")),
    ],
)
def test_a_number_keyed_in_is_read_like_a_person_dials_it(
    redis: Redis, keys: str, checked: NumberChecked
) -> None:
    office = Office(redis)
    assert office.desk.answer(NumberWanted(QUEUE, keys), office.call(), NOON) == checked


@pytest.mark.parametrize(
    ("now", "how", "why_not"),
    [
        (at(25, "15:55"), {"room": 0}, "closing"),
        (at(25, "18:00"), {"room": 0}, "closed"),
        (NOON, {"offer": False}, "not_here"),
        (NOON, {"kinds": ["window"], "room": 0}, "no_room"),
    ],
)
def test_what_could_not_be_kept_is_not_offered(
    redis: Redis, now: float, how: dict[str, Any], why_not: str
) -> None:
    office = Office(redis, settings(how))
    office.busy()
    offer = office.offer(office.call(), now, asked=True)
    assert (offer.kinds, offer.why_not) == ((), why_not)


def test_after_hours_a_time_of_the_next_day_is_offered(redis: Redis) -> None:
    office = Office(redis)
    offer = office.offer(office.call(), at(27, "19:00"), asked=True)  # a Friday
    assert offer.kinds == ("window",)
    assert offer.windows[0].begins == at(30, "08:00")
    assert offer.windows[0].said == "on Monday between 8:00 and 8:30"


def test_who_waits_on_is_offered_it_again_only_when_it_gets_long(redis: Redis) -> None:
    office = Office(redis)
    office.busy()
    call = office.call()
    assert not office.offer(call, waited=100.0, offered=(0.0,), left=900.0).kinds
    assert office.offer(call, waited=300.0, offered=(0.0,), left=900.0).kinds
    assert not office.offer(call, waited=300.0, offered=(0.0,), left=60.0).kinds
    assert not office.offer(call, waited=900.0, offered=(0.0, 300.0), left=900.0).kinds


def test_an_offer_takes_one_round_trip(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(redis)
    office.busy()
    office.offer(office.call())
    trips: list[int] = []
    pool = redis.connection_pool
    was = pool.get_connection

    def counted(*args: Any, **named: Any) -> Any:
        trips.append(1)
        return was(*args, **named)

    monkeypatch.setattr(pool, "get_connection", counted)
    office.offer(office.call())
    assert len(trips) == 1


# -- What is promised


def test_a_place_is_promised_instead_of_the_callers_own_and_at_the_same_order(
    redis: Redis,
) -> None:
    office = Office(redis)
    office.busy()
    call = office.call()
    office.waits(call, NOON - 800)
    ahead = office.lines.ahead(call.id, QUEUE)
    done = office.promise(call, first=NOON - 800)
    assert (done.why, done.callback) == ("", f"{call.id}-cb3")
    assert done.said == "today between 12:10 and 12:20"
    assert office.lines.waiting(QUEUE).index(done.callback) == ahead
    assert call.id not in office.lines.waiting(QUEUE)
    assert office.stored(done.callback).callback.until == at(25, "12:20")


def test_a_turn_that_is_decided_again_is_promised_the_same(redis: Redis) -> None:
    office = Office(redis, settings({"code": True, "room": 1}))
    office.busy()
    call = office.call()
    window = office.window(0)
    done = office.promise(call, window=window, texts=True)
    assert len(done.code) == 3 and done.text
    # Another process, after the first was killed, when the window has no room any more.
    assert Office(redis, office.config).promise(call, window=window, texts=True) == done
    assert len(office.callbacks.open_ids()) == 1
    assert len(OutboxStore(redis).of(done.callback)) == 1


def test_a_window_that_has_filled_meanwhile_is_not_promised_and_others_are_named(
    redis: Redis,
) -> None:
    office = Office(redis, settings({"room": 1}))
    window = office.window(0)
    assert not office.promise(office.call(), window=window).why
    done = office.promise(office.call("+46701740606"), window=window)
    assert (done.why, done.callback) == ("no_room", "")
    assert [(one.begins, one.ends) for one in done.windows] == [
        office.window(0), office.window(1), office.window(2),
    ]  # fmt: skip
    assert done.windows[0].begins > window[0]


def test_the_limits_hold_and_say_which_one_it_is(redis: Redis) -> None:
    limits = {"number_a_day": 2, "others_a_day": 1, "everybody_an_hour": 4}
    office = Office(redis, settings({"room": 9}, limits=limits))
    window = office.window(0)

    def asks(number: int, caller: int = 5) -> str:
        call = office.call(f"+467017406{caller:02}")
        done = office.promise(call, number=f"+467017406{number:02}", window=window)
        if not done.why:
            office.desk.cancel(office.stored(done.callback), Actor("person"), NOON)
        return done.why

    assert [asks(5), asks(5), asks(5)] == ["", "", "too_many"]
    assert [asks(6), asks(7)] == ["", "too_many"]
    assert [asks(8, 8), asks(9, 9)] == ["", "too_many"]
    assert office.offer(office.call("+46701740610"), asked=True).why_not == "no_room"
    told = office.desk.book(
        Wanted(id="w", queue=QUEUE, kind="window", number="070-174 06 05", language="sv"), NOON
    )
    assert isinstance(told, NotBooked)


def test_one_number_has_one_open_callback_for_a_matter(redis: Redis) -> None:
    office = Office(redis)
    office.busy()
    office.promise(office.call())
    assert office.promise(office.call()).why == "open_already"


def test_callbacks_are_at_most_a_share_of_the_line(redis: Redis) -> None:
    office = Office(redis, settings({"share": 40}))
    office.busy()
    numbers = [f"+467017406{n:02}" for n in range(5, 12)]
    whys = [office.promise(office.call(number)).why for number in numbers]
    # Of nine, six of them on the telephone.
    assert whys == ["", "", "", *["no_room"] * 4]


def test_nothing_is_promised_to_somebody_for_whom_an_agents_telephone_rings(
    redis: Redis,
) -> None:
    office = Office(redis)
    office.board()
    call = office.call()
    office.waits(call, NOON - 100)
    AgentStore(redis).arrive("astrid", {QUEUE: 1.0}, NOON)
    assert office.promise(call, window=office.window(0)).why == "turn_came"


# -- Texts


def test_consent_is_kept_and_a_receipt_goes_with_the_promise(redis: Redis) -> None:
    office, outbox = Office(redis), OutboxStore(redis)
    assert office.offer(office.call()).texts == "ask"
    done = office.promise(office.call(), window=office.window(0), texts=True)
    (text,) = outbox.of(done.callback)
    assert (text.text.kind, text.text.to, done.text) == ("receipt_window", MOBILE, True)
    consent = ConsentStore(redis).read(MOBILE)
    assert consent.given is not None and consent.given.how == "call"
    assert office.offer(office.call()).texts == "given"


def test_who_wants_no_texts_or_has_no_mobile_gets_none(redis: Redis) -> None:
    office, outbox = Office(redis), OutboxStore(redis)
    ConsentStore(redis).note(MOBILE, Given(NOON, "call", "en"))
    done = office.promise(office.call(), window=office.window(0), texts=False)
    assert not done.text and not outbox.of(done.callback)
    assert office.offer(office.call(LANDLINE)).texts == "no"
    done = office.promise(office.call(LANDLINE), window=office.window(0), texts=True)
    assert not done.why and not done.text


# -- Ringing again


def test_who_rings_again_hears_how_it_stands_and_can_move_it(redis: Redis) -> None:
    office = Office(redis)
    done = office.promise(office.call(), window=office.window(0))
    again = office.call()
    offer = office.offer(again)
    assert offer.known is not None and not offer.kinds
    assert (offer.known.said, offer.known.window, offer.known.first) == (
        "today between 12:30 and 13:00", True, NOON - 60,
    )  # fmt: skip
    assert offer.known.choices == ("keep", "move", "cancel", "wait_here")
    assert [one.said for one in offer.windows][1] == "today between 13:00 and 13:30"
    moved = office.answer(ChangeWanted(done.callback, "move", office.window(1)), again)
    assert (moved.why, moved.said) == ("", "today between 13:00 and 13:30")
    assert office.callbacks.booked(QUEUE) == {office.window(1)[0]: 1}
    assert office.answer(ChangeWanted(done.callback, "cancel"), again).why == ""
    assert office.offer(again).known is None


def test_a_place_is_told_with_how_many_are_ahead(redis: Redis) -> None:
    office = Office(redis)
    office.busy()
    office.promise(office.call(), first=NOON - 897)
    known = office.offer(office.call()).known
    assert known is not None
    assert (known.ahead, known.window, known.status) == (4, False, "open")
    # Whatever the queue, where the flow does not ask for one.
    found = office.desk.answer(CallbackWanted(""), office.call(), NOON)
    assert getattr(found, "known", None) == known
    assert office.offer(office.call("+46701740606")).known is None


def test_who_was_not_reached_keeps_the_place_as_long_as_the_queue_says(redis: Redis) -> None:
    office = Office(redis, settings({"come_back_within": 3600}))
    done = office.promise(office.call(), window=office.window(0), first=NOON - 500)
    stored = office.stored(done.callback)
    missed = structs.replace(stored.callback, state="could_not_reach", since=NOON)
    redis.hset(keys.callback(stored.id), "record", msgspec.json.encode(missed))
    known = office.offer(office.call(), NOON + 3500).known
    assert known is not None
    assert (known.status, known.choices, known.first) == (
        "not_reached", ("wait_here",), NOON - 500,
    )  # fmt: skip
    assert office.offer(office.call(), NOON + 3700).known is None


def test_wait_here_ends_a_place_and_leaves_a_window(redis: Redis) -> None:
    office = Office(redis)
    office.busy()
    place = office.promise(office.call())
    assert office.answer(ChangeWanted(place.callback, "wait_here"), office.call()).why == ""
    assert office.stored(place.callback).callback.state == "superseded"
    assert place.callback not in office.lines.waiting(QUEUE)
    window = office.promise(office.call(), window=office.window(0))
    again = office.call()
    for _ in range(2):
        assert office.answer(ChangeWanted(window.callback, "wait_here"), again).why == ""
    assert office.stored(window.callback).callback.state == "booked"


def test_a_callback_is_not_given_up_for_a_call_that_has_ended(redis: Redis) -> None:
    office = Office(redis)
    office.busy()
    place = office.promise(office.call())
    again = office.call()
    CallStore(redis).note_status(again.id, "completed", 1, 5, NOON)
    assert office.answer(ChangeWanted(place.callback, "wait_here"), again).why == "not_now"
    assert office.stored(place.callback).callback.state == "waiting"


# -- What it is about


@pytest.mark.parametrize("first", ["the turn", "the carrier"])
def test_a_recorded_reason_is_the_callbacks_and_no_voicemail(redis: Redis, first: str) -> None:
    office, calls = Office(redis), CallStore(redis)
    call = office.call()
    done = office.promise(call, window=office.window(0))
    recording = "https://carrier.example/2010-04-01/Accounts/AC1/Recordings/RE0123"
    for who in ("the turn", "the carrier") if first == "the turn" else ("the carrier", "the turn"):
        if who == "the turn":
            assert not office.answer(ReasonTold(done.callback, recording, 4), call).why
        else:
            calls.note_recording(call.id, recording, "ready", 4, NOON)
    assert office.stored(done.callback).about.reason == recording
    assert keys.due_id("check_recording", "RE0123").encode() not in redis.hkeys(keys.DUE_RECORDS)
    assert not VoicemailStore(redis).all(heard=True)
    assert redis.ttl(keys.voicemail("RE0123")) > keys.EARLY_LIFETIME


# -- For others than callers


def test_an_agent_moves_it_and_hears_why_not(redis: Redis) -> None:
    office = Office(redis, settings({"room": 1}))
    one = office.stored(office.promise(office.call(), window=office.window(0)).callback)
    other = office.call("+46701740606")
    two = office.stored(office.promise(other, window=office.window(0)).callback)
    assert two.callback.window is not None
    refused = office.desk.move(one, two.callback.window, EVA, NOON, "they rang")
    assert isinstance(refused, NotMoved) and refused.why == "no_room"
    ended = office.desk.cancel(one, EVA, NOON)
    assert isinstance(ended, StoredCallback)
    refused = office.desk.move(ended, None, EVA, NOON, "they rang")
    assert isinstance(refused, NotMoved) and "has ended as `cancelled`" in refused.sentence
    assert isinstance(office.desk.move(two, two.callback.window, SYSTEM, NOON), StoredCallback)
