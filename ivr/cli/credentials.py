"""A made-up Twilio account for running on this machine: made once, kept in var/, and so the same
for the web process, the workers, the telephone company, and for the next run."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


class CredentialsError(Exception):
    """No account can be had; says in one sentence why and what to do."""


@dataclass(frozen=True)
class Credentials:
    account_sid: str
    auth_token: str


def credentials(account_sid: str, auth_token: str, file: Path) -> Credentials:
    """The account given; what is empty of it is taken from the made-up one of `file`.

    Raises CredentialsError when the file is damaged.
    """
    if account_sid and auth_token:
        return Credentials(account_sid, auth_token)
    if not file.exists():
        _make_up(file)
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return Credentials(
            account_sid or str(kept["account_sid"]), auth_token or str(kept["auth_token"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise CredentialsError(
            f"{file} cannot be read as an account; remove it and a new one is made."
        ) from None


def _make_up(file: Path) -> None:
    made = {"account_sid": "AC" + secrets.token_hex(16), "auth_token": secrets.token_hex(16)}
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(made, out)
    try:
        # A link never replaces: of two runs that start at once, the second takes the first's.
        os.link(new, file)
    except FileExistsError:
        pass
    finally:
        new.unlink()
