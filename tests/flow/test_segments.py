"""Segments of text messages, counted as the telephone company counts them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from ivr.flow.segments import named, segments, strangers
from ivr.simulator.messaging.segments import segment

GSM = "abc ÅÄÖåäöæøé€[]{}~\n"
OTHERS = "–“”’ \u00a0ő😀👩‍👧e\u0301"


@given(
    some.text(some.sampled_from(GSM) | some.sampled_from(OTHERS) | some.characters(), max_size=400)
)
def test_they_are_counted_as_the_telephone_company_counts_them(text: str) -> None:
    assert segments(text) == segment(text).segments


@given(some.text(some.sampled_from(GSM), max_size=700))
def test_so_are_those_of_the_alphabet_alone(text: str) -> None:
    assert segments(text) == segment(text).segments
    assert list(strangers(text)) == []


def test_a_stranger_is_named_with_its_place() -> None:
    ((column, character),) = strangers("Open 8–16")
    assert (column, named(character)) == (7, "an en dash")
