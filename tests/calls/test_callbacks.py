"""People rung back by the whole system: agent first, and whatever can come in between."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from redis import Redis

from ivr.callbacks.record import Actor, Window
from ivr.callbacks.windows import Capacity
from ivr.promises.account import Promise
from ivr.services.callbacks.calling.making import calling
from ivr.services.due import PutOff
from ivr.store import keys
from ivr.store.callbacks import About
from ivr.store.conversations import Conversation, ConversationStore, Note
from ivr.store.due import DueRecord
from ivr.store.line import Person
from tests.calls.agents_floor import ANNA, CALLER
from tests.calls.callback_floor import STOCKHOLM, CallbackFloor, callback_floor
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

TAKES: dict[str, object] = {"then": [{"presses": 1}, {"waits": 600}]}


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[CallbackFloor]:
    with callback_floor(redis, store_url, tmp_path) as opened:
        yield opened


def test_who_is_rung_back_hears_why_and_talks_to_the_agent(there: CallbackFloor) -> None:
    one = there.promised({"then": [{"waits": 60}, {"hangs_up": True}]})
    there.people(anna=TAKES)
    there.service.come("anna", there.now)
    there.until(lambda: there.state(one) == "talking")
    assert sorted(there.in_room("R1").values()) == ["agent-anna", "person"]
    assert "this is Example" in there.heard() and "about an invoice" in there.heard()
    there.until(lambda: there.state(one) == "done")
    there.until(lambda: there.presence("anna") != "busy")
    assert len(there.dialled()) == 1


def anna(there: CallbackFloor) -> None:
    """She takes whoever comes, and waits on."""
    there.people(anna=TAKES)
    there.service.come("anna", there.now)


def heard_by_anna(there: CallbackFloor) -> str:
    return " ".join(there.heard(ANNA, at) for at in range(len(there.dialled(ANNA))))


def test_busy_twice_and_then_answered_keeps_the_place_and_frees_the_agent_each_time(
    there: CallbackFloor,
) -> None:
    one = there.promised({"calls": ["busy", "busy", {"then": [{"waits": 40}]}]})
    rang_at = there.callback(one).rang_at
    anna(there)
    there.until(lambda: there.state(one) == "retry")
    assert there.outcomes(one) == ["busy"]
    there.until(lambda: there.presence("anna") == "available")
    there.until(lambda: there.state(one) == "talking", 900)
    assert there.outcomes(one) == ["busy", "busy", "unknown"]
    assert there.callback(one).rang_at == rang_at
    assert "The line is engaged. We will try again later." in heard_by_anna(there)
    assert "We have tried 2 times already." in heard_by_anna(there)
    first, second, third = (call.created_at for call in there.dialled())
    assert (second - first).total_seconds() >= 180 <= (third - second).total_seconds()


def test_a_machine_is_left_one_message_and_the_agent_is_free_at_once(there: CallbackFloor) -> None:
    one = there.promised({"machine": {"greeting": 6}})
    anna(there)
    there.until(lambda: there.state(one) == "retry")
    assert there.outcomes(one) == ["machine"]
    assert "We will try once more later." in there.heard()
    there.until(lambda: there.presence("anna") == "available")
    assert "answering machine" in heard_by_anna(there)
    there.skips(1700)
    assert len(there.dialled()) == 1
    there.until(lambda: there.state(one) == "flagged", 600)
    assert "message" not in there.heard() and "We will try once more" not in there.heard(at=1)
    assert len(there.dialled()) == 2


def test_a_fax_is_rung_once_and_a_supervisor_is_told(there: CallbackFloor) -> None:
    one = there.promised({"fax": True})
    anna(there)
    there.until(lambda: there.state(one) == "flagged", 300)
    assert there.outcomes(one) == ["fax"]
    assert len(there.dialled()) == 1


def test_who_hangs_up_during_the_announcement_is_tried_once_more(there: CallbackFloor) -> None:
    one = there.promised({"calls": [{"hangs_up_after": 3}, {"then": [{"waits": 40}]}]})
    anna(there)
    there.until(lambda: there.state(one) == "retry")
    assert there.outcomes(one) == ["hung_up"]
    there.until(lambda: there.state(one) == "talking", 600)


@pytest.mark.parametrize(
    "number", ["+46846500499", "+449012345678"], ids=["our own", "premium rate"]
)
def test_a_number_that_may_not_be_rung_never_is(there: CallbackFloor, number: str) -> None:
    one = there.promised({"then": [{"waits": 60}]}, number)
    anna(there)
    there.until(lambda: there.state(one) == "flagged")
    assert there.dialled(number) == []


def test_nobody_is_rung_while_no_agent_accepts(there: CallbackFloor) -> None:
    one = there.promised({"then": [{"waits": 60}]})
    there.people(anna={"then": [{"presses": 2}]})
    there.service.come("anna", there.now)
    there.passes(100)
    assert there.dialled() == []
    assert there.state(one) == "waiting"
    assert there.service.lines.place(one) is not None
    there.people(anna=TAKES)
    there.until(lambda: there.state(one) == "talking")


def test_who_moves_it_by_a_key_is_rung_in_the_window_that_was_chosen(there: CallbackFloor) -> None:
    begins = there.at() // 1800 * 1800 + 3600
    window = Window(begins, begins + 1800)
    there.redis.hset(keys.CALLBACK_ROOMS, "billing", msgspec.json.encode(Capacity((window,), (5,))))
    steps = [{"presses": 2}, {"hears": "press 1"}, {"presses": 1}, {"waits": 30}]
    one = there.promised({"calls": [{"then": steps}, {"then": [{"waits": 60}]}]})
    anna(there)
    there.until(lambda: there.state(one) == "booked")
    assert there.callback(one).window == window
    assert "We will call you today between" in there.heard()
    there.until(lambda: there.presence("anna") == "available")
    assert "another time" in heard_by_anna(there)
    there.skips(window.begins - there.at() - 30)
    assert len(there.dialled()) == 1
    there.until(lambda: there.state(one) == "talking", 600)
    assert window.begins <= there.dialled()[1].created_at.timestamp() < window.ends


def test_who_gives_another_number_is_rung_there_at_once(there: CallbackFloor) -> None:
    other = "+46701740699"
    steps = [{"presses": 3}, {"hears": "Key in the number"}, {"presses": "0701740699#"}]
    one = there.promised({"then": [*steps, {"waits": 30}]})
    there.company.carrier.directory.people[other] = there.read_person({"then": [{"waits": 60}]})
    anna(there)
    there.until(lambda: there.state(one) == "talking")
    assert len(there.dialled(other)) == 1
    assert "on another number" in heard_by_anna(there)


def test_who_does_not_need_it_any_more_is_never_rung_again(there: CallbackFloor) -> None:
    one = there.promised({"then": [{"presses": 9}, {"waits": 30}]})
    anna(there)
    there.until(lambda: there.state(one) == "cancelled")
    there.until(lambda: there.presence("anna") == "available")
    there.passes(1000)
    assert len(there.dialled()) == 1
    assert "does not need the call" in heard_by_anna(there)


def test_an_answer_of_the_carrier_that_is_lost_does_not_make_a_second_call(
    there: CallbackFloor,
) -> None:
    one = there.promised({"answers_after": 5, "then": [{"waits": 60}]})
    there._post("faults", {"strikes": "rest", "does": "cut", "when": "after", "call": CALLER})
    anna(there)
    there.until(lambda: there.state(one) == "talking")
    assert len(there.dialled()) == 1


def test_an_agent_who_hangs_up_meanwhile_leaves_the_person_to_the_next(
    there: CallbackFloor,
) -> None:
    one = there.promised({"answers_after": 15, "then": [{"waits": 90}]})
    there.people(anna={"calls": [{"then": [{"presses": 1}, {"waits": 4}, {"hangs_up": True}]},
                                 TAKES]})  # fmt: skip
    there.service.come("anna", there.now)
    there.until(lambda: there.state(one) == "answered")
    there.until(lambda: there.state(one) == "talking", 90)
    assert len(there.dialled()) == 1
    assert "next free colleague" in there.heard()


def test_nobody_is_rung_after_closing_and_the_place_is_first_in_the_morning(
    there: CallbackFloor,
) -> None:
    there.goes_on_until(19, 59)
    early = there.promised({"then": [{"waits": 30}, {"hangs_up": True}]}, rang_at=there.at() - 900)
    late = there.promised({"then": [{"waits": 30}, {"hangs_up": True}]}, "+46701740606")
    anna(there)
    there.passes(300)
    assert there.dialled() == [] == there.dialled("+46701740606")
    assert there.service.lines.waiting("billing") == ()
    assert {there.state(early), there.state(late)} <= {"waiting", "due"}
    there.goes_on_until(8, 1)
    anna(there)
    there.until(lambda: there.state(late) == "done", 900)
    first, second = there.dialled()[0].created_at, there.dialled("+46701740606")[0].created_at
    assert first < second
    assert first.astimezone(STOCKHOLM).hour == 8


def test_where_the_person_is_first_they_hear_a_sentence_until_an_agent_takes_them(
    there: CallbackFloor,
) -> None:
    one = there.promised({"answers_after": 2, "then": [{"waits": 90}]}, agent_first=False)
    there.passes(30)
    assert there.dialled() == []
    there.people(anna={"then": [{"waits": 3}, {"presses": 1}, {"waits": 600}]})
    there.service.come("anna", there.now)
    there.until(lambda: len(there.dialled()) == 1)
    assert there.dialled(ANNA) == []
    there.until(lambda: there.state(one) == "talking")
    assert "next free colleague" in there.heard()
    assert "calling the person now" not in heard_by_anna(there)
    assert len(there.dialled()) == 1


def test_who_is_served_on_the_line_is_not_rung_as_well(there: CallbackFloor) -> None:
    later = Window(there.at() + 3600, there.at() + 5400)
    one = there.promised({"then": [{"waits": 60}]}, window=later)
    anna(there)
    there.phones({"presses": 1}, {"waits": 60})
    there.until(lambda: there.state(one) == "superseded")
    assert there.dialled() == []


def test_two_machines_that_are_given_the_same_callback_ring_once(there: CallbackFloor) -> None:
    one = there.promised({"answers_after": 8, "then": [{"waits": 60}]})
    there.people(anna={"then": [{"presses": 1}, {"waits": 600}]})
    there.service.come("anna", there.now)
    bring = there.handlers.pop("bring_person")
    there.handlers["bring_person"] = lambda record, now: PutOff(now + 1000)
    accepted = there.service.agents.reservation
    there.until(lambda: (found := accepted("R1")) is not None and found.state == "accepted")
    others = [calling(there.config, there.redis, there.carrier, there.at).bring for _ in range(7)]
    record = DueRecord("bring_person", "R1")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda hand: hand(record, there.at()), [bring, *others]))
    there.handlers["bring_person"] = bring
    there.until(lambda: there.state(one) == "talking")
    assert len(there.dialled()) == 1
    assert len(there.callback(one).attempts) == 1


def test_a_worker_that_died_before_it_could_ask_the_carrier_loses_nothing(
    there: CallbackFloor,
) -> None:
    one = there.promised({"then": [{"waits": 60}]})
    there._post("faults", {"strikes": "rest", "does": "cut", "call": CALLER, "times": 1})
    anna(there)
    there.until(lambda: there.outcomes(one) == ["not_dialled"])
    there.until(lambda: there.state(one) == "talking")
    assert len(there.dialled()) == 1


def test_whoever_is_not_the_carrier_learns_nothing_and_changes_nothing(
    there: CallbackFloor,
) -> None:
    one = there.promised({"then": [{"waits": 60}]})
    public = there.config.web.public_url
    for step in ("answered", "key", "status", "detection", "meet"):
        answer = there.http.post(f"{public}/callback/{step}/{one}/1", data={"CallSid": "CA1"})
        assert answer.status_code == 403
    assert there.callback(one).moves == 1


def test_an_agent_left_alone_before_the_conference_has_begun_is_let_out(
    there: CallbackFloor,
) -> None:
    one = there.promised({"does": "no_answer"})
    anna(there)
    there.until(lambda: there.state(one) == "dialling")
    there.passes(2)
    assert there.presence("anna") == "busy"
    there.service.lines.leave(one, "hung_up", there.at())
    there.passes(4)
    assert there.presence("anna") == "wrap_up"


def test_a_talk_of_whose_end_nothing_was_told_ends_all_the_same(there: CallbackFloor) -> None:
    one = there.promised({"then": [{"waits": 40}, {"hangs_up": True}]})
    anna(there)
    there.until(lambda: there.state(one) == "talking")
    there._post("faults", {"strikes": "callbacks", "does": "lost", "url": "*/callback/status/*"})
    there.until(lambda: there.state(one) == "done")


ELSA = Actor("supervisor", "Elsa")
FAX_FIRST = {"calls": [{"fax": True}, {"then": [{"waits": 60}]}]}


def test_who_could_not_be_reached_gets_a_text_and_that_is_the_end(there: CallbackFloor) -> None:
    one = there.promised({"fax": True})
    there.consents()
    anna(there)
    there.until(lambda: there.state(one) == "could_not_reach", 300)
    assert there.texted(one) == ["not_reached"]
    assert len(there.dialled()) == 1


def test_who_cannot_be_texted_is_told_by_a_short_call_where_the_queue_wants_it(
    there: CallbackFloor,
) -> None:
    there.works(tell_by_call=True)
    one = there.promised(FAX_FIRST)
    anna(there)
    there.until(lambda: there.state(one) == "could_not_reach", 300)
    there.until(lambda: len(there.dialled()) == 2 and "old place in the line" in there.heard())
    there.passes(200)
    assert len(there.dialled()) == 2
    assert there.texted(one) == []
    assert [(a.outcome, a.telling) for a in there.callback(one).attempts] == [
        ("fax", False), ("person", True),
    ]  # fmt: skip
    assert len(there.dialled(ANNA)) == 1


def test_a_call_that_tells_the_end_is_made_once_though_its_answer_was_lost(
    there: CallbackFloor,
) -> None:
    there.works(tell_by_call=True)
    one = there.promised({"calls": ["busy", {"answers_after": 8, "then": [{"waits": 60}]}]})
    there.moves(one, "called_off", ELSA, reason="a flood")
    there.company.carrier.directory.people[CALLER] = there.read_person(
        {"answers_after": 8, "then": [{"waits": 60}]}
    )
    there._post("faults", {"strikes": "rest", "does": "cut", "when": "after", "call": CALLER})
    there.until(lambda: there.state(one) == "withdrawn")
    there.passes(60)
    assert len(there.dialled()) == 1
    assert "cannot make that call" in there.heard()


def test_whom_a_call_could_not_tell_either_a_supervisor_is_left_with(there: CallbackFloor) -> None:
    there.works(tell_by_call=True)
    one = there.promised({"calls": [{"fax": True}, "busy"]})
    anna(there)
    there.until(lambda: there.state(one) == "flagged", 300)
    assert there.outcomes(one) == ["fax", "busy"]
    there.passes(300)
    assert len(there.dialled()) == 2


def test_nobody_is_rung_at_night_to_be_told_the_end(there: CallbackFloor) -> None:
    there.works(tell_by_call=True)
    one = there.promised({"then": [{"waits": 60}]})
    there.goes_on_until(21, 0)
    there.moves(one, "called_off", ELSA, reason="a flood")
    there.passes(300)
    assert there.dialled() == []
    there.goes_on_until(8, 1)
    there.until(lambda: there.state(one) == "withdrawn", 300)
    assert there.dialled()[0].created_at.astimezone(STOCKHOLM).hour == 8


def test_a_new_time_of_ours_is_told_by_text_or_by_the_call_itself(there: CallbackFloor) -> None:
    later = Window(there.at() + 600, there.at() + 2400)
    other = "+46701740606"
    texted = there.promised({"then": [{"waits": 60}]})
    called = there.promised({"then": [{"waits": 60}]}, other)
    there.consents()
    for one in (texted, called):
        there.moves(one, "moved", window=later, reason="a flood")
    there.passes(200)
    assert there.callback(texted).untold is None
    assert there.texted(texted) == ["receipt_window"]
    assert there.callback(called).untold is not None and there.texted(called) == []
    there.moves(texted, "cancelled", Actor("person"))
    there.skips(500)
    anna(there)
    there.until(lambda: there.state(called) == "talking", 300)
    assert there.callback(called).untold is None


def test_who_is_handed_over_is_rung_by_nobody_and_ends_with_who_took_it(
    there: CallbackFloor,
) -> None:
    one = there.promised({"then": [{"waits": 60}]})
    there.moves(one, "handed_over", ELSA, reason="knows the case")
    anna(there)
    there.passes(300)
    assert there.dialled() == [] and there.state(one) == "flagged"
    there.moves(one, "superseded", ELSA, reason="Elsa rang herself")
    assert there.state(one) == "superseded"


def test_the_agent_hears_what_was_recorded_and_written_and_the_person_an_apology(
    there: CallbackFloor,
) -> None:
    told = About(Person(line="main", language="en", caller=CALLER), reason="https://x.test/r.mp3")
    one = there.promised({"then": [{"waits": 60}, {"hangs_up": True}]}, about=told)
    note = Note(there.at(), "it is the meter at the cottage", "en")
    ConversationStore(there.redis).finish(
        "SM1", CALLER, there.at(), Conversation(), note=note, about=one
    )
    owed = Promise("p", "call_back", one, "billing", 0.0, 1.0, "s", "broken")
    there.redis.set(keys.apologise(one), msgspec.json.encode(owed))
    anna(there)
    there.until(lambda: there.state(one) == "talking")
    told_anna = heard_by_anna(there)
    assert "It is about:" in told_anna and "First rang 5 minutes ago." in told_anna
    assert "it is the meter at the cottage." in told_anna
    assert "longer than we said" in there.heard() and "https" not in there.heard()
    assert there.redis.exists(keys.apologise(one)) == 0
