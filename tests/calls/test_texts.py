"""People who wait are kept informed by text and write back: everything over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ivr.callbacks.record import Window
from ivr.callbacks.windows import Capacity
from ivr.flow.language import load_languages
from ivr.promises.consent import Given
from ivr.queueing.board import Board
from ivr.queueing.protocol import Estimate
from ivr.services.callbacks.booking.desk import CallbackDesk
from ivr.services.callbacks.booking.wanted import NotBooked, Wanted
from ivr.services.texts.updates import LINE, UPDATE_WAITS
from ivr.store.booking import BookingStore
from ivr.store.consent import ConsentStore
from ivr.store.conversations import ConversationStore
from ivr.store.estimates import EstimateStore
from ivr.store.promises import EVENTS, FOLLOW_PROMISES, PromiseStore
from tests.calls.agents_floor import MAIN
from tests.calls.callback_floor import QUEUE, CallbackFloor, callback_floor
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

AINO = "+46701740620"
MINUTE = 60.0


@dataclass
class TextFloor(CallbackFloor):
    """`passes` looks whose wait has changed, too, and what was promised."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.wishes = ConsentStore(self.redis)
        self.desk = CallbackDesk(self.config, self.redis, load_languages())
        self.promises = PromiseStore(self.redis)
        for kind, subject in ((FOLLOW_PROMISES, EVENTS), (UPDATE_WAITS, LINE)):
            self.due.ensure(kind, subject, self.at())
        self.entry = 0

    def joins(self, number: str = AINO, language: str = "fi", name: str = "Aino") -> str:
        """Somebody is promised a call when it is their turn, and wants texts; its id."""
        self.people_answer(number)
        self.wishes.note(number, Given(self.at(), "call", language, name))
        wanted = Wanted(
            id=f"C{number[1:]}", queue=QUEUE, kind="place", number=number, language=language,
            line="main", first=self.at(), caller=number, source="agent", texts=True,
            owed=True,
        )  # fmt: skip
        stored = self.desk.book(wanted, self.at())
        assert not isinstance(stored, NotBooked), stored
        self.passes(15)
        return stored.id

    def people_answer(self, number: str) -> None:
        person = self.read_person({"then": [{"waits": 30}, {"hangs_up": True}]})
        self.company.carrier.directory.people[number] = person

    def room(self) -> tuple[Window, ...]:
        """There are times to pick from: in half an hour, and on."""
        first = self.at() // 1800 * 1800 + 3600
        windows = tuple(Window(first + 1800 * n, first + 1800 * (n + 1)) for n in range(4))
        rooms = BookingStore(self.redis)
        rooms.write_rooms(QUEUE, Capacity(windows, (2,) * len(windows)), (), self.at())
        return windows

    def estimated(self, low: float, high: float, *places: str) -> None:
        """The wait is worked out anew, in minutes, and whom it concerns is told."""
        self.entry += 1
        now, estimates = self.at(), EstimateStore(self.redis)
        middle = (low + high) / 2
        wait = Estimate(low * MINUTE, middle * MINUTE, high * MINUTE, middle * MINUTE)
        board = Board(QUEUE, now, sound=True, agents=2)
        assert estimates.write(
            estimates.knowledge(), b"{}", f"{self.entry}-1", now,
            boards={QUEUE: board}, waits=dict.fromkeys(places, wait),
        )  # fmt: skip
        self.passes(25)

    def writes(self, body: str, number: str = AINO, **more: Any) -> None:
        """They write to us; so much time passes that an answer has come."""
        self._post("messages", {"from": number, "to": MAIN, "body": body, **more})
        self.passes(15)

    def got(self, number: str = AINO) -> list[str]:
        """What has arrived on their telephone, Twilio's own words too."""
        found = self._get(f"messages?number=%2B{number[1:]}")["messages"]
        return [
            one["body"] for one in found if one["to"] == number and one["status"] == "delivered"
        ]


@contextmanager
def text_floor(redis: Redis, store_url: str, folder: Path) -> Iterator[TextFloor]:
    with callback_floor(redis, store_url, folder) as opened:
        lines = opened.company.carrier.directory.lines
        heard_at = f"{opened.config.web.public_url}/text/incoming"
        lines[MAIN] = replace(lines[MAIN], sms_url=heard_at)
        yield TextFloor(opened.redis, opened.config, opened.company, opened.carrier)


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[TextFloor]:
    with text_floor(redis, store_url, tmp_path) as opened:
        yield opened


def test_worse_better_later_moved_and_called_in_finnish(there: TextFloor) -> None:
    one = there.joins()
    windows = there.room()
    assert "Hei Aino, paikkasi jonossa säilyy" in there.got()[-1]
    there.skips(200)
    there.estimated(20, 30, one)
    assert "nyt tiedämme enemmän: soitamme arviolta" in there.got()[-1]
    there.skips(240)
    there.estimated(35, 45, one)
    assert "odotus venyy valitettavasti" in there.got()[-1]
    there.skips(620)
    there.estimated(8, 12, one)
    assert "jono liikkuu odotettua nopeammin" in there.got()[-1]
    there.writes("En ehdi nyt, voisitteko soittaa myöhemmin?")
    assert "Vapaat ajat: 1:" in there.got()[-1] and "Vastaa ajan numerolla." in there.got()[-1]
    there.writes("2 kiitos")
    assert there.callback(one).window == windows[1]
    assert there.got()[-1].startswith("Example: Hei Aino, soitamme sinulle tänään klo")
    assert len(there.got()) == 6
    there.people(anna={"then": [{"presses": 1}, {"waits": 600}]})
    there.skips(windows[1].begins - there.at())
    there.service.come("anna", there.now)
    there.until(lambda: there.state(one) == "talking", 300)
    assert len(there.got()) == 6
    there.passes(10)
    account = there.promises.accounts((one,))[one]
    outcomes = [(promise.kind, promise.outcome) for promise in account.promises]
    assert outcomes[:1] == [("call_back", "withdrawn")]
    assert outcomes[1:-1] == [("told_wait", "withdrawn")] * 3, "they moved it themselves"
    assert outcomes[-1] == ("window", "kept")


def test_in_swedish_cancelling_ends_it_and_a_letter_reaches_the_agent(there: TextFloor) -> None:
    there.room()
    one = there.joins(language="sv", name="Astrid")
    letter = "Det nya kundnumret står på fakturan"
    there.writes(letter)
    assert "vi har sparat ditt meddelande" in there.got()[-1]
    assert [note.text for note in ConversationStore(there.redis).notes(one)] == [letter]
    there.writes("hur länge dröjer det?")
    assert "Före dig i kön: 0." in there.got()[-1]
    there.writes("Ni behöver inte ringa, det löste sig")
    assert there.state(one) == "cancelled"
    assert "samtalet är avbokat" in there.got()[-1]
    assert there.dialled(AINO) == []


def test_after_stop_nothing_of_ours_is_even_tried_until_start(there: TextFloor) -> None:
    one = there.joins(language="en")
    there.writes("STOP")
    assert not there.wishes.read(AINO).may_text
    there.skips(200)
    there.estimated(20, 30, one)
    there.writes("how long?")
    said = [body for body in there.got() if body.startswith("Example:")]
    assert len(said) == 1, "the receipt"
    refused = [
        message for message in there._get(f"messages?number=%2B{AINO[1:]}")["messages"]
        if message["to"] == AINO and message["error"]
    ]  # fmt: skip
    assert refused == []
    assert there.state(one) == "waiting", "they are called all the same"
    there.writes("START")
    assert there.wishes.read(AINO).may_text
    there.skips(400)
    there.estimated(20, 30, one)
    assert "we now know more" in there.got()[-1]


def test_the_carrier_tells_of_a_text_twice_or_unsigned(there: TextFloor) -> None:
    one = there.joins(language="en")
    url = f"{there.config.web.public_url}/text/incoming"
    unsigned = there.http.post(url, data={"MessageSid": "SM1", "From": AINO, "Body": "no need"})
    assert unsigned.status_code == 403
    assert there.state(one) == "waiting"
    there._post("faults", {"strikes": "webhooks", "url": "*/text/incoming", "does": "repeated"})
    there.writes("what about the weather", media=["https://example.com/cat.jpg"])
    there.writes("how long")
    answers = [body for body in there.got() if body.startswith("Example:")]
    assert len(answers) == 3, answers
    assert [note.media for note in ConversationStore(there.redis).notes(one)] == [1]
