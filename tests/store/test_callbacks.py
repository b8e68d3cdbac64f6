"""Callbacks in the store: whatever two processes do at once, all that counts them stays true."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from typing import cast

from redis import Redis

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import Details, Refused, promise
from ivr.callbacks.record import SYSTEM, Actor, Window
from ivr.callbacks.states import ENDS
from ivr.store import keys
from ivr.store.callback_moves import moves_of
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback, matter, stands
from ivr.store.connection import connect
from ivr.store.line import LineStore, Person, new_place
from ivr.store.number_locks import LEASE, NumberLocks

NOW = 1_800_000_000.0
QUEUE = "billing"
NUMBERS = [f"+467017406{n:02}" for n in range(5, 17)]
WINDOWS = [Window(NOW + 1800 * n, NOW + 1800 * (n + 1)) for n in range(1, 4)]
CAPACITY = 3
ASKING = Asking(Limits(number_a_day=1000, others_a_day=1000, everybody_an_hour=100_000))
PERSON, EVA = Actor("person"), Actor("supervisor", "Eva")


def book(
    store: CallbackStore, name: str, number: str, window: Window | None, asking: Asking = ASKING
) -> StoredCallback | str:
    until = None if window else NOW + 7200
    made = promise(name, QUEUE, number, QUEUE, NOW - 60, PERSON, NOW, window=window, until=until)
    about = About(Person(caller=number))
    return store.promise(made, about, asking, NOW, capacity=CAPACITY, on_disk=False)


def do_anything(url: str, seed: int, steps: int) -> None:
    """What one process does: callbacks booked, moved and cancelled, as chance has it."""
    chance = random.Random(seed)
    with connect(url) as redis:
        store = CallbackStore(redis)
        for step in range(steps):
            number, window = chance.choice(NUMBERS), chance.choice([None, *WINDOWS])
            if chance.random() < 0.4:
                book(store, f"c{seed}-{step}", number, window)
                continue
            known = [one for one in store.of_number(number) if one.callback.state not in ENDS]
            if not known:
                continue
            event = chance.choice(["moved", "moved", "cancelled", "put_in_line"])
            details = Details("wanted", window or WINDOWS[0], NOW + 7200)
            try:
                store.move(known[0], event, EVA, NOW, details, capacity=CAPACITY)  # type: ignore[arg-type]
            except Refused:
                continue


def test_two_processes_at_once_leave_every_count_true(redis: Redis, store_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=do_anything, args=(store_url, seed, 250)) for seed in (1, 2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
        assert one.exitcode == 0
    check_every_count(redis)
    assert CallbackStore(redis).ended_ids(0)


def check_every_count(redis: Redis) -> None:
    store = CallbackStore(redis)
    still_open = [one.callback for one in store.read_all(store.open_ids())]
    assert still_open
    ended = [one.callback for one in store.read_all(store.ended_ids(0))]
    assert all(one.state not in ENDS for one in still_open)
    assert all(one.state in ENDS for one in ended)
    assert not {one.id for one in still_open} & {one.id for one in ended}

    matters = cast("dict[bytes, bytes]", redis.hgetall("ringback:callbacks:matters"))
    assert {(name.decode(), one.decode()) for name, one in matters.items()} == {
        (matter(one), one.id) for one in still_open
    }
    assert len(matters) == len(still_open)

    booked = Counter(one.window.begins for one in still_open if one.window is not None)
    assert store.booked(QUEUE) == booked
    assert all(count <= CAPACITY for count in booked.values())

    line = cast("list[bytes]", redis.zrange(keys.line(QUEUE), 0, -1))
    assert {one.decode() for one in line} == {one.id for one in still_open if stands(one)}
    assert store.places(QUEUE) == len(line)
    # What must happen next is due for each, and for nothing else.
    due = cast("dict[bytes, bytes]", redis.hgetall(keys.DUE_RECORDS))
    assert {name.decode() for name in due if name.startswith(b"callback:")} == {
        f"callback:{one.id}" for one in still_open
    }


def test_of_two_who_move_the_same_callback_one_is_refused(redis: Redis) -> None:
    store = CallbackStore(redis)
    read = book(store, "c", NUMBERS[0], None)
    assert isinstance(read, StoredCallback)
    assert isinstance(store.move(read, "cancelled", PERSON, NOW), StoredCallback)
    assert store.move(read, "brought_forward", EVA, NOW, Details("hurry")) == "changed"
    assert book(store, "c", NUMBERS[0], None) == "promised_before"


def test_a_number_has_no_more_callbacks_a_day_than_the_limit(redis: Redis) -> None:
    store, two = CallbackStore(redis), Asking(Limits(number_a_day=2))
    for name in ("a", "b"):
        made = book(store, name, NUMBERS[0], None, two)
        assert isinstance(made, StoredCallback)
        assert book(store, name + "again", NUMBERS[0], None, two) == "open_already"
        store.move(made, "cancelled", PERSON, NOW)
    assert book(store, "c", NUMBERS[0], None, two) == "number_today"
    hour = Asking(Limits(everybody_an_hour=2))
    assert book(store, "d", NUMBERS[1], None, hour) == "everybody_now"


def ready_to_dial(store: CallbackStore, name: str, number: str, about: str) -> StoredCallback:
    made = promise(name, QUEUE, number, about, NOW - 60, PERSON, NOW, until=NOW + 7200)
    stored = store.promise(made, About(Person()), ASKING, NOW, on_disk=False)
    assert isinstance(stored, StoredCallback)
    held = store.move(stored, "reserved", Actor("agent", "Liisa"), NOW, Details(agent="Liisa"))
    assert isinstance(held, StoredCallback)
    return held


def test_only_the_holder_of_the_lock_writes_an_attempt(redis: Redis) -> None:
    store, number = CallbackStore(redis), NUMBERS[0]
    held = ready_to_dial(store, "c", number, "bill")
    slow, quick = NumberLocks(redis, "slow"), NumberLocks(redis, "quick")
    fence = slow.take(number, NOW)
    assert fence is not None
    assert quick.take(number, NOW) is None
    later = NOW + LEASE
    assert store.move(held, "attempt_written", SYSTEM, later, fence=fence) == "lock_lost"
    after = quick.take(number, later)
    assert after is not None
    assert not slow.may_dial(number, fence, later)
    assert isinstance(
        store.move(held, "attempt_written", SYSTEM, later, fence=after), StoredCallback
    )


def test_a_number_is_not_rung_for_two_callbacks_at_once(redis: Redis) -> None:
    store, locks, number = CallbackStore(redis), NumberLocks(redis, "me"), NUMBERS[0]
    first, other = (ready_to_dial(store, name, number, name) for name in ("bill", "move"))
    fence = locks.take(number, NOW)
    assert fence is not None
    written = store.move(first, "attempt_written", SYSTEM, NOW, fence=fence)
    assert isinstance(written, StoredCallback)
    assert store.move(other, "attempt_written", SYSTEM, NOW, fence=fence) == "on_the_way"
    over = Details("busy", outcome="busy", not_before=NOW + 180)
    assert isinstance(store.move(written, "try_again", SYSTEM, NOW, over), StoredCallback)
    assert isinstance(
        store.move(other, "attempt_written", SYSTEM, NOW, fence=fence), StoredCallback
    )


def test_who_is_brought_forward_stands_before_the_line_and_keeps_the_window(redis: Redis) -> None:
    store, line = CallbackStore(redis), LineStore(redis)
    line.join(new_place("CA1", QUEUE, Person(), first=NOW - 600, call="CA1"), NOW)
    booked = [book(store, "window", NUMBERS[0], WINDOWS[0]), book(store, "place", NUMBERS[1], None)]
    for one in booked:
        assert isinstance(one, StoredCallback)
        details = Details("a good customer", forward=one.callback.rang_at - (NOW - 601))
        assert isinstance(store.move(one, "brought_forward", EVA, NOW, details), StoredCallback)
    assert set(line.waiting(QUEUE)[:2]) == {"window", "place"}
    assert line.waiting(QUEUE)[2] == "CA1"
    line.leave("CA1", "hung_up", NOW)
    assert store.booked(QUEUE) == {WINDOWS[0].begins: 1}
    check_every_count(redis)


def test_all_moves_of_a_callback_are_found_with_who_made_them_and_why(redis: Redis) -> None:
    store = CallbackStore(redis)
    one = book(store, "c", NUMBERS[0], None)
    book(store, "other", NUMBERS[1], None)
    assert isinstance(one, StoredCallback)
    store.move(one, "moved", EVA, NOW + 5, Details("asked", WINDOWS[0]), capacity=CAPACITY)
    told = moves_of(redis, "c")
    assert [(one.at, one.moved.event, one.moved.actor, one.moved.why) for one in told] == [
        (NOW, "place_promised", PERSON, ""), (NOW + 5, "moved", EVA, "asked"),
    ]  # fmt: skip
    redis.xtrim(keys.EVENTS, maxlen=0)
    assert moves_of(redis, "c") == []
    assert moves_of(redis, "nobody's") == []
