"""How a call looks in a terminal. Without a terminal the same words, plain."""

import asyncio
import textwrap
from collections.abc import Callable

import phonenumbers
from rich.console import Console
from rich.text import Text

WIDEST = 92
MARGIN = 7
"""Columns before what is said: the language stands there."""
SPOKEN_SHARE = 0.9
"""Words appear over this share of the time that they take, so that the last is read in time."""

HELP = (
    ("1 2 3 * #", "press keys, one or several"),
    ("words", "say them"),
    ("Enter", "stay silent until the wait is over"),
    ("12s", "speak for twelve seconds (when a message is recorded)"),
    ("h", "hang up; so do Ctrl-D and Ctrl-C"),
    ("?", "this help"),
)


class Screen:
    """Prints a call on a console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, WIDEST)
        self._at_line_start = True
        self._gap = False
        self._animated = console.is_terminal

    def line(self, text: str, style: str = "") -> None:
        """Something that happens, not said by anybody."""
        self._fresh_line()
        for part in self._wrap(text, 2):
            self._console.print(Text("  " + part, style), soft_wrap=True)
        self._gap = True

    def network(self, text: str) -> None:
        """What goes over the wire, for those who want to see it."""
        self._fresh_line()
        self._console.print(Text("  " + text, "dim"), soft_wrap=True, overflow="ignore")

    def trouble(self, text: str, serious: bool) -> None:
        """A warning or an error of the telephone company."""
        self._fresh_line()
        for part in self._wrap(("error: " if serious else "warning: ") + text, 2):
            self._console.print(
                Text("  " + part, "bold red" if serious else "yellow"), soft_wrap=True
            )

    async def said(
        self, text: str, tag: str, seconds: float, pace: Callable[[], str], style: str = ""
    ) -> None:
        """What is said, word by word over `seconds`.

        `pace` is asked before each word: "on" goes on, "hurry" prints the rest at once, "stop"
        leaves it out.
        """
        self._fresh_line()
        if self._gap:
            self._console.print()
            self._gap = False
        lines = [line.split(" ") for line in self._wrap(text, MARGIN)]
        delay = seconds * SPOKEN_SHARE / sum(map(len, lines)) if self._animated else 0.0
        label = f" {tag:<{MARGIN - 1}}"
        for line in lines:
            if not delay:
                self._console.print(Text(label, "cyan") + Text(" ".join(line), style))
            elif not await self._speak(line, label, delay, pace, style):
                break
            label = " " * MARGIN
        self._fresh_line()

    async def _speak(
        self, words: list[str], label: str, delay: float, pace: Callable[[], str], style: str
    ) -> bool:
        """One line of speech, on a new line wherever something was typed into it."""
        for word in words:
            now = pace()
            if now == "stop":
                if not self._at_line_start:
                    self._console.print(Text(" ...", "dim"), end="")
                return False
            start = Text(label, "cyan") if self._at_line_start else Text(" ")
            self._console.print(start + Text(word, style), end="")
            self._at_line_start, label = False, " " * MARGIN
            if now == "on":
                await asyncio.sleep(delay)
        self._fresh_line()
        return True

    def prompt(self, hint: str) -> None:
        """Say what can be done now, and leave the cursor where it is typed."""
        self._fresh_line()
        self._console.print(Text(f"  [{hint}]", "dim"), soft_wrap=True)
        self.cursor()

    def cursor(self) -> None:
        """Leave the cursor where it is typed."""
        self._fresh_line()
        self._console.print(Text("  > ", "bold green"), end="", soft_wrap=True)
        self._at_line_start = False
        self._gap = False

    def typed(self, text: str, echoed: bool) -> None:
        """What was typed; a terminal has shown it already."""
        if not echoed:
            self._console.print(Text(text), soft_wrap=True)
        self._at_line_start = True

    def help(self) -> None:
        """What can be typed."""
        self._fresh_line()
        for what, means in HELP:
            self._console.print(Text(f"  {what:<10}", "bold") + Text(means), soft_wrap=True)

    def _fresh_line(self) -> None:
        if not self._at_line_start:
            self._console.print()
            self._at_line_start = True

    def _wrap(self, text: str, margin: int) -> list[str]:
        width = max(self._width - margin, 20)
        return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def number(text: object) -> str:
    """A telephone number as people write it."""
    try:
        parsed = phonenumbers.parse(str(text))
    except phonenumbers.NumberParseException:
        return str(text)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def duration(seconds: float) -> str:
    """A length of time: 42 s, 3 min 05 s."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02} s"
