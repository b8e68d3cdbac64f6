"""Callers of what was published: real turns of calls, through the store, without a web server."""

from __future__ import annotations

from datetime import UTC, datetime

from redis import Redis

from ivr.flow.inputs import Arrived, Input
from ivr.flow.language import load_languages
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.calls import CallService
from ivr.services.companies import FlowCompanies, PublishedFlows
from ivr.services.flow_sets import FlowSets
from ivr.store.calls import CallStore
from ivr.store.published import PublishedStore
from tests.services.folders import LINE, Folder

WEB = Addresses("https://ringback.example.com")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def published_calls(folder: Folder, redis: Redis) -> CallService:
    """What answers calls in one process of production."""
    config, store = folder.config, PublishedStore(redis)
    sets = FlowSets(config, store, lambda: NOW)
    lines = {line.number: name for name, line in config.lines.items()}
    companies = FlowCompanies(sets, PublishedFlows(sets, store), lines)
    apology = Apology(load_languages(), lambda: "en", config.fallback.number, WEB)
    return CallService(CallStore(redis), companies, WEB, apology)


def ring(
    service: CallService, call: str, *heard: Input, line: str = LINE, caller: str | None = None
) -> str:
    """One call; gives what the carrier was told last."""
    answer = ""
    for turn, came in enumerate((Arrived(), *heard), 1):
        answer = service.take_turn(call, turn, came, line, caller, NOW)
    return answer
