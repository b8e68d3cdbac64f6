"""Numbers, money, and what is read out character by character."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ivr.flow.spoken import Unsayable, say_value
from ivr.flow.spoken.figures import grouped
from ivr.flow.spoken_words import CURRENCIES
from tests.flow.spoken.packs import PACKS, SUNDAY

IN_ORDER = ("fi", "sv", "nb", "en")

EUROS = {
    "0": ("0 euroa", "0 euro", "0 euro", "0 euros"),
    "0.01": ("yksi sentti", "en cent", "en cent", "one cent"),
    "0.50": ("50 senttiä", "50 cent", "50 cent", "50 cents"),
    "1": ("yksi euro", "en euro", "en euro", "one euro"),
    "1.01": ("yksi euro yksi sentti", "en euro och en cent", "en euro og en cent",
             "one euro and one cent"),
    "1.50": ("yksi euro 50 senttiä", "en euro och 50 cent", "en euro og 50 cent", "one euro 50"),
    "2": ("2 euroa", "2 euro", "2 euro", "2 euros"),
    "11": ("11 euroa", "11 euro", "11 euro", "11 euros"),
    "12.50": ("12 euroa 50 senttiä", "12 euro och 50 cent", "12 euro og 50 cent", "12 euros 50"),
    "12.05": ("12 euroa 5 senttiä", "12 euro och 5 cent", "12 euro og 5 cent",
              "12 euros and 5 cents"),
    "21": ("21 euroa", "21 euro", "21 euro", "21 euros"),
    "60.10": ("60 euroa 10 senttiä", "60 euro och 10 cent", "60 euro og 10 cent", "60 euros 10"),
    "99.995": ("100 euroa", "100 euro", "100 euro", "100 euros"),
    "1234.56": ("1234 euroa 56 senttiä", "1234 euro och 56 cent", "1234 euro og 56 cent",
                "1234 euros 56"),
    "-5": ("miinus 5 euroa", "minus 5 euro", "minus 5 euro", "minus 5 euros"),
    "-0.001": ("0 euroa", "0 euro", "0 euro", "0 euros"),
    "1000000": ("1000000 euroa", "1000000 euro", "1000000 euro", "1000000 euros"),
}  # fmt: skip

OTHER_MONEY = {
    ("1", "SEK"): ("yksi kruunu", "en krona", "en svensk krone", "one Swedish krona"),
    ("12.50", "SEK"): ("12 kruunua 50 äyriä", "12 kronor och 50 öre",
                       "12 svenske kroner og 50 øre", "12 Swedish kronor and 50 öre"),
    ("1", "NOK"): ("yksi Norjan kruunu", "en norsk krona", "en krone", "one Norwegian krone"),
    ("12.50", "NOK"): ("12 Norjan kruunua 50 äyriä", "12 norska kronor och 50 öre",
                       "12 kroner og 50 øre", "12 Norwegian kroner and 50 øre"),
    ("2.01", "DKK"): ("2 Tanskan kruunua yksi äyri", "2 danska kronor och ett öre",
                      "2 danske kroner og ett øre", "2 Danish kroner and one øre"),
    ("1.01", "GBP"): ("yksi punta yksi penny", "ett pund och en penny", "ett pund og en penny",
                      "one pound and one penny"),
    ("12.99", "GBP"): ("12 puntaa 99 pennyä", "12 pund och 99 pence", "12 pund og 99 pence",
                       "12 pounds 99"),
    ("3.10", "USD"): ("3 dollaria 10 senttiä", "3 dollar och 10 cent", "3 dollar og 10 cent",
                      "3 dollars 10"),
}  # fmt: skip

NUMBERS = {
    "0": ("0", "0"), "1": ("1", "1"), "2": ("2", "2"), "11": ("11", "11"), "21": ("21", "21"),
    "60": ("60", "60"), "90": ("90", "90"), "120": ("120", "120"), "12500": ("12500", "12500"),
    "0.5": ("0,5", "0.5"), "12.5": ("12,5", "12.5"), "12.50": ("12,5", "12.5"),
    "3.14159": ("3,142", "3.142"), "1000000": ("1000000", "1000000"), "100": ("100", "100"),
    "0.0001": ("0", "0"),
}  # fmt: skip

DIGITS = {
    "7": ("7", "7"),
    "42": ("4 2", "4 2"),
    "123": ("1 2 3", "1 2 3"),
    "4711": ("4 7, 1 1", "4 7, 1 1"),
    "12345": ("1 2 3, 4 5", "1 2 3, 4 5"),
    "123456": ("1 2 3, 4 5 6", "1 2, 3 4, 5 6"),
    "1234567": ("1 2 3, 4 5, 6 7", "1 2 3, 4 5, 6 7"),
    "12345678": ("1 2 3, 4 5 6, 7 8", "1 2, 3 4, 5 6, 7 8"),
    "123456789": ("1 2 3, 4 5 6, 7 8 9", "1 2 3, 4 5, 6 7, 8 9"),
    "0701740605": ("0 7 0, 1 7 4, 0 6, 0 5", "0 7, 0 1, 7 4, 0 6, 0 5"),
    "0000": ("0 0, 0 0", "0 0, 0 0"),
    "00": ("0 0", "0 0"),
    "12-34 56": ("1 2, 3 4, 5 6", "1 2, 3 4, 5 6"),
    "A12": ("A, 1 2", "A, 1 2"),
    "fi4711": ("F I, 4 7, 1 1", "F I, 4 7, 1 1"),
    " 9 ": ("9", "9"),
}
"""In threes (Finnish, English) and in pairs (Swedish, Norwegian)."""

SPELLED = {
    "A": "A", "ab": "A B", "Abba": "A B, B A", "åäö": "Å Ä Ö", "Virtanen": "V I R, T A N, E N",
    "x1": "X, 1", "12ab": "1 2, A B", "a b": "A, B", "a.b": "A, dot, B", "a-b": "A, hyphen, B",
    "a@b.se": "A, at, B, dot, S E", "a_1": "A, underscore, 1", "+46": "plus, 4 6",
    "a/b": "A, slash, B", "a*b": "A, B",
}  # fmt: skip


@pytest.mark.parametrize("amount", EUROS)
def test_euros_are_said_with_their_cents(amount: str) -> None:
    said = [say_value(PACKS[code], Decimal(amount), "amount EUR", SUNDAY) for code in IN_ORDER]
    assert tuple(said) == EUROS[amount]
    by_text = [say_value(PACKS[code], amount, "amount", SUNDAY, "EUR") for code in IN_ORDER]
    assert by_text == said


@pytest.mark.parametrize("amount", OTHER_MONEY)
def test_other_money_is_said_by_its_own_names(amount: tuple[str, str]) -> None:
    sum_, currency = amount
    said = [say_value(PACKS[code], sum_, f"amount {currency}", SUNDAY) for code in IN_ORDER]
    assert tuple(said) == OTHER_MONEY[amount]
    of_company = [say_value(PACKS[code], sum_, "amount", SUNDAY, currency) for code in IN_ORDER]
    assert of_company == said


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_has_the_decimal_sign_of_its_language(number: str) -> None:
    nordic, english = NUMBERS[number]
    for code in ("fi", "sv", "nb"):
        assert say_value(PACKS[code], Decimal(number), None, SUNDAY) == nordic
    assert say_value(PACKS["en"], Decimal(number), "number", SUNDAY) == english


def test_a_number_below_zero_is_said_so() -> None:
    said = [say_value(PACKS[code], Decimal("-12.5"), None, SUNDAY) for code in IN_ORDER]
    assert said == ["miinus 12,5", "minus 12,5", "minus 12,5", "minus 12.5"]


@pytest.mark.parametrize("text", DIGITS)
def test_digits_are_read_out_in_the_groups_of_the_language(text: str) -> None:
    threes, pairs = DIGITS[text]
    assert [say_value(PACKS[code], text, "digits", SUNDAY) for code in IN_ORDER] == [
        threes, pairs, pairs, threes,
    ]  # fmt: skip


def test_a_text_of_digits_is_read_out_without_being_told_to() -> None:
    assert say_value(PACKS["fi"], "004711", None, SUNDAY) == "0 0 4, 7 1 1"
    assert say_value(PACKS["fi"], Decimal(4711), "digits", SUNDAY) == "4 7, 1 1"


def test_a_telephone_number_begins_with_its_plus() -> None:
    said = [say_value(PACKS[code], "+46 8 465 004 00", "digits", SUNDAY) for code in IN_ORDER]
    assert said[0] == "plus 4 6, 8, 4 6 5, 0 0 4, 0 0"
    assert said[2] == "pluss 4 6, 8, 4 6 5, 0 0 4, 0 0"


@pytest.mark.parametrize("text", SPELLED)
def test_spelling_names_every_letter_digit_and_known_sign(text: str) -> None:
    assert say_value(PACKS["en"], text, "spell", SUNDAY) == SPELLED[text]


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("length", range(1, 30))
def test_groups_leave_nothing_out_and_leave_no_digit_alone(length: int, size: int) -> None:
    digits = "".join(str(at % 10) for at in range(length))
    groups = grouped(digits, size)
    assert "".join(groups) == digits
    assert all(2 <= len(group) <= 3 for group in groups) or length == 1


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("---", "digits"), ("", "digits"), ("1" * 41, "digits"), (True, "digits"), ("*", "spell"),
        ("twelve", "number"), ("12,50,00", "amount"), (True, "amount"), ("", "name"), (" ", "text"),
        (None, None), (Decimal(3), "yes_no"), (Decimal("NaN"), "number"),
        (Decimal("1E+99"), "amount"), ("x", "shout"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_so_is_not_said(value: Decimal | str | None, form: str | None) -> None:
    with pytest.raises(Unsayable) as error:
        say_value(PACKS["en"], value, form, SUNDAY)
    assert error.value.sentence


def test_a_currency_without_words_is_not_said() -> None:
    with pytest.raises(Unsayable, match="`JPY`"):
        say_value(PACKS["en"], Decimal(3), "amount", SUNDAY, "JPY")


def test_every_language_has_words_for_every_currency() -> None:
    for pack in PACKS.values():
        assert set(pack.spoken.currencies) == set(CURRENCIES)


@pytest.mark.parametrize(
    ("value", "said"),
    [("MATTI VIRTANEN", "Matti Virtanen"), ("matti virtanen", "Matti Virtanen"),
     ("Matti Virtanen", "Matti Virtanen"), ("ÅSA", "Åsa"), ("McAllister", "McAllister"),
     ("O'NEIL", "O'Neil"), ("anna-liisa", "Anna-Liisa"), ("  Anna   Liisa ", "Anna Liisa"),
     ("BERG & SON", "Berg and Son"), ("ÄIJÄLÄ", "Äijälä"), ("von Essen", "von Essen"),
     ("Ødegård", "Ødegård"), ("A", "A"), ("é", "É"), ("Ida\tMarie", "Ida Marie"),
     ("<b>Ida</b>", "b Ida /b")],
)  # fmt: skip
def test_a_name_is_never_shouted(value: str, said: str) -> None:
    assert say_value(PACKS["en"], value, "name", SUNDAY) == said


def test_yes_and_no_are_said_in_the_language() -> None:
    assert [say_value(PACKS[code], True, None, SUNDAY) for code in IN_ORDER] == [
        "kyllä", "ja", "ja", "yes",
    ]  # fmt: skip
    assert say_value(PACKS["fi"], False, None, SUNDAY) == "ei"
