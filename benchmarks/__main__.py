"""`python -m benchmarks`: measure, and print the figures of the README."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click
from rich.console import Console

from benchmarks import machine
from benchmarks.figures import Figure
from benchmarks.tables import markdown, print_table

ROOT = Path(__file__).resolve().parents[1]
PARTS = {
    "webhook": "benchmarks.webhook.measuring",
    "check": "benchmarks.checking",
    "interpreter": "benchmarks.interpreter",
    "waits": "benchmarks.waits",
    "line": "benchmarks.line",
    "ringing": "benchmarks.ringing",
    "callbacks": "benchmarks.callbacks.measuring",
    "updates": "benchmarks.updates",
    "texts": "benchmarks.texts",
    "carrier": "benchmarks.carrier.measuring",
}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--only", type=click.Choice(list(PARTS)), multiple=True, help="Measure this part alone."
)
@click.option("--quick", is_flag=True, help="As little as shows that everything works.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table for the README.")
def main(only: tuple[str, ...], quick: bool, as_markdown: bool) -> None:
    """Measure Ringback against things with names, in turns, and print the ratios."""
    described = machine.described()
    figures: list[Figure] = []
    for name in only or PARTS:
        part = import_module(PARTS[name])
        size = part.QUICK if quick else part.FULL
        figures += part.measure(ROOT / "config.yaml", size, _teller(name))
    if as_markdown:
        print(markdown(described, figures))
    else:
        print_table(described, figures, Console())


def _teller(part: str) -> Callable[[str], None]:
    began = time.monotonic()

    def tell(step: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {part}: {step}", file=sys.stderr)

    return tell


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
