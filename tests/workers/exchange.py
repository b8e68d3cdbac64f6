"""Workers and clocks as real processes, between a real store and a telephone company whose time
goes several times as fast. The web process is played here: an agent who picks up takes the person
at once, and the two are put into a conference."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
from redis import Redis
from werkzeug import Request

from ivr.carrier import rest
from ivr.clock import HastenedClock
from ivr.services.agents.service import ENDED
from ivr.simulator import Directory, EmbeddedCarrier, Line, Person, Settings
from ivr.simulator.clock import RealClock
from ivr.store.agents import AgentStore
from ivr.store.line import LineStore, new_place
from ivr.store.line import Person as Waiting
from tests.simulator.application import Application, twiml
from tests.workers.processes import Background, Process

LINE = "+46846500400"
CALLER = "+46701740605"
SPEED = 8.0
CONFIG = """\
company: Example Energy
time_zone: Europe/Stockholm
lines:
  main: {{number: "{line}", flow: main}}
fallback: {{number: "+46846500499"}}
queues: {{support: {{ring: 20, decide: 10, wrap_up: 0, after_decline: 2}}}}
carrier: {{calls_per_second: {pace}}}
web: {{public_url: "{web}"}}
"""


class Answers(dict[str, Any]):
    """Documents by the beginning of their path."""

    def get(self, path: str, default: Any = None) -> Any:
        return next((self[key] for key in self if path.startswith(key)), default)


@dataclass
class Exchange:
    redis: Redis
    url: str
    background: Background
    company: EmbeddedCarrier
    app: Application
    clock: HastenedClock
    workers: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.agents, self.lines = AgentStore(self.redis), LineStore(self.redis)
        account = self.company.carrier.settings
        self.rest = rest.connect(account.account_sid, account.auth_token, base_url=self.company.url)
        self.app.answers = Answers(
            {
                "/voice/meet/": self._room,
                "/voice": twiml("<Enqueue waitUrl='/wait'>support</Enqueue>"),
                "/wait": twiml("<Pause length='3600'/>"),
                "/agent/whisper/": self._whisper,
                "/agent/status/": self._status,
                "/agent/ended/": self._ended,
                "/agent/gone/": self._gone,
            }
        )

    @property
    def now(self) -> float:
        return self.clock.now().timestamp()

    def start(self, command: str) -> Process:
        account = self.company.carrier.settings
        return self.background.start(
            command,
            self.url,
            RINGBACK_CLOCK=str(self.clock),
            RINGBACK_CARRIER_API=self.company.url,
            TWILIO_ACCOUNT_SID=account.account_sid,
            TWILIO_AUTH_TOKEN=account.auth_token,
        )

    def kill(self, worker: Process) -> None:
        """All of it at once, as a machine that is switched off."""
        for pid in (*worker.children(), worker.popen.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        worker.ends()

    def agent_comes(self, name: str, address: str, person: Person | None = None) -> None:
        if person is not None:
            self.company.carrier.directory.people[address] = person
        self.agents.arrive(name, {"support": 1.0}, self.now, address=address)

    def person_waits(self, number: str = CALLER) -> str:
        """Somebody phones, stands in the line, and never hangs up by themselves."""
        body: Any = {"from": number, "to": LINE, "person": {"then": [{"waits": 1}]}}
        answer = requests.post(f"{self.company.url}/_carrier/calls", json=body, timeout=20)
        answer.raise_for_status()
        call = str(answer.json()["sid"])
        place = new_place(call, "support", Waiting(line="main"), first=self.now, call=call)
        assert self.lines.join(place, self.now)
        return call

    def fault(self, does: str, **how: Any) -> None:
        body: Any = {"strikes": "rest", "does": does, **how}
        requests.post(f"{self.company.url}/_carrier/faults", json=body, timeout=20)

    def rung(self) -> list[Any]:
        """Every call that was made to an agent."""
        calls = self.company.carrier.calls.all()
        return [call for call in calls if call.direction == "outbound-api"]

    def _whisper(self, request: Request) -> str:
        reservation = request.path.rpartition("/")[2]
        taken = self.agents.accept(reservation, request.form["CallSid"], self.now)
        return self._document(reservation, "agent") if taken else twiml("<Hangup/>")

    def _room(self, request: Request) -> str:
        return self._document(request.path.rpartition("/")[2], "person")

    def _document(self, reservation: str, label: str) -> str:
        ends = "true" if label == "person" else "false"
        room = (
            f"<Conference participantLabel='{label}' beep='false' endConferenceOnExit='{ends}'>"
            f"{reservation}</Conference>"
        )
        after = f" action='/agent/ended/{reservation}'" if label == "agent" else ""
        return twiml(f"<Dial{after}>{room}</Dial>")

    def _ended(self, request: Request) -> str:
        self.agents.end_talk(request.path.rpartition("/")[2], self.now, self.now)
        return twiml("<Hangup/>")

    def _gone(self, request: Request) -> str:
        self.agents.release(request.path.rpartition("/")[2], self.now)
        return twiml("<Hangup/>")

    def _status(self, request: Request) -> str:
        reservation, status = request.path.rpartition("/")[2], request.form["CallStatus"]
        found = self.agents.reservation(reservation)
        if found is not None and status in ENDED:
            if found.state == "accepted":
                self.agents.end_talk(reservation, self.now, self.now)
            elif found.state == "offered" and status in ("completed", "busy"):
                self.agents.end_reservation(reservation, "declined", self.now, self.now + 2)
            elif found.state == "offered":
                self.agents.end_reservation(reservation, "no_answer", self.now)
        return ""


@contextmanager
def exchange(
    redis: Redis, url: str, background: Background, *, pace: float = 50
) -> Iterator[Exchange]:
    """Opened; no process has been started."""
    with ExitStack() as stack:
        app = stack.enter_context(Application())
        config = CONFIG.format(line=LINE, web=app.base, pace=pace)
        (background.folder / "config.yaml").write_text(config)
        began = datetime.now(UTC)
        clock = HastenedClock(began, began, SPEED)
        company = stack.enter_context(
            EmbeddedCarrier(
                Directory(lines={LINE: Line(LINE, f"{app.base}/voice")}),
                Settings(calls_per_second=0),
                RealClock(SPEED, began, began),
            )
        )
        yield Exchange(redis, url, background, company, app, clock)
