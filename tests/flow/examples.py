"""Flows for the tests of findings: examples of the table of codes, made whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import indent

from ivr.config import read_config
from ivr.flow.checks import Surroundings, check_flows
from ivr.flow.checks.codes import Code
from ivr.flow.language import load_languages
from ivr.flow.reader import read_flows
from ivr.reading import Finding, Unreadable

AROUND_NODES = """\
languages: [en]
start: {start}
person: person
nodes:
{nodes}
  person: {{kind: transfer, number: team, otherwise: goodbye}}
  goodbye: {{kind: hang_up, text: Goodbye.}}
"""
SETTINGS = """\
company: Northern Lights Energy
time_zone: Europe/Stockholm
lines: {main: {number: "+46846500400", flow: main}}
fallback: {number: "+46846500499"}
"""
PROMPTS = {"prompts.yaml": b"welcome: Welcome.\n"}
SAYS_WELCOME = AROUND_NODES.format(
    start="hello", nodes="  hello: {kind: say, text: {prompt: welcome}, to: goodbye}\n"
)


def flow_of(nodes: str) -> str:
    """A whole flow around these nodes; it starts at the first."""
    start = re.search(r"^(\w+):", nodes, re.MULTILINE)
    return AROUND_NODES.format(
        start=start[1] if start else "person", nodes=indent(nodes, "  ").rstrip()
    )


AROUND = Surroundings(
    languages=load_languages(),
    schedules={"office"},
    numbers={"team"},
    recordings=("welcome.wav",),
    lines={"main": "main"},
    queues={"support", "returns"},
    unserved={"returns"},
    lookup_hosts={"crm.example.com"},
)


def findings_of(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What is found in a folder of flows of which `main.yaml` answers the only line."""
    return check_flows(read_flows(files), AROUND)


def findings_of_example(code: Code, example: str) -> tuple[Finding, ...]:
    """What is found in an example of a code."""
    match code.of:
        case "settings":
            try:
                read_config((SETTINGS + example).encode(), Path("config.yaml"), {})
            except Unreadable as error:
                return error.findings
            return ()
        case "prompts":
            return findings_of(
                {"main.yaml": SAYS_WELCOME.encode(), "prompts.yaml": example.encode()}
            )
        case "flow":
            return findings_of({"main.yaml": example.encode()})
    files = {"main.yaml": flow_of(example).encode()}
    return findings_of(files | (PROMPTS if "prompt:" in example else {}))
