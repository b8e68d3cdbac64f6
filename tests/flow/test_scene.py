"""What a node can see of a call and of the company."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ivr.flow.expressions import Unanswerable, parse
from ivr.flow.language import load_languages
from ivr.flow.scene import Around, Scene
from ivr.flow.variables import variable
from ivr.queueing.board import Board

ENGLISH = load_languages()["en"]
BUSY = parse('queue("support").waiting > 3')


def scene(around: Around) -> Scene:
    from datetime import UTC, datetime

    now = datetime(2026, 11, 25, 9, tzinfo=UTC)
    return Scene(ENGLISH, now, around, variables={"sum": variable(Decimal("12.5"))})


def test_a_queue_of_which_nothing_is_known_is_no_answer() -> None:
    with pytest.raises(Unanswerable):
        BUSY.is_true(scene(Around()).world)
    assert BUSY.is_true(scene(Around(boards={"support": Board("support", 0.0, 4, 1)})).world)


def test_amounts_are_said_in_the_company_s_currency() -> None:
    told = {"en": "{sum|amount}"}
    assert scene(Around()).text(told) == "12 euros 50"
    assert "kron" in scene(Around(currency="SEK")).text(told)
