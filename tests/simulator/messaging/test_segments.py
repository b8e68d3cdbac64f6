"""Segments, counted as Twilio counts them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.simulator.messaging.segments import plain, segment, units

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data" / "text-segments.json").read_text("utf-8")
)["vectors"]
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["text"][:20]))
def test_a_text_counts_as_in_twilios_calculator(vector: dict[str, object]) -> None:
    text = str(vector["text"])
    ordinary, smart = segment(text), segment(text, smart=True)
    assert (ordinary.encoding, ordinary.segments) == (vector["encoding"], vector["segments"])
    assert (smart.encoding, smart.segments) == (vector["smart_encoding"], vector["smart_segments"])


def in_septets(text: str) -> int:
    """An independent count for GSM-7: fill each segment greedily with whole characters."""
    size = sum(2 if character in EXTENSION else 1 for character in text)
    if size <= 160:
        return 1
    segments, room = 1, 153
    for character in text:
        need = 2 if character in EXTENSION else 1
        if need > room:
            segments, room = segments + 1, 153
        room -= need
    return segments


def in_units(text: str) -> int:
    """An independent count for UCS-2 texts without joined characters."""
    if len(text.encode("utf-16-be")) <= 140:
        return 1
    segments, room = 1, 134
    for character in text:
        need = len(character.encode("utf-16-be"))
        if need > room:
            segments, room = segments + 1, 134
        room -= need
    return segments


@given(st.text(st.sampled_from(BASIC + EXTENSION), max_size=1_600))
def test_texts_of_the_gsm_alphabet_fill_septets(text: str) -> None:
    counted = segment(text)
    assert (counted.encoding, counted.segments) == ("GSM-7", in_septets(text))


@given(st.text(st.sampled_from(BASIC + "šžÐ中字👍"), max_size=800).map(lambda text: text + "š"))
def test_other_texts_fill_units_of_two_octets(text: str) -> None:
    counted = segment(text.replace("\r", ""))
    assert (counted.encoding, counted.segments) == ("UCS-2", in_units(text.replace("\r", "")))


@pytest.mark.parametrize("seen", ["👨‍👩‍👧", "🇫🇮", "e\u0301"])
def test_what_is_seen_as_one_character_is_never_torn_apart(seen: str) -> None:
    room = 67 - units(seen) + 1
    assert segment("š" * room + seen + "š" * (67 - units(seen))).segments == 2
    assert segment("š" * room + seen + "š" * (68 - units(seen))).segments == 3


def test_an_encoding_by_look_alikes_is_stable() -> None:
    once = plain("“Hei” – it’s … «näin» ½")
    assert once == '"Hei" - it\'s ... "näin" 1/2'
    assert plain(once) == once
