"""The manual of the expression language tells the truth."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ivr.flow.expressions import FACTS, FUNCTIONS, Value, examples, parse, reference
from ivr.flow.expressions.facts import QUEUE_FACTS
from ivr.flow.expressions.tokens import WORDS
from ivr.flow.values import as_text
from tests.flow.expressions.worlds import CallWorld

GIVEN: dict[str, Value] = {"invoice_number": "4711", "sum": Decimal(3)}


@pytest.mark.parametrize("example", examples())
def test_a_condition_of_the_manual_is_a_condition(example: str) -> None:
    assert parse(example).is_true(CallWorld(GIVEN)) in (True, False)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_gives_what_the_manual_says(name: str) -> None:
    function = FUNCTIONS[name]
    given = parse(function.example).value(CallWorld())
    assert as_text(given) == function.outcome
    assert f"`{function.written}`" in reference()
    assert name in function.example


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_is_shown_in_its_own_example(name: str) -> None:
    assert name in FACTS[name].example
    assert f"| `{name}` |" in reference()
    assert as_text(FACTS[name].read(CallWorld())) != ""


@pytest.mark.parametrize("name", QUEUE_FACTS)
def test_a_fact_of_a_queue_is_shown_in_its_own_example(name: str) -> None:
    assert f".{name}" in QUEUE_FACTS[name].example


def test_every_sign_and_word_is_explained() -> None:
    for sign in ("=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", *WORDS):
        assert f"`{sign}`" in reference(), sign
    assert '`queue("support").wait`' in reference()
    assert '`open("customer_service")`' in reference()
