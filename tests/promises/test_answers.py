"""What people write back is understood in every language, and never taken for another wish."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ivr.promises.answers import CARRIER_WORDS, LONGEST, Answer, Asked, carrier_word, understand
from ivr.promises.vocabulary import load_vocabularies, stop_words

TABLE: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "answers.yaml").read_text(encoding="utf-8")
)
WISHES = ("how_long", "later", "cancel", "again", "help", "stop", "start", "thanks", "text")
ACTIONS = frozenset(WISHES) - {"text", "thanks"}
EXAMPLES = [(code, wish, text) for code in TABLE for wish in WISHES for text in TABLE[code][wish]]
OFFERED = 3


def refused(text: str, wish: str, answer: Answer) -> str:
    return f"{text!r} should be {wish}, and is {answer}"


@pytest.mark.parametrize(("code", "wish"), [(code, wish) for code in TABLE for wish in WISHES])
def test_what_people_write_is_understood(code: str, wish: str) -> None:
    for text in TABLE[code][wish]:
        answer = understand(text, Asked(code))
        assert answer.wish == wish, refused(text, wish, answer)


@pytest.mark.parametrize("code", TABLE)
def test_it_is_understood_the_same_whatever_language_we_wrote_in(code: str) -> None:
    for theirs, wish, text in EXAMPLES:
        answer = understand(text, Asked(code))
        assert answer.wish in (wish, "text"), refused(text, wish, answer)
        if theirs != code and wish in ("later", "how_long", "again") and len(text) > 8:
            assert answer.wish == wish, refused(text, wish, answer)


def test_a_wish_is_answered_in_the_language_it_was_written_in() -> None:
    assert understand("kan ni ringa en annan gång?", Asked("fi")).language == "sv"
    assert understand("Voisitteko soittaa myöhemmin", Asked("en")).language == "fi"
    assert understand("ok", Asked("nb")).language == "nb"


@pytest.mark.parametrize("code", TABLE)
def test_a_time_is_picked_by_its_number(code: str) -> None:
    asked = Asked(code, windows=OFFERED)
    for number, texts in TABLE[code]["windows"].items():
        for text in texts:
            answer = understand(text, asked)
            assert (answer.wish, answer.number) == ("pick", number), refused(text, "pick", answer)
    for text in TABLE[code]["not_windows"]:
        assert understand(text, asked).wish == "text", text
    for text in TABLE[code]["later"]:
        assert understand(text, asked).wish == "later", text


@pytest.mark.parametrize("code", TABLE)
def test_a_bare_no_gives_the_call_up_only_where_we_said_that_it_does(code: str) -> None:
    for text in TABLE[code]["drop"]:
        assert understand(text, Asked(code, may_drop=True)).wish == "cancel", text
    first = TABLE[code]["drop"][0]
    assert understand(first, Asked(code)) == Answer("text", code, perhaps="cancel")


def test_a_bare_yes_starts_the_texts_again_only_for_who_had_stopped_them() -> None:
    for code, yes in (("fi", "joo"), ("sv", "ja"), ("nb", "ja"), ("en", "yes"), ("en", "yeah")):
        assert understand(yes, Asked(code, stopped=True)).wish == "start"
        assert understand(yes, Asked(code)).wish == "thanks"


@pytest.mark.parametrize("kind", CARRIER_WORDS)
def test_the_carriers_words_count_as_the_carrier_counts_them(kind: str) -> None:
    for word in CARRIER_WORDS[kind]:  # type: ignore[index]
        for written in (word, word.lower(), word.title(), f"  {word}\n"):
            assert carrier_word(written) == kind
            assert understand(written, Asked("fi")).carrier == kind
        for other in (f"{word} please", f"{word}.", f"no {word}", f"{word} {word}", f"{word}👍"):
            assert carrier_word(other) == ""
            assert understand(other, Asked("fi")).carrier == ""


def test_what_the_carrier_says_that_it_did_counts_and_not_what_we_think() -> None:
    assert understand("LOPETA", Asked("fi", opt_out_type="STOP")).carrier == "STOP"
    assert understand("stop", Asked("en", opt_out_type="HELP")) == Answer(
        "help", "en", carrier="HELP"
    )


def test_cancel_alone_ends_the_call_and_the_texts() -> None:
    """Twilio stops texts on CANCEL, and whoever writes it does not want to be rung."""
    assert understand("Cancel", Asked("en")) == Answer("cancel", "en", carrier="STOP")
    assert understand("Stop", Asked("en")) == Answer("stop", "en", carrier="STOP")


def test_stop_words_of_other_languages_are_honoured_as_the_whole_text() -> None:
    for words in stop_words():
        assert understand(" ".join(words).upper() + "!", Asked("en")).wish == "stop", words
    assert understand("Стоп", Asked("fi")).wish == "stop"
    assert understand("basta con questa bolletta", Asked("en")).wish == "text"


def slips(word: str) -> Iterator[str]:
    """Every way of mistyping a long word by one letter left out, doubled or exchanged."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]
        if at + 1 < len(word):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


@given(st.data())
def test_a_slip_of_the_finger_never_makes_another_wish_of_it(data: st.DataObject) -> None:
    code, wish, text = data.draw(st.sampled_from(EXAMPLES))
    if wish == "text" or wish == "thanks":
        return
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) >= 7 and word.isalpha()]
    if not long:
        return
    at = data.draw(st.sampled_from(long))
    words[at] = data.draw(st.sampled_from(sorted(set(slips(words[at])))))
    answer = understand(" ".join(words), Asked(code))
    assert answer.wish in (wish, "text"), refused(" ".join(words), wish, answer)


def bare(text: str) -> str:
    split = unicodedata.normalize("NFD", text.replace("ø", "o").replace("Ø", "O"))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


@given(st.sampled_from(EXAMPLES), st.sampled_from(["", "!", "...", " 🙂", " 🙏🙏", "  \n"]))
def test_accents_capitals_and_signs_do_not_matter(example: tuple[str, str, str], end: str) -> None:
    code, wish, text = example
    if carrier_word(text) or not any(letter.isalnum() for letter in text):
        return
    for written in (text.upper(), text.lower(), bare(text), text + end, f"  {text}"):
        if carrier_word(written):
            continue
        answer = understand(written, Asked(code))
        assert answer.wish == wish, refused(written, wish, answer)


TURNS = {"fi": "en halua ", "sv": "jag vill inte ", "nb": "jeg vil ikke ", "en": "I don't want to "}


@pytest.mark.parametrize("code", TABLE)
def test_no_wish_survives_being_refused(code: str) -> None:
    for wish in ("cancel", "stop", "again"):
        for phrase in getattr(load_vocabularies()[code], wish):
            answer = understand(TURNS[code] + phrase, Asked(code))
            allowed = {"text", "later", *([wish] if " " in phrase else [])}
            assert answer.wish in allowed, refused(TURNS[code] + phrase, "text", answer)


@given(st.sampled_from(EXAMPLES), st.sampled_from(EXAMPLES))
def test_two_wishes_at_once_go_to_the_agent(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    if {one[1], other[1]} & {"text", "thanks"} or one[1] == other[1]:
        return
    answer = understand(f"{one[2]}. {other[2]}", Asked(one[0]))
    assert answer.wish == "text", refused(f"{one[2]}. {other[2]}", "text", answer)


@given(st.text(max_size=LONGEST + 50), st.sampled_from(sorted(TABLE)), st.integers(0, 3))
def test_whatever_is_written_is_some_answer(text: str, code: str, windows: int) -> None:
    answer = understand(text, Asked(code, windows=windows))
    assert answer.wish in {*WISHES, "pick"}
    assert (answer.number is not None) == (answer.wish == "pick")
    if answer.number is not None:
        assert 1 <= answer.number <= windows


def test_a_phrase_means_the_same_in_every_list_it_stands_in() -> None:
    """Of a phrase of two languages, or of two lists, at most one sense is an action."""
    senses: dict[str, set[str]] = {}
    for code, vocabulary in load_vocabularies().items():
        for wish in ACTIONS:
            for phrase in getattr(vocabulary, wish):
                senses.setdefault(phrase.casefold(), set()).add(wish)
                assert understand(phrase, Asked(code)).wish == wish or carrier_word(phrase), phrase
    assert {phrase: found for phrase, found in senses.items() if len(found) > 1} == {}
