"""Settings: every mistake at once, with its place; secrets only from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.config import Config, load, read_config
from ivr.promises.updates import USUAL
from ivr.reading import Unreadable

ROOT = Path(__file__).parents[1]
EXAMPLE = (ROOT / "config.yaml").read_text(encoding="utf-8")
SMALL = """\
company: Revontuli
time_zone: Europe/Stockholm
lines:
  main: {number: "+46846500400", flow: main}
fallback: {number: "+46846500499"}
"""


def read(text: str, environment: dict[str, str] | None = None) -> Config:
    return read_config(text.encode(), Path("config.yaml"), environment or {})


def finding(text: str, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read(text, environment)
    return "\n".join(map(str, caught.value.findings))


def test_the_example_is_good_and_a_small_file_is_enough() -> None:
    assert read(EXAMPLE).company == "Revontuli Energia"
    assert read(SMALL).web.port == 8080


def test_an_address_of_this_machine_is_found_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(SMALL, encoding="utf-8")
    assert load(tmp_path / "config.yaml", {}).flows_folder == tmp_path / "flows"


@pytest.mark.parametrize(
    ("instead_of", "written", "told"),
    [
        ("company: Revontuli\n", "",
         "config.yaml:1:1: `company` is missing. Add `company:`. [missing]"),
        ('number: "+46846500400"', 'number: "0846500400"',
         "config.yaml:4:18: The telephone number `0846500400` has no country code: write it as "
         "+46 8 465 004 00, and in quotes. [value]"),
        ("Europe/Stockholm", "Europe/Stokholm",
         "config.yaml:2:12: `Europe/Stokholm` is not a time zone. Write one like "
         "`Europe/Stockholm`. [value]"),
        ("fallback: {number", "fallback: {numbr", "config.yaml:5:12: `numbr` is not a setting "
         "here. Did you mean `number`? [unknown-setting]"),
        ("time_zone: Europe/Stockholm", "time_zone: Europe/Stockholm\ncarrier: {auth_token: abc}",
         "config.yaml:3:23: A secret stands in the file. Delete it here and set "
         "TWILIO_AUTH_TOKEN in the environment. [secret]"),
        ("time_zone: Europe/Stockholm", "time_zone: Europe/Stockholm\nweb: {port: 99999}",
         "config.yaml:3:13: `port` is `99999`. It must be at most 65535. [value]"),
        ("time_zone: Europe/Stockholm", "time_zone: Europe/Stockholm\nspeech: maybe",
         "config.yaml:3:9: `speech` must be `true` or `false`, not `maybe`. Write one. [value]"),
        ("time_zone: Europe/Stockholm", "time_zone: Europe/Stockholm\nfile: x.yaml",
         "config.yaml:3:7: `file` is not a setting here. [unknown-setting]"),
        ("flow: main}", 'flow: main}\n  two: {number: "+46846500400", flow: main}',
         "config.yaml:5:17: The lines `main` and `two` have the same number. "
         "Give each line a number of its own. [value]"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told_with_its_place(instead_of: str, written: str, told: str) -> None:
    assert instead_of in SMALL
    assert told in finding(SMALL.replace(instead_of, written, 1)).splitlines()


def test_a_file_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(Unreadable) as caught:
        load(Path("nowhere.yaml"), {})
    assert "nowhere.yaml:1:1: The file cannot be read: No such file" in str(caught.value)


def test_the_environment_brings_secrets_and_addresses(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n", encoding="utf-8")
    config = read(
        SMALL,
        {
            "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN_FILE": str(secret),
            "RINGBACK_PUBLIC_URL": "https://voice.example.com/",
        },
    )
    assert config.carrier.auth_token.get_secret_value() == "from-a-file"
    assert config.web.public_url == "https://voice.example.com"
    assert "from-a-file" not in repr(config)


def test_a_senseless_environment_is_told_by_name(tmp_path: Path) -> None:
    assert "RINGBACK_PUBLIC_URL" in finding(SMALL, {"RINGBACK_PUBLIC_URL": "voice.example.com"})
    missing = {"TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "nix")}
    assert "TWILIO_AUTH_TOKEN_FILE names a file that cannot be read" in finding(SMALL, missing)


def test_all_our_own_numbers_are_known() -> None:
    assert read(SMALL).own_numbers() == {"+46846500400", "+46846500499"}
    senders = 'texts: {senders: {"+46": [Example, "+46701740650"], "+": ["+46701740651"]}}'
    with_texts = read(f"{SMALL}{senders}\n")
    assert with_texts.own_numbers() - read(SMALL).own_numbers() == with_texts.text_numbers()
    assert with_texts.text_numbers() == {"+46701740650", "+46701740651"}


def test_when_a_change_is_told_can_be_set() -> None:
    assert read(SMALL).texts.updates.rules == USUAL
    rules = read(
        f"{SMALL}texts: {{updates: {{later_by: 120, soon: 600, most: 2}}}}\n"
    ).texts.updates
    assert (rules.rules.worse_by, rules.rules.soon, rules.rules.most) == (120, 600, 2)


def test_a_queue_that_neither_an_agent_nor_the_agents_line_names_is_unserved() -> None:
    text = SMALL + (
        "queues: {billing: {}, moving: {}, returns: {}}\n"
        'agents: {anna: {name: Anna, address: "client:anna", language: sv, queues: [billing]}}\n'
        'agents_line: {number: "+46846500420", queues: [moving]}\n'
    )
    assert read(text).unserved_queues() == {"returns"}


def test_a_queue_is_named_in_languages_that_there_are() -> None:
    told = finding(SMALL + "queues:\n  billing:\n    names: {fi: laskutus, xx: billing}\n")
    assert "There is no language `xx`." in told
    assert told.startswith("config.yaml:8:")
