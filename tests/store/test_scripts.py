"""Every script says in its head what goes in and what comes out, and every key has its place."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from redis import Redis

from ivr.store import keys
from ivr.store.scripts import Script

FOLDER = Path(str(files("ivr.store.scripts")))
SCRIPTS = sorted(FOLDER.glob("*.lua"))
PARTS = sorted(FOLDER.glob("parts/*.lua"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
class TestScripts:
    def test_its_head_lists_each_key_and_argument_it_uses(self, script: Path) -> None:
        head, _, body = script.read_text().partition("\n\n")
        assert "-- Input\n" in head
        assert "-- Output\n" in head
        number = int(script.stem.rpartition("-")[2])
        assert re.findall(r"KEYS\[(\d+)\]", head) == [str(n + 1) for n in range(number)]
        assert set(re.findall(r"KEYS\[(\d+)\]", body)) <= set(re.findall(r"KEYS\[(\d+)\]", head))
        assert set(re.findall(r"ARGV\[(\d+)\]", body)) <= set(re.findall(r"ARGV\[(\d+)", head))


@pytest.mark.parametrize("script", SCRIPTS + PARTS, ids=lambda script: script.stem)
def test_the_keys_of_a_script_are_those_of_the_key_document(script: Path) -> None:
    for key in re.findall(r"ringback:[\w:]+", script.read_text()):
        # A key that ends in a name is written without it: "ringback:line:".
        name = "[A-Z]+" if key.endswith(":") else ""
        assert re.search(rf"^{key}{name} ", keys.__doc__ or "", re.MULTILINE), key


def test_a_script_given_too_few_keys_is_refused(redis: Redis) -> None:
    with pytest.raises(AssertionError):
        Script(redis, "settle_due-3")(["one"], [])


def test_every_lifetime_and_bound_is_in_the_key_document() -> None:
    for name, value in vars(keys).items():
        if name.isupper() and not name.startswith("_"):
            written = value if isinstance(value, str) else name
            assert written in (keys.__doc__ or ""), name
