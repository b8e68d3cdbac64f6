"""People to be rung back while workers and clocks are killed and the carrier's answers are lost,
and a judge who knows only what the telephone company saw.

The web is a real one in this process; workers and clocks are processes of their own. The hours end
in the middle and begin again, so that some of the callbacks have to wait over a pause.
"""

from __future__ import annotations

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests
from flask import Flask
from redis import Redis
from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import promise
from ivr.callbacks.record import SYSTEM
from ivr.clock import HastenedClock
from ivr.config import read_config
from ivr.services.agents.making import agent_service
from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings
from ivr.simulator.clock import RealClock
from ivr.simulator.people_reading import read_person
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.line import LineStore, Person
from ivr.web import create_app
from ivr.web.wiring import build
from tests.workers.processes import Background, Process

LINE = "+46846500400"
SPEED = 20.0
CLOSED = (
    datetime(2026, 11, 25, 12, 0, tzinfo=ZoneInfo("Europe/Stockholm")),
    datetime(2026, 11, 25, 12, 1, tzinfo=ZoneInfo("Europe/Stockholm")),
)
CONFIG = """\
company: Example
time_zone: Europe/Stockholm
lines: {{main: {{number: "{line}", flow: main}}}}
fallback: {{number: "+46846500499"}}
schedules: {{calls: {{weekly: {{wednesday: [08:00-12:00, 12:01-20:00]}}}}}}
queues:
  billing:
    ring: 20
    decide: 20
    wrap_up: 0
    after_decline: 2
    callbacks:
      hours: calls
      attempts: {{busy: {{times: 9, after: 20}}, no_answer: {{times: 9, after: 20}}, most: 10}}
callbacks:
  countries: [SE, GB]
  limits:  {{number_a_day: 90, calls_a_day: 90, everybody_an_hour: 9000}}
agents:
{agents}
carrier: {{calls_per_second: 100}}
"""
AGENT = '  a{n}: {{name: A{n}, address: "+4631390060{n}", language: en, queues: [billing]}}\n'
FLOW = """\
languages: [en]
start: message
person: message
nodes:
  message: {kind: voicemail, text: {en: Leave a message.}, to: end, nothing: end}
  end: {kind: hang_up, text: {en: Goodbye.}}
"""
ATTEMPT = re.compile(r"/callback/status/([^/]+)/(\d+)")
ANSWERS: dict[str, Any] = {"answers_after": 2, "hangs_up_after": 30, "then": [{"waits": 90}]}
PEOPLE: tuple[Any, ...] = (
    ANSWERS, ANSWERS, {"calls": ["busy", ANSWERS]}, ANSWERS,
    {"calls": [{"does": "no_answer"}, ANSWERS]}, ANSWERS,
)  # fmt: skip


@dataclass
class Verdict:
    """What the telephone company saw. `unreached`: those whom nobody has talked to."""

    dials: int
    unreached: frozenset[str]
    twice: tuple[str, ...]
    outside: tuple[datetime, ...]
    displaced: int
    """By how many places the order of first calls differs at most from that of ringing."""


@dataclass
class Rush:
    redis: Redis
    store_url: str
    background: Background
    company: EmbeddedCarrier
    clock: HastenedClock
    service: Any
    numbers: dict[str, str] = field(default_factory=dict)
    """Of each callback, in the order in which they rang."""

    def __post_init__(self) -> None:
        self.store = CallbackStore(self.redis)
        self.http = requests.Session()

    def now(self) -> float:
        return self.clock.now().timestamp()

    def promised(self, count: int) -> None:
        for at in range(count):
            number = f"+447700900{at:03}"
            person = read_person(PEOPLE[at % len(PEOPLE)], number)
            self.company.carrier.directory.people[number] = person
            now = self.now()
            made = promise(f"C{at}", "billing", number, "billing", now - 1000 + at, SYSTEM, now,
                           until=now + 7200)  # fmt: skip
            about = About(Person(line="main", language="en", caller=number), reason="an invoice")
            stored = self.store.promise(made, about, Asking(Limits(90, 90, 90, 9000)), now)
            assert isinstance(stored, StoredCallback), stored
            self.numbers[stored.id] = number

    def agents_come(self) -> None:
        for agent in self.service.everybody():
            if agent.presence == "away":
                self.service.come(agent.name, self.clock.now())

    def start(self, command: str) -> Process:
        account = self.company.carrier.settings
        return self.background.start(
            command,
            self.store_url,
            RINGBACK_CLOCK=str(self.clock),
            RINGBACK_CARRIER_API=self.company.url,
            TWILIO_ACCOUNT_SID=account.account_sid,
            TWILIO_AUTH_TOKEN=account.auth_token,
        )

    def fault(self, strikes: str, does: str, **how: Any) -> None:
        body = {"strikes": strikes, "does": does, **how}
        self.http.post(f"{self.company.url}/_carrier/faults", json=body, timeout=20)

    def states(self) -> Mapping[str, str]:
        return {one.id: one.callback.state for one in self.store.read_all(self.numbers)}

    def until_all_are_done(self, seconds: float, kill: list[Process], seed: int) -> bool:
        """Whether everybody was talked to, in so many real seconds, while processes are killed."""
        chance, deadline = random.Random(seed), time.monotonic() + seconds
        next_kill = time.monotonic() + 1.0
        while time.monotonic() < deadline:
            self.agents_come()
            if kill and time.monotonic() > next_kill:
                victim = chance.randrange(len(kill))
                command = "clock" if victim == len(kill) - 1 else "worker"
                for pid in (*kill[victim].children(), kill[victim].popen.pid):
                    _kill(pid)
                kill[victim].ends()
                kill[victim] = self.start(command)
                next_kill = time.monotonic() + chance.uniform(1.0, 3.0)
            if set(self.states().values()) == {"done"}:
                return True
            time.sleep(0.1)
        return False

    def verdict(self) -> Verdict:
        """Counted from the telephone company's own calls."""
        attempts: Counter[str] = Counter()
        outside: list[datetime] = []
        first: dict[str, int] = {}
        talked: set[str] = set()
        dials = 0
        for call in sorted(self.company.carrier.calls.all(), key=lambda one: one.created_at):
            for told in call.progress:
                found = ATTEMPT.search(told.url)
                if found is None:
                    continue
                dials += 1
                attempts[found[0]] += 1
                first.setdefault(found[1], len(first))
                local = call.created_at.astimezone(CLOSED[0].tzinfo)
                if CLOSED[0] <= local < CLOSED[1]:
                    outside.append(local)
                if call.answered_at is not None:
                    talked.add(call.called)
        ranks = [first.get(one, len(first)) for one in self.numbers]
        return Verdict(
            dials,
            frozenset(set(self.numbers.values()) - talked),
            tuple(name for name, count in attempts.items() if count > 1),
            tuple(outside),
            max((abs(rank - at) for at, rank in enumerate(ranks)), default=0),
        )

    def unexplained(self) -> int:
        found = LineStore(self.redis).overtaken()
        return sum(count for (_, why), count in found.items() if why == "unexplained")


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        return


@contextmanager
def rush(
    redis: Redis, store_url: str, background: Background, agents: int, before_closing: float
) -> Iterator[Rush]:
    """Opened so many seconds before the hours end; nobody is there, no process has been started."""
    with ExitStack() as stack:
        folder = background.folder
        (folder / "flows").mkdir()
        (folder / "flows" / "main.yaml").write_text(FLOW)
        asked: list[Flask] = []
        server = make_server(
            "127.0.0.1", 0, lambda environ, start: asked[0](environ, start), threaded=True,
            request_handler=_Quiet,
        )  # fmt: skip
        public = f"http://127.0.0.1:{server.port}"
        told = CONFIG.format(line=LINE, agents="".join(AGENT.format(n=n) for n in range(agents)))
        (folder / "config.yaml").write_text(f'{told}web: {{public_url: "{public}"}}\n')
        begins = CLOSED[0] - timedelta(seconds=before_closing)
        clock = HastenedClock(datetime.now(UTC), begins, SPEED)
        directory = Directory(lines={LINE: Line(LINE, f"{public}/voice")})
        company = stack.enter_context(
            EmbeddedCarrier(
                directory,
                Settings(calls_per_second=0),
                RealClock(SPEED, clock.began, begins),
            )
        )
        takes = {"then": [{"presses": 1}, {"waits": 200}, {"hangs_up": True}]}
        for n in range(agents):
            company.carrier.directory.people[f"+4631390060{n}"] = read_person(takes, "agent")
        account = company.carrier.settings
        environment = {
            "TWILIO_ACCOUNT_SID": account.account_sid, "TWILIO_AUTH_TOKEN": account.auth_token,
            "RINGBACK_CARRIER_API": company.url, "RINGBACK_PUBLIC_URL": public,
        }  # fmt: skip
        config = read_config(told.encode(), folder / "config.yaml", environment)
        asked.append(create_app(build(config, clock, account.auth_token, store_url, "folder")))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Rush(redis, store_url, background, company, clock, agent_service(config, redis))
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
