"""Digits, amounts and dates as callers say them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.flow.spoken import read_amount, read_date, read_digits, say_value
from tests.flow.spoken.packs import PACKS, SUNDAY

TODAY = SUNDAY.date()

DIGITS = {
    "fi": {
        "kaksi kolme nolla": "230", "12 34 56": "123456", "kakskytkolme": "23",
        "kaksikymmentäkolme neljäkymmentäviisi": "2345", "kaksikymmentä kolme": "23",
        "yks kaks kol nel": "1234", "yks kaks kolme nelja": None,
        "yks kaks kolme nelonen": "1234", "kaksi nollaa viisi": "005",
        "tupla viisi": "55", "se on nolla seitsemän nolla": "070", "sata kaksikymmentä": "120",
        "kaksitoista kolmetoista": "1213", "yksi ja sitten kaksi": "12", "kaksisataa viisi": "205",
        "tuhat yhdeksänsataa": "1900", "en tiedä": None, "viisi nollaa": None,
        "numero on 4711 kiitos": "4711",
    },
    "sv": {
        "två tre noll": "230", "tjugotre": "23", "tjugo tre": "23", "noll sju noll ett": "0701",
        "trettiofyra femtiosex": "3456", "två nollor fem": "005", "dubbel femma": "55",
        "mitt nummer är ett två tre": "123", "tvåhundra femtio": "250", "nittonhundra": "1900",
        "åttio sju": "87", "ett streck två": "12", "elva tolv": "1112", "jag vet inte": None,
        "sjuttiosju": "77", "070-174 06 05": "0701740605", "ett tre banan fyra": None,
    },
    "nb": {
        "to tre null": "230", "tjuetre": "23", "tre og tyve": "23", "åtte to fire": "824",
        "førtifem seksti": "4560", "dobbel fem": "55", "en to tre": "123", "syv sju": "77",
        "to hundre og ti": "210", "nummeret er åtte null null": "800", "elleve": "11",
        "to nuller fem": "005", "nittenhundre": "1900", "vet ikke": None, "femogtyve": None,
        "sekstisju åttini": "6789", "tredve": "30",
    },
    "en": {
        "two three zero": "230", "double five": "55", "triple seven one": "7771",
        "twenty three": "23", "twenty-three": "23", "oh seven seven double oh": "07700",
        "nine hundred and twenty three": "923", "it's 12 34 56 thanks": "123456",
        "double 5 six": "556", "two zeros five": "005", "one two three dash four": "1234",
        "double": None, "double dash": None, "one two or three": None, "five hundred": "500",
        "one two three fore": None, "one two three thank you": "123",
        "²": None, "I have one question": None, "I do not know": None, "": None,
        "eleven twelve": "1112",
        "5 hundred": None, "a hundred and one": "101", "two thousand and twenty six": "2026",
        "my customer number is of course as you can see here 12345": None,
    },
}  # fmt: skip

AMOUNTS = {
    "fi": {
        "kaksitoista euroa viisikymmentä senttiä": "12.50", "12,50": "12.50", "12,5": "12.50",
        "kolmesataa euroa": "300", "12 euroa ja 5 senttiä": "12.05", "satakaksikymmentä": "120",
        "kaksitoista pilkku viisi": "12.50", "viisikymmentä senttiä": "0.50",
        "noin 20 euroa": "20", "tuhat kaksisataa euroa": "1200", "12 euroa 5": None,
        "1 200,50 euroa": "1200.50", "en muista": None, "nolla euroa": "0",
        "ykstoista euroo": "11",
    },
    "sv": {
        "tolv kronor och femtio öre": "12.50", "12:50": "12.50", "en krona": "1",
        "tjugoen kronor": "21", "ett tusen kronor": "1000", "1 200 kr": "1200",
        "tolv komma fem": "12.50", "femtio öre": "0.50", "hundra kronor": "100",
        "etthundra tjugo kronor": "120", "ungefär trehundra": "300", "1.200 kronor": "1200",
        "tolv kronor femtio": "12.50", "två tre": None, "vet inte": None,
    },
    "nb": {
        "tolv kroner og femti øre": "12.50", "en krone": "1", "ett tusen to hundre kroner": "1200",
        "12,50 kroner": "12.50", "tolv komma null fem": "12.05", "fem og tyve kroner": "25",
        "hundre": "100", "ni øre": "0.09", "halvannen": None, "20": "20", "20 kr": "20",
        "to tusen og femti kroner": "2050", "tolv kroner femti": "12.50", "vet ikke": None,
        "1 200,50": "1200.50",
    },
    "en": {
        "twelve pounds fifty": "12.50", "£12.50": "12.50", "$1,200.50": "1200.50",
        "a hundred pounds": "100", "fifty pence": "0.50", "50p": "0.50",
        "twelve pounds and five pence": "12.05", "twelve pounds five": None,
        "twelve point five": "12.50", "twelve point zero five": "12.05",
        "it is about 20 euros thanks": "20", "12 50": None, "one thousand two hundred": "1200",
        "twenty one euros": "21", "a question": None, "12 pounds 50 pence": "12.50",
        "point five": None, "99999999999": None, "12.5 cents": None,
    },
}  # fmt: skip

DATES = {
    "fi": {
        "kahdeskymmeneskolmas marraskuuta": "2026-11-23", "23. marraskuuta": "2026-11-23",
        "marraskuun 23.": "2026-11-23", "marraskuun kahdeskymmeneskolmas": "2026-11-23",
        "kahdeskymmeneskolmas yhdettätoista": "2026-11-23", "23.11.": "2026-11-23",
        "23.11.2026": "2026-11-23", "huomenna": "2026-11-23", "ylihuomenna": "2026-11-24",
        "tänään": "2026-11-22", "eilen": "2026-11-21", "maanantaina": "2026-11-23",
        "sunnuntaina": "2026-11-29", "perjantaiksi": "2026-11-27", "viime maanantaina": None,
        "ensimmäinen tammikuuta": "2027-01-01", "24 joulukuuta 2027": "2027-12-24",
        "helmikuun 30.": None, "en tiedä": None, "toukokuun 5. 1962": "1962-05-05",
    },
    "sv": {
        "den 23:e november": "2026-11-23", "tjugotredje november": "2026-11-23",
        "den tjugotredje i elfte": "2026-11-23", "på måndag": "2026-11-23",
        "nästa måndag": None, "i morgon": "2026-11-23", "i övermorgon": "2026-11-24",
        "idag": "2026-11-22", "igår": "2026-11-21", "första maj nittonhundrasextiotvå":
        "1962-05-01", "måndag den 23 november": "2026-11-23", "tisdag den 23 november": None,
        "23/11": "2026-11-23", "23 november 2027": "2027-11-23", "2026-11-23": "2026-11-23",
        "den trettioförsta": None,
    },
    "nb": {
        "tjuetredje november": "2026-11-23", "23. november": "2026-11-23",
        "den treogtyvende i ellevte": "2026-11-23", "i morgen": "2026-11-23",
        "i overmorgen": "2026-11-24", "i dag": "2026-11-22", "på mandag": "2026-11-23",
        "forrige mandag": None, "første januar": "2027-01-01",
        "tjuetredje november to tusen og tjueseks": "2026-11-23", "23.11.26": "2026-11-23",
        "5.5.62": "1962-05-05", "lørdag": "2026-11-28", "førtiende mai": None,
        "syttende mai": "2027-05-17",
    },
    "en": {
        "the twenty-third of november": "2026-11-23", "november 23rd": "2026-11-23",
        "november twenty third twenty twenty-six": "2026-11-23", "23rd november 2026":
        "2026-11-23", "the day after tomorrow": "2026-11-24", "tomorrow please": "2026-11-23",
        "first of may nineteen sixty two": "1962-05-01", "monday the 23rd": None,
        "monday the 23rd of november": "2026-11-23", "tuesday the 23rd of november": None,
        "last friday": None, "on friday": "2026-11-27", "15 january": "2027-01-15",
        "the 29th of february": None, "29 february 2028": "2028-02-29", "31/02": None,
        "31/12/99": "1999-12-31", "23112026": "2026-11-23", "november": None,
        "the third of the eleventh": "2026-11-03", "someday": None, "today or tomorrow": None,
        "the 1st of january 3000": None,
    },
}  # fmt: skip


def _cases(table: dict[str, dict[str, str | None]]) -> list[tuple[str, str, str | None]]:
    return [(code, words, meant) for code, rows in table.items() for words, meant in rows.items()]


@pytest.mark.parametrize(("code", "words", "meant"), _cases(DIGITS))
def test_digits_are_understood_one_by_one_and_in_groups(
    code: str, words: str, meant: str | None
) -> None:
    assert read_digits(words, PACKS[code]) == meant
    assert read_digits(words.upper(), PACKS[code]) == meant


@pytest.mark.parametrize(("code", "words", "meant"), _cases(AMOUNTS))
def test_amounts_are_understood(code: str, words: str, meant: str | None) -> None:
    heard = read_amount(words, PACKS[code])
    assert (None if heard is None else str(heard)) == meant


@pytest.mark.parametrize(("code", "words", "meant"), _cases(DATES))
def test_dates_are_understood(code: str, words: str, meant: str | None) -> None:
    heard = read_date(words, PACKS[code], TODAY)
    assert (None if heard is None else heard.isoformat()) == meant


@pytest.mark.parametrize("code", sorted(PACKS))
def test_every_day_of_a_year_is_understood_by_its_ordinal_and_its_month(code: str) -> None:
    heard = PACKS[code].spoken.hearing
    day = date(2028, 1, 1)
    while day.year == 2028:
        for ordinal in heard.ordinals[day.day - 1]:
            words = f"{ordinal} {heard.months[day.month - 1][0]} 2028"
            assert read_date(words, PACKS[code], TODAY) == day, words
        day += timedelta(1)


@pytest.mark.parametrize("code", sorted(PACKS))
def test_every_number_below_a_hundred_is_understood_in_every_way_of_saying_it(code: str) -> None:
    pack = PACKS[code]
    heard = pack.spoken.hearing
    for ten, tens in enumerate(heard.tens, start=2):
        for unit in range(1, 10):
            for before in tens:
                for behind in pack.numbers[unit]:
                    ways = [f"{before} {behind}"]
                    ways.append(f"{before}-{behind}" if code == "en" else f"{before}{behind}")
                    for words in ways:
                        assert read_digits(words, pack) == f"{ten}{unit}", words
    for number, words_of_teen in enumerate(heard.teens, start=10):
        for words in words_of_teen:
            assert read_digits(words, pack) == str(number)
            assert read_amount(words, pack) == number


@pytest.mark.parametrize("code", sorted(PACKS))
def test_no_word_is_two_days_two_months_or_two_numbers(code: str) -> None:
    heard = PACKS[code].spoken.hearing
    for lists in (heard.ordinals, heard.months, heard.weekdays, (*heard.teens, *heard.tens)):
        words = [word for several in lists for word in several]
        assert len(set(words)) == len(words)
    away = (heard.today, heard.tomorrow, heard.day_after_tomorrow, heard.yesterday)
    assert len({word for several in away for word in several}) == sum(map(len, away))


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"[0-9]{1,20}", fullmatch=True), st.sampled_from(sorted(PACKS)))
def test_digits_that_are_read_out_are_understood_again(digits: str, code: str) -> None:
    pack = PACKS[code]
    said = say_value(pack, digits, "digits", SUNDAY)
    assert read_digits(said, pack) == digits
    by_words = " ".join(pack.numbers[int(digit)][0] for digit in digits)
    assert read_digits(by_words, pack) == digits


@settings(max_examples=60, deadline=None)
@given(st.integers(-180, 180), st.sampled_from(sorted(PACKS)))
def test_a_date_that_is_said_is_understood_again(away: int, code: str) -> None:
    day = TODAY + timedelta(away)
    assert read_date(say_value(PACKS[code], day, "date", SUNDAY), PACKS[code], TODAY) == day


@settings(max_examples=60, deadline=None)
@given(
    st.decimals(0, 1_000_000, places=2), st.sampled_from(["EUR", "SEK", "NOK", "GBP"]),
    st.sampled_from(["fi", "sv", "nb"]),
)  # fmt: skip
def test_an_amount_that_is_said_is_understood_again(
    amount: Decimal, currency: str, code: str
) -> None:
    said = say_value(PACKS[code], amount, f"amount {currency}", SUNDAY)
    said = said.replace("Norjan ", "").replace("norska ", "").replace("svenske ", "")
    said = said.replace("norsk ", "").replace("svensk ", "")
    assert read_amount(said, PACKS[code]) == amount


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            ["one", "double", "oh", "hundred", "thousand", "and", "point", "pounds", "pence", "a",
             "twenty", "third", "may", "monday", "tomorrow", "12", "0", "99999", "31", "2026", "kr",
             "kaksi", "nollaa", "sata", "tjugo", "og", "tyve", "/", ".", "-"]
        ),
        max_size=12,
    ).map(" ".join),
    st.sampled_from(sorted(PACKS)),
)  # fmt: skip
def test_whatever_is_heard_is_a_value_or_nothing(words: str, code: str) -> None:
    digits = read_digits(words, PACKS[code])
    assert digits is None or digits.isdigit()
    amount = read_amount(words, PACKS[code])
    assert amount is None or 0 <= amount < 10**9
    day = read_date(words, PACKS[code], TODAY)
    assert day is None or isinstance(day, date)
