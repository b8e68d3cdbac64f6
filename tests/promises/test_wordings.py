"""Every text is one segment, whatever is in it, and asks only for answers that are understood."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ivr.flow.segments import segments, strangers
from ivr.flow.spoken import Unsayable
from ivr.promises.answers import Asked, carrier_word, understand
from ivr.promises.wordings import TEXT_KINDS, TextKind, load_wordings, may_drop
from ivr.promises.writing import (
    LONGEST_COMPANY,
    LONGEST_NAME,
    LONGEST_NUMBER,
    Fill,
    long_texts,
    longest_fills,
    say_span,
    write_text,
)

ZONE = ZoneInfo("Europe/Stockholm")
LANGUAGES = ("en", "fi", "nb", "sv")
KINDS = [(language, kind) for language in LANGUAGES for kind in TEXT_KINDS]
COMPANY, NUMBER, NAME = "M" * LONGEST_COMPANY, "+" * LONGEST_NUMBER, "M" * LONGEST_NAME
COMMAND = re.compile(r"\b[A-ZÅÄÖÆØ]{2,}(?: [A-ZÅÄÖÆØ]{2,})*\b")


def at(day: int, hour: int, minute: int = 0) -> float:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).timestamp()


NOW = at(23, 13, 40)
USUAL = Fill(
    "Revontuli Energia", "Aino", (at(23, 14, 20), at(23, 14, 35)), at(23, 16), minutes=5, ahead=7,
    number="+46 8 465 004 00",
    choices=((at(23, 16), at(23, 16, 30)), (at(24, 9), at(24, 9, 30)), (at(25, 9), at(25, 9, 30))),
)  # fmt: skip


def test_the_four_languages_have_every_text() -> None:
    assert tuple(load_wordings()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_one_segment_with_the_longest_values(language: str) -> None:
    for kind in TEXT_KINDS:
        for fill, now in longest_fills(COMPANY, NUMBER, ZONE):
            text = write_text(kind, language, structs.replace(fill, first_name=NAME), now, ZONE)
            assert segments(text) == 1, f"{kind}: {len(text)} characters: {text}"
            assert not list(strangers(text)), text
            named = "first_name" in load_wordings()[language].texts[kind].text.names
            assert (NAME.title() in text) == named


def test_a_company_whose_name_is_too_long_is_told_which_texts_do_not_fit() -> None:
    assert list(long_texts(COMPANY, NUMBER, ZONE)) == []
    assert ("sv", "receipt_place") in list(long_texts("M" * 60, NUMBER, ZONE))
    assert len(list(long_texts("Žižkov", NUMBER, ZONE))) > len(KINDS) / 2


@given(st.text(max_size=60), st.sampled_from(KINDS))
def test_whatever_somebodys_name_is_the_text_is_one_segment(
    name: str, wanted: tuple[str, TextKind]
) -> None:
    language, kind = wanted
    text = write_text(kind, language, structs.replace(USUAL, first_name=name), NOW, ZONE)
    assert segments(text) == 1
    assert not list(strangers(text))
    assert "  " not in text
    assert " ," not in text
    digits = {letter for letter in text if letter.isdigit()}
    unnamed = structs.replace(USUAL, first_name="")
    assert digits <= set(write_text(kind, language, unnamed, NOW, ZONE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_text_asks_for_is_understood_and_opts_nobody_out_unawares(language: str) -> None:
    for kind in TEXT_KINDS:
        text = write_text(kind, language, structs.replace(USUAL, company="We"), NOW, ZONE)
        assert text.startswith("We: ")
        commands = COMMAND.findall(text)
        asked = Asked(language, may_drop=may_drop(kind, language))
        wishes = {understand(command, asked).wish for command in commands}
        assert "text" not in wishes, commands
        assert all(carrier_word(command) in ("", command) for command in commands)
        if kind == "help":
            assert wishes == {"how_long", "later", "again", "cancel", "stop"}
        one_way = write_text(kind, language, USUAL, NOW, ZONE, two_way=False)
        assert kind == "help" or not COMMAND.findall(one_way)


def test_a_text_tells_and_asks_the_same_in_every_language() -> None:
    brief = structs.replace(USUAL, company="We")
    for kind in TEXT_KINDS:
        told = {frozenset(words.texts[kind].text.names) for words in load_wordings().values()}
        assert len(told) == 1, kind
        asked = set()
        for language in LANGUAGES:
            commands = COMMAND.findall(write_text(kind, language, brief, NOW, ZONE))
            wishes = [understand(one, Asked(language, may_drop=True)).wish for one in commands]
            asked.add(tuple(sorted(wishes)))
        assert len(asked) == 1, (kind, asked)


@pytest.mark.parametrize(
    ("language", "kind", "text"),
    [
        ("fi", "receipt_place", "Revontuli Energia: Hei Aino, paikkasi jonossa säilyy. Soitamme "
         "arviolta tänään klo 14.20-14.35. Ei sovi? Vastaa MYÖHEMMIN tai PERU."),
        ("sv", "update_worse", "Revontuli Energia: Hej Aino, det dröjer tyvärr längre. Vi ringer "
         "troligen i dag kl. 14.20-14.35. Passar det inte? Svara SENARE."),
        ("nb", "not_reached", "Revontuli Energia: Hei Aino, vi fikk ikke tak i deg. Ring "
         "+46 8 465 004 00 senest i dag kl. 16.00, så beholder du plassen."),
        ("en", "soon", "Revontuli Energia: Hi Aino, we will call you within 5 minutes from "
         "+46 8 465 004 00. Not a good time? Reply LATER."),
        ("en", "windows", "Revontuli Energia: Free times: 1: today 16:00-16:30, 2: tomorrow "
         "9:00-9:30, 3: Wed 25/11 9:00-9:30. Reply with the number of your choice."),
    ],
)  # fmt: skip
def test_texts_read_as_somebody_would_write_them(language: str, kind: TextKind, text: str) -> None:
    assert write_text(kind, language, USUAL, NOW, ZONE) == text


@pytest.mark.parametrize("name", ["www.example.com", "Aino 5", "Łukasz", "Aino!", "M" * 40, ","])
def test_what_is_no_name_or_does_not_fit_is_left_out(name: str) -> None:
    said = write_text("cancelled", "en", structs.replace(USUAL, first_name=name), NOW, ZONE)
    assert said.startswith("Revontuli Energia: Hi, your call") or len(name) == 40
    assert segments(said) == 1


@pytest.mark.parametrize("name", ["Aino", "Anna-Liisa", "Åse", "Mary Ann", "O'Neil"])
def test_a_first_name_is_said_as_it_was_given(name: str) -> None:
    said = write_text("cancelled", "en", structs.replace(USUAL, first_name=name), NOW, ZONE)
    assert said.startswith(f"Revontuli Energia: Hi {name}, your call")


def test_without_a_name_the_greeting_stands() -> None:
    nobody = structs.replace(USUAL, first_name=" ")
    assert write_text("cancelled", "sv", nobody, NOW, ZONE) == (
        "Revontuli Energia: Hej, samtalet är avbokat. Behöver du oss, ring +46 8 465 004 00."
    )


@pytest.mark.parametrize(
    ("language", "day", "told"),
    [
        ("en", 23, "today between 9:00 and 9:30"),
        ("sv", 24, "i morgon kl. 9.00-9.30"),
        ("fi", 25, "keskiviikkona klo 9.00-9.30"),
        ("nb", 29, "på søndag kl. 9.00-9.30"),
        ("fi", 30, "ma 30.11. klo 9.00-9.30"),
    ],
)
def test_days_are_told_as_near_as_they_are(language: str, day: int, told: str) -> None:
    span = (at(day, 9), at(day, 9, 30))
    assert say_span(span, load_wordings()[language], at(23, 8), ZONE) == told


def test_a_time_is_told_by_the_clock_of_its_day() -> None:
    """Both are on the day on which the clocks go back, before and after they do."""
    begins = datetime(2026, 10, 25, 1, 30, tzinfo=ZONE).timestamp()
    span = (begins, begins + 3 * 3600)
    assert say_span(span, load_wordings()["en"], begins, ZONE) == "today between 1:30 and 3:30"


def test_a_text_without_the_time_that_it_tells_is_not_written() -> None:
    with pytest.raises(Unsayable, match="when"):
        write_text("sorry", "fi", Fill("Revontuli"), NOW, ZONE)
