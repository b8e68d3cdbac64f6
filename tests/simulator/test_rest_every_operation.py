"""Every operation is asked for by the official client, and answers as Twilio's schemas have it.

The transport judges each answer (conformity.py); here it is held that none is left out.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from ivr.simulator.carrier import Carrier
from ivr.simulator.rest import routes
from ivr.simulator.rest.coverage import guarded
from ivr.simulator.rest.description import asked
from tests.simulator.application import LINE, TEAM
from tests.simulator.rest_office import ANNA, QUEUE, ROOM, Office, office


@pytest.fixture
def busy() -> Iterator[Office]:
    with office() as opened:
        yield opened


def test_every_operation_answers_the_official_client_as_twilio_would(busy: Office) -> None:
    look_at_everything(busy)
    change_everything(busy)
    delete_everything(busy)
    done = set()
    for exchange in busy.carrier.carrier.journal.exchanges:
        operation = asked(exchange.method, urlsplit(exchange.url).path)
        if exchange.direction == "in" and operation is not None:
            assert exchange.status is not None
            assert exchange.status < 300, exchange
            done.add(operation.id)
    assert done == {view.operation.id for view in guarded(routes(Carrier())) if view.operation}


def look_at_everything(busy: Office) -> None:
    client, sids = busy.client, busy.sids
    assert client.calls(sids["call"]).fetch().status == "in-progress"
    assert len(client.calls.list(status="in-progress", from_=LINE)) == 3
    assert client.messages(sids["message"]).fetch().body == "Hello"
    assert len(client.messages.list(to=ANNA)) == 1
    assert client.queues(sids["queue"]).fetch().friendly_name == QUEUE
    (member,) = client.queues(sids["queue"]).members.list()
    assert client.queues(sids["queue"]).members("Front").fetch().call_sid == member.call_sid
    assert client.conferences(sids["conference"]).fetch().friendly_name == ROOM
    participant = client.conferences(sids["conference"]).participants(sids["talking"]).fetch()
    assert (participant.muted, participant.hold) == (False, False)
    assert client.messages(sids["message"]).media.list() == []
    assert len(client.recordings.list()) == 3
    assert client.recordings(sids["recording"]).fetch().call_sid == sids["call"]
    recording = client.calls(sids["call"]).recordings.list()[0]
    assert client.calls(sids["call"]).recordings(recording.sid).fetch().duration == "5"
    conference = client.conferences(sids["conference"])
    (recording,) = conference.recordings.list()
    assert conference.recordings(recording.sid).fetch().conference_sid == sids["conference"]
    assert client.incoming_phone_numbers(sids["number"]).fetch().phone_number == LINE
    looked_up = client.lookups.v2.phone_numbers(TEAM).fetch(fields="line_type_intelligence")
    assert looked_up.phone_number == TEAM


def change_everything(busy: Office) -> None:
    client, sids, base = busy.client, busy.sids, busy.base
    client.calls(sids["call"]).update(url=f"{base}/long", method="GET")
    client.messages(sids["message"]).feedback.create(outcome="confirmed")
    client.messages(sids["message"]).update(body="")
    queue = client.queues.create(friendly_name="sales", max_size=5)
    queue.update(friendly_name="trade")
    client.queues(sids["queue"]).members(sids["waiting"]).update(url=f"{base}/long")
    conference = client.conferences(sids["conference"])
    conference.participants(sids["talking"]).update(muted=True)
    conference.update(announce_url=f"{base}/long")
    client.incoming_phone_numbers.create(phone_number="+46846500402")
    client.incoming_phone_numbers(sids["number"]).update(friendly_name="Front desk")


def delete_everything(busy: Office) -> None:
    client, sids = busy.client, busy.sids
    client.conferences(sids["conference"]).participants(sids["talking"]).delete()
    client.calls(sids["call"]).update(status="completed")
    client.calls(sids["waiting"]).update(status="completed")
    busy.pass_time(1)
    client.recordings(sids["another_recording"]).delete()
    client.calls(sids["call"]).recordings(sids["recording"]).delete()
    client.conferences(sids["conference"]).recordings(sids["conference_recording"]).delete()
    client.calls(sids["call"]).delete()
    client.messages(sids["message"]).delete()
    client.queues(sids["queue"]).delete()
    client.incoming_phone_numbers(sids["number"]).delete()
