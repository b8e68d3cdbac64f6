"""The floor of callbacks with a line in four languages, for those who ring it: everything over
HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from redis import Redis

from ivr.services.callbacks.booking.showing import KindsOffered
from ivr.services.estimates.estimates import Estimates
from ivr.simulator.journal import Happening
from ivr.store.booking import WORK_OUT_WINDOWS
from ivr.store.estimates import EstimateStore
from tests.calls.agents_floor import ANNA, BO, CALLER, MAIN, MORNING
from tests.calls.callback_floor import QUEUE, STOCKHOLM, CallbackFloor, callback_floor

SLOW = pytest.mark.slow
WITHHELD = "anonymous"
OTHERS = ("+46701740620", "+46701740621", "+46701740622", "+46701740623")
KEYS = {"fi": 1, "sv": 2, "nb": 3, "en": 4}
LINE, CALL_ME_BACK = 1, 2
"""The choices of the menu."""
TAKES: dict[str, Any] = {"then": [{"presses": 1}, {"waits": 3600}]}
ANSWERS: dict[str, Any] = {"then": [{"waits": 40}, {"hangs_up": True}]}
HEARD = ("text", "digits", "url")
SAME = "{{fi: {0}, sv: {0}, nb: {0}, en: {0}}}".format
CONFIG = f"""
    company: Example
    time_zone: Europe/Stockholm
    lines: {{main: {{number: "{MAIN}", flow: main}}}}
    fallback: {{number: "+46846500499"}}
    schedules:
      office:
        weekly: {{monday-friday: 08:00-18:00, saturday: 10:00-14:00}}
        holidays: SE
        special: {{2026-12-23: 08:00-12:00, 2026-12-24: closed}}
      always: {{weekly: {{monday-sunday: 00:00-24:00}}}}
    queues:
      billing:
        names: {{en: billing}}
        hours: HOURS
        overload: {{wait: 60, empties_within: 60}}
        handling: 240
        announce_every: 150
        callbacks: {{CALLBACKS}}
    agents:
      anna: {{name: Anna, address: "{ANNA}", language: en, queues: [billing]}}
      bo: {{name: Bo, address: "{BO}", language: sv, queues: [billing]}}
    callbacks: {{countries: [SE, FI, NO, GB], limits: {{others_a_day: 1}}}}
    carrier: {{calls_per_second: 100}}
"""
FLOW = f"""
    languages: [fi, sv, nb, en]
    start: language
    person: message
    nodes:
      language:
        kind: choose_language
        text: {SAME("Example.")}
        keys: {{1: fi, 2: sv, 3: nb, 4: en}}
        to: BEGIN
      known: {{kind: recognise_callback, waits: {{billing: line}}, settled: end, otherwise: topics}}
      topics:
        kind: menu
        text: {SAME("Topics.")}
        options:
          - {{key: 1, label: {SAME("billing")}, to: line}}
          - {{key: 2, label: {SAME("callback")}, to: ring_me_back}}
      line: {{kind: queue, queue: billing, text: {SAME("Line.")}, otherwise: message}}
      ring_me_back:
        {{kind: offer_callback, queue: billing, booked: end, declined: line, otherwise: message}}
      message: {{kind: voicemail, text: {SAME("Message.")}, to: end, nothing: end}}
      end: {{kind: hang_up, text: {SAME("Bye.")}}}
"""


@dataclass
class CallersFloor(CallbackFloor):
    """Windows have room for two each. People who ring choose their language first."""

    def __post_init__(self) -> None:
        super().__post_init__()
        offered = KindsOffered(self.config, self.redis)
        self.estimates = Estimates(EstimateStore(self.redis), self.config, offered=offered)
        lines = self.company.carrier.directory.lines
        heard_at = f"{self.config.web.public_url}/text/incoming"
        lines[MAIN] = replace(lines[MAIN], sms_url=heard_at)
        self.due.ensure(WORK_OUT_WINDOWS, QUEUE, self.at())
        self.passes(0.1)

    def rings(
        self, language: str, *steps: dict[str, Any], who: str = CALLER, topic: int | None = LINE
    ) -> str:
        """Somebody rings, and goes on by themselves; the call's id."""
        chosen = [] if topic is None else [{"presses": topic}]
        return self.phones({"presses": KEYS[language]}, *chosen, *steps, who=who)

    def said(self, call: str, kind: str = "said") -> str:
        """All that was said to them; or what else was, `kind`."""
        return " ".join(
            str(next((one.details[key] for key in HEARD if key in one.details), ""))
            for one in list(self.company.carrier.journal.timeline)
            if isinstance(one, Happening) and one.call_sid == call and one.kind == kind
        )

    def ends(self, call: str) -> str:
        """Their call ends; all that was said to them."""
        for _ in range(40):
            if self.status(call) == "completed":
                return self.said(call)
            self.passes(5)
        raise AssertionError(f"the call goes on after: {self.said(call)}")

    def waits_until(self, holds: Any, step: float = 20.0, most: int = 60) -> None:
        """As `until`, for what takes long."""
        for _ in range(most):
            if holds():
                return
            self.passes(step)
        raise AssertionError(f"not within {most * step} seconds of telephony")

    def comes(self, **people: Any) -> None:
        """Anna comes, or Bo."""
        self.people(**people)
        for name in people:
            self.service.come(name, self.now)

    def busy(self, talks: float = 3600, waiting: int = 1) -> None:
        """Anna talks to somebody for so long; so many wait, who cannot be rung back."""
        self.comes(anna=TAKES)
        self.rings("en", {"waits": talks}, {"hangs_up": True}, who=WITHHELD)
        self.until(lambda: self.presence("anna") == "busy")
        for _ in range(waiting):
            self.rings("en", {"waits": talks}, {"hangs_up": True}, who=WITHHELD)
        self.until(lambda: len(self.lines_of(QUEUE)) == waiting)

    def answers(self, number: str = CALLER, person: Any = None) -> None:
        """Who picks up there."""
        self.company.carrier.directory.people[number] = self.read_person(person or ANSWERS)

    def one(self) -> str:
        """The id of the only open callback."""
        (found,) = self.store.open_ids()
        return found

    def code(self, callback: str) -> str:
        """The digits that were told, as they are said."""
        stored = self.store.read(callback)
        assert stored is not None and len(stored.about.code) == 3
        return " ".join(stored.about.code)

    def writes(self, body: str, number: str = CALLER) -> None:
        """They write to us; so much time passes that an answer has come."""
        self._post("messages", {"from": number, "to": MAIN, "body": body})
        self.passes(15)

    def got(self, number: str = CALLER) -> list[str]:
        """The texts that have arrived on their telephone."""
        found = self._get(f"messages?number=%2B{number[1:]}")["messages"]
        return [
            one["body"] for one in found if one["to"] == number and one["status"] == "delivered"
        ]


@contextmanager
def callers_floor(
    redis: Redis, store_url: str, folder: Path, *,
    begins: datetime = MORNING, hours: str = "office", start: str = "known", **callbacks: str,
) -> Iterator[CallersFloor]:  # fmt: skip
    """Opens it. `start`: the node after the language; `callbacks`: settings of the queue's."""
    settings = {"code": "on", "room": "2", **callbacks}
    told = ", ".join(f"{name}: {value}" for name, value in settings.items())
    config = CONFIG.replace("CALLBACKS", told).replace("HOURS", hours)
    flow = FLOW.replace("BEGIN", start)
    # What the web remembers for a second of real time can be hours old by the stepped clock.
    with (
        patch("ivr.services.boards.LOOK_EVERY", 0.0),
        callback_floor(redis, store_url, folder, config=config, flow=flow, begins=begins) as opened,
    ):
        yield CallersFloor(opened.redis, opened.config, opened.company, opened.carrier)


def stockholm(*when: int, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """A moment, by the clock there."""
    # As UTC: of a local time that much later is by its clock, not by seconds.
    return datetime(*when, tzinfo=zone).astimezone(UTC)  # type: ignore[misc,arg-type]
