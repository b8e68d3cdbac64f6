"""Callbacks as somebody at a terminal reads them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ivr.callbacks.states import ENDS
from ivr.cli.callbacks_stage import Stage, short
from ivr.services.callbacks.figures import Kept, QueueFigures, WindowFigures
from ivr.services.callbacks.times import length
from ivr.services.callbacks.views import CallbackView, MoveView, Story
from ivr.services.callbacks.words import OUTCOMES, STATES, TASKS

WIDE = 120
"""Columns where the output is not a terminal."""
SOURCES = {
    "call": "on the telephone", "hung_up": "by hanging up", "web": "on the page",
    "text": "by text", "agent": "by an agent",
}  # fmt: skip
COLOURS = {"flagged": "bold red", "talking": "green", "dialling": "yellow", "answered": "green"}


def console() -> Console:
    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)


def list_table(found: Sequence[CallbackView], stage: Stage) -> Table:
    """A line for each callback."""
    table = _plain("Id", "Queue", "Number", "Call by")
    table.add_column("How it stands")
    ids = {one.id for one in found}
    for one in found:
        table.add_row(
            short(one.id, ids), one.queue, _number(one), promised(one, stage),
            Text(how_it_stands(one, stage), style=COLOURS.get(one.state, "")),
        )  # fmt: skip
    return table


def promised(one: CallbackView, stage: Stage) -> str:
    """The window, or the time, that was promised."""
    if one.window is not None:
        return stage.span(one.window.begins, one.window.ends)
    return f"by {stage.time(one.until)}"


def how_it_stands(one: CallbackView, stage: Stage) -> str:
    """In a few words."""
    words = STATES[one.state]
    if one.handed_to:
        words = f"{one.handed_to} sees to it"
    elif one.state == "flagged" and one.why:
        words = f"a supervisor decides: {one.why}"
    elif one.state == "retry" and one.next is not None:
        words = f"again at {stage.time(one.next.at)}"
    elif one.position is not None and one.state in ("waiting", "due"):
        words = f"{_place(one.position)} in the line"
        if one.forward:
            words += ", called now"
    elif one.agent and one.state == "talking":
        words = f"talking with {one.agent}"
    calls = [attempt for attempt in one.attempts if attempt.outcome != "unknown"]
    if calls and one.state not in (*ENDS, "talking", "flagged"):
        words += f"; {OUTCOMES[calls[-1].outcome]}"
        if len(calls) > 1:
            words += f", {len(calls)} attempts"
    return words


def print_story(story: Story, stage: Stage) -> None:
    """All that is known of one callback."""
    one, out = story.callback, console()
    out.print(Text(f"{one.id}  {one.queue}  {_number(one)}", style="bold"))
    out.print(Padding(_facts(one, stage), (0, 0, 0, 2)))
    if story.notes:
        out.print(Text("What they wrote", style="bold"))
    for note in story.notes:
        more = f" ({note.media} attached)" if note.media else ""
        out.print(Padding(Text(f"{stage.second(note.at)}  {note.text}{more}"), (0, 0, 0, 2)))
    if story.moves:
        out.print(Text("Moves", style="bold"))
        out.print(Padding(_moves(story.moves, stage), (0, 0, 0, 2)))
    else:
        out.print("  Its moves are no longer kept.")


def figures_table(found: Sequence[QueueFigures]) -> Table:
    """A line for each queue."""
    table = _plain(
        "Queue", "Open", "In the line", "Oldest", "To decide", "Overbooked", "Kept today"
    )
    for one in found:
        table.add_row(
            one.queue, str(one.open), _in_the_line(one),
            length(one.oldest.age) if one.oldest is not None else "",
            _alarm(one.supervisor), _alarm(one.overbooked), _kept(one.kept),
        )  # fmt: skip
    return table


def print_windows(one: QueueFigures, stage: Stage) -> None:
    """What was attempted today, and how many callbacks each window has of those it has room for."""
    out = console()
    out.print(Text(one.queue, style="bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    tried = ", ".join(f"{count} {OUTCOMES[how]}" for how, count in one.attempts.items())
    table.add_row("Attempts", tried or "none today")
    if one.handed_over:
        table.add_row("Handed over", str(one.handed_over))
    if not one.windows:
        table.add_row("Windows", "none worked out: are a worker and a clock running?")
    days: dict[str, Text] = {}
    for window in one.windows:
        cells = days.setdefault(stage.day(window.begins), Text())
        cells.append(
            f"{stage.clock(window.begins)}\u00a0{window.booked}/{window.room}", _full(window)
        )
        cells.append("  ")
    for day, cells in days.items():
        table.add_row(day, cells)
    out.print(Padding(table, (0, 0, 0, 2)))


def _full(window: WindowFigures) -> str:
    if window.over:
        return "bold red"
    return "yellow" if window.booked and window.booked == window.room else ""


def _in_the_line(one: QueueFigures) -> str:
    if not one.line:
        return ""
    return f"{one.places} of {one.line}, {one.share or 0:.0%}"


def _alarm(count: int) -> Text:
    return Text(str(count) if count else "", style="bold red")


def _kept(kept: Kept) -> str:
    if kept.share is None:
        return ""
    return f"{kept.kept} of {kept.kept + kept.broken}, {kept.share:.0%}"


def _facts(one: CallbackView, stage: Stage) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    ended = f", since {stage.second(one.since)}"
    facts = {
        "How it stands": how_it_stands(one, stage) + (ended if one.state in ENDS else ""),
        "What is next": _next(one, stage),
        "Promised": f"{promised(one, stage)}, {SOURCES[one.source]} at "
        f"{stage.second(one.promised_at)}{' (they do not know yet)' if one.untold else ''}",
        "First rang": f"{stage.second(one.rang_at)}, {stage.ago(one.rang_at)} ago",
        "Kept": {True: "yes", False: "no", None: ""}[one.kept],
        "Who": ", ".join(part for part in (one.name, one.language) if part),
        "About": " > ".join(one.about),
        "Attempts": "\n".join(
            f"{stage.second(attempt.at)}  {OUTCOMES[attempt.outcome]}"
            f"{', to tell the end' if attempt.telling else ''}"
            for attempt in one.attempts
        ),
    }
    for name, told in facts.items():
        if told:
            table.add_row(name, Text(told))
    return table


def _next(one: CallbackView, stage: Stage) -> str:
    if one.next is None:
        return ""
    if one.handed_to:
        return f"{one.handed_to} says when it is done"
    words = TASKS[one.next.task]
    return words.format(at=stage.time(one.next.at), by=stage.time(one.next.by))


def _moves(moves: Sequence[MoveView], stage: Stage) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for one in moves:
        reason = f" ({one.reason})" if one.reason else ""
        who = one.actor.name or ("us" if one.actor.kind == "system" else f"the {one.actor.kind}")
        table.add_row(str(one.number), stage.second(one.at), who, Text(one.meaning + reason))
    return table


def _plain(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    return table


def _number(one: CallbackView) -> str:
    return f"{one.number} ext. {one.extension}" if one.extension else one.number


def _place(position: int) -> str:
    if position % 100 in (11, 12, 13):
        return f"{position}th"
    return f"{position}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(position % 10, 'th') }"
