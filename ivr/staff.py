"""Who answers: queues, agents, and when they work, as `config.yaml` has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.callback_settings import QueueCallbackSettings
from ivr.flow.names import Name
from ivr.reading.numbers import parse_number

_CLIENT = re.compile(r"client:[A-Za-z0-9_.@-]{1,121}\Z")
_SIP = re.compile(r"sips?:[^\s@<>\"]+@[^\s@<>\"]+\Z")
LEAST_WEIGHT = 0.01
PREFERENCE = 0.7
"""A queue that an agent names later counts the waits there for so much less, each time."""


def _address(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if _CLIENT.match(value) or _SIP.match(value):
        return value
    try:
        return parse_number(value)
    except ValueError:
        raise ValueError(
            f"`{value}` is no telephone number with its country code, no `sip:` and no `client:` "
            "address."
        ) from None


def _skills(value: Any) -> Any:
    """A list in the order of preference, or a weight for each queue."""
    if isinstance(value, list):
        if not all(isinstance(name, str) for name in value):
            raise ValueError("Write the names of queues: `[billing, moving]`.")
        if len(set(value)) < len(value):
            raise ValueError("A queue is named twice.")
        return {name: PREFERENCE**place for place, name in enumerate(value)}
    return value


Address = Annotated[str, BeforeValidator(_address)]
"""Of an agent: a number (E.164), a SIP URI, or `client:NAME`."""
Weight = Annotated[float, Field(ge=LEAST_WEIGHT, le=100)]
Skills = Annotated[dict[Name, Weight], BeforeValidator(_skills), Field(min_length=1)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]


class StaffSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceLevelSettings(StaffSettings):
    """`share` per cent of all who call are to be answered within `seconds`."""

    share: Annotated[float, Field(gt=0, lt=100)] = 80.0
    seconds: Annotated[int, Field(ge=1, le=3600)] = 20


class OverloadSettings(StaffSettings):
    """When a queue is overloaded: the median wait is long (seconds), and the line will not have
    emptied within a time (seconds)."""

    wait: Seconds = 180
    empties_within: Seconds = 600


class QueueSettings(StaffSettings):
    """A queue, in which callers wait for a person. Times in seconds.

    `at_closing`: whether those who wait then are still served, while somebody is there.
    """

    hours: Name | None = None
    """A schedule; always open when left out."""
    most_waiting: Annotated[int, Field(ge=1, le=5000)] = 100
    at_closing: Literal["serve", "send_away"] = "serve"
    announce_every: Annotated[int, Field(ge=15, le=600)] = 45
    """Between two announcements to somebody who waits."""
    music: str | None = None
    """A recording under `flows/audio/`, or an address; our own when left out."""
    keep_place: Seconds = 300
    """How long the place of somebody who goes back to the menu is kept."""
    ring: Annotated[int, Field(ge=5, le=120)] = 20
    """How long an agent's telephone rings."""
    decide: Annotated[int, Field(ge=5, le=120)] = 25
    """How long an agent who has picked up may take to accept."""
    wrap_up: Seconds = 30
    """After a talk, before the next person."""
    after_decline: Seconds = 30
    """How long an agent who declined is left alone."""
    names: dict[str, str] = {}
    """As agents hear it, by language; the queue's own name where one is left out."""
    service_level: ServiceLevelSettings = ServiceLevelSettings()
    overload: OverloadSettings = OverloadSettings()
    handling: Annotated[float, Field(ge=5, le=7200)] = 270.0
    """What a call takes an agent, until that is known."""
    patience: Annotated[float, Field(ge=10, le=86_400)] = 600.0
    """How long callers wait before they hang up, until that is known."""
    callbacks: QueueCallbackSettings = QueueCallbackSettings()


class AgentSettings(StaffSettings):
    """Somebody who answers. `queues` in the order of preference, or with a weight each: what
    somebody has waited there counts so many times."""

    name: str
    """As callers and colleagues know them."""
    address: Address
    language: str
    queues: Skills
    roster: Name | None = None
    """A roster; without one they come and go as they like."""


class AgentsLineSettings(StaffSettings):
    """Our number that agents ring to say that they are there or away.

    With `queues`, anybody who rings it gets the next person of these: a small team needs no
    registered agents. Then `from` names who may.
    """

    number: Annotated[str, BeforeValidator(lambda v: parse_number(v) if isinstance(v, str) else v)]
    queues: Annotated[dict[Name, Weight], BeforeValidator(_skills)] = {}
    callers: tuple[Address, ...] = ()
    """Who may, besides the agents; anybody when left out."""
    language: str = "en"


def unknown_names(
    agents: Mapping[str, AgentSettings],
    queues: Mapping[str, QueueSettings],
    agents_line: AgentsLineSettings | None,
    schedules: frozenset[str],
    rosters: frozenset[str],
    languages: frozenset[str],
) -> list[tuple[tuple[str, ...], str, str, frozenset[str]]]:
    """What is named and is not there: the setting's path, what it should be, the name, and the
    names that there are."""
    found: list[tuple[tuple[str, ...], str, str, frozenset[str]]] = []
    known = frozenset(queues)
    for name, queue in queues.items():
        if queue.hours is not None and queue.hours not in schedules:
            found.append((("queues", name, "hours"), "schedule", queue.hours, schedules))
        found += [
            (("queues", name, "names", code), "language", code, languages)
            for code in queue.names
            if code not in languages
        ]
    for name, agent in agents.items():
        where = ("agents", name)
        found += [((*where, "queues"), "queue", q, known) for q in agent.queues if q not in known]
        if agent.roster is not None and agent.roster not in rosters:
            found.append(((*where, "roster"), "roster", agent.roster, rosters))
        if agent.language not in languages:
            found.append(((*where, "language"), "language", agent.language, languages))
    if agents_line is not None:
        line = "agents_line"
        missing = [queue for queue in agents_line.queues if queue not in known]
        found += [((line, "queues"), "queue", queue, known) for queue in missing]
        if agents_line.language not in languages:
            found.append(((line, "language"), "language", agents_line.language, languages))
    return found
