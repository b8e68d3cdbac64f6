"""A floor of agents on real parts: store, telephone company, and the handlers of what is due.

The web process is played by documents that do nothing, and by the test, which does to the store
what that process would.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from redis import Redis

from ivr.carrier import rest
from ivr.config import Config
from ivr.services.due import Drained, drain
from ivr.services.ringing import ringing_handlers
from ivr.simulator import Directory, EmbeddedCarrier, Line, Person, Settings, SteppedClock
from ivr.store.agents import AgentStore
from ivr.store.due import DueStore
from ivr.store.line import LineStore, new_place
from ivr.store.line import Person as Waiting
from ivr.store.ringing import Ringing, RingingStore
from tests.simulator.application import Application, twiml

LINE, SECOND_LINE = "+46846500400", "+46846500401"
ANNA = "+46701740650"
CALLER = "+46701740605"
LONG = twiml("<Pause length='3600'/>")


def settings(public_url: str, **changed: Any) -> Config:
    """A company of one queue."""
    told: dict[str, Any] = {
        "company": "Example",
        "time_zone": "Europe/Stockholm",
        "lines": {
            "main": {"number": LINE, "flow": "main"},
            "second": {"number": SECOND_LINE, "flow": "main"},
        },
        "fallback": {"number": "+46846500499"},
        "queues": {"support": {"wrap_up": 30}},
        "agents": {
            "anna": {"name": "Anna", "address": ANNA, "language": "sv", "queues": ["support"]}
        },
        "web": {"public_url": public_url},
        "carrier": {"calls_per_second": 100},
    }
    return Config.model_validate(told | changed)


@dataclass
class Floor:
    redis: Redis
    company: EmbeddedCarrier
    app: Application
    carrier: rest.Carrier
    config: Config
    agents: AgentStore = field(init=False)
    lines: LineStore = field(init=False)
    due: DueStore = field(init=False)
    store: RingingStore = field(init=False)

    def __post_init__(self) -> None:
        self.agents, self.lines = AgentStore(self.redis), LineStore(self.redis)
        self.due, self.store = DueStore(self.redis), RingingStore(self.redis)

    @property
    def now(self) -> float:
        return self.company.carrier.clock.now().timestamp()

    def works(self, patience: float = 10.0) -> Drained:
        """A worker does what is due, and what that sets off at the telephone company happens."""
        handlers = ringing_handlers(self.config, self.redis, self.carrier)
        done = drain(self.due, handlers, self.company.carrier.clock, patience=patience)
        self.pass_time(0)
        return done

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass; comes back when nothing is under way any more."""
        for part in [seconds, 0] if seconds else [0]:
            self._post("clock", {"advance": part})

    def works_for(self, seconds: float) -> None:
        """So much time passes, in which a worker does each thing when it is due."""
        end = self.now + seconds
        while True:
            self.works()
            left = end - self.now
            if left <= 0:
                return
            next_due = self.due.next_due()
            until = left if next_due is None else next_due - self.now
            self.pass_time(min(max(until, 0.01), left))

    def fault(self, does: str, **how: Any) -> None:
        """Something goes wrong with questions to the carrier."""
        self._post("faults", {"strikes": "rest", "does": does, **how})

    def person_waits(self, *steps: dict[str, Any], line: str = "main") -> str:
        """Somebody phones, waits in the carrier's queue and stands in the line; their call."""
        call = self.phones(*steps)
        self.stands_in_line(call, line)
        return call

    def phones(self, *steps: dict[str, Any]) -> str:
        """Somebody phones, and waits in the carrier's queue; their call."""
        body = {"from": CALLER, "to": LINE, "person": {"then": list(steps)}}
        call = str(self._post("calls", body)["sid"])
        self.pass_time(1)
        return call

    def stands_in_line(self, call: str, line: str = "main") -> None:
        place = new_place(call, "support", Waiting(line=line, caller=CALLER), first=self.now,
                          call=call)  # fmt: skip
        assert self.lines.join(place, self.now)

    def anna_is(self, person: Person | None) -> None:
        """Who picks up Anna's telephone; she is there from now on."""
        if person is not None:
            self.company.carrier.directory.people[ANNA] = person
        self.agents.arrive("anna", {"support": 1.0}, self.now, address=ANNA)

    def reserved(self, person: Person, **how: Any) -> str:
        """Somebody waits, and is reserved for Anna; their call."""
        self.anna_is(person)
        call = self.person_waits(**how)
        assert self.ringing.state == "offered"
        return call

    @property
    def ringing(self) -> Ringing:
        """The first reservation."""
        found = self.store.read("R1")
        assert found is not None
        return found

    @property
    def presence(self) -> str:
        agent = self.agents.read("anna")
        assert agent is not None
        return agent.presence

    def calls_to_anna(self) -> list[Any]:
        """Every call that has rung her, the oldest first."""
        found = [call for call in self.company.carrier.calls.all() if call.called == ANNA]
        return sorted(found, key=lambda call: call.created_at)

    def documents(self, path: str) -> int:
        """How often a document was asked for."""
        return len(self.app.to(path))

    def _post(self, path: str, body: Any) -> Any:
        answer = requests.post(f"{self.company.url}/_carrier/{path}", json=body, timeout=20)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def floor(redis: Redis, **changed: Any) -> Iterator[Floor]:
    """Opens it; time moves only when the test lets it."""
    with ExitStack() as stack:
        app = stack.enter_context(Application())
        app.on("/voice", twiml("<Enqueue waitUrl='/wait' action='/left'>support</Enqueue>"))
        for path in ("/wait", "/agent/whisper/R1", "/agent/gone/R1", "/agent/whisper/R2"):
            app.on(path, LONG)
        app.on("/left", twiml()).on("/agent/status/R1", "").on("/agent/status/R2", "")
        room = "<Conference participantLabel='person' endConferenceOnExit='true'>R1</Conference>"
        app.on("/voice/meet/R1", twiml(f"<Dial>{room}</Dial>"))
        app.on("/talk", twiml("<Dial><Conference participantLabel='agent'>R1</Conference></Dial>"))
        company = stack.enter_context(
            EmbeddedCarrier(
                Directory(lines={LINE: Line(LINE, f"{app.base}/voice")}),
                Settings(calls_per_second=0),
                SteppedClock(auto=False),
            )
        )
        account = company.carrier.settings
        carrier = rest.connect(
            account.account_sid, account.auth_token, base_url=company.url, patience=5
        )
        yield Floor(redis, company, app, carrier, settings(app.base, **changed))
