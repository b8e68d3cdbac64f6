"""What a supervisor sees of callbacks and does with them, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from redis import Redis

from ivr.callbacks.record import Window
from ivr.config import Config
from ivr.promises.figures import Day, Share
from ivr.services.callbacks.overseeing import NotDone, Overseer, Unknown
from ivr.services.callbacks.overview import Filter
from ivr.store.agents import AgentStore
from ivr.store.callbacks import StoredCallback
from ivr.store.line import LineStore, Person, new_place
from ivr.store.promises import Changes, Followed, PromiseStore
from tests.services.callbacks.promised import Promised
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TEN = datetime(2026, 11, 25, 10, tzinfo=STOCKHOLM).timestamp()
ELEVEN = TEN + 3600
NIGHT = datetime(2026, 11, 25, 22, tzinfo=STOCKHOLM).timestamp()
CONFIG: dict[str, Any] = {
    "company": "Example",
    "time_zone": "Europe/Stockholm",
    "lines": {"main": {"number": "+46846500400", "flow": "main"}},
    "fallback": {"number": "+46846500499"},
    "schedules": {"office": {"weekly": {"monday-friday": "08:00-16:00"}}},
    "queues": {
        "billing": {"hours": "office", "callbacks": {"room": 2}},
        "moving": {"hours": "office", "callbacks": {"first": "person"}},
    },
}
WHO = ("Eva", TEN, "she rang")


class Office(Promised):
    def __init__(self, redis: Redis) -> None:
        super().__init__(redis, TEN)
        self.overseer = Overseer(Config.model_validate(CONFIG), redis)
        self.lines, self.agents = LineStore(redis), AgentStore(redis)
        self.windows = self.room("billing", ELEVEN, (2, 1, 2))

    def caller(self, ago: float) -> str:
        """Somebody on the line."""
        self.count += 1
        call = f"CA{self.count:032x}"
        place = new_place(call, "billing", Person(), first=TEN - ago, call=call)
        assert self.lines.join(place, TEN)
        return call

    def as_is(self, stored: StoredCallback) -> StoredCallback:
        return self.overseer.find(stored.id)


@pytest.fixture
def office(redis: Redis) -> Iterator[Office]:
    yield Office(redis)


def test_the_newest_promise_is_listed_first_with_how_it_stands(office: Office) -> None:
    old, new = office.one(ago=600), office.one(window=office.windows[0], ago=30)
    tried = office.tried(office.one(ago=300), outcome="busy", not_before=TEN + 180)
    ended = office.one("moving", ago=60)
    office.overseer.cancel(ended, *WHO)
    listed = office.overseer.overview.list(Filter(), TEN, 9)
    assert [one.id for one in listed.callbacks] == [new.id, tried.id, old.id]
    first, again, place = listed.callbacks
    assert (first.state, first.position, first.window is not None) == ("booked", None, True)
    assert (again.state, again.attempts[0].outcome) == ("retry", "busy")
    assert (place.state, place.position) == ("waiting", 1)
    assert first.number == "+46•••••••06"
    cut = office.overseer.overview.list(Filter(), TEN, 1, numbers=True)
    assert (cut.total, cut.callbacks[0].number) == (3, "+46701740606")
    found = office.overseer.overview.list(Filter("moving", frozenset({"cancelled"})), TEN, 9)
    assert [one.id for one in found.callbacks] == [ended.id]
    assert not office.overseer.overview.list(Filter(number="0699"), TEN, 9).total


def test_a_story_tells_every_move_with_who_made_it_and_why(office: Office) -> None:
    one = office.one()
    office.overseer.move(one, office.windows[2], *WHO)
    story = office.overseer.overview.story(office.as_is(one), TEN)
    assert [(told.event, told.actor.name, told.reason) for told in story.moves] == [
        ("place_promised", "", ""), ("moved", "Eva", "she rang"),
    ]  # fmt: skip
    assert story.moves[1].meaning == "To another window."
    assert story.callback.untold


def test_figures_count_windows_places_attempts_and_what_was_kept(office: Office) -> None:
    first, second, _ = office.windows
    for window in (first, first, second):
        office.one(window=window)
    office.room("billing", ELEVEN, (1, 1, 2))
    office.caller(100)
    office.one(ago=900)
    office.tried(office.one(ago=300), outcome="no_answer", not_before=TEN + 180)
    flagged = office.go(office.one(), "flagged", reason="a wrong number")
    office.overseer.hand_over(flagged, "Bo", *WHO)
    office.go(office.one(), "flagged", reason="our account was refused")
    today: Day = ("window", "billing", date(2026, 11, 25))
    changes = Changes(shares={today: Share(kept=2, broken=1, withdrawn=1)})
    assert PromiseStore(office.redis).write(Followed(), changes, "9-0", TEN)

    billing, moving = office.overseer.figures.queues(TEN)
    assert (billing.open, billing.places, billing.line, billing.share) == (7, 1, 2, 0.5)
    assert (billing.supervisor, billing.handed_over, billing.overbooked) == (1, 1, 1)
    assert billing.oldest is not None and billing.oldest.age == 900.0
    assert [(one.booked, one.room, one.over) for one in billing.windows] == [
        (2, 1, 1), (1, 1, 0), (0, 2, 0),
    ]  # fmt: skip
    assert (billing.kept.kept, billing.kept.broken, billing.kept.withdrawn) == (2, 1, 1)
    assert billing.kept.share == pytest.approx(2 / 3)
    assert billing.attempts == {"no_answer": 1}
    assert (moving.open, moving.share, moving.oldest, moving.windows) == (0, None, None, [])


def test_who_is_called_now_is_the_next_agents_whoever_waits(office: Office) -> None:
    callers = [office.caller(500), office.caller(400)]
    place, window = office.one(ago=60), office.one(window=office.windows[0])
    for one in (place, window):
        office.overseer.call_now(one, *WHO)
    assert office.lines.waiting("billing") == (window.id, place.id, *callers)
    assert office.as_is(window).callback.window == office.windows[0]
    assert office.as_is(window).callback.until == office.windows[0].ends
    office.agents.arrive("anna", {"billing": 1.0}, TEN, address="client:anna")
    stands = office.lines.place(window.id)
    assert stands is not None and stands.state == "reserved"


def test_nobody_is_called_now_outside_the_hours_and_it_is_told_when(office: Office) -> None:
    one = office.one()
    with pytest.raises(NotDone, match=r"it can be from Thu 08:00 on\.$"):
        office.overseer.call_now(one, "Eva", NIGHT, "she rang")
    assert office.as_is(one) == one


def test_who_is_rung_before_an_agent_is_asked_is_rung_now_by_a_worker(office: Office) -> None:
    one = office.one("moving", agent_first=False)
    after = office.overseer.call_now(one, *WHO)
    assert after.callback.state == "due"
    due = office.redis.zscore("ringback:due", f"callback:{one.id}")
    assert due is not None and due <= TEN


def test_one_that_waits_for_a_supervisor_is_tried_again_from_the_first_attempt(
    office: Office,
) -> None:
    flagged = office.go(office.one(ago=900), "flagged", reason="our account was refused")
    office.overseer.hand_over(flagged, "Bo", *WHO)
    assert office.as_is(flagged).about.handed_to == "Bo"
    before = office.caller(60)
    after = office.overseer.put_in_line(office.as_is(flagged), *WHO)
    assert (after.callback.promised_at, after.about.handed_to) == (TEN, "")
    assert office.lines.waiting("billing") == (flagged.id, before)
    at_night = office.go(office.one(), "flagged", reason="a wrong number")
    later = office.overseer.put_in_line(at_night, "Eva", NIGHT, "she rang")
    closes = datetime(2026, 11, 26, 16, tzinfo=STOCKHOLM).timestamp()
    assert later.callback.until == closes


def test_a_window_without_room_is_refused_with_those_that_have_some(office: Office) -> None:
    first, second, third = office.windows
    office.one(window=second)
    one = office.one()
    with pytest.raises(NotDone, match=r"no room\. Windows with room: 11:00-11:30, 12:00-12:30\."):
        office.overseer.move(one, second, *WHO)
    with pytest.raises(NotDone, match=r"^No window begins then\."):
        office.overseer.window_at("billing", first.begins + 60, TEN)
    assert office.overseer.window_at("billing", third.begins, TEN) == third


def test_what_a_state_does_not_allow_is_refused_in_words(office: Office) -> None:
    one = office.one()
    talking = office.go(
        one, "reserved", "attempt_written", "dialled", "person_answered", "agent_joined",
        agent="anna", call="CA1",
    )  # fmt: skip
    with pytest.raises(NotDone, match=r"^It cannot be called now: they are talking with an"):
        office.overseer.call_now(talking, *WHO)
    office.overseer.done(talking, *WHO)
    for act in (office.overseer.done, office.overseer.cancel, office.overseer.call_off):
        with pytest.raises(NotDone, match=r"they were served in another way\.$"):
            act(office.as_is(one), *WHO)


def test_what_has_changed_since_it_was_read_is_told_as_it_is(office: Office) -> None:
    one = office.one()
    office.overseer.cancel(one, *WHO)
    for act in (office.overseer.done, office.overseer.call_off):
        with pytest.raises(NotDone, match=r"it was cancelled\.$"):
            act(one, *WHO)


def test_an_agent_who_waits_for_somebody_who_is_handed_over_is_free(office: Office) -> None:
    one = office.one()
    office.agents.arrive("anna", {"billing": 1.0}, TEN, address="client:anna")
    office.agents.accept("R1", "CAx", TEN)
    reserved = office.go(one, "reserved", agent="anna")
    office.overseer.hand_over(reserved, "Bo", *WHO)
    reservation = office.agents.reservation("R1")
    assert reservation is not None and reservation.state == "person_left"
    assert office.redis.zscore("ringback:due:urgent", "release_agent:R1") == TEN


def test_an_id_is_known_by_a_beginning_that_fits_no_other(office: Office) -> None:
    first, second = office.one(name="CAabcdef-cb2"), office.one(name="CAabcdef-cb5")
    other = office.one(name="CAabzzzz-cb2")
    find = office.overseer.find
    assert find("CAabz").id == other.id
    assert find("CAab-cb5").id == find("CAabcdef-cb5").id == second.id
    office.overseer.cancel(first, *WHO)
    assert find("CAabcdef-cb2").callback.state == "cancelled"
    for given, sentence in [
        ("CAabc", "2 callbacks have an id"), ("CAx1", "There is no callback"), ("CA", "too short"),
    ]:  # fmt: skip
        with pytest.raises(Unknown, match=sentence):
            find(given)


def test_a_number_that_is_never_rung_loses_what_it_was_promised(office: Office) -> None:
    mine, other = office.one(), office.one()
    done = office.overseer.never("070-174 06 05", "Eva", TEN, "a letter")
    assert (done.number, done.cancelled) == ("+46701740605", (mine.id,))
    assert office.as_is(mine).callback.state == "cancelled"
    assert office.as_is(other).callback.state == "waiting"
    wish = office.overseer.refused()["+46701740605"]
    assert (wish.by.name, wish.why) == ("Eva", "a letter")
    office.overseer.allow("+46701740605", "Bo", TEN + 5, "she rang")
    assert office.overseer.refused() == {}
    with pytest.raises(Unknown, match=r"never|ever"):
        office.overseer.never("112", "Eva", TEN, "a letter")


def test_everything_can_be_told_as_json(office: Office) -> None:
    one = office.one(window=Window(ELEVEN, ELEVEN + 1800))
    told = msgspec.json.encode(office.overseer.overview.story(one, TEN))
    assert msgspec.json.decode(told)["callback"]["next"]["task"] == "open_window"
