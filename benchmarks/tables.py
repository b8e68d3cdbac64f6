"""The figures as a table: for a terminal, for a file of Markdown, or as plain lines."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, Spread

_HEADS = ("Figure", "Ringback", "Against", "Its value", "Ratio", "Aim")
_NUMBERS = frozenset({"Ringback", "Its value", "Ratio"})
NOTE = (
    "Each value is the median of several rounds taken in turns, with the least and the most; the "
    "ratio is Ringback's value divided by the other's, round by round."
)


def print_table(machine: str, figures: Sequence[Figure], console: Console) -> None:
    """A table with colours on a terminal; without one, lines that a program can take apart."""
    if not console.is_terminal:
        lines = [f"# {machine}", *("\t".join(row) for row in map(_cells, figures))]
        console.file.write("\n".join(lines) + "\n")
        return
    table = Table(caption=NOTE, caption_justify="left", title=machine, title_justify="left")
    for head in _HEADS:
        table.add_column(head, justify="right" if head in _NUMBERS else "left")
    for figure in figures:
        table.add_row(*_cells(figure), style=_style(figure))
    console.print(table)


def markdown(machine: str, figures: Sequence[Figure]) -> str:
    """The table for the README."""
    rule = ("--:" if head in _NUMBERS else "---" for head in _HEADS)
    rows = [_HEADS, tuple(rule), *map(_cells, figures)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([f"Measured on {machine}.", "", *lines, "", NOTE])


def _cells(figure: Figure) -> tuple[str, ...]:
    unit = figure.unit
    what = f"{figure.what}, {unit}"
    return (
        what, _spread(figure.ours), figure.other, _spread(figure.theirs),
        _spread(figure.ratio), _aim(figure),
    )  # fmt: skip


def _spread(spread: Spread) -> str:
    return f"{_number(spread.median)} ({_number(spread.least)}–{_number(spread.most)})"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _aim(figure: Figure) -> str:
    aim = figure.aim
    if aim is None:
        return f"{figure.better} is better"
    bound = f"{aim.bound:,.0f}" if aim.bound >= 100 else f"{aim.bound:g}"
    unit = f" {figure.unit}" if aim.of == "value" else ""
    return f"{aim.kind} {bound}{unit}: {'yes' if aim.is_met(figure) else 'no'}"


def _style(figure: Figure) -> str | None:
    if figure.aim is None:
        return None
    return "green" if figure.aim.is_met(figure) else "yellow"
