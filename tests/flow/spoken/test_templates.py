"""Texts with values in them."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.carrier.twiml import document
from ivr.flow.actions import HangUp, Say
from ivr.flow.spoken import FORMS, BadTemplate, Template, Unsayable, parse_template, reference
from ivr.flow.spoken.cleaning import LONGEST
from ivr.flow.values import Value
from tests.flow.spoken.packs import PACKS, SUNDAY

GIVEN: dict[str, Value] = {
    "sum": Decimal("120.50"),
    "due": date(2026, 11, 24),
    "slot": time(14, 30),
    "customer_number": "12345678",
    "name": "VIRTANEN",
    "wait": Decimal(90),
    "nothing_yet": None,
}


def filled(text: str, code: str = "en", values: dict[str, Value] | None = None) -> str:
    given = GIVEN if values is None else values
    return parse_template(text).fill(PACKS[code], given, now=SUNDAY).text


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("fi", "Laskusi summa on {sum|amount}, ja eräpäivä on {due|date}.",
         "Laskusi summa on 120 euroa 50 senttiä, ja eräpäivä on tiistaina 24. marraskuuta."),
        ("sv", "Fakturan på {sum|amount SEK} förfaller {due}, {slot}.",
         "Fakturan på 120 kronor och 50 öre förfaller tisdag den 24 november, klockan 14.30."),
        ("nb", "Ventetiden er omtrent {wait|duration}.", "Ventetiden er omtrent halvannen time."),
        ("en", "Your number is {customer_number}.", "Your number is 1 2 3, 4 5 6, 7 8."),
        ("en", "{name|name}, {name}, {name | spell}", "Virtanen, VIRTANEN, V I R, T A N, E N"),
        ("en", "Nothing to fill in.", "Nothing to fill in."),
        ("en", "{{name}} and }}{{", "{name} and }{"),
        ("en", "{{{name|name}}}", "{Virtanen}"),
        ("en", "", ""),
    ],
)  # fmt: skip
def test_values_are_said_where_the_text_names_them(code: str, text: str, said: str) -> None:
    assert filled(text, code) == said


def test_a_template_tells_which_values_it_needs_and_in_which_form() -> None:
    template = parse_template("{a} {b|digits} {c|amount sek} {b|spell} {d| date }")
    assert template.names == {"a": "", "b": "digits", "c": "amount SEK", "d": "date"}
    assert [(slot.name, slot.column) for slot in template.slots] == [
        ("a", 2), ("b", 6), ("c", 17), ("b", 32), ("d", 42),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "column", "sentence", "advice"),
    [
        ("Hello {name", 7, "A `{` is opened and never closed.",
         "Close it with `}`, or write `{{` for a brace."),
        ("Hello name}", 11, "There is no `{` for this `}`.", "Write `}}` for a brace."),
        ("Hello {}", 7, "No value is named here.", "Write the name of a variable: `{name}`."),
        ("Hello { |date}", 7, "No value is named here.",
         "Write the name of a variable: `{name}`."),
        ("Hello {First Name}", 8, "`First Name` is not the name of a variable.",
         "Did you mean `first_name`?"),
        ("Hello {name!}", 8, "`name!` is not the name of a variable.",
         "Names have small letters a to z, digits and `_`."),
        ("{now.time}", 2, "`now.time` is not the name of a variable.",
         "Names have small letters a to z, digits and `_`."),
        ("{due|dat}", 6, "There is no form `dat`.", "Did you mean `date`?"),
        ("{due| dat}", 7, "There is no form `dat`.", "Did you mean `date`?"),
        ("{due|}", 5, "No form is named after `|`.", "Leave `|` out."),
        ("{sum|amount EURO}", 6, "There is no currency `EURO` here.", "Did you mean `EUR`?"),
        ("{sum|digits EUR}", 6, "Nothing can follow the form `digits`.", "Write `digits` alone."),
        ("{a{b}}", 2, "`a{b` is not the name of a variable.",
         "Names have small letters a to z, digits and `_`."),
        ("{x}" * 21, 62, "The text has 21 values; at most 20 are filled in.",
         "Cut it into several nodes."),
        ("x" * 4001, 4001, "The text has 4001 characters; at most 4000 are said.",
         "Cut it into several nodes."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_column_with_what_to_do(
    text: str, column: int, sentence: str, advice: str
) -> None:
    with pytest.raises(BadTemplate) as error:
        parse_template(text)
    told = error.value
    assert (told.sentence, told.advice, told.column) == (sentence, advice, column)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{unset}", "`unset` has not been set in this call."),
        ("{nothing_yet}", "`nothing_yet` is nothing, and cannot be said."),
        ("{name|date}", "`name` cannot be said as `date`. The value is no date."),
        ("{name|amount EUR}", "`name` cannot be said as `amount EUR`. The value is no number."),
        ("{due|duration}", "`due` cannot be said as `duration`. The value is no number."),
        ("{slot|digits}", "`slot` cannot be said as `digits`. Only a text or a number can be read "
         "out one by one."),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_in_says_which_value_and_why(text: str, why: str) -> None:
    with pytest.raises(Unsayable) as error:
        filled(text)
    assert error.value.sentence == why


def test_a_private_value_is_spoken_but_not_shown() -> None:
    both = parse_template("{name|name}: {customer_number}, {customer_number|spell}.").fill(
        PACKS["fi"], GIVEN, now=SUNDAY, private=frozenset({"customer_number"})
    )
    assert both.text == "Virtanen: 1 2 3, 4 5 6, 7 8, 1 2 3, 4 5 6, 7 8."
    assert both.shown == "Virtanen: •••, •••."


def test_a_reason_never_quotes_a_private_value() -> None:
    with pytest.raises(Unsayable) as error:
        filled("{secret|date}", values={"secret": "190101-123X"})
    assert "1901" not in error.value.sentence


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("<break/>", "break/"),
        ('<break time="10s"/>hello', 'break time="10s"/ hello'),
        ("</Say><Dial>+46701740605</Dial>", "/Say Dial +46701740605 /Dial"),
        ("&lt;break/&gt;", "and lt;break/ and gt;"),
        ("Berg & Son", "Berg and Son"),
        ("{name} {{x}}", "name x"),
        ("one\r\ntwo\tthree\x00four\x1bfive", "one two three four five"),
        ("a\u200bb\u202ec\ufeffd", "abcd"),
        ("a\u2028b\u2029c\u00a0d", "a b c d"),
        ("x\ud800y", "x y"),
        ("]]>", "]]"),
        ("<!-- x -->", "!-- x --"),
    ],
)
def test_a_value_stays_words(value: str, said: str) -> None:
    assert filled("{x|text}", values={"x": value}) == said


def test_a_long_value_is_cut_at_a_word() -> None:
    assert filled("{x}", values={"x": "word " * 150}) == ("word " * 40).strip()
    assert filled("{x}", values={"x": "y" * 900}) == "y" * LONGEST


anything_given = st.one_of(
    st.text(max_size=300), st.decimals(), st.dates(), st.times(), st.booleans(), st.none(),
    st.text(alphabet="<>&/{}\"' abreak01\x00\ud800", max_size=60),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    anything_given, st.sampled_from(["", *(f"|{form}" for form in FORMS)]),
    st.sampled_from(sorted(PACKS)),
)  # fmt: skip
def test_no_value_becomes_markup_in_the_document_that_the_carrier_gets(
    value: Value, form: str, code: str
) -> None:
    try:
        both = parse_template(f"Before {{x{form}}} after.").fill(
            PACKS[code], {"x": value}, now=SUNDAY, private=frozenset({"x"})
        )
    except Unsayable as error:
        assert error.sentence.endswith(".")
        return
    left_out = value is None and form == "|name"
    assert both.shown == ("Before after." if left_out else "Before ••• after.")
    assert not set(both.text) & set("<>&{}")
    assert both.text.isprintable()
    written = document(
        (Say(both.text, code), HangUp()), turn_url="https://example.com/turn",
        audio_url="https://example.com/audio", recording_status_url="https://example.com/r",
        languages=PACKS,
    )  # fmt: skip
    root = ElementTree.fromstring(written)
    assert [verb.tag for verb in root] == ["Say", "Hangup"]
    assert list(root[0]) == []
    assert root[0].text == both.text


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab{}| xname_é\n", max_size=40) | st.text(max_size=40))
def test_any_text_is_a_template_or_refused_at_a_place_within_it(text: str) -> None:
    try:
        template = parse_template(text)
    except BadTemplate as error:
        assert 1 <= error.column <= len(text) + 1
        return
    values: dict[str, Value] = dict.fromkeys(template.names, Decimal(3))
    if all(form in ("", "number") for form in template.names.values()):
        assert template.fill(PACKS["en"], values, now=SUNDAY).text.count("3") >= len(values)


def test_a_template_keeps_neighbouring_words_in_one_part() -> None:
    assert parse_template("a {{b}} c") == Template(("a {b} c",))


def test_the_manual_says_every_form_in_every_language() -> None:
    page = reference(PACKS)
    for form in FORMS:
        assert f"| `{form}" in page
    assert "| `amount EUR` | Money; `amount EUR` names the currency" in page
    assert "maanantaina 23. marraskuuta" in page
    assert "klokken 14.30" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thank you, {nothing_yet|name}. It is done.", "Thank you. It is done."),
        ("Hello {nothing_yet|name}.", "Hello."),
        ("Hello {unset|name}.", "Hello."),
        ("Hello {nothing_yet|name}, welcome.", "Hello, welcome."),
        ("Thank you, {name|name}. It is done.", "Thank you, Virtanen. It is done."),
    ],
)
def test_a_name_that_nobody_gave_is_left_out_with_what_sets_it_apart(text: str, said: str) -> None:
    both = parse_template(text).fill(
        PACKS["en"], GIVEN, now=SUNDAY, private=frozenset({"nothing_yet"})
    )
    assert (both.text, both.shown) == (said, said)
