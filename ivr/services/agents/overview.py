"""How agents and queues stand, for people and programs that look at them."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from ivr.services.agents.service import AgentService
from ivr.services.agents.staff import UnknownAgent
from ivr.store.agents import Agent, Presence


class With(Struct, frozen=True):
    """Whom an agent is with, or is about to be. `name` where the person gave one."""

    reservation: str
    queue: str
    state: str
    """How the reservation stands, or in a talk how the talk does: talking, held, offering..."""
    since: str
    name: str = ""


class AgentView(Struct, frozen=True):
    """An agent as others may see them. Times are ISO 8601 in UTC."""

    name: str
    known_as: str
    presence: Presence
    since: str | None
    """None for one who has never been there."""
    queues: list[str]
    until: str | None = None
    """When their wrap-up ends."""
    leaving: bool = False
    """Away after this call."""
    guest: bool = False
    on_a_call: bool = False
    """They wait on a call of theirs for the next person."""
    with_: With | None = None


class QueueView(Struct, frozen=True):
    """A queue. `longest_wait` in seconds, since that person first rang; None when nobody waits."""

    name: str
    waiting: int
    longest_wait: float | None
    agents: dict[str, int]
    """How many serve it, by presence."""


class Overview:
    """Every method raises StoreDown."""

    def __init__(self, service: AgentService) -> None:
        self._service = service

    def agents(self) -> list[AgentView]:
        """All agents of `config.yaml`, and guests who are there."""
        return [self._view(agent) for agent in self._service.everybody()]

    def agent(self, name: str) -> AgentView:
        """Raises UnknownAgent."""
        found = next((one for one in self._service.everybody() if one.name == name), None)
        if found is None:
            self._service.staff.agent(name)
            raise UnknownAgent(f"There is no agent `{name}`.")
        return self._view(found)

    def queues(self, now: datetime) -> list[QueueView]:
        """All queues of `config.yaml`."""
        everybody = self._service.everybody()
        return [self._queue(name, everybody, now) for name in self._service.staff.queues]

    def _queue(self, name: str, everybody: tuple[Agent, ...], now: datetime) -> QueueView:
        waiting = self._service.lines.waiting(name)
        first = self._service.lines.place(waiting[0]) if waiting else None
        there: dict[str, int] = {}
        for agent in everybody:
            if name in dict(agent.skills):
                there[agent.presence] = there.get(agent.presence, 0) + 1
        longest = None if first is None else max(round(now.timestamp() - first.first, 1), 0.0)
        return QueueView(name, len(waiting), longest, there)

    def _view(self, agent: Agent) -> AgentView:
        settings = self._service.staff.agents.get(agent.name)
        return AgentView(
            name=agent.name,
            known_as=settings.name if settings is not None else "a guest",
            presence=agent.presence,
            since=_at(agent.since) if agent.since else None,
            queues=[queue for queue, _ in agent.skills],
            until=_at(agent.until) if agent.until is not None else None,
            leaving=agent.leaving,
            guest=agent.guest,
            on_a_call=bool(agent.leg),
            with_=self._with(agent) if agent.reservation else None,
        )

    def _with(self, agent: Agent) -> With | None:
        found = self._service.agents.reservation(agent.reservation)
        if found is None:
            return None
        talk = self._service.talks.read(found.conference) if found.state == "accepted" else None
        place = self._service.lines.place(found.place)
        state = talk.state if talk is not None else found.state
        name = place.person.name if place is not None else ""
        return With(found.id, found.queue, state, _at(agent.since), name)


def _at(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
