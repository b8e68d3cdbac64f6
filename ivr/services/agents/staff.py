"""Who works here, as `config.yaml` has it, and how each is spoken to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.flow.language import Language
from ivr.services.agents.phrases import Phrases, load_phrases
from ivr.staff import AgentSettings, AgentsLineSettings, QueueSettings


class UnknownAgent(Exception):
    """There is no agent of that name; says so, and who there is."""


@dataclass(frozen=True)
class Staff:
    """The agents, the queues and the agents' line; `first` is the language of whoever is none of
    them."""

    agents: Mapping[str, AgentSettings]
    queues: Mapping[str, QueueSettings]
    languages: Mapping[str, Language]
    line: AgentsLineSettings | None = None
    first: str = "en"

    def agent(self, name: str) -> AgentSettings:
        """Raises UnknownAgent."""
        if name not in self.agents:
            known = ", ".join(sorted(self.agents)) or "none yet"
            raise UnknownAgent(f"There is no agent `{name}`; there are: {known}.")
        return self.agents[name]

    def at(self, address: str) -> str | None:
        """The agent with this telephone number, `sip:` or `client:` address."""
        return next((n for n, agent in self.agents.items() if agent.address == address), None)

    def language_of(self, name: str) -> str:
        """What this agent is spoken to in; guests in the language of the agents' line."""
        if name in self.agents:
            return self.agents[name].language
        return self.line.language if self.line is not None else self.first

    def spoken_name(self, name: str, language: str) -> str:
        """As a colleague hears it."""
        if name in self.agents:
            return self.agents[name].name
        return self.phrases(language).a_colleague

    def queue_name(self, queue: str, language: str) -> str:
        """As an agent hears it."""
        settings = self.queues.get(queue)
        named = settings.names.get(language) if settings is not None else None
        return named or queue.replace("_", " ")

    def queue(self, queue: str) -> QueueSettings:
        """The queue's settings; the usual ones when it has been taken out of `config.yaml`."""
        return self.queues.get(queue) or QueueSettings()

    def phrases(self, language: str) -> Phrases:
        known = load_phrases()
        return known.get(language) or known.get(self.first) or known["en"]
