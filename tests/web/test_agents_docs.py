"""The manuals name every command, every address of the API and every key of the menus."""

from pathlib import Path

import pytest
import yaml
from click import Group

from ivr.cli.agent import agent
from ivr.cli.callbacks import callbacks
from ivr.services.agents.phrases import load_phrases

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("manual", "commands"), [("agents", agent), ("callbacks", callbacks)])
def test_every_command_is_in_its_manual(manual: str, commands: Group) -> None:
    told = (DOCS / f"{manual}.md").read_text(encoding="utf-8")
    for command in commands.commands:
        assert f"ringback {commands.name} {command}" in told, command


def test_every_address_is_in_a_manual() -> None:
    manuals = "".join(one.read_text(encoding="utf-8") for one in DOCS.glob("*.md"))
    described = yaml.safe_load((DOCS / "api.yaml").read_text(encoding="utf-8"))
    for path, operations in described["paths"].items():
        address = path.replace("{name}", "NAME").replace("{callback}", "ID")
        for method in operations.keys() - {"parameters"}:
            assert f"{method.upper()} {address}" in manuals


def test_menus_say_the_keys_that_the_manual_has() -> None:
    for phrases in load_phrases().values():
        assert all(key in phrases.menu for key in "1239")
        assert all(key in phrases.on_hold for key in "123")
        assert all(key in phrases.decide for key in "12")
