"""Everything that brings callers and agents together, on one machine: the real web over HTTP, a
real store, what workers do, and the telephone company, whose time moves when the test lets it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import requests
from flask import Flask
from redis import Redis
from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.carrier import rest
from ivr.config import Config, read_config
from ivr.services.agents.holding import hold_handlers
from ivr.services.agents.making import agent_service
from ivr.services.due import drain
from ivr.services.estimates.estimates import Estimates
from ivr.services.ringing import ringing_handlers
from ivr.simulator import Directory, EmbeddedCarrier, Line, Person, Settings, SteppedClock
from ivr.simulator.people_reading import read_person
from ivr.store.due import DueStore
from ivr.store.estimates import EstimateStore
from ivr.web import create_app
from ivr.web.wiring import build

MAIN, AGENTS_LINE = "+46846500400", "+46846500490"
CALLER, ANNA, BO, CIA = "+46701740605", "+46701740610", "+46701740611", "+46701740612"
CONFIG = f"""
    company: Example
    time_zone: Europe/Stockholm
    lines: {{main: {{number: "{MAIN}", flow: main}}}}
    fallback: {{number: "+46846500499"}}
    queues:
      billing: {{names: {{en: billing}}}}
      moving: {{}}
    agents:
      anna: {{name: Anna, address: "{ANNA}", language: en, queues: [billing]}}
      bo: {{name: Bo, address: "{BO}", language: en, queues: [moving]}}
    agents_line: {{number: "{AGENTS_LINE}", language: en, queues: [billing], callers: ["{CIA}"]}}
    carrier: {{calls_per_second: 100}}
"""
FLOW = """
    languages: [en]
    start: topics
    person: message
    nodes:
      topics:
        kind: menu
        text: {en: What is it about?}
        options: [{key: 1, label: {en: an invoice}, to: line}]
      line:
        kind: queue
        queue: billing
        text: {en: One moment.}
        otherwise: message
      message: {kind: voicemail, text: {en: Leave a message.}, to: end, nothing: end}
      end: {kind: hang_up, text: {en: Goodbye.}}
"""


STEP = 2.0
"""Seconds of telephony between two looks."""


@dataclass
class Floor:
    redis: Redis
    config: Config
    company: EmbeddedCarrier
    carrier: rest.Carrier

    def __post_init__(self) -> None:
        self.http = requests.Session()
        self.service = agent_service(self.config, self.redis)
        self.due = DueStore(self.redis)
        self.estimates = Estimates(EstimateStore(self.redis), self.config)
        self.handlers = {
            **ringing_handlers(self.config, self.redis, self.carrier),
            **hold_handlers(self.config, self.redis, self.carrier),
        }

    @property
    def now(self) -> datetime:
        return self.company.carrier.clock.now()

    def people(self, **by_number: Any) -> None:
        """Who is behind `client:` and numbers; keys are anna, bo, cia or caller."""
        numbers = {"anna": ANNA, "bo": BO, "cia": CIA}
        for name, person in by_number.items():
            self.company.carrier.directory.people[numbers[name]] = read_person(person, name)

    def phones(self, *steps: dict[str, Any], who: str = CALLER, to: str = MAIN) -> str:
        """Somebody phones; the call's id."""
        self.estimates.work_out(self.now.timestamp())
        body = {"from": who, "to": to, "person": {"then": list(steps)}}
        call = str(self._post("calls", body)["sid"])
        self.passes(STEP)
        return call

    def passes(self, seconds: float) -> None:
        """So much time passes, in which workers do each thing when it is due."""
        end = self.now.timestamp() + seconds
        while True:
            done = drain(self.due, self.handlers, self.company.carrier.clock)
            if done.done or done.put_off:
                self._post("clock", {"advance": 0})
            left = end - self.now.timestamp()
            at = self.due.next_due()
            overdue = at is not None and at <= self.now.timestamp()
            if overdue:
                continue
            if left <= 0:
                return
            step = left if at is None else min(left, at - self.now.timestamp())
            self._post("clock", {"advance": max(step, 0.01)})
            self._post("clock", {"advance": 0})

    def presence(self, name: str) -> str:
        agent = self.service.agents.read(name)
        return "away" if agent is None else agent.presence

    def until(self, holds: Callable[[], bool], seconds: float = 120.0) -> None:
        """Time passes until it is so."""
        for _ in range(int(seconds / STEP)):
            if holds():
                return
            self.passes(STEP)
        raise AssertionError(f"not within {seconds} seconds of telephony")

    @staticmethod
    def read_person(person: Any) -> Person:
        return read_person(person, "somebody")

    def traits(self, conference: str, who: str) -> set[str]:
        """What is so of somebody in a conference, by call or label: held, muted, coaching..."""
        return {
            trait
            for room in self._get("conferences")["conferences"]
            for one in room["participants"]
            for trait in one["traits"]
            if room["name"] == conference and who in (one["call_sid"], one["label"])
        }

    def held(self, conference: str) -> bool:
        """Whether the person in it is on hold."""
        return "on hold" in self.traits(conference, "person")

    def in_room(self, conference: str) -> dict[str, str]:
        """The labels of who is in a conference, by call; nobody when it is over."""
        return {
            one["call_sid"]: one["label"]
            for room in self._get("conferences")["conferences"]
            if room["name"] == conference and room["status"] == "in-progress"
            for one in room["participants"]
            if "connected" in one["traits"]
        }

    def status(self, call: str) -> str:
        return self.carrier.call_status(call).status

    def _post(self, path: str, body: Any) -> Any:
        answer = self.http.post(f"{self.company.url}/_carrier/{path}", json=body, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def _get(self, path: str) -> Any:
        answer = self.http.get(f"{self.company.url}/_carrier/{path}", timeout=20)
        answer.raise_for_status()
        return answer.json()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        return


MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@contextmanager
def floor(
    redis: Redis, store_url: str, folder: Path, *,
    config: str = CONFIG, flow: str = FLOW, begins: datetime = MORNING,
) -> Iterator[Floor]:  # fmt: skip
    """Opens it, with nobody there."""
    (folder / "flows").mkdir()
    (folder / "flows" / "main.yaml").write_text(dedent(flow), encoding="utf-8")
    asked: list[Flask] = []
    server = make_server(
        "127.0.0.1", 0, lambda environ, start: asked[0](environ, start), threaded=True,
        request_handler=_Quiet,
    )  # fmt: skip
    public = f"http://127.0.0.1:{server.port}"
    directory = Directory(lines={
        number: Line(number, f"{public}/voice", status_callback=f"{public}/voice/status",
                     fallback_url=f"{public}/voice/fallback")
        for number in (MAIN, AGENTS_LINE)
    })  # fmt: skip
    settings = Settings(calls_per_second=0)
    with EmbeddedCarrier(directory, settings, SteppedClock(begins, auto=False)) as company:
        account = company.carrier.settings
        environment = {
            "TWILIO_ACCOUNT_SID": account.account_sid, "TWILIO_AUTH_TOKEN": account.auth_token,
            "RINGBACK_CARRIER_API": company.url, "RINGBACK_PUBLIC_URL": public,
        }  # fmt: skip
        told = read_config(dedent(config).encode(), folder / "config.yaml", environment)
        parts = build(told, company.carrier.clock, account.auth_token, store_url, "folder")
        asked.append(create_app(parts))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            carrier = rest.connect(
                account.account_sid, account.auth_token, base_url=company.url, patience=5
            )
            opened = Floor(redis, told, company, carrier)
            with opened.http:
                yield opened
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
