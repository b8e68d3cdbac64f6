"""What people allow us stays what they said last, whoever hears of it first."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from redis import Redis

from ivr.callbacks.reachable import NumberRules, reachable
from ivr.callbacks.record import Actor
from ivr.promises.consent import Consent, Given, Stopped, consent_of
from ivr.store.connection import connect
from ivr.store.consent import ConsentStore

NOW = 1_800_000_000.0
AINO, PEKKA = "+46701740605", "+46701740606"
EVA, HERSELF = Actor("supervisor", "Eva"), Actor("person")


def test_of_what_many_write_at_once_nothing_is_lost_and_the_last_word_counts(
    redis: Redis, store_url: str
) -> None:
    chance = random.Random(7)
    said: list[Given | Stopped] = [
        Given(NOW + n, "call", chance.choice(["fi", "sv"]), "Aino")
        if chance.random() < 0.5
        else Stopped(NOW + n, chance.choice(["text", "carrier"]))
        for n in range(60)
    ]
    shuffled = [*said, *said[:20]]
    chance.shuffle(shuffled)

    def note(events: list[Given | Stopped]) -> None:
        with connect(store_url) as own:
            for event in events:
                ConsentStore(own).note(AINO, event)

    with ThreadPoolExecutor(4) as four:
        list(four.map(note, [shuffled[n::4] for n in range(4)]))
    store = ConsentStore(redis)
    assert store.read(AINO) == consent_of(said)
    assert store.read_all((PEKKA, AINO)) == [Consent(), consent_of(said)]


def test_a_number_that_asked_for_it_is_not_rung_until_it_is_taken_back(redis: Redis) -> None:
    store = ConsentStore(redis)
    rules = NumberRules("SE")
    assert store.may_ring(AINO)
    store.note_calls_wish(AINO, EVA, NOW, refused=True, why="asked on the telephone")
    assert reachable(AINO, rules, store.opted_out) == "opted_out"
    assert reachable(PEKKA, rules, store.opted_out) != "opted_out"
    wish = store.refused_calls()[AINO]
    assert (wish.by, wish.at, wish.why) == (EVA, NOW, "asked on the telephone")
    late = store.note_calls_wish(AINO, HERSELF, NOW - 60, refused=False)
    assert late == wish and not store.may_ring(AINO)
    store.note_calls_wish(AINO, HERSELF, NOW + 60, refused=False)
    assert store.may_ring(AINO) and store.refused_calls() == {}
    assert store.calls_wish(AINO) is not None
