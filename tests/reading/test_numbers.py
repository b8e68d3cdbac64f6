"""Telephone numbers as people write them."""

from __future__ import annotations

import pytest

from ivr.reading.numbers import parse_number


@pytest.mark.parametrize("text", ["+46 8 465 004 00", "+46-8-465 00 400", "+46846500400"])
def test_a_setting_may_be_written_as_people_write_numbers(text: str) -> None:
    assert parse_number(text) == "+46846500400"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("08-465 004 00", "no country code"),
        ("", "no country code"),
        ("+46 hello", "not a telephone number"),
        ("+", "not a telephone number"),
        ("+46 8 1", "rung directly"),
        ("+46 8 465 004 000 00", "does not exist"),
        ("+46 8 465 004 00 ext. 12", "rung directly"),
        ("+999 8 465 004 00", "not a telephone number"),
        ("x" * 500, "no country code"),
    ],
)
def test_a_wrong_number_in_a_setting_is_one_short_sentence(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as raised:
        parse_number(text)
    assert len(str(raised.value)) < 160
    assert "\n" not in str(raised.value)
