"""A person is two keys away at most, and a complaint is not answered by a recording."""

from __future__ import annotations

from ivr.engine.lexicon import EXACT, matches
from ivr.flow.language import load_languages
from tests.engine.proof.companies import GOOD, changed, proved

ASKS = {
    "kind": "menu",
    "text": "Which team?",
    "options": [{"key": 1, "label": "left", "to": "ring"},
                {"key": 2, "label": "right", "to": "ring"}],
}  # fmt: skip


def with_person(person: str, flow: str) -> str:
    return flow.replace("person: ring\n", f"person: {person}\n")


def test_a_person_behind_one_question_is_near_enough() -> None:
    assert proved(with_person("which", changed(which=ASKS))) == []


def test_a_person_behind_two_questions_is_too_far() -> None:
    first = {**ASKS, "options": [{"key": 1, "label": "left", "to": "which"},
                                 {"key": 2, "label": "right", "to": "which"}]}  # fmt: skip
    (finding,) = proved(with_person("first", changed(first=first, which=ASKS)))
    assert finding.code == "person-too-far"
    assert "more than 2 keys" in finding.message


def menu_for(words: list[str], to: str) -> str:
    return changed(
        topics={
            "options": [
                {"key": 1, "label": "an invoice", "to": "due"},
                {"key": 2, "label": "something bad", "words": {"en": words}, "to": to},
            ]
        }
    )


def test_a_choice_for_complaints_may_lead_to_a_person() -> None:
    assert proved(menu_for(["complaint"], "ring")) == []


def test_a_choice_for_complaints_may_not_lead_to_an_answer() -> None:
    (finding,) = proved(menu_for(["complaint"], "due"))
    assert finding.code == "complaint-answered"
    assert "`complaint` (en) at `topics` is given the answer `due`" in finding.message


def test_nor_to_one_behind_other_nodes() -> None:
    flow = menu_for(["lawyer"], "sorry").replace(
        "nodes:\n", "nodes:\n  sorry:\n    kind: say\n    text: Sorry.\n    to: due\n"
    )
    assert [finding.code for finding in proved(flow)] == ["complaint-answered"]


def test_a_faq_may_not_answer_a_complaint_either() -> None:
    faq = {
        "kind": "faq", "text": "Say it.",
        "matters": [{"label": "x", "words": {"en": ["a complaint about it"]}, "to": "due"}],
    }  # fmt: skip
    assert [finding.code for finding in proved(changed(topics=faq))] == ["complaint-answered"]


def test_nor_at_a_question_that_only_callers_come_to_who_were_helped() -> None:
    more = {
        "kind": "menu", "text": "Anything else?",
        "options": [{"key": 1, "label": "no", "to": "goodbye"},
                    {"key": 2, "label": "x", "words": {"en": ["complaint"]}, "to": "balance"}],
    }  # fmt: skip
    flow = changed(due={"helped": "more"}, more=more)
    assert [finding.code for finding in proved(flow)] == ["complaint-answered"]


def test_words_that_are_no_complaint_may_lead_to_an_answer() -> None:
    assert proved(menu_for(["my bill", "reminder"], "due")) == []
    assert proved(GOOD) == []


def test_yes_no_and_the_languages_are_no_words_of_complaint() -> None:
    for pack in load_languages().values():
        for word in (*pack.yes, *pack.no, *pack.without, *pack.choose):
            assert not matches(word, pack.complaint, pack.stemmer, EXACT), (pack.code, word)
