"""The example company of `flows/`, as its own `config.yaml` describes it, for the tests here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from ivr.config import Config, load
from ivr.engine.company import Company
from ivr.flow.kinds import Menu, Node
from ivr.flow.kinds.node import Path as Setting
from ivr.flow.names import Recorded
from ivr.reading import Finding
from ivr.services.company import load_company
from ivr.services.rehearsal import Script
from ivr.services.rehearsal.stage import load_scripts

ROOT = Path(__file__).parents[2]
LANGUAGES = ("fi", "sv", "nb", "en")
AROUND = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""A moment in the year in which the scripts are played."""


@cache
def config() -> Config:
    return load(ROOT / "config.yaml", {})


@cache
def loaded() -> tuple[Company, tuple[Finding, ...]]:
    result = load_company(config(), AROUND)
    return result.company, result.findings


def company() -> Company:
    return loaded()[0]


@cache
def scripts() -> tuple[Script, ...]:
    return tuple(load_scripts(config()))


def nodes() -> Iterator[tuple[str, Node]]:
    """Every node with its place, `invoices/due_date`."""
    for name, flow in company().flows.flows.items():
        for node_name, node in flow.nodes.items():
            yield f"{name}/{node_name}", node


def menus() -> dict[str, Menu]:
    return {place: node for place, node in nodes() if isinstance(node, Menu)}


def texts() -> Iterator[tuple[str, Setting, str, str]]:
    """Everything that is spoken: place, setting, language and the text."""
    for place, node in nodes():
        for setting, in_languages in node.texts():
            for language, told in in_languages.items():
                text = told.text if isinstance(told, Recorded) else told
                yield place, setting, language, text


def messages() -> Iterator[tuple[str, str, str]]:
    """Everything that is sent as a text message: place, language and the text."""
    for place, node in nodes():
        for _, in_languages in node.messages():
            for language, told in in_languages.items():
                assert isinstance(told, str)
                yield place, language, told
