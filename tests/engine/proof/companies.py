"""Companies whose flows need not be any good, and what is proved of them."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import yaml

from ivr.engine.company import Company, Line
from ivr.engine.proof import prove
from ivr.flow.language import load_languages
from ivr.flow.queue_rules import QueueRules
from ivr.flow.reader import ReadFlows, read_flows
from ivr.queueing.board import Board
from ivr.reading import Finding
from tests.support import FALLBACK, OFFICE, TEAM

_OPEN = OFFICE.schedule("Europe/Stockholm", range(2026, 2028))

GOOD = """
    languages: [en]
    start: hours
    person: ring
    nodes:
      hours: {kind: hours, schedule: office, open: topics, closed: message}
      topics:
        kind: menu
        text: What is it about?
        options:
          - {key: 1, label: an invoice, to: due}
          - {key: 2, label: my balance, to: number}
          - {key: 3, label: nothing at all, to: goodbye}
      due: {kind: answer, text: In two weeks., helped: goodbye, not_helped: ring}
      number:
        kind: ask
        variable: customer
        text: Your number?
        length: 6
        check_digit: luhn
        without: ring
        to: find
      find:
        kind: lookup
        url: https://crm.example.com/{customer}
        read: {balance: a.b}
        found: rich_or_not
        failed: ring
      rich_or_not: {kind: branch, ways: [{when: balance > 0, to: balance}], otherwise: ring}
      balance: {kind: answer, text: You have some., helped: goodbye}
      ring: {kind: transfer, number: team, otherwise: message}
      message: {kind: voicemail, text: Speak., to: goodbye, nothing: goodbye}
      goodbye: {kind: hang_up, text: Goodbye.}
"""


def changed(**nodes: Mapping[str, object]) -> str:
    """The good flow with settings of its nodes changed."""
    flow = yaml.safe_load(dedent(GOOD))
    for name, settings in nodes.items():
        if "kind" in settings:
            flow["nodes"][name] = dict(settings)
        else:
            flow["nodes"][name] |= settings
    return yaml.safe_dump(flow, sort_keys=False)


def read(text: str) -> ReadFlows:
    read = read_flows({"main.yaml": dedent(text).encode()})
    assert not read.findings, read.findings
    return read


def company_as_it_is(text: str, *, speech: bool = True) -> Company:
    return Company(
        flows=read(text).flows,
        lines={"main": Line("main", "+46846500400", "main")},
        languages=load_languages(),
        schedules={"office": _OPEN},
        numbers={"team": TEAM},
        fallback=FALLBACK,
        speech=speech,
        rules={"support": QueueRules(callbacks=True)},
        boards={"support": Board("support", 0.0, agents=1)},
    )


def proved(text: str, *, speech: bool = True) -> list[Finding]:
    """What could not be proved of a flow."""
    return prove(company_as_it_is(text, speech=speech), read(text).sources, lambda _: "")
