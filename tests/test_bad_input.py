"""Files that somebody spoilt: whatever stands where, there are findings and nothing else."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.config import read_config
from ivr.flow.checks import check_flows
from ivr.flow.reader import read_flows
from ivr.reading import Unreadable
from ivr.services.rehearsal import read_scripts
from tests.support import surroundings

ROOT = Path(__file__).parents[1]
WEIRD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", [], {}, "x", ["a"], {"a": "b"}, "0", "no", "-1", [[]], {"": ""}, "a/b/c", "/",
     {"kind": "say"}, [None], {"1": None}, "9" * 400]
)  # fmt: skip


def written(name: str) -> Any:
    return yaml.load((ROOT / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


SETTINGS = written("config.yaml")
FLOW = written("flows/person.yaml")
CALLS = {"calls": written("flows/person.calls.yaml")["calls"][:3]}


@st.composite
def spoilt(draw: st.DrawFn, whole: Any) -> bytes:
    """The document with one value, anywhere, exchanged for something senseless."""
    document = copy.deepcopy(whole)
    holder: Any = None
    key: Any = None
    here = document
    while isinstance(here, dict | list) and here and (holder is None or draw(st.booleans())):
        holder = here
        key = draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        here = here[key]
    holder[key] = draw(WEIRD)
    return yaml.safe_dump(document, allow_unicode=True).encode()


@settings(deadline=None)
@given(spoilt(SETTINGS))
def test_spoilt_settings_are_findings(content: bytes) -> None:
    try:
        read_config(content, Path("config.yaml"), {})
    except Unreadable as error:
        assert error.findings


@settings(deadline=None)
@given(spoilt(FLOW))
def test_a_spoilt_flow_is_findings(content: bytes) -> None:
    for finding in check_flows(read_flows({"main.yaml": content}), surroundings()):
        assert finding.message


@settings(deadline=None)
@given(spoilt(CALLS))
def test_spoilt_scripts_are_findings(content: bytes) -> None:
    try:
        list(read_scripts(content, "person.calls.yaml"))
    except Unreadable as error:
        assert error.findings


@pytest.mark.parametrize("value", ["[]", "{a: b}", "maybe"])
def test_a_switch_is_on_or_off(value: str) -> None:
    text = (ROOT / "config.yaml").read_text("utf-8").replace("speech: true", f"speech: {value}")
    with pytest.raises(Unreadable, match="`speech` must be `true` or `false`"):
        read_config(text.encode(), Path("config.yaml"), {})
