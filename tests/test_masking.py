"""Telephone numbers and mail addresses are hidden in any text; nothing else is."""

import re
import uuid
from datetime import datetime

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.masking import HIDDEN, mask

# Ranges reserved for fiction, as E.164 without the plus.
FICTIONAL = st.one_of(
    st.integers(0, 99).map(lambda n: f"468465004{n:02}"),
    st.integers(5, 99).map(lambda n: f"46701740 6{n:02}".replace(" ", "")),
    st.integers(0, 99).map(lambda n: f"46313900 6{n:02}".replace(" ", "")),
    st.integers(0, 999).map(lambda n: f"4420794 6{n:04}".replace(" ", "")),
    st.integers(900_000, 900_999).map(lambda n: f"447700{n}"),
    st.integers(100, 199).map(lambda n: f"120255 50{n}".replace(" ", "")),
)
WORDS = st.text(st.characters(blacklist_characters="0123456789+%"), max_size=20)


def grouped(digits: str) -> list[str]:
    number = phonenumbers.parse("+" + digits)
    style = phonenumbers.PhoneNumberFormat
    return [
        phonenumbers.format_number(number, style.INTERNATIONAL),
        phonenumbers.format_number(number, style.RFC3966).removeprefix("tel:"),
        "+" + digits,
        "%2B" + digits,
        "%2b" + digits,
        "00" + digits,
    ]


def code_of(digits: str) -> str:
    return str(phonenumbers.parse("+" + digits).country_code)


@given(digits=FICTIONAL, before=WORDS, after=WORDS, style=st.integers(0, 5))
def test_only_the_country_code_and_two_digits_of_a_number_are_left(
    digits: str, before: str, after: str, style: int
) -> None:
    number = grouped(digits)[style]
    if number.startswith("00"):
        # Without a plus, it has to stand alone.
        before, after = before + " ", " " + after
    masked = mask(before + number + after)
    code = code_of(digits)
    hidden = HIDDEN * (len(digits) - len(code) - 2)
    assert f"{code}{hidden}{digits[-2:]}" in masked
    assert re.sub(r"\D", "", masked.replace("%2B", "").replace("%2b", "")).lstrip("0") == (
        code + digits[-2:]
    )


@given(digits=FICTIONAL)
def test_masking_what_is_masked_changes_nothing(digits: str) -> None:
    for number in grouped(digits):
        assert mask(mask(number)) == mask(number)


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
def test_every_country_code_is_kept_whole(code: int) -> None:
    assert mask(f"+{code}55501234").startswith(f"+{code}{HIDDEN}")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("from +46701740605 200 512", "from +46•••••••05 200 512"),
        ("+46 70 174 06 05!", "+46•••••••05!"),
        ("+1 (202) 555-0100", "+1••••••••00"),
        ("{'From': '+442079460000'}", "{'From': '+44••••••••00'}"),
        ("GET /voice?From=%2B46701740605&x=1", "GET /voice?From=%2B46•••••••05&x=1"),
        ("?To=46701740605&x=1", "?To=46•••••••05&x=1"),
        ("?From=+46701740605", "?From=+46•••••••05"),
        ("ring 0701740605 back", "ring 0•••••••05 back"),
        ("070-174 06 05", "0•••••••05"),
        ("08-465 004 00", "0•••••••00"),
        ("020 7946 0000", "0••••••••00"),
        ("sip:+46701740605@example.com", "sip:+46•••••••05@example.com"),
        ("/callers/+46701740605/history", "/callers/+46•••••••05/history"),
    ],
)
def test_numbers_are_found_as_people_and_programs_write_them(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "CA0123456789abcdef0123456789abcdef",
        "AC00000000000000000000000000000001",
        "2026-11-21T21:30:00.123456+10:00",
        '127.0.0.1 - - [21/Nov/2026:21:30:00 +1000] "GET /healthz HTTP/1.1" 200 2',
        "21-11-2026 21:30",
        "09-11-2026 21:30",
        "20261121T213000Z",
        "1732226366.1234567",
        "took 0.0123456789 s",
        "redis://127.0.0.1:6379/0",
        "port 8080, pid 1234567, turn 12",
        "550e8400-e29b-41d4-a716-044665544000",
        "flows/main.yaml:12:34567890",
        "+1 more",
        "+12 345 more",
    ],
)
def test_ids_times_and_counts_are_left_as_they_are(text: str) -> None:
    assert mask(text) == text


@given(st.from_regex(r"(CA|RE|AC|SM)[0-9a-f]{32}", fullmatch=True))
def test_no_sid_is_ever_masked(sid: str) -> None:
    assert mask(f"call {sid} ({sid}) /{sid}?CallSid={sid}") == (
        f"call {sid} ({sid}) /{sid}?CallSid={sid}"
    )


@given(st.datetimes(timezones=st.timezones()))
def test_no_instant_is_ever_masked(at: datetime) -> None:
    assert mask(at.isoformat()) == at.isoformat()


@given(st.uuids())
def test_no_uuid_is_ever_masked(one: uuid.UUID) -> None:
    assert mask(str(one)) == str(one)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("to maja.virtanen@example.org", "to m•••@example.org"),
        ("<Maja+ring@xn--exmple-cua.com>,", "<M•••@xn--exmple-cua.com>,"),
        ("{'address': 'm@example.org'}", "{'address': 'm•••@example.org'}"),
        ("email=maja@example.org&n=%2B46701740605", "email=m•••@example.org&n=%2B46•••••••05"),
        ("mailto:maja@example.org", "mailto:m•••@example.org"),
        # An agent's telephone, a server, and no address at all.
        ("sip:anna@agents.example.com", "sip:anna@agents.example.com"),
        ("redis://reader@db.example.com:6379/0", "redis://reader@db.example.com:6379/0"),
        ("at 10:00 @ home", "at 10:00 @ home"),
    ],
)  # fmt: skip
def test_of_a_mail_address_the_first_letter_is_left_and_where_it_is(
    written: str, shown: str
) -> None:
    assert mask(written) == shown
    assert mask(shown) == shown
