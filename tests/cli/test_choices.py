"""What callers chose, and the advice that follows: `ringback choices`, `check` and `publish`."""

from __future__ import annotations

import json

import pytest

from ivr.flow.inputs import Pressed
from tests.cli.publishing import Desk
from tests.services.callers import published_calls, ring
from tests.services.folders import flow

FIRST = "      - {key: 1, label: {en: an invoice, sv: en faktura}, to: due}\n"
SECOND = "      - {key: 2, label: {en: a power cut, sv: strömavbrott}, to: due}\n"
TWO = flow().replace(FIRST, FIRST + SECOND)
ADVICE = (
    "flows/main.yaml:8:5: note: In 40 of 55 calls `a power cut` was chosen here, and `an invoice`, "
    "which is said first, in 15. Say `a power cut` first. [option-order]\n"
)


@pytest.fixture
def rung(publisher: Desk) -> Desk:
    """A company whose callers mostly press 2."""
    publisher.folder.write("main.yaml", TWO)
    publisher.does("publish")
    service = published_calls(publisher.folder, publisher.redis)
    for number in range(57):
        key = "0" if number > 54 else "1" if number > 39 else "2"
        ring(service, f"CA{number}", Pressed(key))
    return publisher


def test_before_anybody_has_rung_it_says_so(publisher: Desk) -> None:
    assert publisher.does("choices") == "Nobody chose anything in the last 28 days.\n"
    assert publisher.does("choices", "--json", "--days", "7") == "[]\n"


def test_each_option_has_its_calls_and_its_share(rung: Desk) -> None:
    lines = [" ".join(line.split()) for line in rung.does("choices").splitlines() if line.strip()]
    assert lines == [
        "main/welcome (57 calls)",
        "1 an invoice 15 26%",
        "2 a power cut 40 70%",
        "0 a person 2 4%",
    ]
    assert rung.does("choices", "--flow", "support").startswith("Nobody chose")


def test_a_program_gets_them_as_json(rung: Desk) -> None:
    assert json.loads(rung.does("choices", "--json")) == [
        {
            "menu": "main/welcome",
            "options": [
                {"key": "1", "label": "an invoice", "to": "due", "calls": 15},
                {"key": "2", "label": "a power cut", "to": "due", "calls": 40},
            ],
            "person": 2,
        }
    ]


def test_check_tells_of_the_order_when_asked_to_look_at_history(rung: Desk) -> None:
    assert ADVICE not in rung.does("check")
    assert ADVICE in rung.does("check", "--history")
    told = json.loads(rung.does("check", "--history", "--format", "json"))
    assert "option-order" in json.dumps(told)
    rung.folder.write("main.yaml", TWO.replace(FIRST + SECOND, SECOND + FIRST))
    assert "option-order" not in rung.does("check", "--history")


def test_check_without_a_store_to_look_at_says_so(publisher: Desk) -> None:
    answer = publisher.asks("check", "--history", REDIS_URL="redis://127.0.0.1:1/0")
    assert answer.exit_code == 2
    assert "The store at 127.0.0.1:1 cannot be reached (" in answer.stderr


def test_publish_tells_the_same_and_publishes(rung: Desk) -> None:
    before = rung.current
    rung.folder.write("main.yaml", TWO.replace("What is it about?", "How can we help?"))
    said = rung.does("publish")
    assert ADVICE in said
    assert rung.current != before
