"""A small company with three agents, its web on a real store, and the carrier's side of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from flask.testing import FlaskClient
from redis import Redis

from ivr.carrier.signature import sign
from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.flow.variables import Variable
from ivr.services.addresses import Addresses
from ivr.services.agents import AgentAddresses, AgentService, Pins, Reception, Staff
from ivr.services.apology import Apology
from ivr.services.callbacks.overseeing import Overseer
from ivr.staff import AgentSettings, AgentsLineSettings, QueueSettings
from ivr.store.agents import AgentStore
from ivr.store.line import LineStore, Person, new_place
from ivr.store.pins import PinStore
from ivr.store.talks import TalkStore
from ivr.web import Parts, create_app
from tests.web.calling import FALLBACK, FORM, LINE, PUBLIC, TOKEN, Reply, fields_of
from tests.web.serving import Told

BEGAN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
AGENTS_LINE = "+46846500490"
ANNA, BO, CIA = "+46701740610", "+46701740611", "client:cia"
QUEUES = {
    "billing": QueueSettings(names={"sv": "faktura", "fi": "laskut"}),
    "moving": QueueSettings(names={"sv": "flytt"}),
}
AGENTS = {
    "anna": AgentSettings(name="Anna", address=ANNA, language="sv", queues=["billing", "moving"]),
    "bo": AgentSettings(name="Bo", address=BO, language="en", queues=["moving"]),
    "cia": AgentSettings(name="Cia", address=CIA, language="fi", queues=["billing"]),
}

CONFIG = Config.model_validate(
    {
        "company": "Example",
        "time_zone": "Europe/Stockholm",
        "lines": {"main": {"number": LINE, "flow": "main"}},
        "fallback": {"number": FALLBACK},
        "schedules": {"office": {"weekly": {"monday-friday": "08:00-16:00"}}},
        "queues": {name: {"hours": "office"} for name in QUEUES},
    }
)


def call(number: int) -> str:
    """The id of a call."""
    return f"CA{number:032x}"


@dataclass
class Clock:
    """The time as the test has it."""

    at: datetime = BEGAN

    def now(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Desk:
    """The company's agents, seen from outside: requests go in, TwiML comes out."""

    redis: Redis
    line: AgentsLineSettings | None = None
    api_token: str = ""
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.agents, self.lines = AgentStore(self.redis), LineStore(self.redis)
        languages = load_languages()
        self.staff = Staff(AGENTS, QUEUES, languages, self.line, "sv")
        self.talks = TalkStore(self.redis)
        self.service = AgentService(
            self.agents, self.lines, self.talks, self.staff, AgentAddresses(PUBLIC)
        )
        self.pins = Pins(PinStore(self.redis))
        self.parts = Parts(
            public_url=PUBLIC,
            auth_token=TOKEN,
            max_body=4096,
            recording=lambda version, name: None,
            own_numbers=frozenset({LINE, AGENTS_LINE}),
            calls=Told(),
            apology=Apology(languages, lambda: "sv", FALLBACK, Addresses(PUBLIC)),
            language_of=lambda caller: None,
            why_not_ready=lambda: None,
            clock=self.clock,
            agents=self.service,
            agents_line=Reception(self.service, self.pins) if self.line else None,
            api_token=self.api_token,
            overseer=Overseer(CONFIG, self.redis),
        )
        self.web: FlaskClient = create_app(self.parts).test_client()

    @property
    def now(self) -> float:
        return self.clock.at.timestamp()

    def post(self, path: str, leg: str = call(99), **fields: str) -> Reply:
        """A signed request about a call; `path` may be a whole address of ours."""
        path = path.removeprefix(PUBLIC)
        sent = fields_of(leg, **fields)
        response = self.web.post(
            path,
            data=urlencode(sent),
            headers={
                "Content-Type": FORM, "X-Twilio-Signature": sign(TOKEN, PUBLIC + path, sent)
            },
        )  # fmt: skip
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, response.data)

    def twice(self, path: str, leg: str = call(99), **fields: str) -> Reply:
        """The same request, delivered two times: both are answered alike."""
        first, second = self.post(path, leg, **fields), self.post(path, leg, **fields)
        assert first.body == second.body
        return first

    def somebody_waits(self, number: int = 1, queue: str = "billing", ago: float = 0.0) -> str:
        """Somebody who first rang so many seconds ago is in the line; their call's id."""
        person = Person(
            line="main", language="fi", caller="+46701740605", name="Maria Virtanen",
            path=("laskuasioissa", "eräpäivä"), said=("lasku on väärin",),
            given={
                "customer_number": Variable("text", "20417"), "secret": Variable("text", "x", True)
            },
        )  # fmt: skip
        place = new_place(call(number), queue, person, first=self.now - ago, call=call(number))
        assert self.lines.join(place, self.now)
        return call(number)

    def presence(self, name: str) -> str:
        agent = self.agents.read(name)
        return "away" if agent is None else agent.presence


def heard(reply: Reply) -> str:
    """What is said, in one line."""
    return " ".join(say.text or "" for verb in reply.verbs for say in verb.iter("Say"))


def url_of(reply: Reply, verb: str) -> str:
    """Where the first such verb leads."""
    found = next(one for one in reply.verbs if one.tag == verb)
    return found.get("action") or (found.text or "")


def path_of(url: str) -> str:
    return urlsplit(url).path
