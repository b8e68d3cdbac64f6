"""`ringback test --update`: new words into the scripts, after a look at what changes."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff
from itertools import groupby

import click

from ivr.cli.problem import Problem
from ivr.config import Config
from ivr.services.rehearsal.rewriting import CannotRewrite, Rewording, rewritten


def reword(config: Config, rewordings: Sequence[Rewording], *, ask: bool) -> bool:
    """Write them, after asking; whether the scripts now say what was heard."""
    if not rewordings:
        click.echo("There are no words to change.")
        return True
    changes = []
    for name, of_file in groupby(rewordings, lambda rewording: rewording.script.file):
        path = config.flows_folder / name.rpartition("/")[2]
        try:
            # Not as text: line ends stay what they are.
            before = path.read_bytes().decode("utf-8")
            after = rewritten(before, list(of_file))
        except (OSError, UnicodeDecodeError) as error:
            raise Problem(f"{name} cannot be read: {error}.") from None
        except CannotRewrite as error:
            raise Problem(str(error)) from None
        lines = unified_diff(
            before.splitlines(), after.splitlines(), name, f"{name} (as heard)", n=1, lineterm=""
        )
        for line in lines:
            click.echo(line)
        changes.append((path, after))
    if ask and not click.confirm("Write this?"):
        click.echo("Nothing was written.")
        return False
    for path, after in changes:
        try:
            path.write_bytes(after.encode())
        except OSError as error:
            raise Problem(f"{path} cannot be written: {error.strerror}.") from None
    click.echo(f"Written: {', '.join(path.name for path, _ in changes)}.")
    return True
