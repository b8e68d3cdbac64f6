"""How the story looks."""

from __future__ import annotations

from datetime import tzinfo

from rich.console import Console
from rich.text import Text

from ivr.cli.demo.story import Line
from ivr.cli.demo.telling import clock_time


def show(line: Line, console: Console, zone: tzinfo) -> None:
    """One line, whose text stays beside its time."""
    before = Text.assemble((clock_time(line.at, zone), "dim"), "  ")
    for part in _in_words(line).wrap(console, console.width - len(before)):
        part.rstrip()
        console.print(before + part)
        before = Text(" " * len(before))


def _in_words(line: Line) -> Text:
    match line.kind:
        case "hears":
            return Text.assemble((line.who, "bold"), " hears: ", (line.text, "italic"))
        case "reads":
            return Text.assemble((line.who, "bold"), " gets a text: ", (line.text, "green"))
        case "writes":
            return Text.assemble((line.who, "bold"), " writes: ", (line.text, "yellow"))
        case "does":
            return Text.assemble((line.who, "bold"), " ", line.text)
    return Text(line.text, "cyan")
