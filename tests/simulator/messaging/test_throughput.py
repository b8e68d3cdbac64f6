"""How fast a sender's texts leave, and what becomes of those that wait too long."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug import Response

from ivr.simulator import Settings
from ivr.simulator.clock import SteppedClock
from ivr.simulator.messaging.message import FINAL, RANK, Message
from tests.simulator.application import LINE, Network, eventually, twiml
from tests.simulator.messaging.office import PERSON, SECOND_LINE, Office


def seconds_until_sent(office: Office, sids: list[str]) -> list[float]:
    found = [office.carrier.carrier.messages.get(sid) for sid in sids]
    moments = [message.sent_at for message in found if message is not None and message.sent_at]
    start = office.carrier.carrier.messages.all()[0].created_at
    return [(moment - start).total_seconds() for moment in moments]


def test_a_number_sends_one_segment_a_second(office: Office) -> None:
    sids = [office.send(body=body).sid for body in ("one", "a" * 400, "three", "four")]
    office.settle()
    assert seconds_until_sent(office, sids) == pytest.approx([0.3, 1.3, 4.3, 5.3])


def test_each_sender_has_its_own_queue(office: Office) -> None:
    sids = [office.send(from_=number).sid for number in (LINE, LINE, SECOND_LINE)]
    office.settle()
    assert seconds_until_sent(office, sids) == pytest.approx([0.3, 1.3, 0.3])


def test_a_text_that_waits_longer_than_its_validity_fails(office: Office) -> None:
    office.app.on("/status", Response(status=204))
    office.send(body="a" * 1600)
    callback = f"{office.app.base}/status"
    late = office.send(validity_period=5, status_callback=callback).sid
    after = office.send().sid
    office.settle()
    found = office.find(late)
    assert (found.status, found.error_code, found.date_sent) == ("failed", 30036, None)
    assert office.told() == ["failed"]
    assert office.app.fields("/status")["ErrorCode"] == "30036"
    assert seconds_until_sent(office, [after]) == pytest.approx([11.3])


class TestAShortQueue:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(sender_queue=30)

    def test_beyond_its_length_a_create_is_429_with_21611(self, office: Office) -> None:
        for _ in range(30):
            office.send()
        assert office.refused() == (429, 21611)
        assert office.send(from_=SECOND_LINE).status == "queued"
        office.pass_time(5)
        assert office.send(body="a" * 460).status == "queued"
        assert office.refused(body="a" * 460) == (429, 21611)


class TestFilters:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(filtered_words=("casino",), countries_without_texts=frozenset({"GB"}))

    def test_a_text_with_a_filtered_word_is_undelivered(self, office: Office) -> None:
        sid = office.send(body="Visit our CASINO").sid
        office.settle()
        assert office.find(sid).error_code == 30007

    def test_a_country_without_permission_is_refused(self, office: Office) -> None:
        assert office.refused(to="+447700900123") == (400, 21408)


def test_all_texts_of_a_day_leave_in_order(office: Office) -> None:
    sids = [office.send(body=str(number)).sid for number in range(40)]
    office.settle(100)
    moments = seconds_until_sent(office, sids)
    assert moments == sorted(moments)
    assert len(moments) == 40


@settings(max_examples=200)
@given(st.sampled_from(sorted(RANK)), st.lists(st.sampled_from(sorted(RANK)), max_size=12))
def test_a_state_never_goes_back_and_nothing_follows_the_last(first: str, moves: list[str]) -> None:
    now = SteppedClock().now()
    message = Message("SM", "outbound-api", LINE, PERSON, "x", first, now, now)
    for status in moves:
        before = message.status
        moved = message.move(status, now)
        assert moved == (message.status != before)
        assert moved == (RANK[status] > RANK[before])
    ranks = [RANK[status] for _, status in message.history]
    assert ranks == sorted(set(ranks))
    assert [rank for rank in ranks if rank == FINAL] in ([], [FINAL])


def test_what_was_told_of_a_text_is_its_history_but_for_the_first_state(office: Office) -> None:
    office.app.on("/status", Response(status=204))
    sid = office.send(status_callback=f"{office.app.base}/status").sid
    office.settle()
    message = office.carrier.carrier.messages.get(sid)
    assert message is not None
    states = [status for _, status in message.history]
    assert states == ["queued", "sending", "sent", "delivered"]
    assert office.told() == [status for status in states[1:] if status != "sending"]
    assert all(isinstance(moment, datetime) for moment, _ in message.history)


def test_stepped_time_does_not_leap_once_a_text_is_over(network: Network) -> None:
    clock = network.carrier.carrier.clock
    before = clock.now()
    sid = network.twilio().messages.create(to=PERSON, from_=LINE, body="x").sid
    eventually(lambda: network.twilio().messages(sid).fetch().status == "delivered")
    network.app.on("/voice", twiml("<Pause length='60'/>"))
    network.call()
    network.phone.until("ended")
    assert 60 < (clock.now() - before).total_seconds() < 120
