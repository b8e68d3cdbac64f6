"""Callbacks that never came: the carrier is asked, and what it says is as good as told."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import msgspec
import pytest
from redis import Redis

from ivr.carrier import rest
from ivr.clock import FixedClock
from ivr.engine.call import Call
from ivr.engine.events import Voicemail
from ivr.services.due import Drained, drain
from ivr.services.reconcile import Reconciler
from ivr.store import keys
from ivr.store.calls import CallStore
from ivr.store.due import DueStore
from ivr.store.voicemails import VoicemailStore
from tests.services.carrier_api import CarrierApi

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
NOW = AT.timestamp()
CALL = "CA" + "1" * 32
RECORDING = "RE" + "2" * 32
URL = f"https://carrier.example/Recordings/{RECORDING}"


class World:
    """The stores and the carrier of one test, and the time that passes."""

    def __init__(self, redis: Redis, carrier: rest.Carrier) -> None:
        self.redis = redis
        self.calls = CallStore(redis)
        self.voicemails = VoicemailStore(redis)
        self.due = DueStore(redis)
        self.handlers = Reconciler(
            self.calls,
            self.voicemails,
            carrier,
            check_call_after=600,
            check_recording_after=120,
        ).handlers

    def take(
        self, turn: int = 1, voicemail: Voicemail | None = None, *, seconds: float = 0
    ) -> None:
        call = Call(
            CALL, "main", "v1", "sv", NOW, turn=turn, flow="main", node="menu",
            caller="+46701740605", path=("Faktura",), said=("min räkning",),
        )  # fmt: skip
        self.calls.take_turn(
            call, answer="<Response/>", events=(), voicemail=voicemail, now=NOW + seconds
        )

    def after(self, seconds: float) -> Drained:
        return drain(self.due, self.handlers, FixedClock(AT + timedelta(seconds=seconds)))

    def endings(self) -> list[dict[str, Any]]:
        told = cast("list[tuple[bytes, dict[bytes, bytes]]]", self.redis.xrange(keys.EVENTS))
        decode = msgspec.json.decode
        return [event for _, fields in told for event in decode(fields[b"events"])]


@pytest.fixture
def world(redis: Redis, carrier_api: CarrierApi) -> World:
    return World(redis, carrier_api.client())


def a_voicemail() -> Voicemail:
    return Voicemail(
        call=CALL, line="main", place="main/message", language="sv", recording=URL, seconds=7,
        left_at=NOW,
    )  # fmt: skip


class TestCalls:
    def test_a_call_with_news_is_not_asked_for(self, world: World, carrier_api: CarrierApi) -> None:
        world.take()
        assert world.after(599) == Drained()
        assert carrier_api.asked == []

    def test_news_since_the_check_was_set_put_it_off(
        self, world: World, carrier_api: CarrierApi
    ) -> None:
        world.take()
        world.take(2, seconds=500)
        assert world.after(600) == Drained(put_off=1)
        assert carrier_api.asked == []
        assert world.due.next_due() == NOW + 1100

    def test_a_call_whose_end_nobody_told_is_found_ended(
        self, world: World, carrier_api: CarrierApi
    ) -> None:
        carrier_api.put_up(CALL, "completed", "42")
        world.take()
        assert world.after(600) == Drained(done=1)
        assert world.endings() == [
            {"type": "CallEnded", "status": "completed", "seconds": 42, "found_by": "check"}
        ]
        assert world.due.next_due() is None
        assert not world.calls.note_status(CALL, "completed", 1, 42, NOW + 700)

    def test_a_call_that_goes_on_is_asked_for_again(
        self, world: World, carrier_api: CarrierApi
    ) -> None:
        carrier_api.put_up(CALL, "in-progress")
        world.take()
        world.after(600)
        world.after(1200)
        assert carrier_api.asked == [CALL, CALL]
        assert world.due.next_due() == NOW + 1800
        assert world.endings() == []

    def test_a_call_that_the_carrier_does_not_know_counts_as_ended(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        world.take()
        assert world.after(600) == Drained(done=1)
        [ending] = world.endings()
        assert (ending["status"], ending["found_by"]) == ("gone", "check")
        assert "The carrier does not know this call; it counts as ended." in caplog.text

    @pytest.mark.parametrize(
        ("status_code", "level"), [(503, logging.WARNING), (401, logging.ERROR)]
    )
    def test_a_carrier_that_fails_is_asked_again_after_ever_longer(
        self,
        world: World,
        carrier_api: CarrierApi,
        caplog: pytest.LogCaptureFixture,
        status_code: int,
        level: int,
    ) -> None:
        carrier_api.put_up(CALL, "completed")
        carrier_api.status_code = status_code
        world.take()
        assert world.after(600) == Drained(put_off=1)
        assert world.due.next_due() == NOW + 630
        assert world.after(630) == Drained(put_off=1)
        assert world.due.next_due() == NOW + 690
        assert {one.levelno for one in caplog.records if one.name == "ivr.services.reconcile"} == {
            level
        }
        assert world.endings() == []
        carrier_api.status_code = None
        assert world.after(690) == Drained(done=1)
        assert len(world.endings()) == 1

    def test_a_carrier_away_for_hours_costs_no_record(
        self, world: World, carrier_api: CarrierApi
    ) -> None:
        carrier_api.status_code = 503
        world.take()
        for hours in range(1, 15):
            assert world.after(hours * 3600) == Drained(put_off=1)
        assert world.due.dead() == ()

    def test_a_call_that_has_ended_meanwhile_is_not_asked_for(
        self, world: World, carrier_api: CarrierApi
    ) -> None:
        world.take()
        world.calls.note_status(CALL, "completed", 1, 5, NOW)
        world.due.schedule("check_call", CALL, NOW)
        assert world.after(0) == Drained(done=1)
        assert carrier_api.asked == []

    def test_a_turn_taken_while_the_carrier_is_asked_keeps_its_own_check(
        self, world: World, carrier_api: CarrierApi
    ) -> None:
        carrier_api.put_up(CALL, "in-progress")
        world.take()
        [record] = world.due.claim(NOW + 600, 1, 60).records
        world.take(2)
        outcome = world.handlers["check_call"](record, NOW + 600)
        assert not world.due.put_off(record, cast(Any, outcome).until)
        assert world.due.next_due() is not None


class TestRecordings:
    def test_a_recording_that_nobody_told_of_is_asked_for(
        self, world: World, carrier_api: CarrierApi
    ) -> None:
        carrier_api.put_up(RECORDING, "completed", "9")
        world.take(voicemail=a_voicemail())
        world.after(120)
        [kept] = world.voicemails.all()
        assert (kept.recording, kept.seconds) == ("ready", 9)
        assert carrier_api.asked == [RECORDING]
        assert world.due.next_due() == NOW + 600

    def test_a_recording_under_way_is_asked_for_again(
        self, world: World, carrier_api: CarrierApi
    ) -> None:
        carrier_api.put_up(RECORDING, "processing")
        world.take(voicemail=a_voicemail())
        world.after(120)
        assert world.due.next_due() == NOW + 240
        carrier_api.put_up(RECORDING, "completed", "9")
        world.after(240)
        assert [one.recording for one in world.voicemails.all()] == ["ready"]

    def test_a_recording_that_is_gone_is_said_so(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        world.take(voicemail=a_voicemail())
        world.after(120)
        assert [one.recording for one in world.voicemails.all()] == ["failed"]
        assert f"The message {RECORDING} was left, but cannot be heard." in caplog.text

    def test_a_carrier_that_fails_is_asked_again(
        self, world: World, carrier_api: CarrierApi
    ) -> None:
        carrier_api.status_code = 503
        world.take(voicemail=a_voicemail())
        assert world.after(120) == Drained(put_off=1)
        assert [one.recording for one in world.voicemails.all()] == ["under_way"]

    def test_a_message_whose_turn_never_came_is_kept_all_the_same(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        world.take()
        world.calls.note_recording(CALL, URL, "ready", 9, NOW)
        assert world.voicemails.all() == []
        world.after(120)
        [kept] = world.voicemails.all()
        assert kept.message == Voicemail(
            call=CALL, line="main", place="main/menu", language="sv", recording=URL, seconds=9,
            left_at=NOW + 120, caller="+46701740605", path=("Faktura",), said=("min räkning",),
        )  # fmt: skip
        assert f"kept the message {RECORDING} never came; it is kept now." in caplog.text

    def test_a_message_of_a_call_that_nobody_knows_is_kept_too(self, world: World) -> None:
        world.calls.note_recording(CALL, URL, "ready", 9, NOW)
        world.after(120)
        [kept] = world.voicemails.all()
        assert (kept.message.call, kept.message.line, kept.recording) == (CALL, "", "ready")

    def test_a_turn_that_comes_late_after_all_keeps_the_message_once(self, world: World) -> None:
        world.take()
        world.calls.note_recording(CALL, URL, "ready", 9, NOW)
        world.after(120)
        world.take(2, voicemail=a_voicemail())
        assert len(world.voicemails.all()) == 1
