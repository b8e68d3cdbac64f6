"""The services for agents, made of the settings and the store."""

from __future__ import annotations

from redis import Redis

from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.services.agents.addresses import AgentAddresses
from ivr.services.agents.pins import Pins
from ivr.services.agents.reception import Reception
from ivr.services.agents.service import AgentService
from ivr.services.agents.staff import Staff
from ivr.services.callbacks.calling.whispering import CallbackWords
from ivr.store.agents import AgentStore
from ivr.store.callbacks import CallbackStore
from ivr.store.conversations import ConversationStore
from ivr.store.line import LineStore
from ivr.store.pins import PinStore
from ivr.store.promises import PromiseStore
from ivr.store.talks import TalkStore


def agent_service(config: Config, redis: Redis) -> AgentService:
    """What agents' telephones are told."""
    return AgentService(
        AgentStore(redis),
        LineStore(redis),
        TalkStore(redis),
        Staff(config.agents, config.queues, load_languages(), config.agents_line),
        AgentAddresses(config.web.public_url),
        CallbackWords(CallbackStore(redis), ConversationStore(redis)),
        PromiseStore(redis),
    )


def reception(config: Config, redis: Redis, service: AgentService) -> Reception | None:
    """The agents' line; None where `config.yaml` has none."""
    return Reception(service, Pins(PinStore(redis))) if config.agents_line is not None else None
