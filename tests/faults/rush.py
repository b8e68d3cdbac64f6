"""People to be rung back while anything of ours may be killed and the carrier's answers are lost,
and a judge who knows only what the telephone company saw.

Two sets of processes, as on two machines, share one store. All of them, the web and the store are
killed as a power cut would and started again. Work is done twice and thrown away. The hours end and
begin again, so that some of the callbacks have to wait over a pause.
"""

from __future__ import annotations

import random
import re
import shlex
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests
from redis import Redis
from redis.exceptions import RedisError

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import promise
from ivr.callbacks.record import SYSTEM
from ivr.cli.processes import read_procfile
from ivr.clock import HastenedClock
from ivr.config import read_config
from ivr.promises.consent import Given
from ivr.services.agents.making import agent_service
from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings
from ivr.simulator.clock import RealClock
from ivr.simulator.people_reading import read_person
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.connection import StoreDown, connect
from ivr.store.consent import ConsentStore
from ivr.store.due import DueStore
from ivr.store.line import LineStore, Person
from ivr.store.server import PrivateServer
from tests.faults.commands import Command, commands, forking
from workers.queue import queue

ROOT = Path(__file__).parents[2]
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
      tell_by_call: yes
      attempts:
        most: 10
        busy: {{times: 9, after: 20}}
        no_answer: {{times: 9, after: 20}}
        hung_up: {{times: 9, after: 20}}
        failed: {{times: 9, after: 20}}
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
# Nobody can be talked to behind a fax: the first gets a text, the second is rung to be told.
TEXTED = {"fax": True}
CALLED = {"calls": [{"fax": True}, ANSWERS]}
PEOPLE: tuple[Any, ...] = (
    ANSWERS, {"calls": ["busy", ANSWERS]}, TEXTED, ANSWERS, CALLED,
    {"calls": [{"does": "no_answer"}, ANSWERS]}, ANSWERS, ANSWERS,
)  # fmt: skip
ENDED = {"done", "could_not_reach"}


@dataclass(frozen=True)
class Verdict:
    """What the telephone company saw. `lost`: to whom nobody has talked, and whom nothing has told
    the end."""

    dials: int
    texts: int
    lost: frozenset[str]
    twice: tuple[str, ...]
    """Attempts that rang somebody more than once, and texts that somebody got more than once."""
    outside: tuple[datetime, ...]


@dataclass
class Rush:
    store: PrivateServer
    redis: Redis
    company: EmbeddedCarrier
    clock: HastenedClock
    service: Any
    start: Callable[[str], Command]
    numbers: dict[str, str] = field(default_factory=dict)
    """Of each callback, in the order in which they rang."""
    running: dict[str, Command] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.callbacks = CallbackStore(self.redis)
        self.lines, self.due = LineStore(self.redis), DueStore(self.redis)
        self.http = requests.Session()
        self.killed: list[str] = []

    def now(self) -> float:
        return self.clock.now().timestamp()

    def opens(self, sets: int) -> None:
        """The web, and so many sets of a worker and a clock."""
        names = [name for n in range(sets) for name in (f"worker {n}", f"clock {n}")]
        for name in ("web", *names):
            self.running[name] = self.start(name)

    def promised(self, count: int) -> None:
        consents = ConsentStore(self.redis)
        for at in range(count):
            number, kind = f"+447700900{at:03}", PEOPLE[at % len(PEOPLE)]
            self.company.carrier.directory.people[number] = read_person(kind, number)
            now = self.now()
            if kind is TEXTED:
                consents.note(number, Given(now, "call", "en"), on_disk=False)
            made = promise(f"C{at}", "billing", number, "billing", now - 1000 + at, SYSTEM, now,
                           until=now + 7200)  # fmt: skip
            about = About(Person(line="main", language="en", caller=number), reason="an invoice")
            stored = self.callbacks.promise(made, about, Asking(Limits(90, 90, 90, 9000)), now)
            assert isinstance(stored, StoredCallback), stored
            self.numbers[stored.id] = number

    def agents_come(self) -> None:
        for agent in self.service.everybody():
            if agent.presence == "away":
                self.service.come(agent.name, self.clock.now())

    def fault(self, strikes: str, does: str, **how: Any) -> None:
        body = {"strikes": strikes, "does": does, **how}
        answer = self.http.post(f"{self.company.url}/_carrier/faults", json=body, timeout=20)
        answer.raise_for_status()

    def kill(self, name: str) -> None:
        """As a power cut would, and start it again."""
        self.killed.append(name)
        if name == "store":
            self.store.kill()
            self.store.start()
        else:
            self.running[name].kill()
            self.running[name] = self.start(name)

    def disturb(self, chance: random.Random) -> None:
        """Work is given to somebody a second time, or every job is lost."""
        name = chance.choice(list(self.numbers))
        self.due.schedule("callback", name, self.now())
        place = self.lines.place(name)
        if place is not None and place.reservation:
            self.due.schedule("bring_person", place.reservation, self.now())
        if chance.random() < 0.2:
            self.redis.delete(queue(self.redis).key)

    def states(self) -> Mapping[str, str]:
        return {one.id: one.callback.state for one in self.callbacks.read_all(self.numbers)}

    def have_ended(self) -> bool:
        """Whether everybody was talked to or told; or they hung up on the call that was to tell
        them, as people do when the web is killed in its middle, and a supervisor has them."""
        found = self.callbacks.read_all(self.numbers)
        return len(found) == len(self.numbers) and all(
            one.callback.state in ENDED
            or (one.callback.state == "flagged" and one.callback.attempts[-1].telling)
            for one in found
        )

    def until_all_have_ended(
        self, seconds: float, seed: int, victims: list[str], pause: tuple[float, float]
    ) -> bool:
        """Whether everybody was talked to or told, in so many real seconds. Meanwhile `victims` are
        killed: each once where they are so few, otherwise by chance, with pauses so long."""
        chance, deadline = random.Random(seed), time.monotonic() + seconds
        next_kill, todo = time.monotonic() + pause[0], list(victims)
        while time.monotonic() < deadline:
            if todo and time.monotonic() > next_kill:
                self.kill(todo.pop(0))
                next_kill = time.monotonic() + chance.uniform(*pause)
            # A connection to a store that was killed is found out when it is used.
            with suppress(StoreDown, RedisError):
                self.agents_come()
                self.disturb(chance)
                if not todo and self.have_ended():
                    return True
            time.sleep(0.1)
        return False

    def verdict(self) -> Verdict:
        """Counted from the telephone company's own calls and texts."""
        attempts: Counter[str] = Counter()
        outside: list[datetime] = []
        reached: set[str] = set()
        for call in self.company.carrier.calls.all():
            urls = [ATTEMPT.search(told.url) for told in call.progress]
            ours = {found[0] for found in urls if found is not None}
            if not ours:
                continue
            attempts.update(ours)
            local = call.created_at.astimezone(CLOSED[0].tzinfo)
            if CLOSED[0] <= local < CLOSED[1]:
                outside.append(local)
            if call.answered_at is not None:
                reached.add(call.called)
        texts = Counter(
            (one.to, one.body)
            for one in self.company.carrier.messages.all()
            if one.direction.startswith("outbound")
        )
        faxes = {
            number for at, number in enumerate(self.numbers.values())
            if PEOPLE[at % len(PEOPLE)] is TEXTED
        }  # fmt: skip
        told = (reached - faxes) | {to for to, _ in texts}
        again = [name for name, count in attempts.items() if count > 1]
        again += [f"{to}: {body}" for (to, body), count in texts.items() if count > 1]
        return Verdict(
            sum(attempts.values()),
            sum(texts.values()),
            frozenset(set(self.numbers.values()) - told),
            tuple(again),
            tuple(outside),
        )

    def unexplained(self) -> int:
        found = self.lines.overtaken()
        return sum(count for (_, why), count in found.items() if why == "unexplained")


@contextmanager
def rush(folder: Path, agents: int, before_closing: float) -> Iterator[Rush]:
    """Opened so many seconds before the hours end; nobody is there, no process has been started."""
    with ExitStack() as stack:
        parent = stack.enter_context(forking())
        (folder / "flows").mkdir()
        (folder / "flows" / "main.yaml").write_text(FLOW)
        store = PrivateServer(folder / "store")
        store.start()
        stack.callback(store.stop)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        public = f"http://127.0.0.1:{port}"
        told = CONFIG.format(line=LINE, agents="".join(AGENT.format(n=n) for n in range(agents)))
        begins = CLOSED[0] - timedelta(seconds=before_closing)
        clock = HastenedClock(datetime.now(UTC), begins, SPEED)
        company = stack.enter_context(
            EmbeddedCarrier(
                Directory(lines={LINE: Line(LINE, f"{public}/voice")}),
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
            "RINGBACK_CONFIG": str(folder / "config.yaml"), "RINGBACK_FLOWS": "folder",
            "RINGBACK_CLOCK": str(clock), "REDIS_URL": store.url, "PORT": str(port),
            "WEB_CONCURRENCY": "1",
        }  # fmt: skip
        (folder / "config.yaml").write_text(told)
        config = read_config(told.encode(), folder / "config.yaml", environment)
        redis = stack.enter_context(connect(store.url))
        ours = stack.enter_context(commands(parent, folder, environment))
        procfile = {one.name: one.command for one in read_procfile(ROOT / "Procfile")}

        def start(name: str) -> Command:
            words = shlex.split(_filled(procfile[name.split()[0]], environment))
            return ours.start(*words)

        yield Rush(store, redis, company, clock, agent_service(config, redis), start)


def _filled(command: str, environment: Mapping[str, str]) -> str:
    """As a shell does with `${NAME:-otherwise}`."""
    return re.sub(
        r"\$\{(\w+):-([^}]*)\}", lambda found: environment.get(found[1], found[2]), command
    )
