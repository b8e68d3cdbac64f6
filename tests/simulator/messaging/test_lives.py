"""Whatever is sent, canceled and waited for: the life of a text keeps its order."""

import asyncio
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.simulator import Carrier, Directory, Line, Person, Settings, SteppedClock
from ivr.simulator.errors import RestError
from ivr.simulator.messaging.message import FINAL, RANK, Message
from ivr.simulator.messaging.outgoing import Outgoing
from ivr.simulator.messaging.people import LOST, OUTCOMES, REFUSED, Texts
from ivr.simulator.messaging.services import Service
from tests.simulator.application import LINE
from tests.simulator.messaging.office import SECOND_LINE

PEOPLE = {f"+4670174060{n}": does for n, does in enumerate(OUTCOMES[:5], start=5)} | {
    f"+4670174061{n}": does for n, does in enumerate(OUTCOMES[5:])
}
SERVICE = Service("all", "MG" + "5" * 32, (LINE, SECOND_LINE))
SEND = st.tuples(
    st.sampled_from(sorted(PEOPLE)),
    st.sampled_from(["x", "a" * 400, "š" * 300]),
    st.sampled_from([None, 3.0, 40.0]),
    st.sampled_from(["line", "service", "later"]),
)
MOVES = st.lists(st.one_of(SEND, st.floats(0, 400), st.just("cancel")), max_size=40)


@settings(max_examples=60, deadline=None)
@given(MOVES)
def test_states_follow_one_another_and_every_text_comes_to_its_end(moves: list[object]) -> None:
    asyncio.run(_live_through(moves))


async def _live_through(moves: list[object]) -> None:
    directory = Directory(
        lines={number: Line(number, "http://127.0.0.1/") for number in SERVICE.senders},
        people={number: Person(texts=Texts(does)) for number, does in PEOPLE.items()},
        services={SERVICE.sid: SERVICE},
    )
    clock = SteppedClock(auto=False)
    carrier = Carrier(directory, Settings(sender_queue=60), clock)
    sent: list[Message] = []
    for move in moves:
        if isinstance(move, float):
            await clock.advance(move)
        elif move == "cancel":
            _cancel(carrier, sent)
        else:
            _send(carrier, sent, *move)  # type: ignore[misc]
    await clock.advance(100_000)
    for message in sent:
        ranks = [RANK[status] for _, status in message.history]
        assert ranks == sorted(set(ranks))
        assert [moment for moment, _ in message.history] == sorted(m for m, _ in message.history)
        does = PEOPLE[message.to]
        if does == "unconfirmed" and message.status == "sent":
            continue
        assert ranks[-1] == FINAL
        assert (message.error is not None) == (message.status in ("failed", "undelivered"))
        if message.status == "undelivered":
            assert message.error == LOST[does]
        if message.status == "failed":
            assert message.error in (30001, 30036)
            assert message.sent_at is None
    assert carrier.messages.delivery.outbox(LINE).backlog == 0
    assert carrier.messages.delivery.outbox(SECOND_LINE).backlog == 0


def _send(
    carrier: Carrier, sent: list[Message], to: str, body: str, validity: float | None, how: str
) -> None:
    send_at = carrier.clock.now() + timedelta(seconds=600) if how == "later" else None
    service = None if how == "line" else SERVICE
    sender = LINE if how == "line" else ""
    wanted = Outgoing(to, sender, body, "outbound-api", service, (), "", validity, None, send_at)
    try:
        sent.append(carrier.messages.send(wanted))
    except RestError as refused:
        assert refused.code in (REFUSED.get(PEOPLE[to]), 21611)


def _cancel(carrier: Carrier, sent: list[Message]) -> None:
    for message in sent:
        if message.status == "scheduled":
            carrier.messages.cancel(message)
            return
