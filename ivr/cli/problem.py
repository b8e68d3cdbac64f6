"""What a person at the terminal can put right."""

import click


class Problem(click.ClickException):
    """One sentence for the person at the terminal, and exit status 2."""

    exit_code = 2
