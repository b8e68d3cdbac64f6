"""Whoever writes back gets what they want, once, and what is no wish reaches the agent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from ivr.callbacks.moves import Details
from ivr.callbacks.record import SYSTEM, Window
from ivr.callbacks.windows import Capacity
from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.promises.consent import Stopped
from ivr.queueing.board import Board
from ivr.queueing.protocol import Estimate
from ivr.services.callbacks.booking.desk import CallbackDesk
from ivr.services.callbacks.overview import CallbackOverview
from ivr.services.texts.composing import Composer
from ivr.services.texts.incoming import IncomingTexts
from ivr.services.texts.writers import Inbound
from ivr.store import keys
from ivr.store.booking import BookingStore
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.connection import StoreDown
from ivr.store.consent import ConsentStore
from ivr.store.conversations import ConversationStore
from ivr.store.estimates import EstimateStore
from ivr.store.line import LineStore, Person, new_place
from ivr.store.outbox import OutboxStore, OutboxText
from tests.services.texts.promised import AINO, NOON, QUEUE, agreed, office, promised
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

WINDOWS = tuple(Window(NOON + 1800 * n, NOON + 1800 * (n + 1)) for n in range(2, 12))


class Telephone:
    """Aino's, with which texts go to and fro; a worker who sends them is not there."""

    def __init__(self, redis: Redis) -> None:
        self.redis, self.now, self.written = redis, NOON, 0
        self.config: Config = office()
        self.callbacks, self.consents = CallbackStore(redis), ConsentStore(redis)
        self.outbox, self.conversations = OutboxStore(redis), ConversationStore(redis)
        self.desk = CallbackDesk(self.config, redis, load_languages())
        self.texts = IncomingTexts(self.config, redis, load_languages(), self.desk)
        self.composer = Composer(self.config, redis, load_languages())
        self.room(5)

    def room(self, each: int) -> None:
        capacity = Capacity(WINDOWS, (each,) * len(WINDOWS))
        BookingStore(self.redis).write_rooms(QUEUE, capacity, (), self.now)

    def writes(self, body: str, *, name: str = "", **more: Any) -> list[OutboxText]:
        """What is answered."""
        self.now += 10
        self.written += 1
        sid = name or f"SM{self.written}"
        before = {one.id for one in self.outbox.to(AINO)}
        self.texts.hear(Inbound(sid, AINO, body, **more), self.now)
        return [one.text for one in self.outbox.to(AINO) if one.id not in before]

    def says(self, body: str, **more: Any) -> tuple[str, str]:
        """Kind and words of the one answer."""
        (answer,) = self.writes(body, **more)
        return answer.kind, answer.text

    def gets(self, kind: str, stored: StoredCallback) -> None:
        """We write to her."""
        text = self.composer.write(kind, stored, self.now)  # type: ignore[arg-type]
        assert text is not None
        self.outbox.put(text, self.now)

    def callback(self, name: str = "cb1") -> StoredCallback:
        stored = self.callbacks.read(name)
        assert stored is not None
        return stored


@pytest.fixture
def aino(redis: Redis) -> Iterator[Telephone]:
    agreed(redis)
    yield Telephone(redis)


def test_later_offers_times_and_the_number_of_one_moves_the_call_there(aino: Telephone) -> None:
    aino.gets("receipt_place", promised(aino.redis))
    kind, text = aino.says("en ehdi nyt, myohemmin 🙏")
    assert (kind, text) == (
        "windows",
        "Revontuli Energia: Vapaat ajat: 1: tänään 13.00-13.30, 2: tänään 13.30-14.00, "
        "3: tänään 14.00-14.30. Vastaa ajan numerolla.",
    )
    kind, text = aino.says("kakkonen kiitos")
    assert kind == "receipt_window"
    assert "soitamme sinulle tänään klo 13.30-14.00" in text
    assert aino.callback().callback.window == WINDOWS[1]
    assert aino.says("3")[0] == "passed_on", "nothing is offered any more"
    assert aino.says("kauanko?")[0] == "status_window"


def test_a_time_that_was_taken_meanwhile_is_offered_no_more(aino: Telephone) -> None:
    promised(aino.redis)
    assert aino.says("senare")[0] == "windows"
    for n in range(5):
        other = f"+4670174061{n}"
        promised(aino.redis, f"o{n}", number=other, caller=other, window=WINDOWS[0])
    kind, text = aino.says("1")
    assert kind == "windows" and "13.00-13.30" not in text
    assert aino.callback().callback.window is None
    assert aino.says("1")[0] == "receipt_window"
    assert aino.callback().callback.window == WINDOWS[1]


def test_how_long_is_answered_by_the_estimate_and_the_same_again_while_it_holds(
    aino: Telephone,
) -> None:
    promised(aino.redis)
    kind, text = aino.says("kauanko vielä?")
    assert kind == "status_open" and "Jonossa ennen sinua: 0." in text
    estimates = EstimateStore(aino.redis)

    def estimated(low: float, high: float) -> None:
        wait = Estimate(low, (low + high) / 2, high, (low + high) / 2)
        aino.now += 50
        board = Board(QUEUE, aino.now, sound=True, agents=2)
        read = estimates.knowledge()
        last = "1-1" if read.last == "0" else f"{int(read.last[0]) + 1}-1"
        assert estimates.write(
            read, b"{}", last, aino.now, boards={QUEUE: board}, waits={"cb1": wait}
        )

    aino.now += 3600 - 180
    estimated(1260, 1700)
    kind, text = aino.says("kauanko?")
    assert kind == "status_time" and "13.15-13.30" in text
    estimated(1500, 1620)
    assert "13.15-13.30" in aino.says("how long")[1]
    estimated(100, 240)
    assert aino.says("kauanko?")[0] == "soon"


def test_cancelling_ends_it_and_what_comes_after_finds_nothing(aino: Telephone) -> None:
    aino.gets("kept_place", promised(aino.redis))
    kind, text = aino.says("EI")
    assert kind == "cancelled" and "+46 8 465 004 00" in text
    assert aino.callback().callback.state == "cancelled"
    assert aino.says("peruuta")[0] == "cancelled", "it is, whoever asks twice"
    assert aino.says("kauanko?")[0] == "nothing_open"


def test_the_same_text_told_twice_is_answered_once(aino: Telephone) -> None:
    promised(aino.redis)
    assert len(aino.writes("peru", name="SMx")) == 1
    assert aino.writes("peru", name="SMx") == []
    assert aino.callback().callback.moves == 2


def test_a_letter_is_kept_for_whoever_calls_and_help_comes_once_a_day(aino: Telephone) -> None:
    promised(aino.redis)
    letter = "Ovikoodi on muuttunut, soittakaa vaimolleni jos en vastaa"
    assert aino.says(letter, media=1)[0] == "passed_on"
    assert aino.writes("Ja koira puree toisinaan") == []
    first, second = aino.conversations.notes("cb1")
    assert (first.text, first.language, first.media) == (letter, "fi", 1)
    assert second.text == "Ja koira puree toisinaan"
    story = CallbackOverview(aino.redis).story(aino.callback(), aino.now)
    assert [(note.text, note.media) for note in story.notes] == [(letter, 1), (second.text, 0)]
    assert aino.says("apua")[0] == "help", "whoever asks for help gets it"
    aino.now += 24 * 3600
    assert aino.says("Ja kissa myös")[0] == "passed_on"


def test_now_leads_from_a_window_back_into_the_line(aino: Telephone) -> None:
    promised(aino.redis, window=WINDOWS[3])
    assert aino.says("nyt sopii")[0] == "back_in_line"
    stored = aino.callback()
    assert stored.callback.window is None and stored.callback.state == "waiting"


def test_whoever_was_not_reached_gets_their_old_place_back(aino: Telephone) -> None:
    stored = promised(aino.redis, rang_at=NOON - 900)
    for event, details in (
        ("turn_came", Details()),
        ("given_up", Details(reason="they did not answer")),
        ("told", Details()),
    ):
        moved = aino.callbacks.move(stored, event, SYSTEM, NOON, details)  # type: ignore[arg-type]
        assert isinstance(moved, StoredCallback)
        stored = moved
    assert stored.callback.state == "could_not_reach"
    assert aino.says("soittakaa nyt")[0] in ("back_in_line", "receipt_place_open")
    again = aino.callback("SM1-cb")
    assert again.callback.rang_at == NOON - 900 and again.callback.state == "waiting"
    assert again.about.person == stored.about.person


def test_whoever_is_about_to_be_told_that_we_gave_up_comes_back_into_the_line(
    aino: Telephone,
) -> None:
    stored = promised(aino.redis)
    due = aino.callbacks.move(stored, "turn_came", SYSTEM, NOON)
    assert isinstance(due, StoredCallback)
    gone = aino.callbacks.move(due, "given_up", SYSTEM, NOON, Details(reason="no answer"))
    assert isinstance(gone, StoredCallback) and gone.callback.state == "unreached"
    assert aino.says("kauanko?")[0] == "not_reached"
    assert aino.says("nyt voin puhua")[0] == "back_in_line"
    assert aino.callback().callback.state == "waiting"


def test_a_text_that_could_not_be_answered_is_answered_when_it_is_told_again(
    aino: Telephone,
) -> None:
    promised(aino.redis)
    aino.redis.set(keys.notes("cb1"), "something else than notes")
    with pytest.raises(StoreDown):
        aino.writes("Ovikoodi on 1234", name="SMx")
    aino.redis.delete(keys.notes("cb1"))
    assert [text.kind for text in aino.writes("Ovikoodi on 1234", name="SMx")] == ["passed_on"]
    assert aino.writes("Ovikoodi on 1234", name="SMx") == []


def test_stop_ends_what_waits_in_the_outbox_and_start_brings_texts_back(aino: Telephone) -> None:
    aino.gets("receipt_place", promised(aino.redis))
    assert aino.says("lopettakaa viestit")[0] == "stopped"
    assert not aino.consents.read(AINO).may_text
    receipt = aino.outbox.to(AINO)[0]
    assert (receipt.text.kind[:13], receipt.state) == ("receipt_place", "opted_out")
    assert aino.callback().callback.state == "waiting", "they are called all the same"
    assert aino.composer.write("soon", aino.callback(), aino.now) is None
    assert aino.says("aloita")[0] == "started"
    given = aino.consents.read(AINO).given
    assert given is not None and (given.how, given.first_name) == ("text", "Aino")


@pytest.mark.parametrize(
    ("body", "opt_out_type", "cancels"),
    [("STOP", "", False), ("stop", "STOP", False), ("SLUTA", "STOP", False), ("Cancel", "", True)],
)
def test_what_the_carrier_took_for_stop_is_not_answered_and_nothing_more_is_sent(
    aino: Telephone, body: str, opt_out_type: str, cancels: bool
) -> None:
    promised(aino.redis)
    assert aino.writes(body, opt_out_type=opt_out_type) == []
    consent = aino.consents.read(AINO)
    assert consent.carrier_stops and isinstance(consent.stopped, Stopped)
    assert (aino.callback().callback.state == "cancelled") == cancels
    assert aino.writes("kauanko?") == [], "the carrier would refuse it"
    assert aino.writes("START") == [], "the carrier has answered"
    assert aino.consents.read(AINO).may_text
    assert aino.writes("HELP", opt_out_type="HELP") == []


def test_of_several_callbacks_the_one_that_was_written_about_last_is_meant(
    aino: Telephone,
) -> None:
    first = promised(aino.redis)
    promised(aino.redis, "cb2", number="+46701740606", window=WINDOWS[4])
    aino.gets("receipt_window", aino.callback("cb2"))
    assert aino.says("peru")[0] == "cancelled"
    assert aino.callback("cb2").callback.state == "cancelled"
    aino.gets("receipt_place", first)
    assert aino.says("peru")[0] == "cancelled"
    assert aino.callback("cb1").callback.state == "cancelled"


def test_a_stranger_learns_where_to_ring_and_a_program_is_not_answered_for_ever(
    aino: Telephone,
) -> None:
    kind, text = aino.says("hur länge?")
    assert kind == "nothing_open" and text.startswith("Revontuli Energia: Hej Aino")
    answers = [one for _ in range(35) for one in aino.writes("hur länge?")]
    assert len(answers) == 29


def test_whoever_waits_on_the_telephone_hears_their_place_there(aino: Telephone) -> None:
    line = LineStore(aino.redis)
    for number, call in (("+46701740621", "CA1"), (AINO, "CA2")):
        person = Person(line="main", caller=number)
        line.join(new_place(call, QUEUE, person, first=NOON, call=call, number=number), NOON)
    assert aino.says("kauanko?")[0] == "status_on_line"
    (answer,) = aino.writes("how long?")
    assert answer.text.endswith("please hold. Ahead of you: 1.")
    booked = promised(aino.redis, window=WINDOWS[0])
    assert aino.says("kauanko?")[0] == "status_on_line", "a callback is for later"
    line.leave("CA2", "hung_up", NOON + 60)
    assert aino.says("kauanko?")[0] == "status_window"
    assert aino.callbacks.read(booked.id) is not None
