"""Options of several commands, without what it takes to carry them out."""

from pathlib import Path

import click

USUAL_DAYS = 28
"""Four whole weeks: every day of the week as often as the others."""

var_option = click.option(
    "--var",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where `ringback run` keeps the state, when REDIS_URL is not set.  "
    "[default: var, beside the configuration]",
)
days_option = click.option(
    "--days", default=USUAL_DAYS, show_default=True, type=click.IntRange(1, 3_660),
    help="Count the calls of so many days.",
)  # fmt: skip
