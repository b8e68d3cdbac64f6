"""Flows in which a caller can be left with nothing are found, and only those."""

from __future__ import annotations

import pytest

from tests.engine.proof.companies import GOOD, changed, proved

BYE = "goodbye"


def test_a_flow_in_which_everything_leads_on_is_proved() -> None:
    assert proved(GOOD) == []


@pytest.mark.parametrize(
    ("flow", "told"),
    [
        (changed(hours={"closed": BYE}), "When `office` is closed at `hours`"),
        (changed(hours={"holiday": BYE}), "When `office` has a holiday at `hours`"),
        (changed(due={"not_helped": BYE}), "When the answer at `due` did not help"),
        (changed(number={"without": BYE}), "does not have what is asked for at `number`"),
        (changed(find={"failed": BYE}), "When the lookup at `find` finds nothing"),
        (changed(find={"not_found": BYE}), "When the lookup at `find` finds nothing"),
        (changed(rich_or_not={"otherwise": BYE}), "When no condition holds at `rich_or_not`"),
        (changed(ring={"otherwise": BYE}), "When nobody answers at `ring`"),
        (changed(ring={"kind": "hang_up"}), "in the flow `main` finds none"),
        (changed(ring={"kind": "say", "text": "No.", "to": BYE}), "in the flow `main` finds none"),
        (changed(hours={"kind": "say", "text": "No.", "to": BYE}), "Whoever comes to `hours`"),
    ],
)
def test_bad_luck_that_ends_a_call_is_found(flow: str, told: str) -> None:
    found = proved(flow)
    assert "maze" in {finding.code for finding in found}
    assert any(told in finding.message for finding in found)


def test_a_menu_whose_every_choice_ends_the_call_is_found() -> None:
    options = [{"key": key, "label": f"way {key}", "to": BYE} for key in (1, 2)]
    (finding,) = proved(changed(topics={"options": options}))
    assert "Whatever a caller chooses at `topics`" in finding.message


def test_what_follows_a_question_that_hardly_anything_fits_is_looked_at_all_the_same() -> None:
    (finding,) = proved(changed(number={"pattern": "11"}, find={"failed": BYE, "found": "ring"}))
    assert "at `find`" in finding.message


def test_a_caller_may_choose_to_be_done() -> None:
    options = [{"key": 1, "label": "that is all", "to": BYE}, {"key": 2, "label": "x", "to": "due"}]
    assert proved(changed(topics={"options": options})) == []


def test_what_leads_to_the_end_by_a_long_way_is_found_where_it_begins() -> None:
    (finding,) = proved(
        changed(
            find={"failed": "sorry"},
            sorry={"kind": "say", "text": "Sorry.", "to": "really"},
            really={"kind": "set", "variable": "x", "value": "1", "to": BYE},
        )
    )
    assert "at `find`" in finding.message


def test_after_an_answer_that_helped_the_call_may_end() -> None:
    menu = {
        "kind": "menu", "text": "Good?",
        "options": [{"key": 1, "label": "yes", "to": BYE}, {"key": 2, "label": "no", "to": BYE}],
    }  # fmt: skip
    assert proved(changed(due={"helped": "asks"}, asks=menu)) == []


def test_an_answer_helps_with_one_matter_and_not_with_the_next() -> None:
    (finding,) = proved(changed(due={"helped": "topics"}, find={"failed": BYE}))
    assert "at `find`" in finding.message


def test_words_that_fit_nothing_are_bad_luck() -> None:
    faq = {
        "kind": "faq", "text": "Say it.", "otherwise": BYE,
        "matters": [{"label": "an invoice", "words": {"en": ["invoice"]}, "to": "due"}],
    }  # fmt: skip
    (finding,) = proved(changed(topics=faq))
    assert "When nothing fits what a caller says at `topics`" in finding.message
    (finding,) = proved(changed(topics=faq), speech=False)
    assert finding.code == "maze"


def test_a_caller_without_a_mobile_number_is_not_left_with_nothing() -> None:
    text = {"kind": "send_text", "text": "A text?", "message": "x", "to": "due", "otherwise": BYE}
    (finding,) = proved(changed(rich_or_not={"otherwise": "offer"}, offer=text))
    assert "at `rich_or_not`" in finding.message or "at `offer`" in finding.message


def test_a_condition_about_the_caller_holds_for_the_whole_call() -> None:
    text = {"kind": "send_text", "text": "A text?", "message": "x", "to": "due", "otherwise": BYE}
    branch = {
        "kind": "branch",
        "ways": [{"when": "caller.mobile", "to": "offer"}],
        "otherwise": "ring",
    }
    assert proved(changed(topics=branch, offer=text)) == []
