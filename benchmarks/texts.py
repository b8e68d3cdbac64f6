"""Texts that leave in a second: one worker, with the limit of its sender lifted.

From the moment at which the first is wanted until the telephone company has created the last:
through the outbox, the clock, a worker and Twilio's client, each a real process.

The other is Twilio's client alone, which creates texts one after another and does nothing else.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests
from redis import Redis

from benchmarks.figures import RINGBACK, Aim, Figure, compare
from benchmarks.processes import said, start
from ivr.carrier import rest
from ivr.store.connection import connect
from ivr.store.outbox import OutboxStore, OutboxText
from ivr.store.server import private_server

CLIENT = "Twilio's client alone"
LEAST_A_SECOND = 100.0
LINE = "+46846500400"
ALONE = "+46701740699"
# Seconds.
PATIENCE = 120.0
ACCOUNT, TOKEN = "AC" + "0" * 31 + "1", "loopback-auth-token"
CONFIG = f"""\
company: Example Energy
time_zone: Europe/Stockholm
lines: {{main: {{number: "{LINE}", flow: main}}}}
fallback: {{number: "+46846500499"}}
texts: {{per_second: 0}}
web: {{public_url: "http://127.0.0.1:9"}}
"""


@dataclass(frozen=True)
class Size:
    rounds: int
    texts: int


FULL = Size(rounds=3, texts=2_000)
QUICK = Size(rounds=1, texts=20)


def measure(_config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """Texts a second, of Ringback and of Twilio's client alone."""
    values: dict[str, list[float]] = {RINGBACK: [], CLIENT: []}
    for number in range(1, size.rounds + 1):
        tell(f"round {number} of {size.rounds}: {size.texts:,} texts")
        with _company() as (redis, url):
            values[CLIENT].append(_alone(url, size.texts))
            values[RINGBACK].append(_sent(redis, url, size.texts))
    what = f"texts sent in a second by one worker, {size.texts:,} wanted at once"
    aim = Aim("value", "at least", LEAST_A_SECOND)
    return [compare(what, "texts", values, CLIENT, "more", aim)]


def _alone(url: str, texts: int) -> float:
    client = rest.connect(ACCOUNT, TOKEN, base_url=url)
    began = time.perf_counter()
    for number in range(texts):
        client.send_text(LINE, ALONE, f"Text {number}")
    return texts / (time.perf_counter() - began)


def _sent(redis: Redis, url: str, texts: int) -> float:
    outbox = OutboxStore(redis)
    began = time.time()
    for number in range(texts):
        to = f"+4670174{605 + number % 90:04}"
        outbox.put(
            OutboxText(
                id=f"T{number}", to=to, kind="information", language="en",
                text=f"Your place is {number}.", shown="", wanted_at=began,
                useful_until=began + 3600, subject=f"C{number}",
            ),
            began,
        )  # fmt: skip
    deadline = time.monotonic() + PATIENCE
    while any(stored.state != "sent" for stored in outbox.latest(texts)):
        if time.monotonic() > deadline:
            raise TimeoutError("Not every text was sent.")
        time.sleep(0.5)
    found = requests.get(f"{url}/_carrier/messages", timeout=30).json()["messages"]
    created = [
        datetime.fromisoformat(message["history"][0]["at"]).timestamp()
        for message in found
        if message["to"] != ALONE
    ]
    if len(created) != texts:
        raise ValueError(f"Of {texts} texts {len(created)} were sent.")
    return texts / (max(created) - began)


@contextmanager
def _company() -> Iterator[tuple[Redis, str]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = stack.enter_context(private_server(folder / "store", appendfsync="no"))
        redis = stack.enter_context(connect(store))
        (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
        company = start(
            stack, folder, "company", "-m", "ivr.simulator", "--port", "0",
            "--number", f"{LINE}=http://127.0.0.1:9/voice",
        )  # fmt: skip
        url = said(company, "The telephone company is at ").split()[0]
        environment = {
            "REDIS_URL": store,
            "RINGBACK_CONFIG": str(folder / "config.yaml"),
            "RINGBACK_CARRIER_API": url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
        }
        program = "from ivr.cli import main; main()"
        for name, words in (("worker", "ready."), ("clock", "This clock leads")):
            said(start(stack, folder, name, "-c", program, name, **environment), words)
        yield redis, url
