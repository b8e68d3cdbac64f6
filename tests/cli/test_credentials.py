"""The made-up account for running on one machine."""

import json
import stat
from pathlib import Path

import pytest

from ivr.cli.credentials import Credentials, CredentialsError, credentials


def test_an_account_is_made_up_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "var" / "account.json"
    first = credentials("", "", file)
    assert credentials("", "", file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_made_up_account_looks_like_twilios(tmp_path: Path) -> None:
    made = credentials("", "", tmp_path / "account.json")
    assert made.account_sid.startswith("AC")
    assert len(made.account_sid) == 34
    assert int(made.account_sid[2:], 16) > 0
    assert len(made.auth_token) == 32


def test_an_account_that_is_given_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    assert credentials("ACx", "token", file) == Credentials("ACx", "token")
    assert not file.exists()


def test_half_an_account_is_completed(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    made = credentials("", "", file)
    assert credentials("ACx", "", file) == Credentials("ACx", made.auth_token)
    assert credentials("", "token", file) == Credentials(made.account_sid, "token")


@pytest.mark.parametrize("damage", ["", "{}", "[1]", "null", json.dumps({"account_sid": "AC"})])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "account.json"
    file.write_text(damage)
    with pytest.raises(CredentialsError, match=r"account\.json cannot be read as an account"):
        credentials("", "", file)
