"""A telephone company in which there is one of everything that the REST API shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests
from twilio.rest import Client

from ivr.simulator import Directory, EmbeddedCarrier, Line, Person, SteppedClock
from ivr.simulator.recordings import Recording
from tests.simulator.application import CALLER, LINE, TEAM, Application, twilio_client, twiml

ANNA, BERIT = "+46701740606", "+46701740607"
ROOM, QUEUE = "hall", "support"
LONG = twiml("<Pause length='3600'/>")


@dataclass(frozen=True)
class Office:
    """The company, and the identifiers of what is in it."""

    carrier: EmbeddedCarrier
    client: Client
    base: str
    sids: dict[str, str]
    """By kind: call, waiting (a call in the queue), talking (a call in the conference), ..."""

    def pass_time(self, seconds: float) -> None:
        """Let telephony time go on, and what that sets off happen."""
        for part in (seconds, 0):
            requests.post(
                self.carrier.url + "/_carrier/clock", json={"advance": part}, timeout=20
            ).raise_for_status()


@contextmanager
def office() -> Iterator[Office]:
    """Opens it; time moves only when it is told to."""
    with Application() as app:
        directory = Directory(lines={LINE: Line(LINE, f"{app.base}/voice")})
        for number in (TEAM, ANNA, BERIT):
            directory.people[number] = Person("answers", 1)
        with EmbeddedCarrier(directory, clock=SteppedClock(auto=False)) as carrier:
            opened = Office(carrier, twilio_client(carrier), app.base, {})
            _furnish(opened, app)
            yield opened


def _furnish(office: Office, app: Application) -> None:
    app.on("/voice", twiml(f"<Enqueue waitUrl='/wait'>{QUEUE}</Enqueue>"))
    app.on("/wait", LONG).on("/long", LONG).on("/told", "")
    carrier, client, sids = office.carrier.carrier, office.client, office.sids
    call = client.calls.create(to=TEAM, from_=LINE, url=f"{app.base}/long")
    sids["call"] = call.sid
    waiting = requests.post(
        office.carrier.url + "/_carrier/calls", json={"from": CALLER, "to": LINE}, timeout=20
    )
    sids["waiting"] = waiting.json()["sid"]
    for number in (ANNA, BERIT):
        client.conferences(ROOM).participants.create(from_=LINE, to=number)
    office.pass_time(5)
    (conference,) = client.conferences.list()
    participants = client.conferences(conference.sid).participants.list()
    sids["conference"], sids["talking"] = conference.sid, participants[0].call_sid
    sids["queue"] = client.queues.list()[0].sid
    sids["message"] = client.messages.create(
        to=ANNA, from_=LINE, body="Hello", provide_feedback=True
    ).sid
    sids["number"] = client.incoming_phone_numbers.list()[0].sid
    for kind, of_call, of_conference in (
        ("recording", call.sid, ""), ("another_recording", call.sid, ""),
        ("conference_recording", "", conference.sid),
    ):  # fmt: skip
        recording = Recording(of_call, carrier.clock.now(), "RecordVerb", seconds=5.0)
        recording.conference_sid, recording.status = of_conference, "completed"
        if of_conference:
            recording.source = "Conference"
        carrier.recordings.add(recording)
        sids[kind] = recording.sid
    office.pass_time(1)
