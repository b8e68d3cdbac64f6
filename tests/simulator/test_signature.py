"""Signatures, against the official libraries' own test vectors (MIT) and validator."""

import pytest
from twilio.request_validator import RequestValidator

from ivr.simulator.signature import sign, signed_url

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
ADDRESSES = ("+1325xxxxxxx", "+1415xxxxxxx")


def test_repeated_values_are_signed_once_each_and_sorted() -> None:
    digits = [("Digits", value) for value in ("5678", "1234", "1234")]
    fields = [("Sid", "CA123"), ("SidAccount", "AC123"), *digits]
    assert sign(TOKEN, URL, fields) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


@pytest.mark.parametrize("addresses", [ADDRESSES, ADDRESSES[::-1]])
def test_the_order_of_repeated_fields_does_not_matter(addresses: tuple[str, ...]) -> None:
    fields = [("MessagingBinding.Address", address) for address in addresses]
    assert sign(TOKEN, URL, fields) == "83O6e2vORAoJHUNzJjDWN1jz+BA="


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/v?x=1",
        "https://a.example:8443/v?x=1",
        "http://a.example:8080/v?name=%C3%A5%20%27x%27",
        "http://a.example",
    ],
)
def test_the_official_validator_agrees(url: str) -> None:
    fields = {"Reason": "a", "ReasonConferenceEnded": "b", "Empty": "", "Body": "Hyvää päivää"}
    signature = sign(TOKEN, url, fields.items())
    assert RequestValidator(TOKEN).validate(url, fields, signature)
    assert not RequestValidator("other").validate(url, fields, signature)


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://a.example:8443/v?x=1#rc=2", "https://a.example/v?x=1"),
        ("http://a.example:8080/v?x=1#rc=2", "http://a.example:8080/v?x=1"),
        ("https://ann:secret@a.example/v", "https://a.example/v"),
        ("http://ann:secret@a.example:8080/v", "http://a.example:8080/v"),
        ("http://a.example", "http://a.example"),
    ],
)
def test_voice_drops_credentials_fragment_and_over_https_the_port(url: str, signed: str) -> None:
    assert signed_url(url) == signed


def test_a_request_about_a_text_keeps_the_port() -> None:
    url = "https://ann:secret@a.example:8443/v?x=1#rc=2"
    assert signed_url(url, about_text=True) == "https://a.example:8443/v?x=1"
    signature = sign(TOKEN, url, [("Body", "x")], about_text=True)
    assert signature != sign(TOKEN, url, [("Body", "x")])
    validator = RequestValidator(TOKEN)
    assert validator.validate("https://a.example:8443/v?x=1", {"Body": "x"}, signature)
