"""Queues and their members over REST, by the official client."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException

from tests.simulator.application import twiml
from tests.simulator.queues.switchboard import WAIT, Switchboard

FIRST, SECOND, THIRD = "+46701740601", "+46701740602", "+46701740603"
NO_QUEUE = "QU" + "0" * 32


def refused(action: Callable[[], Any]) -> tuple[int, int]:
    """The status and the code of a refusal."""
    with pytest.raises(TwilioRestException) as caught:
        action()
    assert caught.value.code is not None
    return caught.value.status, caught.value.code


def test_a_queue_is_created_with_its_size(board: Switchboard) -> None:
    queue = board.twilio().queues.create(friendly_name="support", max_size=7)
    assert (queue.friendly_name, queue.max_size, queue.current_size) == ("support", 7, 0)
    assert queue.average_wait_time == 0
    assert queue.uri.endswith(f"/Queues/{queue.sid}.json")
    assert board.twilio().queues(queue.sid).fetch().friendly_name == "support"


def test_a_queue_made_by_enqueue_has_room_for_a_thousand(board: Switchboard) -> None:
    board.serve()
    board.phones()
    (queue,) = board.twilio().queues.list()
    assert (queue.friendly_name, queue.max_size, queue.current_size) == ("support", 1000, 1)


@pytest.mark.parametrize("size", [0, 5001, -1])
def test_a_queue_holds_from_1_to_5000(board: Switchboard, size: int) -> None:
    queues = board.twilio().queues
    assert refused(lambda: queues.create(friendly_name="x", max_size=size)) == (400, 20001)
    assert queues.create(friendly_name="x", max_size=5000).max_size == 5000


def test_a_name_is_needed_and_has_64_characters_at_most(board: Switchboard) -> None:
    queues = board.twilio().queues
    assert refused(lambda: queues.create(friendly_name="")) == (400, 20001)
    assert refused(lambda: queues.create(friendly_name=" ")) == (400, 20002)
    assert refused(lambda: queues.create(friendly_name="x" * 65)) == (400, 20001)


def test_no_two_queues_have_the_same_name(board: Switchboard) -> None:
    queues = board.twilio().queues
    queues.create(friendly_name="support")
    other = queues.create(friendly_name="billing")
    assert refused(lambda: queues.create(friendly_name="support")) == (400, 22003)
    assert refused(lambda: queues(other.sid).update(friendly_name="support")) == (400, 22003)
    assert queues(other.sid).update(friendly_name="billing").friendly_name == "billing"


def test_queues_are_listed_page_by_page(board: Switchboard) -> None:
    queues = board.twilio().queues
    for number in range(5):
        queues.create(friendly_name=f"queue {number}")
    assert [q.friendly_name for q in queues.list(page_size=2)] == [f"queue {n}" for n in range(5)]


def test_a_queue_is_renamed_and_resized(board: Switchboard) -> None:
    board.serve()
    call = board.phones()
    board.pass_time(60)
    queue = board.twilio().queues(board.queue.sid).update(friendly_name="help", max_size=1)
    assert (queue.friendly_name, queue.max_size, queue.current_size) == ("help", 1, 1)
    assert queue.date_updated - queue.date_created == timedelta(seconds=60)
    assert board.line() == [call.sid]
    board.phones(SECOND)
    assert sorted(q.name for q in board.carrier.carrier.queues.all()) == ["help", "support"]


def test_a_smaller_size_puts_nobody_out_but_takes_nobody_in(board: Switchboard) -> None:
    board.serve()
    board.phones(FIRST)
    board.phones(SECOND)
    board.twilio().queues(board.queue.sid).update(max_size=1)
    call = board.phones(THIRD)
    assert board.result(call) == {"QueueResult": "queue-full"}
    assert len(board.line()) == 2


def test_only_an_empty_queue_is_deleted(board: Switchboard) -> None:
    board.serve()
    call = board.phones()
    queue = board.twilio().queues(board.queue.sid)
    assert refused(queue.delete) == (409, 20409)
    board.twilio().calls(call.sid).update(status="completed")
    board.pass_time(0)
    assert queue.delete()
    assert refused(queue.fetch) == (404, 20404)
    assert board.twilio().queues.list() == []


def test_after_it_was_deleted_the_next_caller_makes_a_new_one(board: Switchboard) -> None:
    board.serve()
    old = board.twilio().queues.create(friendly_name="support")
    old.delete()
    call = board.phones()
    assert board.line() == [call.sid]
    assert board.queue.sid != old.sid


def test_a_queue_that_is_not_there_is_404(board: Switchboard) -> None:
    queue = board.twilio().queues(NO_QUEUE)
    for action in (queue.fetch, queue.delete, queue.members("Front").fetch):
        assert refused(action) == (404, 20404)
    with pytest.raises(TwilioException, match="HTTP 404"):
        queue.members.list()
    assert refused(board.twilio().queues("support").fetch) == (404, 20404)


def test_the_average_wait_is_that_of_the_members_now(board: Switchboard) -> None:
    board.serve()
    board.phones(FIRST)
    board.pass_time(30)
    board.phones(SECOND)
    board.pass_time(10)
    assert board.twilio().queues(board.queue.sid).fetch().average_wait_time == 25


def test_members_are_listed_in_order(board: Switchboard) -> None:
    board.serve()
    calls = []
    for number in (FIRST, SECOND, THIRD):
        calls.append(board.phones(number))
        board.pass_time(5)
    members = board.twilio().queues(board.queue.sid).members.list(page_size=2)
    assert [member.call_sid for member in members] == [call.sid for call in calls]
    assert [(member.position, member.wait_time) for member in members] == [(1, 15), (2, 10), (3, 5)]
    assert members[1].date_enqueued - members[0].date_enqueued == timedelta(seconds=5)
    assert {member.queue_sid for member in members} == {board.queue.sid}


def test_a_member_is_found_by_call_or_as_the_front(board: Switchboard) -> None:
    board.serve()
    first, second = board.phones(FIRST), board.phones(SECOND)
    members = board.twilio().queues(board.queue.sid).members
    assert members("Front").fetch().call_sid == first.sid
    assert members(second.sid).fetch().position == 2


def test_the_front_can_be_sent_to_another_document(board: Switchboard) -> None:
    board.serve(next_verb="<Redirect>/no</Redirect>")
    board.app.on("/new", WAIT)
    first, second = board.phones(FIRST), board.phones(SECOND)
    board.pass_time(5)
    members = board.twilio().queues(board.queue.sid).members
    shown = members("Front").update(url=board.app.base + "/new", method="GET")
    assert (shown.call_sid, shown.position, shown.wait_time) == (first.sid, 1, 5)
    assert board.result(first) == {
        "QueueResult": "redirected", "QueueSid": board.queue.sid, "QueueTime": "5",
    }  # fmt: skip
    (request,) = board.seen("/new", first)
    assert request.method == "GET"
    assert members("Front").fetch().call_sid == second.sid
    assert first.status == "in-progress"


def test_any_member_can_be_sent_to_another_document(board: Switchboard) -> None:
    board.serve()
    board.app.on("/new", twiml())
    first, second = board.phones(FIRST), board.phones(SECOND)
    board.twilio().queues(board.queue.sid).members(second.sid).update(url=board.app.base + "/new")
    assert board.result(second)["QueueResult"] == "redirected"
    assert len(board.told("/new", second)) == 1
    assert board.line() == [first.sid]


def test_who_has_left_is_no_member(board: Switchboard) -> None:
    board.serve()
    call = board.phones()
    board.twilio().calls(call.sid).update(status="completed")
    queue = board.twilio().queues(board.queue.sid)
    for member in (queue.members(call.sid), queue.members("Front")):
        assert refused(member.fetch) == (404, 20404)
        assert refused(partial(member.update, url=board.app.base)) == (404, 20404)
    assert queue.members.list() == []


def test_who_has_been_taken_is_no_member(board: Switchboard) -> None:
    board.serve()
    call = board.phones()
    board.agent_phones()
    member = board.twilio().queues(board.queue.sid).members(call.sid)
    assert refused(member.fetch) == (404, 20404)


def test_a_member_is_sent_to_an_address_only(board: Switchboard) -> None:
    board.serve()
    call = board.phones()
    member = board.twilio().queues(board.queue.sid).members(call.sid)
    assert refused(lambda: member.update(url="")) == (400, 20001)
    assert refused(lambda: member.update(url="/relative")) == (400, 20001)
    assert refused(lambda: member.update(url=board.app.base, method="PUT")) == (400, 20001)
    assert board.line() == [call.sid]
