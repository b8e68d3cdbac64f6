"""`texts` in config.yaml: senders, rates, quiet hours; what is wrong is one sentence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.config import Config, read_config
from ivr.promises.senders import Sender, choose_sender
from ivr.reading import Unreadable
from ivr.text_settings import TextSettings

STOCKHOLM = ZoneInfo("Europe/Stockholm")
BEGINNING = """\
company: Example
time_zone: Europe/Stockholm
lines: {main: {number: "+46846500400", flow: main}}
fallback: {number: "+46846500499"}
texts:
"""
SERVICE = "MG" + "0" * 31 + "1"


def read(texts: str) -> Config:
    return read_config((BEGINNING + texts).encode(), Path("config.yaml"), {})


def test_senders_are_numbers_services_and_names_by_country() -> None:
    config = read(f"""\
  senders:
    "+46": ["+46 70 174 06 50", Revontuli]
    "+": [{SERVICE}]
""")
    by_country = config.text_senders
    assert choose_sender("+46701740605", by_country) == Sender("number", "+46701740650")
    assert choose_sender("+46701740605", by_country, stopped={"+46701740650"}) == Sender(
        "name", "Revontuli"
    )
    assert choose_sender("+447700900001", by_country) == Sender("service", SERVICE)


def test_without_senders_texts_come_from_the_first_line_or_from_the_one_that_is_named() -> None:
    for texts, number in (("  {}", "+46846500400"), ('  sender: "+46701740650"', "+46701740650")):
        [group] = read(texts).text_senders
        assert (group.prefix, group.senders) == ("+", (Sender("number", number),))


def test_each_sender_has_its_rate() -> None:
    assert TextSettings().rate("anything") == 1
    assert TextSettings.model_validate({"per_second": 0}).rate("anything") == 0
    rates = read('  per_second: {"+46 70 174 06 50": 3, Revontuli: 10}').texts
    assert [rates.rate(one) for one in ("+46701740650", "Revontuli", "Other")] == [3, 10, 1]


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ('  senders: {"46": [Name]}', "`46` is not how numbers begin."),
        ('  senders: {"+46": []}', "`+46` must not be empty."),
        ('  senders: {"+46": Name}', "`+46` must be a list."),
        ('  senders: {"+46": [Revontuli Energia]}', "at most 11 characters"),
        ('  senders: {"+46": ["12345"]}', "at least one letter"),
        ('  senders: {"+46": ["+4612"]}', "telephone number"),
        ("  per_second: many", "`many` is no number of texts in a second."),
        ("  per_second: -1", "It must be at least 0"),
        ("  quiet: 21-8", "`21-8` are no hours of a day."),
        ("  quiet: 24:00-08:00", "are no hours of a day."),
        ("  quiet: 08:00-08:00", "is no time at all."),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence_with_its_place(texts: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(texts)
    [finding] = caught.value.findings
    assert sentence in str(finding) and finding.line == 6


@pytest.mark.parametrize(
    ("quiet", "moment", "until"),
    [
        ("21:00-08:00", "2026-11-25 20:59", None),
        ("21:00-08:00", "2026-11-25 21:00", "2026-11-26 08:00"),
        ("21:00-08:00", "2026-11-26 07:59", "2026-11-26 08:00"),
        ("21:00-08:00", "2026-11-26 08:00", None),
        ("12:00-13:00", "2026-11-25 12:30", "2026-11-25 13:00"),
        ("12:00-13:00", "2026-11-25 13:00", None),
        # The night in which the clocks go forward is an hour shorter.
        ("21:00-08:00", "2026-03-28 23:00", "2026-03-29 08:00"),
    ],
)
def test_quiet_hours_are_those_of_the_companys_day(
    quiet: str, moment: str, until: str | None
) -> None:
    hours = TextSettings.model_validate({"quiet": quiet}).quiet
    assert hours is not None
    found = hours.until(_at(moment), STOCKHOLM)
    assert found == (None if until is None else _at(until))


def _at(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=STOCKHOLM).timestamp()
