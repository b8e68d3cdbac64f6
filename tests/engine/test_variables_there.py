"""What the check says of variables is true: in no call is a value missing where it is said."""

from __future__ import annotations

import re
from typing import Any

import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from ivr.engine.events import WentWrong
from ivr.engine.turn import begin, take_turn
from ivr.flow.inputs import Arrived, Pressed, Silent
from tests.support import MOBILE, WEDNESDAY, company_of, findings_in

NODES = [f"n{index}" for index in range(5)]
TARGETS = some.sampled_from(NODES)
NAMES = some.sampled_from(["a", "b"])
CONDITIONS = some.sampled_from(
    ["a != nothing", "a = nothing", "b != nothing and length(b) = 2", "a = nothing or b = nothing",
     "not (a = nothing or b = nothing)", 'a = "11"', "a in [b]", "a = b", "a != b", "caller.known"]
)  # fmt: skip
VALUES = some.sampled_from(['"x"', "a", "b", "nothing", "length(a)", 'text(a) + "x"', "a = b"])
ACTS = some.sampled_from([Pressed("11"), Pressed("1"), Pressed("*"), Pressed("2"), Silent()])


@some.composite
def flows(draw: some.DrawFn) -> dict[str, Any]:
    """Flows of two variables: asked for, computed, branched on, and said."""
    nodes: dict[str, Any] = {}
    for name in NODES:
        name_of, one, two = draw(NAMES), draw(TARGETS), draw(TARGETS)
        nodes[name] = draw(
            some.sampled_from(
                [
                    {"kind": "ask", "variable": name_of, "length": 2, "text": f"What of {name}?",
                     "without": two, "to": one},
                    {"kind": "set", "variable": name_of, "value": draw(VALUES), "to": one},
                    {"kind": "branch", "ways": [{"when": draw(CONDITIONS), "to": one}],
                     "otherwise": two},
                    {"kind": "menu", "text": f"{{{name_of}}}: {name}?",
                     "options": [{"key": 1, "label": "one", "to": one},
                                 {"key": 2, "label": "two", "to": two}]},
                    {"kind": "menu", "text": f"{name}?",
                     "options": [{"key": 1, "label": "one", "to": one},
                                 {"key": 2, "label": "two", "to": two}]},
                ]
            )
        )  # fmt: skip
    nodes["n4"] = {
        "kind": "menu",
        "text": f"{{{draw(NAMES)}}}?",
        "options": [
            {"key": 1, "label": "one", "to": draw(TARGETS)},
            {"key": 2, "label": "two", "to": draw(TARGETS)},
        ],
    }
    nodes["person"] = {"kind": "transfer", "number": "team", "otherwise": "bye"}
    nodes["bye"] = {"kind": "hang_up", "text": "Goodbye."}
    return {
        "languages": ["en"],
        "start": draw(some.sampled_from(NODES)),
        "person": "person",
        "nodes": nodes,
    }


def without_what_is_told(flow: dict[str, Any]) -> str:
    """The flow, with plain texts where the check says that a value may be missing."""
    text = yaml.safe_dump(flow, sort_keys=False)
    for error in findings_in(main=text):
        if error.severity == "error" and error.code in ("unset-variable", "unknown-variable"):
            before = text.splitlines()[: error.line]
            name = next(line for line in reversed(before) if re.match(r"  \w+:", line))
            flow["nodes"][name.strip(" :")]["text"] = "Well?"
    return yaml.safe_dump(flow, sort_keys=False)


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
@given(flows(), some.lists(ACTS, min_size=12, max_size=12))
def test_no_value_is_missing_where_the_check_says_nothing(
    flow: dict[str, Any], acts: list[Any]
) -> None:
    text = without_what_is_told(flow)
    assume("{" in text)
    assume(not [one for one in findings_in(main=text) if one.severity == "error"])
    company = company_of(main=text)
    call = begin(company, call_id="CA1", line="main", caller=MOBILE, now=WEDNESDAY)
    turn = take_turn(company, call, Arrived(), WEDNESDAY)
    for act in acts:
        if turn.call.waiting != "choice":
            break
        turn = take_turn(company, turn.call, act, WEDNESDAY)
        wrong = [told for told in turn.events if isinstance(told, WentWrong)]
        assert wrong == []
