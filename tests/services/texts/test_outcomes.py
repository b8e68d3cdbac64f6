"""What becomes of a text does not depend on the order of the news, and no doubt sends it again."""

from __future__ import annotations

from itertools import permutations

import pytest
from msgspec import structs

from ivr.promises.events import TextState
from ivr.promises.outbox_rules import judge, rules
from ivr.services.texts import outcomes
from ivr.store.outbox import OutboxText, Stands, StoredText

NOW = 1_795_000_000.0
SID = "SM" + "1" * 32
TEXT = OutboxText(
    "T", "+46701740605", "information", "en", "Box 12", "Box 12", NOW, NOW + 3600, "CA1"
)
SENDING = StoredText(TEXT, Stands("sending", NOW, "+46846500400", tries=1), 2)

News = tuple[str, int | None]
ARRIVES: tuple[News, ...] = (
    ("queued", None), ("sent", None), ("undelivered", 30008), ("delivered", None), ("sent", None),
)  # fmt: skip


def after(news: tuple[News, ...], stored: StoredText = SENDING) -> tuple[Stands, list[TextState]]:
    """How it stands then, and what was told of it."""
    told: list[TextState] = []
    for state, code in news:
        outcome = outcomes.heard(stored, NOW, SID, state, code, 0.0)
        if outcome is not None:
            told += [outcome.change.told] if outcome.change.told else []
            stored = StoredText(TEXT, outcome.change.stands, stored.version + 1)
    return stored.stands, told


@pytest.mark.parametrize(
    ("news", "state", "by_voice"),
    [(ARRIVES, "delivered", False), (ARRIVES[:3], "failed", True), (ARRIVES[:2], "sent", False)],
)
def test_news_of_a_text_comes_to_the_same_in_any_order(
    news: tuple[News, ...], state: str, by_voice: bool
) -> None:
    for order in permutations(news):
        stands, told = after((*order, *order))
        assert (stands.state, stands.by_voice, stands.told_as) == (state, by_voice, SID)
        assert len(told) == len(set(told)) and told[-1] == state


def test_what_the_carrier_had_is_sent_again_only_where_it_certainly_did_not_send_it() -> None:
    again: dict[str, set[str]] = {}
    for code in rules().codes:
        outcome = outcomes.heard(SENDING, NOW, SID, "undelivered", code, 0.0)
        assert outcome is not None and outcome.verdict is not None
        again.setdefault(outcome.verdict.error, set()).add(outcome.change.stands.state)
    assert {error for error, states in again.items() if "wanted" in states} == {
        "full", "once", "route", "sender",
    }  # fmt: skip
    assert all(len(states) == 1 for states in again.values())


@pytest.mark.parametrize("status", [None, 408, 500, 502, 503, 504])
def test_a_request_without_an_answer_leaves_the_text_to_be_looked_for(status: int | None) -> None:
    stands = outcomes.refused(SENDING, NOW, None, status, 0.0).change.stands
    assert (stands.state, stands.told_as) == ("sending", "")


def test_a_try_that_failed_counts_the_next_one_and_is_heard_of_no_more() -> None:
    stands, _ = after((("sent", None), ("undelivered", 30003)))
    assert (stands.state, stands.before, stands.tries) == ("wanted", (SID,), 1)
    waiting = StoredText(TEXT, stands, 9)
    assert outcomes.heard(waiting, NOW, SID, "delivered", None, 0.0) is None
    second = StoredText(TEXT, outcomes.sending(waiting, NOW + 120).stands, 10)
    assert outcomes.heard(second, NOW, SID, "undelivered", 30003, 0.0) is None
    last = outcomes.heard(second, NOW + 130, "SM" + "2" * 32, "undelivered", 30003, 0.0)
    assert last is not None and last.change.stands.state == "failed"


def test_of_another_id_than_its_own_a_text_believes_nothing() -> None:
    stands, _ = after((("sent", None),))
    known = StoredText(TEXT, stands, 3)
    assert outcomes.heard(known, NOW, "SM" + "2" * 32, "delivered", None, 0.0) is None


def test_a_stop_of_the_sender_costs_the_text_no_try() -> None:
    outcome = outcomes.refused(SENDING, NOW, 21659, 400, 0.0)
    assert (outcome.change.waits.where, outcome.change.stands.tries) == ("new", 0)
    outcome = outcomes.refused(SENDING, NOW, None, 401, 0.0)
    assert (outcome.change.waits.where, outcome.change.stands.tries) == ("queue", 0)
    assert judge(None, 401).treatment.stop == "all"


def test_a_text_is_not_tried_again_beyond_its_time() -> None:
    late = StoredText(structs.replace(TEXT, useful_until=NOW + 60), SENDING.stands, 2)
    outcome = outcomes.heard(late, NOW, SID, "undelivered", 30003, 0.0)
    assert outcome is not None
    assert (outcome.change.stands.state, outcome.change.stands.by_voice) == ("failed", True)
