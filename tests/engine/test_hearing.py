"""What callers say, in four languages, and what is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.hearing import understand
from ivr.flow.language import load_languages
from ivr.flow.moves import Choice, Question

PACKS = load_languages()
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"1": ("invoice", "bill"), "2": ("moving house", "move"), "3": ("power cut", "outage")},
    "fi": {"1": ("lasku", "laskutus"), "2": ("muutto",), "3": ("sähkökatko", "katkos")},
    "sv": {"1": ("faktura", "räkning"), "2": ("flytt", "flytta"), "3": ("strömavbrott",)},
    "nb": {"1": ("faktura", "regning"), "2": ("flytting",), "3": ("strømbrudd",)},
}


def question(language: str) -> Question:
    choices = tuple(Choice(key, key, words) for key, words in WORDS[language].items())
    return Question((), choices, (PACKS[language],))


def chosen(language: str, words: str, confidence: float | None = None) -> str:
    understood = understand(words, confidence, question(language))
    return understood.choice.key if understood.choice else understood.verdict


@pytest.mark.parametrize(
    ("language", "words", "meant"),
    [
        ("en", "It's about my last bill.", "1"),
        ("en", "my invoices, please", "1"),
        ("en", "we are moving house", "2"),
        ("en", "there is a power cut here", "3"),
        ("en", "two", "2"),
        ("en", "number three", "3"),
        ("en", "3", "3"),
        ("en", "zero", "person"),
        ("en", "invois", "1"),
        ("en", "I want to speak to a real person", "person"),
        ("en", "my bill is wrong and this is unacceptable", "complaint"),
        ("en", "my bill and the outage", "unclear"),
        ("en", "the weather", "unclear"),
        ("en", "", "unclear"),
        ("fi", "laskusta", "1"),
        ("fi", "minulla olisi asiaa sähkölaskustani", "1"),
        ("fi", "muutosta", "2"),
        ("fi", "meillä on sähkökatko", "3"),
        ("fi", "kolme", "3"),
        ("fi", "haluaisin puhua asiakaspalvelijan kanssa", "person"),
        ("fi", "haluan tehdä valituksen", "complaint"),
        ("sv", "det gäller min elräkning", "1"),
        ("sv", "fakturan", "1"),
        ("sv", "vi ska flytta", "2"),
        ("sv", "strömavbrottet", "3"),
        ("sv", "en faktura", "1"),
        ("sv", "jag vill prata med en människa", "person"),
        ("sv", "jag vill klaga", "complaint"),
        ("nb", "strømregningen min", "1"),
        ("nb", "det er strømbrudd her", "3"),
        ("nb", "to", "2"),
        ("nb", "kan jeg få snakke med et menneske", "person"),
        ("nb", "jeg vil klage", "complaint"),
    ],
)
def test_what_is_said_is_understood(language: str, words: str, meant: str) -> None:
    assert chosen(language, words) == meant


def test_near_words_do_not_count_when_the_recogniser_was_unsure() -> None:
    assert chosen("en", "invois", 0.9) == "1"
    assert chosen("en", "invois", 0.1) == "unclear"
    assert chosen("en", "invoice", 0.1) == "1"


def test_the_longer_phrase_wins() -> None:
    language = PACKS["en"]
    yes_no = Question(
        (), (Choice("yes", "1", language.yes), Choice("no", "2", language.no)), (language,)
    )
    for words, meant in (("it did", "yes"), ("no it did not", "no"), ("yes thank you", "yes")):
        choice = understand(words, None, yes_no).choice
        assert choice is not None, words
        assert choice.name == meant


def test_a_menus_own_way_for_complaints_comes_before_a_person() -> None:
    language = PACKS["en"]
    menu = Question(
        (), (Choice("1", "1", ("invoice",)), Choice("2", "2", ("complaint",))), (language,)
    )
    understood = understand("a complaint about an invoice", None, menu)
    assert understood.choice is not None
    assert understood.choice.key == "2"


@pytest.mark.parametrize(("words", "code"), [("suomi", "fi"), ("svenska", "sv"), ("norsk", "nb"),
                                             ("English please", "en"), ("kaksi", "sv"),
                                             ("fyra", "en")])  # fmt: skip
def test_a_language_is_chosen_by_its_name_or_number_in_any_of_them(words: str, code: str) -> None:
    packs = [PACKS[code] for code in ("fi", "sv", "nb", "en")]
    choices = tuple(
        Choice(pack.code, str(key), pack.choose) for key, pack in enumerate(packs, start=1)
    )
    choice = understand(words, None, Question((), choices, tuple(packs))).choice
    assert choice is not None
    assert choice.name == code


@given(st.text(max_size=500), st.none() | st.floats(allow_nan=True), st.sampled_from(list(PACKS)))
def test_nothing_that_is_said_breaks_anything(
    words: str, confidence: float | None, language: str
) -> None:
    understand(words, confidence, question(language))


def test_a_near_word_asks_for_no_person_and_makes_no_complaint() -> None:
    assert chosen("fi", "valitsen laskun") == "1"


def test_a_choice_that_names_more_than_the_person_is_the_choice() -> None:
    language = PACKS["en"]
    hours = Question((), (Choice("1", "1", ("customer service hours",)),), (language,))
    assert understand("your customer service hours please", None, hours).choice is not None
    assert understand("customer service please", None, hours).verdict == "person"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("jeg har fått en purring på fakturaen", "2"),
        ("jeg vil ha efaktura", "1"),
        ("efaktura, og så en purring", "unclear"),
    ],
)
def test_of_one_matter_a_near_word_is_no_second_one(words: str, meant: str) -> None:
    choices = (Choice("1", "", ("efaktura",)), Choice("2", "", ("purring",)))
    asked = Question((), choices, (PACKS["nb"],), one_matter=True)
    understood = understand(words, 0.9, asked)
    assert (understood.choice.name if understood.choice else understood.verdict) == meant
