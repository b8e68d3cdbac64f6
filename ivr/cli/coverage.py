"""`ringback test --coverage`: the ways that no call takes, and how many there are."""

from __future__ import annotations

import click

from ivr.services.rehearsal.coverage import Coverage


def tell_coverage(coverage: Coverage, fail_under: float | None) -> bool:
    """Print them; whether that is enough."""
    for untaken in coverage.untaken():
        click.echo(str(untaken))
    percent = int(coverage.percent * 10) / 10
    click.echo(f"{coverage.taken} of {coverage.total} ways are taken ({percent:g} %).")
    if fail_under is not None and coverage.percent < fail_under:
        click.echo(f"That is less than {fail_under:g} %.")
        return False
    return True
