"""docs/agents.md names every command, every address of the API and every key of the menus."""

from pathlib import Path

import yaml

from ivr.cli.agent import agent
from ivr.services.agents.phrases import load_phrases

DOCS = Path(__file__).parents[2] / "docs"


def test_every_command_and_address_is_in_the_manual() -> None:
    manual = (DOCS / "agents.md").read_text(encoding="utf-8")
    for command in agent.commands:
        assert f"ringback agent {command}" in manual, command
    described = yaml.safe_load((DOCS / "api.yaml").read_text(encoding="utf-8"))
    for path, operations in described["paths"].items():
        for method in operations.keys() - {"parameters"}:
            assert f"{method.upper()} {path.replace('{name}', 'NAME')}" in manual


def test_menus_say_the_keys_that_the_manual_has() -> None:
    for phrases in load_phrases().values():
        assert all(key in phrases.menu for key in "1239")
        assert all(key in phrases.on_hold for key in "123")
        assert all(key in phrases.decide for key in "12")
