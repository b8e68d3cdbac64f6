"""What the carrier asks of a call that waits in a queue, and what it hears when that fails."""

from __future__ import annotations

import pytest

from tests.web.calling import CALL, FALLBACK, PUBLIC, Carrier
from tests.web.conftest import NOW
from tests.web.serving import Told


@pytest.mark.parametrize(
    ("result", "failed"),
    [("leave", False), ("queue-full", True), ("error", True), ("system-error", True), ("", False)],
)
def test_who_is_out_of_the_queue_goes_on(
    carrier: Carrier, calls: Told, result: str, failed: bool
) -> None:
    carrier.post("/voice/left/4?l=sv", QueueResult=result)
    assert calls.told == [("left", CALL, 4, failed, NOW)]


@pytest.mark.parametrize("result", ["hangup", "bridged", "redirected", "bridging-in-process"])
def test_who_went_elsewhere_is_asked_nothing_more(
    carrier: Carrier, calls: Told, result: str
) -> None:
    reply = carrier.post("/voice/left/4?l=sv", QueueResult=result)
    assert reply.verbs == []
    assert calls.told == []


def test_who_is_brought_to_an_agent_meets_them(carrier: Carrier, calls: Told) -> None:
    carrier.post("/voice/meet/R17")
    assert calls.told == [("meet", CALL, "R17", NOW)]


def test_while_ours_fails_a_caller_in_a_queue_keeps_their_place(
    carrier: Carrier, calls: Told
) -> None:
    calls.fails = RuntimeError("the store is away")
    reply = carrier.post("/voice/turn/6?l=sv&w=0")
    assert [verb.tag for verb in reply.verbs] == ["Pause", "Redirect"]
    assert reply.verbs[1].text == f"{PUBLIC}/voice/turn/6?l=sv&w=1"


@pytest.mark.parametrize("tried", ["12", "99999999", "0012"])
def test_where_ours_fails_for_long_they_are_let_out_of_it(
    carrier: Carrier, calls: Told, tried: str
) -> None:
    calls.fails = RuntimeError("the store is away")
    reply = carrier.post(f"/voice/turn/6?l=sv&w={tried}")
    assert [verb.tag for verb in reply.verbs] == ["Leave"]


def test_once_they_are_out_they_are_put_through(carrier: Carrier, calls: Told) -> None:
    calls.fails = RuntimeError("the store is away")
    reply = carrier.post("/voice/left/4?l=sv", QueueResult="leave")
    assert reply.verbs[-1].tag == "Dial"
    assert FALLBACK in reply.text


@pytest.mark.parametrize("odd", ["w=-1", "w=x", "w=", "w=1&l=%3Cb%3E", "w=1&l=a%26b"])
def test_what_is_odd_in_the_address_is_not_said_again(
    carrier: Carrier, calls: Told, odd: str
) -> None:
    calls.fails = RuntimeError("the store is away")
    reply = carrier.post(f"/voice/turn/6?{odd}")
    assert reply.verbs[1].text in [f"{PUBLIC}/voice/turn/6?w={n}" for n in (1, 2)]
