"""The language packs: complete, honest about their placeholders, and fit for the ear."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
import snowballstemmer

from ivr.engine.hearing import understand
from ivr.flow.language import Language, Phrases, load_languages
from ivr.flow.moves import Choice, Question

VOICES = {
    "fi-FI": {"Polly.Suvi-Neural"},
    "sv-SE": {"Polly.Elin-Neural", "Polly.Astrid"},
    "nb-NO": {"Polly.Ida-Neural", "Polly.Liv"},
    "en-GB": {"Polly.Amy-Neural", "Polly.Arthur-Neural", "Polly.Brian-Neural", "Polly.Emma-Neural"},
}
"""Some of the voices that Twilio has for a locale, by its own names."""

PLACEHOLDERS = {
    "option": {"label", "key"},
    "option_again": {"label", "key"},
    "option_slowly": {"label", "key"},
    "choose_language": {"key"},
    "choose_language_again": {"key"},
    "choose_language_slowly": {"key"},
    "right": {"value"},
    "right_again": {"value"},
    "right_slowly": {"value"},
}

KEYS_NAMED = {
    **{f"{phrase}{wording}": {"0"}
       for phrase in ("person", "message") for wording in ("", "_again", "_slowly")},
    **{f"{phrase}{wording}": {"1", "2"}
       for phrase in ("helped", "right", "yes_or_no") for wording in ("", "_again", "_slowly")},
}  # fmt: skip
"""Keys that a phrase has to name itself, because the engine gives them no placeholder."""

IN_THREE_WORDINGS = (
    "option", "person", "message", "choose_language", "helped", "right", "yes_or_no",
)  # fmt: skip
MOST_WORDS = 20
LISTS = ("yes", "no", "person", "complaint", "slower", "without")
CODES = ("en", "fi", "nb", "sv")
PACKS = load_languages()


@pytest.fixture(params=CODES)
def pack(request: pytest.FixtureRequest) -> Language:
    return PACKS[request.param]


def phrases_of(pack: Language) -> dict[str, str]:
    return {name: getattr(pack.phrases, name) for name in Phrases.model_fields}


def stems(pack: Language, words: str) -> tuple[str, ...]:
    stemmer = snowballstemmer.stemmer(pack.stemmer)
    return tuple(stemmer.stemWords(re.findall(r"[^\W_]+", words.lower())))


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def contains(whole: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(
        whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1)
    )


def test_the_four_languages_of_the_example_company_ship() -> None:
    assert tuple(PACKS) == CODES


def test_a_pack_speaks_with_a_voice_that_twilio_has_for_its_locale(pack: Language) -> None:
    assert pack.locale.split("-")[0] == pack.code
    assert pack.voice in VOICES[pack.locale]


def test_a_pack_names_a_stemmer_that_exists(pack: Language) -> None:
    assert pack.stemmer in snowballstemmer.algorithms()


@pytest.mark.parametrize("name", Phrases.model_fields)
def test_a_phrase_holds_the_placeholders_that_are_filled_in_and_no_others(
    pack: Language, name: str
) -> None:
    found = set(re.findall(r"\{(.*?)\}", phrases_of(pack)[name]))
    assert found == PLACEHOLDERS.get(name, set())


@pytest.mark.parametrize("name", Phrases.model_fields)
def test_a_phrase_names_the_keys_that_work_and_no_others(pack: Language, name: str) -> None:
    assert set(re.findall(r"\d", phrases_of(pack)[name])) == KEYS_NAMED.get(name, set())


@pytest.mark.parametrize("name", Phrases.model_fields)
def test_a_phrase_can_be_spoken_as_it_stands(pack: Language, name: str) -> None:
    text = phrases_of(pack)[name]
    assert text == text.strip()
    assert text.endswith((".", "?"))
    assert not re.search(r"[‐-―‘-‟…<>&*#/()\"]|\s{2}|\n", text)
    assert len(text.split()) < MOST_WORDS


@pytest.mark.parametrize("name", IN_THREE_WORDINGS)
def test_the_three_wordings_of_a_phrase_are_three_different_sentences(
    pack: Language, name: str
) -> None:
    phrases = phrases_of(pack)
    wordings = [phrases[name], phrases[f"{name}_again"], phrases[f"{name}_slowly"]]
    for one, other in combinations(wordings, 2):
        assert letters(one) != letters(other)


@pytest.mark.parametrize("name", ["person", "giving_up"])
def test_what_is_said_while_nobody_can_be_reached_differs_from_what_is_said_otherwise(
    pack: Language, name: str
) -> None:
    closed = {"person": "message", "giving_up": "giving_up_message"}[name]
    assert letters(phrases_of(pack)[name]) != letters(phrases_of(pack)[closed])


@pytest.mark.parametrize(("one", "other"), list(combinations(LISTS, 2)))
def test_no_word_means_two_things(pack: Language, one: str, other: str) -> None:
    first = {stems(pack, words): words for words in getattr(pack, one)}
    second = {stems(pack, words): words for words in getattr(pack, other)}
    assert {first[stem] for stem in first.keys() & second.keys()} == set()


def test_a_yes_inside_a_no_is_shorter_than_it_so_that_the_no_wins(pack: Language) -> None:
    for refusal in pack.no:
        for consent in pack.yes:
            whole, part = stems(pack, refusal), stems(pack, consent)
            assert not contains(whole, part) or len(whole) > len(part), (refusal, consent)


def test_no_way_of_saying_yes_has_a_no_inside_it(pack: Language) -> None:
    for consent in pack.yes:
        for refusal in pack.no:
            assert not contains(stems(pack, consent), stems(pack, refusal)), (consent, refusal)


def answer(pack: Language, words: str) -> str | None:
    """What a caller who says `words` is taken to mean, asked whether an answer helped."""
    choices = (Choice("yes", "1", pack.yes), Choice("no", "2", pack.no))
    understood = understand(words, 0.9, Question((), choices, (pack,)))
    return understood.choice.name if understood.choice else None


def test_every_yes_and_no_of_a_pack_is_taken_for_what_it_is(pack: Language) -> None:
    assert {said: answer(pack, said) for said in pack.yes} == dict.fromkeys(pack.yes, "yes")
    assert {said: answer(pack, said) for said in pack.no} == dict.fromkeys(pack.no, "no")


@pytest.mark.parametrize("verdict", ["person", "complaint", "calm"])
def test_every_word_for_a_person_or_of_complaint_is_taken_for_what_it_is(
    pack: Language, verdict: str
) -> None:
    nothing_asked = Question((), (), (pack,))
    words: tuple[str, ...] = getattr(pack, {"calm": "slower"}.get(verdict, verdict))
    assert {said: understand(said, 0.9, nothing_asked).verdict for said in words} == dict.fromkeys(
        words, verdict
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("fi", "valitsen numeron yksi"),
        ("fi", "haluan valita laskun"),
        ("fi", "asiakasnumeroni on"),
        ("sv", "det stämmer bra"),
        ("sv", "jag vill anmäla en flytt"),
        ("sv", "nej tack"),
        ("nb", "ingen strøm"),
        ("nb", "jeg vil melde flytting"),
        ("en", "when are you open"),
        ("en", "someone else pays the bill"),
    ],
)
def test_everyday_words_are_neither_a_complaint_nor_a_wish_for_a_person(
    code: str, said: str
) -> None:
    assert understand(said, 0.9, Question((), (), (PACKS[code],))).verdict == "unclear"


@pytest.mark.parametrize(
    ("code", "said", "meant"),
    [
        ("fi", "kiitos", "yes"),
        ("fi", "joo oli kiitos", "yes"),
        ("fi", "ei kiitos", "no"),
        ("fi", "ei auttanu yhtään", "no"),
        ("sv", "tack, det hjälpte", "yes"),
        ("sv", "nej tack", "no"),
        ("sv", "nä, det hjälpte inte", "no"),
        ("nb", "ja takk, det hjalp", "yes"),
        ("nb", "nei takk", "no"),
        ("nb", "det hjalp ikke", "no"),
        ("en", "yes thank you, that helped", "yes"),
        ("en", "no thanks", "no"),
        ("en", "no, it did not", "no"),
    ],
)
def test_a_yes_or_a_no_with_more_around_it_is_understood(code: str, said: str, meant: str) -> None:
    assert answer(PACKS[code], said) == meant


def test_every_word_that_chooses_a_language_chooses_it_among_the_four() -> None:
    packs = tuple(PACKS.values())
    choices = tuple(
        Choice(pack.code, str(key), pack.choose) for key, pack in enumerate(packs, start=1)
    )
    question = Question((), choices, packs)
    for pack in packs:
        for said in pack.choose:
            understood = understand(said, 0.9, question)
            assert understood.choice is not None, said
            assert understood.choice.name == pack.code, said


@pytest.mark.parametrize("kind", [*LISTS, "choose"])
def test_no_word_is_written_twice_or_in_a_form_that_is_never_heard(
    pack: Language, kind: str
) -> None:
    words: tuple[str, ...] = getattr(pack, kind)
    assert len(set(words)) == len(words)
    for word in words:
        assert word == word.lower().strip()
        assert not re.search(r"[^\w' -]", word)


def test_each_digit_has_words_and_no_word_is_two_digits(pack: Language) -> None:
    every = [word for words in pack.numbers for word in words]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("word", ["suomi", "finska", "finsk", "finnish"])
def test_finnish_is_chosen_in_the_words_of_each_language(word: str) -> None:
    assert word in PACKS["fi"].choose


@pytest.mark.parametrize("word", ["ruotsi", "svenska", "svensk", "swedish"])
def test_swedish_is_chosen_in_the_words_of_each_language(word: str) -> None:
    assert word in PACKS["sv"].choose


@pytest.mark.parametrize("word", ["norja", "norska", "norsk", "norwegian"])
def test_norwegian_is_chosen_in_the_words_of_each_language(word: str) -> None:
    assert word in PACKS["nb"].choose


@pytest.mark.parametrize("word", ["englanti", "engelska", "engelsk", "english"])
def test_english_is_chosen_in_the_words_of_each_language(word: str) -> None:
    assert word in PACKS["en"].choose


def test_no_word_chooses_two_languages() -> None:
    for one, other in combinations(PACKS.values(), 2):
        assert not set(one.choose) & set(other.choose)
