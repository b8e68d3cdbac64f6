"""Two hundred callers wait, twenty agents come free again and again: how soon is one of them rung?

From the moment at which an agent is free (the event's own time) until the carrier has created the
call to them: through the clock, a worker and Twilio's client, all of them real processes, and the
telephone company another. Carrier and workers are both told of 30 calls a second. The web process
is played here, at no cost: an agent who picks up takes the person, and hangs up soon.

The other is Twilio's client alone, which creates calls one after another and does nothing else.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import quantiles
from threading import Thread
from typing import Any, cast
from urllib.parse import parse_qs

import msgspec
import requests
from redis import Redis

from benchmarks.figures import RINGBACK, Aim, Figure, Values, compare
from benchmarks.processes import said, start
from ivr.carrier import rest
from ivr.store import keys
from ivr.store.agents import AgentStore
from ivr.store.connection import connect
from ivr.store.line import LineStore, Person, new_place
from ivr.store.server import private_server

CLIENT = "Twilio's client alone"
LIMIT = "the carrier's limit"
LINE = "+46846500400"
CALLER = "+46701740605"
CALLS_PER_SECOND = 30
MOST_SECONDS = 1.0
# Seconds.
PATIENCE = 120.0
ACCOUNT, TOKEN = "AC" + "0" * 31 + "1", "loopback-auth-token"
CONFIG = """\
company: Example Energy
time_zone: Europe/Stockholm
lines: {{main: {{number: "{line}", flow: main}}}}
fallback: {{number: "+46846500499"}}
queues: {{support: {{wrap_up: 0}}}}
carrier: {{calls_per_second: {pace}}}
web: {{public_url: "http://127.0.0.1:{port}"}}
"""


@dataclass(frozen=True)
class Size:
    rounds: int
    waiting: int
    agents: int


FULL = Size(rounds=3, waiting=200, agents=20)
QUICK = Size(rounds=1, waiting=6, agents=2)


def measure(_config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """Seconds until a telephone is dialled, and how many calls were created in a second."""
    middle: dict[str, list[float]] = {RINGBACK: [], CLIENT: []}
    late: dict[str, list[float]] = {RINGBACK: [], CLIENT: []}
    busiest: dict[str, list[float]] = {RINGBACK: [], LIMIT: []}
    for number in range(1, size.rounds + 1):
        tell(f"round {number} of {size.rounds}: {size.waiting} wait, {size.agents} agents")
        with _floor(size) as floor:
            alone = floor.created_alone(size.agents)
            floor.serve()
            delays = floor.delays()
        for values, of_delays in ((middle, 50), (late, 95)):
            values[RINGBACK].append(_percentile(delays, of_delays))
            values[CLIENT].append(_percentile(alone, of_delays))
        busiest[RINGBACK].append(floor.busiest)
        busiest[LIMIT].append(CALLS_PER_SECOND)
    who = f"{size.waiting} wait, {size.agents} agents"
    what = "from an agent's being free to their telephone's being dialled"
    return [
        _figure(f"{what}, median, {who}", "s", middle, CLIENT, None),
        _figure(f"{what}, 95th percentile", "s", late, CLIENT, Aim("value", "under", MOST_SECONDS)),
        _figure("calls created in the busiest second", "calls", busiest, LIMIT,
                Aim("ratio", "under", 1.05)),
    ]  # fmt: skip


def _figure(what: str, unit: str, values: Values, other: str, aim: Aim | None) -> Figure:
    return compare(what, unit, values, other, "less", aim)


def _percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


class Floor:
    """Everything that runs, and what is measured of it."""

    def __init__(self, redis: Redis, carrier_url: str, size: Size) -> None:
        self.busiest = 0.0
        self._redis, self._url, self._size = redis, carrier_url, size
        self._agents, self._lines = AgentStore(redis), LineStore(redis)

    def created_alone(self, times: int) -> list[float]:
        """Seconds of each call that Twilio's client creates, one after another."""
        client = rest.connect(ACCOUNT, TOKEN, base_url=self._url)
        took = []
        for _ in range(max(times, 2)):
            began = time.perf_counter()
            client.create_call("+46701740699", LINE, self._url, self._url, 20)
            took.append(time.perf_counter() - began)
        return took

    def serve(self) -> None:
        """Everybody comes into the line, and then the agents; until all have been served."""
        for number in range(self._size.waiting):
            body: Any = {"from": CALLER, "to": LINE, "person": {"then": [{"waits": 1}]}}
            answer = requests.post(f"{self._url}/_carrier/calls", json=body, timeout=30)
            call = str(answer.json()["sid"])
            at = time.time()
            place = new_place(call, "support", Person(line="main"), first=at + number / 1e6,
                              call=call)  # fmt: skip
            self._lines.join(place, at)
        for number in range(self._size.agents):
            self._agents.arrive(
                f"agent{number}", {"support": 1.0}, time.time(), address=_address(number)
            )
        deadline = time.monotonic() + PATIENCE
        while len(self._events("TalkEnded")) < self._size.waiting:
            if time.monotonic() > deadline:
                raise TimeoutError("Not everybody was served.")
            time.sleep(0.2)

    def delays(self) -> list[float]:
        """For each who was given to an agent, the seconds until that agent was dialled."""
        answer = requests.get(f"{self._url}/_carrier/calls", params={"last": "5000"}, timeout=30)
        created: dict[str, list[float]] = {}
        for call in answer.json()["calls"]:
            if call["direction"] == "outbound-api" and call["to"] != "+46701740699":
                at = datetime.fromisoformat(call["created_at"]).timestamp()
                created.setdefault(call["to"], []).append(at)
        self.busiest = _busiest([at for times in created.values() for at in times])
        delays = []
        waiting = {address: sorted(times) for address, times in created.items()}
        for at, event in self._events("AgentReserved"):
            address = _address(int(event["agent"].removeprefix("agent")))
            delays.append(waiting[address].pop(0) - at)
        return delays

    def _events(self, kind: str) -> list[tuple[float, dict[str, Any]]]:
        found = []
        entries = cast("list[Any]", self._redis.xrange(keys.EVENTS))
        for _, fields in entries:
            for event in msgspec.json.decode(fields[b"events"]):
                if event["type"] == kind:
                    found.append((float(fields[b"at"]), event))
        return found


def _busiest(moments: list[float]) -> float:
    """The most within any second."""
    ordered = sorted(moments)
    return float(
        max(
            sum(1 for other in ordered[index:] if other < at + 1.0)
            for index, at in enumerate(ordered)
        )
    )


def _address(number: int) -> str:
    return f"client:agent{number}"


class Web(ThreadingHTTPServer):
    """What the web process would answer, from the store alone."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.agents: AgentStore | None = None
        self.asked: Counter[str] = Counter()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: Web
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        path = self.path.partition("?")[0]
        what, _, reservation = path.rpartition("/")
        text = self._answer(what, reservation, form)
        body = f"<Response>{text}</Response>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, what: str, reservation: str, form: dict[str, list[str]]) -> str:
        agents = self.server.agents
        assert agents is not None
        room = f"<Conference beep='false' endConferenceOnExit='true'>{reservation}</Conference>"
        match what:
            case "/agent/whisper":
                taken = agents.accept(reservation, form["CallSid"][0], time.time())
                after = f"/agent/ended/{reservation}"
                return f"<Dial action='{after}'>{room}</Dial>" if taken else "<Hangup/>"
            case "/voice/meet":
                return f"<Dial>{room}</Dial>"
            case "/agent/ended":
                agents.end_talk(reservation, 0.0, time.time())
            case "/agent/status":
                if form["CallStatus"][0] == "completed":
                    agents.end_talk(reservation, 0.0, time.time())
            case "/agent/gone":
                agents.release(reservation, time.time())
            case _ if self.path == "/voice":
                return "<Enqueue waitUrl='/wait'>support</Enqueue>"
            case _ if self.path == "/wait":
                return "<Pause length='3600'/>"
        return "<Hangup/>"

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def _floor(size: Size) -> Iterator[Floor]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(private_server(folder / "store", appendfsync="no"))
        redis = stack.enter_context(connect(url))
        web = stack.enter_context(Web())
        web.agents = AgentStore(redis)
        Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        stack.callback(web.shutdown)
        people = "\n".join(
            f"  '{_address(number)}': {{answers_after: 1, hangs_up_after: {2 + number % 4}}}"
            for number in range(size.agents)
        )
        lines = f"lines: {{'{LINE}': 'http://127.0.0.1:{web.port}/voice'}}\npeople:\n{people}\n"
        (folder / "directory.yaml").write_text(lines, encoding="utf-8")
        (folder / "config.yaml").write_text(
            CONFIG.format(line=LINE, pace=CALLS_PER_SECOND, port=web.port), encoding="utf-8"
        )
        company = start(
            stack, folder, "company", "-m", "ivr.simulator", "--port", "0",
            "--directory", str(folder / "directory.yaml"),
            "--calls-per-second", str(CALLS_PER_SECOND),
        )  # fmt: skip
        carrier_url = said(company, "The telephone company is at ").split()[0]
        environment = {
            "REDIS_URL": url,
            "RINGBACK_CONFIG": str(folder / "config.yaml"),
            "RINGBACK_CARRIER_API": carrier_url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
        }
        program = "from ivr.cli import main; main()"
        logs = [
            start(stack, folder, f"{name}{number}", "-c", program, name, **environment)
            for number, name in enumerate(("worker", "worker", "clock"))
        ]
        for log, words in zip(logs, ("ready.", "ready.", "This clock leads"), strict=True):
            said(log, words)
        yield Floor(redis, carrier_url, size)
