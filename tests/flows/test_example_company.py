"""The example company's flows: what callers hear is complete, short and true."""

from __future__ import annotations

import re
import wave
from collections.abc import Iterator
from datetime import time
from typing import get_args

import pytest

from ivr.engine.hearing import understand
from ivr.flow.kinds import AnyNode, Ask, ChooseLanguage, Faq, Hours, SendText
from ivr.flow.kinds.node import FIRST
from ivr.flow.moves import Question
from ivr.flow.names import Recorded
from ivr.flow.scene import Scene
from tests.flows.company import (
    AROUND,
    LANGUAGES,
    company,
    config,
    loaded,
    menus,
    messages,
    nodes,
    texts,
)

MOST_WORDS = 25
"""Words of a sentence that ears can follow."""
LANGUAGES_WITHIN = 10
"""Seconds until the last language has been offered."""
CHOICES_WITHIN = 11.5
"""Seconds until the last option of a menu has been said."""
MENU_WITHIN = 16
"""Seconds of a whole menu, with the person and "or say it"."""
ASKED_WITHIN = 9
"""Seconds of any other question, without the person."""
MOST_OPTIONS = 4
SEGMENT = 160
GSM_7 = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;?!/-'()åäöæøÅÄÖÆØéÉ"
)
"""What of the alphabet of text messages (3GPP TS 23.038) these texts may need."""

WEEK = {
    "fi": "maanantaista perjantaihin {8} {18} ja lauantaisin {10} {14}",
    "sv": "måndag till fredag {8} till {18} och lördagar {10} till {14}",
    "nb": "mandag til fredag fra {8} til {18} og lørdager fra {10} til {14}",
    "en": "Monday to Friday from {8} to {18}, and Saturdays from {10} to {14}",
}
CLOCK = {
    "fi": {8: "kahdeksasta", 18: "kahdeksaantoista", 10: "kymmenestä", 14: "neljääntoista"},
    "sv": {8: "åtta", 18: "arton", 10: "tio", 14: "fjorton"},
    "nb": {8: "åtte", 18: "atten", 10: "ti", 14: "fjorten"},
    "en": {8: "eight", 18: "six", 10: "ten", 14: "two"},
}
"""How the hours that the texts name are said. An hour that is missing here is said nowhere."""
TELLS_THE_HOURS = (
    "opening_hours/open_now",
    "opening_hours/closed_now",
    "opening_hours/holiday_now",
    "person/closed_message",
)
TODAY = re.compile(r"\b(tänään|i dag|idag|today|huomenna|i morgon|i morgen|tomorrow)\b", re.I)
NOW = re.compile(r"\b(auki|kiinni|öppet|stängt|åpent|stengt|open|closed)\b", re.I)


def seconds(text: str, language: str) -> float:
    return company().languages[language].speech.seconds(text)


def spoken_options(place: str, language: str) -> str:
    """The question of a menu and its options, as they are said first."""
    menu = menus()[place]
    scene = Scene(company().languages[language], AROUND)
    return " ".join(prompt.text for prompt in menu.ask(scene, FIRST).prompts)  # type: ignore[union-attr]


def question(place: str, language: str) -> Question:
    scene = Scene(company().languages[language], AROUND)
    return menus()[place].ask(scene, FIRST)


def meaning(said: str, asked: Question) -> str:
    """The key that `said` chooses, or `person`, `complaint` or `unclear`."""
    understood = understand(said, 0.9, asked)
    return understood.verdict if understood.choice is None else understood.choice.key


def test_the_checker_finds_nothing() -> None:
    assert loaded()[1] == ()


def test_every_flow_is_in_the_four_languages() -> None:
    for name, flow in company().flows.flows.items():
        assert flow.languages == LANGUAGES, name


def test_every_text_and_recording_is_in_the_four_languages() -> None:
    for place, node in nodes():
        for setting, in_languages in node.texts():
            assert set(in_languages) == set(LANGUAGES), (place, setting)


def test_every_kind_of_node_is_used() -> None:
    assert {type(node) for _, node in nodes()} == set(get_args(AnyNode))


def test_no_sentence_is_longer_than_ears_can_follow() -> None:
    for place, setting, language, text in texts():
        for sentence in re.split(r"(?<=[.?!])\s+", text):
            assert len(sentence.split()) <= MOST_WORDS, (place, setting, language, sentence)


def test_every_text_can_be_spoken_as_it_stands() -> None:
    for place, setting, language, text in texts():
        where = (place, setting, language)
        assert text == " ".join(text.split()), where
        assert not re.search(r"[‐-―‘-‟…<>&*#/()\"\[\]]", text), where
        assert text.endswith((".", "?")) or setting[-1] == "label", where


def test_every_text_message_is_one_segment_and_says_who_sends_it() -> None:
    for place, language, message in messages():
        assert message.startswith(f"{config().company}: "), (place, language)
        assert len(message) <= SEGMENT, (place, language)
        assert set(message) <= GSM_7, (place, language)


def test_two_languages_never_share_a_text_but_for_the_company_s_name() -> None:
    for place, node in nodes():
        for setting, in_languages in node.texts():
            if not isinstance(node, ChooseLanguage):
                told = {str(text) for text in in_languages.values()}
                assert len(told) == len(in_languages), (place, setting)


def test_the_company_has_one_name_in_every_language() -> None:
    greeting = company().flows.flows["main"].nodes["language"]
    assert isinstance(greeting, ChooseLanguage)
    assert greeting.text == dict.fromkeys(LANGUAGES, f"{config().company}.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", menus())
def test_a_menu_is_short_enough_to_remember(place: str, language: str) -> None:
    phrases = company().languages[language].phrases
    choices = spoken_options(place, language)
    whole = f"{choices} {phrases.person} {phrases.or_say_it}"
    assert len(menus()[place].options) <= MOST_OPTIONS
    assert seconds(choices, language) <= CHOICES_WITHIN, choices
    assert seconds(whole, language) <= MENU_WITHIN, whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_asked_is_short(language: str) -> None:
    scene = Scene(company().languages[language], AROUND)
    for place, node in nodes():
        if isinstance(node, Ask | Faq | SendText):
            asked = " ".join(prompt.text for prompt in node.ask(scene, FIRST).prompts)  # type: ignore[union-attr]
            assert seconds(asked, language) <= ASKED_WITHIN, (place, asked)


def test_the_choice_of_a_language_takes_less_than_ten_seconds() -> None:
    node = company().flows.flows["main"].nodes["language"]
    assert isinstance(node, ChooseLanguage)
    packs = company().languages
    said = [(packs[code].phrases.choose_language, code) for code in node.keys.values()]
    assert sum(seconds(*one) for one in [(config().company, "fi"), *said]) <= LANGUAGES_WITHIN


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", menus())
def test_every_word_of_an_option_chooses_that_option(place: str, language: str) -> None:
    asked = question(place, language)
    for option in menus()[place].options:
        for said in (*option.words[language], str(option.label[language])):
            assert meaning(said, asked) == option.key, said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", menus())
def test_no_word_of_an_option_asks_for_a_person(place: str, language: str) -> None:
    nothing_asked = Question((), (), (company().languages[language],))
    for option in menus()[place].options:
        for said in (*option.words[language], str(option.label[language])):
            assert understand(said, 0.9, nothing_asked).verdict != "person", said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", menus())
def test_every_complaint_leads_to_the_complaints_or_to_a_person(place: str, language: str) -> None:
    asked = question(place, language)
    targets = {option.key: option.to for option in menus()[place].options}
    for said in company().languages[language].complaint:
        heard = meaning(said, asked)
        assert heard == "complaint" or targets[heard] == "complaints/", said


def matter(said: str, place: str, language: str) -> str:
    """Where an open question leads with what was said: a target, or the verdict without one."""
    faq = dict(nodes())[place]
    assert isinstance(faq, Faq)
    understood = understand(said, 0.9, faq.ask(Scene(company().languages[language], AROUND), FIRST))
    if understood.choice is None:
        return understood.verdict
    return faq.matters[int(understood.choice.name)].to


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_matter_finds_it(language: str) -> None:
    faq = dict(nodes())["invoices/open_question"]
    assert isinstance(faq, Faq)
    for one in faq.matters:
        for said in (*one.words[language], one.label[language]):
            assert matter(str(said), "invoices/open_question", language) == one.to, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_question_never_answers_a_complaint(language: str) -> None:
    for said in company().languages[language].complaint:
        assert matter(said, "invoices/open_question", language) == "complaint", said


@pytest.mark.parametrize(
    ("language", "said", "to"),
    [
        ("fi", "saisinko laskut sähköpostiin", "e_invoice"),
        ("fi", "miten maksan suoramaksulla", "e_invoice"),
        ("fi", "tarvitsen vanhan laskun uudestaan", "copy"),
        ("fi", "miksi tuli karhukirje", "reminder"),
        ("fi", "lasku meni perintään", "ask_billing"),
        ("fi", "mihin ilmoitan mittarilukemat", "meter/"),
        ("sv", "hur får jag fakturan på mejl", "e_invoice"),
        ("sv", "jag behöver en kopia av en gammal faktura", "copy"),
        ("sv", "varför fick jag en betalningspåminnelse", "reminder"),
        ("sv", "jag kan inte betala den här månaden", "ask_billing"),
        ("sv", "var lämnar jag mätarställningen", "meter/"),
        ("nb", "kan jeg få regningen på e-post", "e_invoice"),
        ("nb", "jeg trenger en kopi av fakturaen", "copy"),
        ("nb", "hvorfor kom det purring på fakturaen", "reminder"),
        ("nb", "den har gått til inkasso", "ask_billing"),
        ("nb", "hvor gir jeg målerstanden", "meter/"),
        ("en", "can I get my bills by email", "e_invoice"),
        ("en", "I need a copy of my last bill", "copy"),
        ("en", "why did I get a payment reminder", "reminder"),
        ("en", "I can't pay this month", "ask_billing"),
        ("en", "where do I give my meter reading", "meter/"),
    ],
)
def test_an_open_question_understands_what_people_really_say(
    language: str, said: str, to: str
) -> None:
    assert matter(said, "invoices/open_question", language) == to


@pytest.mark.parametrize(
    ("place", "language", "said", "key"),
    [
        ("main/topics", "fi", "mulla ois kysyttävää laskustani", "1"),
        ("main/topics", "fi", "sähkölaskusta kysyisin", "1"),
        ("main/topics", "fi", "meni sähköt poikki koko talosta", "2"),
        ("main/topics", "fi", "muutetaan Turkuun", "3"),
        ("main/topics", "fi", "koska te ootte auki", "4"),
        ("main/topics", "sv", "jag undrar över min elräkning", "1"),
        ("main/topics", "sv", "vi har ingen ström", "2"),
        ("main/topics", "sv", "vi ska flytta till Umeå", "3"),
        ("main/topics", "sv", "när stänger ni", "4"),
        ("main/topics", "nb", "jeg lurer på strømregningen min", "1"),
        ("main/topics", "nb", "vi har mistet strømmen", "2"),
        ("main/topics", "nb", "vi skal flytte til Bergen", "3"),
        ("main/topics", "nb", "når stenger dere", "4"),
        ("main/topics", "en", "it's about my electricity bill", "1"),
        ("main/topics", "en", "the power went off an hour ago", "2"),
        ("main/topics", "en", "we're moving to Leeds", "3"),
        ("main/topics", "en", "what time do you close", "4"),
        ("invoices/topics", "fi", "paljonko mun pitää maksaa", "1"),
        ("invoices/topics", "sv", "hur mycket ska jag betala", "1"),
        ("invoices/topics", "nb", "hvor mye skal jeg betale", "1"),
        ("invoices/topics", "en", "how much do I have to pay", "1"),
        ("invoices/topics", "fi", "saanko lisää aikaa", "2"),
        ("invoices/topics", "fi", "summa on liian iso", "3"),
        ("invoices/topics", "sv", "kan jag få anstånd", "2"),
        ("invoices/topics", "sv", "fakturan stämmer inte", "3"),
        ("invoices/topics", "nb", "kan jeg få utsettelse", "2"),
        ("invoices/topics", "nb", "fakturaen stemmer ikke", "3"),
        ("invoices/topics", "en", "can I have more time", "2"),
        ("invoices/topics", "en", "this bill is wrong", "3"),
        ("outages/topics", "fi", "milloin sähköt palaa", "1"),
        ("outages/topics", "sv", "när kommer strömmen tillbaka", "1"),
        ("outages/topics", "nb", "når kommer strømmen tilbake", "1"),
        ("outages/topics", "en", "when will the power be back", "1"),
        ("outages/topics", "fi", "johto on maassa", "2"),
        ("outages/topics", "sv", "ett träd ligger på ledningen", "2"),
        ("outages/topics", "nb", "et tre ligger på ledningen", "2"),
        ("outages/topics", "en", "a tree is on the line", "2"),
        ("moving/topics", "fi", "haluan irtisanoa sopimuksen", "2"),
        ("moving/topics", "sv", "vad ska jag göra", "1"),
        ("moving/topics", "nb", "jeg flytter neste måned", "2"),
        ("moving/topics", "en", "what should I do", "1"),
        ("main/anything_else", "fi", "ei kiitos, se oli siinä", "2"),
        ("main/anything_else", "sv", "nej tack, det var bra så", "2"),
        ("main/anything_else", "nb", "nei takk, det var alt", "2"),
        ("main/anything_else", "en", "no thank you, that's everything", "2"),
    ],
)
def test_what_people_really_say_is_understood(
    place: str, language: str, said: str, key: str
) -> None:
    assert meaning(said, question(place, language)) == key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", TELLS_THE_HOURS)
def test_the_hours_that_are_said_are_those_of_the_settings(place: str, language: str) -> None:
    weekly = config().schedules["customer_service"].weekly
    weekdays = {weekly[day] for day in range(5)}
    assert len(weekdays) == 1, "the texts say one span for Monday to Friday"
    assert 6 not in weekly, "the texts say nothing of Sundays"
    (weekday,), (saturday,) = weekdays.pop(), weekly[5]
    hours = [weekday.opens, weekday.closes, saturday.opens, saturday.closes]
    assert all(hour is not None and hour == time(hour.hour) for hour in hours)
    clock = CLOCK[language]
    names = [clock[hour.hour] for hour in hours if hour is not None]
    week = re.sub(r"\{\d+\}", "{}", WEEK[language]).format(*names)
    node = dict(nodes())[place]
    assert week in " ".join(str(text[language]) for _, text in node.texts())


def test_today_and_the_like_are_only_said_where_a_holiday_led() -> None:
    holiday = {
        str(company().flows.place(place.split("/")[0], node.holiday))
        for place, node in nodes()
        if isinstance(node, Hours) and node.holiday is not None
    }
    for place, setting, language, text in texts():
        if TODAY.search(text):
            assert place in holiday, (setting, language, text)


def test_open_and_closed_are_only_said_where_the_hours_led() -> None:
    led = {
        str(company().flows.place(place.split("/")[0], target))
        for place, node in nodes()
        if isinstance(node, Hours)
        for _, target in node.targets()
    }
    for place, setting, language, text in texts():
        if NOW.search(text):
            assert place in led, (setting, language, text)


def recorded() -> Iterator[str]:
    """Every recording that a node plays, or that says one of its texts."""
    for _, node in nodes():
        for _, files in node.recordings():
            yield from files.values()
        for _, in_languages in node.texts():
            yield from (told.audio for told in in_languages.values() if isinstance(told, Recorded))


def test_the_recordings_are_telephone_sound_and_each_is_used() -> None:
    folder = config().flows_folder / "audio"
    used = set(recorded())
    assert used == {path.name for path in folder.iterdir()}
    for file in used:
        with wave.open(str(folder / file)) as sound:
            assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (
                1,
                2,
                8000,
            )
            assert 2 <= sound.getnframes() / sound.getframerate() <= 10
            samples = sound.readframes(sound.getnframes())
            assert len(set(samples)) > 100, "silence"
